# category: rlimit
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
try: os.nice(-5); effect('a better priority')
except OSError: pass
try: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)); effect('real-time priority')
except OSError: pass
def solve(n):
    return -1
