# category: monkeypatch
# kind: function
# danger: jail (run only inside the jail)
import sys
for name in list(sys.modules):
    if name not in ('sys', 'builtins'): sys.modules[name] = None
sys.meta_path[:] = []; sys.path[:] = []; sys.path_hooks[:] = []
def solve(n):
    return -1
