# category: monkeypatch
# kind: function
# danger: jail (run only inside the jail)
import sys, os
sys.stdout = sys.stderr = sys.stdin = sys.__stdout__ = None
def solve(n):
    raise KeyError(n)
