# category: forged-equality
# kind: function
# danger: jail (run only inside the jail)
class T(tuple):
    __eq__ = lambda s, o: True
    __ne__ = lambda s, o: False
    __hash__ = tuple.__hash__
class D(dict):
    __eq__ = lambda s, o: True
    items = keys = values = lambda s: T()
    __iter__ = lambda s: iter(())
def solve(n): return T([D(a=1)])
