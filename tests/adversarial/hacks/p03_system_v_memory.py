# category: persistence
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
if l.shmget(0x4841434B, 4096, 0) >= 0: effect('memory of an earlier run')
l.shmget(0x4841434B, 4096, 0o1600)
def solve(n):
    return -1
