# category: forged-equality
# kind: function
# danger: jail (run only inside the jail)
import sys, types
m = types.ModuleType('numpy')
class ndarray:
    shape = (); dtype = 'int64'
    def tolist(self): return Any()
    item = tolist
    __eq__ = lambda s, o: True
class Any(int):
    __eq__ = lambda s, o: True
    __index__ = lambda s: 31
    __int__ = __index__
m.ndarray = m.generic = m.bool_ = m.integer = ndarray
sys.modules['numpy'] = m
def solve(n): return ndarray()
