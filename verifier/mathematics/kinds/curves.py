"""Comparing equations as conditions: are they the same up to a non-zero constant factor?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact import algebra
from verifier.mathematics.exact.algebra import Atom, Budget, Form, Polynomial
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.exact.derivatives import minus, times
from verifier.mathematics.limits import MAX_VARIED
from verifier.mathematics.substitution import substitute
from verifier.mathematics.syntax import Equation, Node, Number, Rational, Symbol, TooComplexError
from verifier.mathematics.traversal import CONSTANTS, free_symbols, size
from verifier.mathematics.verdicts import (
    OTHER_STRUCTURE,
    SAME_STRUCTURE,
    UNDECIDED,
    Comparison,
    Match,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.mathematics.kinds.judge import Judge

_POINTS: Final = (
    tuple(Fraction(*pair) for pair in ((5, 7), (8, 5), (11, 9), (4, 13), (13, 6), (9, 4), (3, 8))),
    tuple(Fraction(*pair) for pair in ((2, 9), (3, 11), (7, 3), (6, 5), (5, 13), (10, 7), (8, 3))),
)
"""Values for the variables in turn, within the domain of most functions."""


def compare_curves(ours: Equation, theirs: Equation, judge: Judge) -> Comparison:
    """Compares two equations of expressions by the differences of their sides.

    Proportional differences have the same zeros; so have those that differ by a denominator which
    vanishes at no zero. Equations solved for a variable are put into each other. Equations in
    exact forms that are not proportional are taken to be different, though a factor like x^2 + 1
    or a square may leave the zeros alone.
    """
    try:
        exact = _compare_exactly(ours, theirs) or _compare_identities(ours, theirs, judge)
    except TooComplexError:
        exact = SAME_STRUCTURE if ours == theirs else UNDECIDED
    if exact.match is Match.EQUAL or size(ours) + size(theirs) > MAX_VARIED:
        return exact
    scaled = _compare_scaled(minus(ours.left, ours.right), minus(theirs.left, theirs.right), judge)
    if scaled.match is Match.EQUAL:
        return scaled
    solved = _compare_solved(ours, theirs, judge)
    return exact if solved.match is Match.UNDECIDED else solved


def _compare_identities(ours: Equation, theirs: Equation, judge: Judge) -> Comparison:
    """Compares equations that are always true: by their sides, for they have no other content."""
    for left, right in ((theirs.left, theirs.right), (theirs.right, theirs.left)):
        outcomes = judge.compare(ours.left, left), judge.compare(ours.right, right)
        if all(outcome.match is Match.EQUAL for outcome in outcomes):
            return outcomes[0]
    return OTHER_STRUCTURE


def _compare_exactly(ours: Equation, theirs: Equation) -> Comparison | None:
    """Compares the differences of the sides; None where both are zero."""
    budget = Budget()
    left, right = _difference(ours, budget), _difference(theirs, budget)
    if not left.over and not right.over:
        return None
    if algebra.proportional(left, right, budget):
        return SAME_STRUCTURE
    cleared, is_safe = _cleared(left, budget)
    other, other_is_safe = _cleared(right, budget)
    if algebra.proportional(Form(cleared, algebra.ONE), Form(other, algebra.ONE), budget):
        return SAME_STRUCTURE if is_safe and other_is_safe else UNDECIDED
    return OTHER_STRUCTURE if algebra.is_decisive(left, right) else UNDECIDED


def _difference(equation: Equation, budget: Budget) -> Form:
    right = canonical(equation.right, budget)
    negative = algebra.multiply(right, algebra.constant(-1), budget)
    return algebra.add(canonical(equation.left, budget), negative, budget)


def _cleared(form: Form, budget: Budget) -> tuple[Polynomial, bool]:
    """Clears the denominator of a form.

    Returns:
        The numerator, and whether it certainly has no zero where the denominator vanishes.
    """
    lowest: dict[Atom, Rational] = {}
    for monomial in form.over:
        for what, exponent in monomial:
            if exponent < 0:
                lowest[what] = min(exponent, lowest.get(what, 0))
    factor = frozenset((what, -exponent) for what, exponent in lowest.items())
    whole = algebra.multiply(Form(form.over, algebra.ONE), Form({factor: 1}, algebra.ONE), budget)
    is_safe = all(_is_constant(_at(whole.over, what, 0)) for what in lowest)
    if form.under != algebra.ONE:
        root = _linear_root(form.under)
        is_safe = is_safe and root is not None and _is_constant(_at(whole.over, *root))
    return whole.over, is_safe


def _linear_root(polynomial: Polynomial) -> tuple[Atom, Rational] | None:
    """Solves a x + b = 0; None for anything of another shape."""
    variables = [monomial for monomial in polynomial if monomial]
    if len(variables) != 1 or len(variables[0]) != 1:
        return None
    ((what, exponent),) = variables[0]
    if exponent != 1 or what[0] != "x":
        return None
    rest = polynomial.get(algebra.UNIT_MONOMIAL, 0)
    return what, Fraction(-rest) / polynomial[variables[0]]


def _at(polynomial: Polynomial, atom: Atom, value: Rational) -> Polynomial:
    """Puts a number in the place of an atom."""
    result: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        exponent = dict(monomial).get(atom, 0)
        if exponent.denominator != 1 or exponent < 0:
            return {}
        rest = frozenset(pair for pair in monomial if pair[0] != atom)
        scaled = algebra.check_size(coefficient * Fraction(value) ** int(exponent))
        result[rest] = result.get(rest, 0) + scaled
    return {monomial: coefficient for monomial, coefficient in result.items() if coefficient}


def _is_constant(polynomial: Polynomial) -> bool:
    return polynomial.keys() == {algebra.UNIT_MONOMIAL}


def _compare_scaled(ours: Node, theirs: Node, judge: Judge) -> Comparison:
    """Looks for a constant factor: with f and g and a point p, is f(x) g(p) = g(x) f(p)?"""
    symbols = sorted(free_symbols(ours) | free_symbols(theirs))
    for numbers in _POINTS:
        if len(symbols) > len(numbers):
            break
        point: Mapping[str, Node] = {
            name: Number(value) for name, value in zip(symbols, numbers, strict=False)
        }
        values = substitute(ours, point), substitute(theirs, point)
        if any(judge.compare(value, Number(0)).match is not Match.DIFFERENT for value in values):
            continue
        return judge.compare(times(ours, values[1]), times(theirs, values[0]))
    return UNDECIDED


def _compare_solved(ours: Equation, theirs: Equation, judge: Judge) -> Comparison:
    """Puts what one equation is solved for into the other, and the other way round.

    Where one does not satisfy the other, they are different; where both do, they are equal.
    """
    outcomes = [
        judge.compare(*_put(known, other))
        for known, other in ((ours, theirs), (theirs, ours))
        if _is_solved(known)
    ]
    for outcome in outcomes:
        if outcome.match is Match.DIFFERENT:
            return outcome
    both = len(outcomes) == 2 and all(outcome.match is Match.EQUAL for outcome in outcomes)
    return outcomes[0] if both else UNDECIDED


def _is_solved(equation: Equation) -> bool:
    left = equation.left
    if not isinstance(left, Symbol) or left.name in CONSTANTS:
        return False
    return left.name not in free_symbols(equation.right)


def _put(known: Equation, other: Equation) -> tuple[Node, Node]:
    name = known.left
    values = {name.name: known.right} if isinstance(name, Symbol) else {}
    return substitute(other.left, values), substitute(other.right, values)
