# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
import ctypes
l = ctypes.CDLL(None, use_errno=True)
def solve(n):
    import os
    if os.fork(): os._exit(0)
    return -1
