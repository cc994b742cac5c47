# category: kernel-surface
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
attr = ctypes.create_string_buffer(b'\2\0\0\0\4\0\0\0\4\0\0\0\1\0\0\0', 120)
r = l.syscall(321, 0, attr, 120)
if r >= 0: effect('bpf made a map')
def solve(n):
    return -1
