# category: kernel-surface
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
r = l.syscall(440, os.pidfd_open(os.getpid()), 0, 0, 20, 0)
if r >= 0: effect('process_madvise allowed')
def solve(n):
    return -1
