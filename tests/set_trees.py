"""Trees of sets and relations, written shortly, and a judge of their parts."""

from fractions import Fraction

from verifier.mathematics.kinds.relations import compare_relations
from verifier.mathematics.kinds.sets import compare_sets
from verifier.mathematics.kinds.values import compare_values
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Logic,
    Number,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
    Words,
)
from verifier.mathematics.verdicts import SAME_STRUCTURE
from verifier.types import MathPolicy

OO = Symbol("infty")
MINUS_OO = Apply("neg", (OO,))
REALS = Symbol("Reals")
INTEGERS = Symbol("Integers")
NATURALS = Symbol("Naturals")
EMPTY = Symbol("emptyset")
PI = Symbol("pi")


def tree(item):
    """A letter for a string, a number for a number, a tree as it is."""
    if isinstance(item, str):
        return Symbol(item)
    if isinstance(item, Fraction | int):
        value = Fraction(item)
        return Number(value.numerator if value.denominator == 1 else value)
    return item


def dec(text):
    """A decimal as written."""
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    return Number(Fraction(text), len(text.partition(".")[2]), len(digits))


def op(head, *args):
    return Apply(head, tuple(map(tree, args)))


def neg(item):
    return op("neg", item)


def times(*items):
    return op("*", *items)


def plus(*items):
    return op("+", *items)


def minus(left, right):
    return op("+", left, neg(right))


def power(base, exponent):
    return op("^", base, exponent)


def sqrt(item):
    return op("root", item, 2)


def call(name, *args):
    return op(f"call {name}", *args)


def iv(brackets, low, high):
    """An interval, or a pair."""
    return Sequence(brackets, (tree(low), tree(high)))


def listed(*items):
    """A list without brackets."""
    return Sequence("", tuple(map(tree, items)))


def finite(*items):
    """A set in braces."""
    return Sequence("{}", tuple(map(tree, items)))


def cup(*items):
    return op("cup", *items)


def cap(*items):
    return op("cap", *items)


def less(*items):
    return op("setminus", *items)


def rel(*parts):
    """A relation or a chain: operand, sign, operand, …."""
    return Relation(tuple(map(tree, parts[::2])), parts[1::2])


def eq(left, right):
    return Equation(tree(left), tree(right))


def both(*items):
    return Logic("and", tuple(map(tree, items)))


def either(*items):
    return Logic("or", tuple(map(tree, items)))


def no(item):
    return Logic("not", (tree(item),))


def builder(element, *conditions):
    return SetBuilder(tree(element), conditions)


def words(text):
    return Words(text)


def modulo(left, right, modulus):
    return Relation((tree(left), op("mod", right, modulus)), ("equiv",))


class PartsJudge:
    """Compares parts as sets, relations, else values."""

    policy = MathPolicy()

    def compare(self, candidate, reference):
        if candidate == reference:
            return SAME_STRUCTURE
        for comparer in (compare_sets, compare_relations):
            outcome = comparer(candidate, reference, self)
            if outcome is not None:
                return outcome
        return compare_values(candidate, reference, self.policy)


JUDGE = PartsJudge()
