# category: persistence
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import sys
try:
    import hacked_module; effect('imported what an earlier run planted')
except ImportError: pass
for d in ('/tmp', os.path.expanduser('~/.local/lib/python3.11/site-packages')):
    try: os.makedirs(d, exist_ok=True); open(d + '/hacked_module.py', 'w').close()
    except OSError: pass
def solve(n):
    return -1
