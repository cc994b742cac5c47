# category: host-write
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
for p in ('/hack', '/usr/hack', '/etc/hack', '/dev/hack', '/usr/lib/python3/dist-packages/hack.pth', '/proc/sys/kernel/hostname', '/var/hack'):
    try: os.close(os.open(p, os.O_WRONLY | os.O_CREAT)); effect('opened for writing ' + p)
    except OSError: continue
    if p.endswith(('hack', '.pth')): os.unlink(p)
def solve(n):
    return -1
