# category: exit-early
# kind: function
# danger: jail (run only inside the jail)
import ctypes
l = ctypes.CDLL(None, use_errno=True)
l.syscall(231, 0)
def solve(n):
    return -1
