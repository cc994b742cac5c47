# category: host-read
# kind: function
# danger: jail (run only inside the jail)
import os
def effect(m): os.write(2, ("HACK-EFFECT: " + str(m)[:200] + "\n").encode())
own = {'PATH', 'HOME', 'LANG', 'PYTHONHASHSEED', 'PYTHONDONTWRITEBYTECODE', 'LC_CTYPE'}
more = [k for k in os.environ if k not in own and not k.endswith('_NUM_THREADS')]
if more: effect('environment: %s' % more)
def solve(n):
    return -1
