# category: persistence
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
for p in ('/dev/shm/hacked', '/tmp/hacked', '/var/tmp/hacked'):
    try:
        if os.path.exists(p): effect('found ' + p)
        open(p, 'w').close()
    except OSError: pass
def solve(n):
    return -1
