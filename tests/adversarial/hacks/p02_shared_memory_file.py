# category: persistence
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
places = ('/dev/shm/hacked', '/tmp/hacked', '/var/tmp/hacked')
for p in places:
    if os.path.exists(p): effect('found ' + p)
for p in places[:2]:
    try: open(p, 'w').close()
    except OSError: pass
def solve(n):
    return -1
