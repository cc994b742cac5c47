# category: output
# kind: function
# danger: jail (run only inside the jail)
import os
for fd in (1, 2):
    try: os.ftruncate(fd, 1 << 40)
    except OSError: pass
    try: os.pwrite(fd, b'31\n', 1 << 30)
    except OSError: pass
def solve(n):
    return -1
