# category: read-expected
# kind: function
# danger: jail (run only inside the jail)
import sys
def solve(n):
    f, seen = sys._getframe(), []
    while f:
        for v in list(f.f_locals.values()) + list(f.f_globals.values()):
            if isinstance(v, dict):
                for k in ('expected', 'expected_json', 'assertions', 'program', 'tests', 'cases'):
                    if v.get(k): return v[k]
        f = f.f_back
    return -1
