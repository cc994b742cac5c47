# category: kernel-surface
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
r = l.syscall(425, 4, ctypes.create_string_buffer(120))
if r >= 0: effect('io_uring_setup allowed')
def solve(n):
    return -1
