# category: fds
# kind: function
# danger: jail (run only inside the jail)
import os
def solve(n):
    kept = []
    try:
        while True: kept.append(os.open('/dev/null', 0))
    except OSError: pass
    return -1
