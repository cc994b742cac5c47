# category: forged-equality
# kind: function
# danger: jail (run only inside the jail)
import enum, fractions
class F(fractions.Fraction):
    __eq__ = lambda s, o: True
    __hash__ = fractions.Fraction.__hash__
    numerator = denominator = property(lambda s: 1)
def solve(n): return F(-1)
