# category: kernel-surface
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
me = os.getpid()
r = l.syscall(435, ctypes.create_string_buffer((0x10000000).to_bytes(8, 'little') + bytes(24) + (17).to_bytes(8, 'little'), 88), 88)
if r == 0 and os.getpid() != me: os._exit(0)
if r >= 0: effect('clone3(NEWUSER) allowed')
def solve(n):
    return -1
