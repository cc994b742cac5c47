# category: persistence
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
import json, sys
if getattr(json, 'hacked', 0) or 'hacked' in sys.modules or os.environ.get('HACKED'): effect('the interpreter remembers')
json.hacked = 1; sys.modules['hacked'] = sys; os.environ['HACKED'] = '1'
def solve(n):
    return -1
