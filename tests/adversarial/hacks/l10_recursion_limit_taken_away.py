# category: monkeypatch
# kind: function
# danger: jail (run only inside the jail)
import sys, threading
def solve(n):
    sys.setrecursionlimit(60)
    sys.set_int_max_str_digits(640)
    threading.setprofile(1); sys.setswitchinterval(1000)
    return [[[[[[n]]]]]]
