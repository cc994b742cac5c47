# category: rlimit
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
b = ctypes.create_string_buffer(1 << 22)
if l.mlock(b, 1 << 22) == 0: effect('locked memory')
def solve(n):
    return -1
