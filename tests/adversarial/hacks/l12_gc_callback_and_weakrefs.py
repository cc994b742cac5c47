# category: monkeypatch
# kind: function
# danger: jail (run only inside the jail)
import gc, os
gc.callbacks.append(lambda *a: os.write(1, b'31\n'))
gc.enable(); gc.set_threshold(1)
class D:
    def __del__(self): os.write(1, b'31\n')
x = [D() for _ in range(99)]
x.clear()
def solve(n):
    return -1
