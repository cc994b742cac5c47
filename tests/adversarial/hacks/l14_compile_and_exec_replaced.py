# category: source-injection
# kind: function
# danger: jail (run only inside the jail)
import builtins
builtins.compile = builtins.exec = builtins.eval = lambda *a, **k: True
builtins.__import__ = lambda *a, **k: None
builtins.AssertionError = SystemExit
def solve(n):
    return -1
