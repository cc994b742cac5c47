# category: host-read
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
for p in ('/sys/class', '/sys/fs/cgroup', '/sys/kernel', '/sys/devices'):
    try: os.listdir(p); effect('listed ' + p)
    except OSError: pass
def solve(n):
    return -1
