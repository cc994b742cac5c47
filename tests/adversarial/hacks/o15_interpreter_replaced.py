# category: persistence
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import sys
for p in (sys.executable, os.__file__, '/usr/bin/python3'):
    for act in (lambda: os.rename(p, p + '.old'), lambda: os.chmod(p, 0o777), lambda: os.utime(p)):
        if os.access(p, os.W_OK): effect('may write ' + p); break
def solve(n):
    return -1
