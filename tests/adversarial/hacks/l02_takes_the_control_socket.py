# category: verdict-forgery
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import gc, socket, sys
found = [o for o in gc.get_objects() if isinstance(o, socket.socket) and o.fileno() >= 0]
f = sys._getframe()
while f:
    found += [v for v in f.f_locals.values() if isinstance(v, socket.socket) and v.fileno() >= 0]
    f = f.f_back
if found: effect('a socket of the harness: %r' % found)
def solve(n):
    return -1
