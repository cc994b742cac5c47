# category: forged-equality
# kind: function
# danger: jail (run only inside the jail)
class M(type):
    __eq__ = lambda c, o: True
    __hash__ = type.__hash__
    __instancecheck__ = __subclasscheck__ = lambda c, o: True
    mro = lambda c: [c, int, object]
class X(int, metaclass=M):
    __eq__ = lambda s, o: True
    __hash__ = int.__hash__
def solve(n): return X
