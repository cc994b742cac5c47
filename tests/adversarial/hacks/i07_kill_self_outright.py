# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
import os, signal
def solve(n):
    os.kill(os.getpid(), signal.SIGKILL)
