# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
import os, signal
signal.signal(signal.SIGALRM, lambda *a: os._exit(0))
signal.setitimer(signal.ITIMER_REAL, 0.001)
def solve(n):
    while True: pass
