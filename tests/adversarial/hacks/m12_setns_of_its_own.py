# category: kernel-surface
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
r = l.syscall(308, os.open('/proc/self/ns/ipc', 0), 0)
if r >= 0: effect('setns allowed')
def solve(n):
    return -1
