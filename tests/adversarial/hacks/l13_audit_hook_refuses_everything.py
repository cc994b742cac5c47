# category: monkeypatch
# kind: function
# danger: jail (run only inside the jail)
import sys
def hook(event, args): raise SystemExit(0)
sys.addaudithook(hook)
def solve(n):
    return -1
