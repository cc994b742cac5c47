# category: forged-equality
# kind: function
# danger: jail (run only inside the jail)
class F(float):
    __eq__ = lambda s, o: True
    __ne__ = lambda s, o: False
    __hash__ = float.__hash__
    __sub__ = __rsub__ = __abs__ = lambda *a: 0.0
def solve(n): return F('nan')
