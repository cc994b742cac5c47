# category: ptrace
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import ctypes
l = ctypes.CDLL(None, use_errno=True)
class V(ctypes.Structure): _fields_ = (('p', ctypes.c_void_p), ('n', ctypes.c_size_t))
b, c = ctypes.create_string_buffer(8), ctypes.create_string_buffer(b'secret!')
a = V(ctypes.addressof(b), 8), V(ctypes.addressof(c), 8)
if l.process_vm_readv(os.getpid(), ctypes.byref(a[0]), 1, ctypes.byref(a[1]), 1, 0) > 0: effect('process_vm_readv')
def solve(n):
    return -1
