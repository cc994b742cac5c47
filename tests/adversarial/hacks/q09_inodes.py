# category: host-write
# kind: function
# danger: jail (run only inside the jail)
import os
def solve(n):
    try:
        for i in range(10**6): os.mknod('/tmp/%d' % i)
    except OSError: pass
    return -1
