# category: orphan
# kind: function
# danger: jail (run only inside the jail)
import ctypes
l = ctypes.CDLL(None, use_errno=True)
import os, time
if l.syscall(56, 0x8000 | 17, 0, 0, 0, 0) == 0:
    time.sleep(60); os._exit(0)
def solve(n):
    return -1
