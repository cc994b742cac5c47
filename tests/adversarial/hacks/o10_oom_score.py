# category: rlimit
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
try: open('/proc/self/oom_score_adj', 'w').write('-1000'); effect('never killed for memory')
except OSError: pass
def solve(n):
    return -1
