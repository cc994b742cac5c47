# category: kernel-surface
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
r = l.syscall(317, 2, 0, ctypes.create_string_buffer(b'\0\0\xff\x7f', 4))
if r >= 0: effect('seccomp allowed')
def solve(n):
    return -1
