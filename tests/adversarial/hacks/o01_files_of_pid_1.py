# category: host-read
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
for name in ('mem', 'environ', 'maps', 'root', 'cwd', 'exe', 'fd', 'ns/pid', 'stack'):
    p = '/proc/1/' + name
    try: os.listdir(p) if os.path.isdir(p) else os.close(os.open(p, os.O_RDONLY))
    except OSError: continue
    effect('opened ' + p)
def solve(n):
    return -1
