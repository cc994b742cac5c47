# category: kill
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
for act in (lambda: os.kill(1, 0),):
    try: act(); effect('may signal pid 1')
    except OSError: pass
def solve(n):
    return -1
