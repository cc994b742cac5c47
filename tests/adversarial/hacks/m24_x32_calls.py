# category: kernel-surface
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
if l.syscall(0x40000000 + 39) > 0: effect('an x32 system call')
def solve(n):
    return -1
