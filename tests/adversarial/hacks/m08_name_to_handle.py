# category: kernel-surface
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
r = l.syscall(303, -100, b'/tmp', ctypes.create_string_buffer(b'\x80', 256), ctypes.create_string_buffer(8), 0)
if r >= 0: effect('name_to_handle_at allowed')
def solve(n):
    return -1
