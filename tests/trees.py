"""Trees of answers, written short: for tests of what stands behind the parser."""

from fractions import Fraction

from verifier.mathematics.syntax import Apply, BigOperator, Number, Symbol


def tree(value):
    """A node for an integer, a fraction or a name; nodes stay what they are."""
    if isinstance(value, (int, Fraction)):
        return Number(value)
    return Symbol(value) if isinstance(value, str) else value


def ap(head, *args):
    return Apply(head, tuple(map(tree, args)))


def add(*terms):
    return ap("+", *terms)


def minus(left, right):
    return ap("+", left, ap("neg", right))


def mul(*factors):
    return ap("*", *factors)


def div(over, under):
    return ap("/", over, under)


def power(base, exponent):
    return ap("^", base, exponent)


def root(value, degree=2):
    return ap("root", value, degree)


def big(head, body, variable, lower=None, upper=None, side=""):
    bounds = (None if bound is None else tree(bound) for bound in (lower, upper))
    return BigOperator(head, variable, *bounds, tree(body), side)


def total(body, variable, lower, upper):
    return big("sum", body, variable, lower, upper)


def integral(body, variable, lower=None, upper=None):
    return big("int", body, variable, lower, upper)


def limit(body, variable, point, side=""):
    return big("lim", body, variable, point, side=side)
