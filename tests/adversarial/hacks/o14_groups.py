# category: privilege
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
if os.getgroups() or os.getgid() in (0, 65534): effect('groups %s' % os.getgroups())
try: os.setgroups([0]); effect('set groups')
except OSError: pass
def solve(n):
    return -1
