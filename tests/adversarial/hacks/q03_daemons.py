# category: orphan
# kind: function
# danger: jail (run only inside the jail)
import os, time
for _ in range(9):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: time.sleep(9)
        os._exit(0)
def solve(n):
    return -1
