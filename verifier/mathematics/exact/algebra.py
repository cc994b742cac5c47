"""Exact algebra: ratios of polynomials in atoms, with rational coefficients and exponents.

An atom is a free symbol, a constant (pi, e, i), a prime under a fractional exponent (the 2 of
2^(1/2)), or anything opaque such as ``sin`` of something. Every rewriting is an identity wherever
both sides are defined, so equal forms are equal expressions. The converse holds only where
`is_decisive` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.mathematics import work
from verifier.mathematics.limits import MAX_BITS, MAX_STEPS, MAX_TERMS
from verifier.mathematics.syntax import Rational, TooComplexError, UndefinedError

if TYPE_CHECKING:
    from collections.abc import Hashable

Atom = tuple["Hashable", ...]
"""First its kind: ``x`` symbol, ``p`` prime, ``i``, ``pi``, ``e``, ``?`` opaque; then its name."""

Monomial = frozenset[tuple[Atom, Rational]]
Polynomial = dict[Monomial, Rational]

UNIT_MONOMIAL: Final[Monomial] = frozenset()
IMAGINARY: Final[Atom] = ("i",)


class Budget:
    """Counts the steps of one comparison."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = MAX_STEPS

    def spend(self, steps: int) -> None:
        """Takes steps off the budget.

        Raises:
            TooComplexError: nothing is left.
        """
        work.spend(steps)
        self._left -= steps
        if self._left < 0:
            raise TooComplexError("too many steps")


@dataclass(frozen=True, slots=True)
class Form:
    """A ratio of polynomials; `under` is never empty."""

    over: Polynomial
    under: Polynomial

    def rational(self) -> Rational | None:
        """The value if it is a rational number."""
        if not self.over:
            return 0
        if len(self.over) == 1 and self.under == ONE:
            return self.over.get(UNIT_MONOMIAL)
        return None

    def key(self) -> Hashable:
        """A hashable name of this very form."""
        return frozenset(self.over.items()), frozenset(self.under.items())


ONE: Final[Polynomial] = {UNIT_MONOMIAL: 1}


def constant(value: Rational) -> Form:
    """The form of a rational number."""
    return Form({UNIT_MONOMIAL: value} if value else {}, ONE)


def atom(what: Atom, exponent: Rational = 1) -> Form:
    """The form of one atom to a power."""
    return Form({frozenset(((what, exponent),)): 1}, ONE)


def check_size(value: Rational) -> Rational:
    """Passes a value on if it is within `MAX_BITS`.

    Raises:
        TooComplexError: it is not.
    """
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise TooComplexError("a number of too many digits")
    return value


def add(left: Form, right: Form, budget: Budget) -> Form:
    """Adds; both over the common product of their denominators unless they share one."""
    if left.under == right.under:
        return _form(_sum(left.over, right.over, budget), left.under)
    over = _sum(
        _product(left.over, right.under, budget), _product(right.over, left.under, budget), budget
    )
    return _form(over, _product(left.under, right.under, budget))


def multiply(left: Form, right: Form, budget: Budget) -> Form:
    """Multiplies."""
    over = _product(left.over, right.over, budget)
    return _form(over, _product(left.under, right.under, budget))


def invert(form: Form) -> Form:
    """Turns a ratio over.

    Raises:
        UndefinedError: it is zero.
    """
    if not form.over:
        raise UndefinedError("division by zero")
    return _form(form.under, form.over)


def same(left: Form, right: Form, budget: Budget) -> bool:
    """Tells whether two forms are equal, by cross-multiplication."""
    if left.under == right.under:
        return left.over == right.over
    return _product(left.over, right.under, budget) == _product(right.over, left.under, budget)


def proportional(left: Form, right: Form, budget: Budget) -> bool:
    """Tells whether one form is a non-zero rational multiple of the other."""
    if not left.over or not right.over:
        return not left.over and not right.over
    ours = _product(left.over, right.under, budget)
    theirs = _product(right.over, left.under, budget)
    if ours.keys() != theirs.keys():
        return False
    some = next(iter(ours))
    ratio = Fraction(ours[some]) / theirs[some]
    return all(coefficient == ratio * theirs[m] for m, coefficient in ours.items())


def is_decisive(*forms: Form) -> bool:
    """Tells whether unequal forms prove unequal expressions.

    True for free symbols, i, and fractional powers of primes: products of the latter are linearly
    independent over the rationals (Besicovitch, 1940), and pi or e alone is transcendental over
    them. Of pi and e together nobody knows.
    """
    kinds = {
        what[0]
        for form in forms
        for polynomial in (form.over, form.under)
        for monomial in polynomial
        for what, _ in monomial
    }
    return "?" not in kinds and not {"pi", "e"} <= kinds


def _form(over: Polynomial, under: Polynomial) -> Form:
    """Builds a ratio; a denominator of one term is divided out, whatever its atoms."""
    if not under:
        raise UndefinedError("division by zero")
    if len(under) == 1 and under != ONE:
        monomial, coefficient = next(iter(under.items()))
        inverse = frozenset((what, -exponent) for what, exponent in monomial)
        factor = {inverse: tidy(Fraction(1) / coefficient)}
        return Form(_product(over, _normal(factor), None), ONE)
    return Form(over, under)


def _sum(left: Polynomial, right: Polynomial, budget: Budget) -> Polynomial:
    budget.spend(len(right))
    result = dict(left)
    for monomial, coefficient in right.items():
        _collect(result, monomial, coefficient)
    if len(result) > MAX_TERMS:
        raise TooComplexError("too many terms")
    return result


def _product(left: Polynomial, right: Polynomial, budget: Budget | None) -> Polynomial:
    if left == ONE:
        return right
    if right == ONE:
        return left
    if budget is not None:
        budget.spend(len(left) * len(right))
    result: Polynomial = {}
    for ours, our_coefficient in left.items():
        for theirs, their_coefficient in right.items():
            monomial, factor = _times(ours, theirs)
            value = our_coefficient * their_coefficient * factor
            _collect(result, monomial, check_size(value))
        if len(result) > MAX_TERMS:
            raise TooComplexError("too many terms")
    return result


def _collect(result: Polynomial, monomial: Monomial, coefficient: Rational) -> None:
    total = tidy(result.get(monomial, 0) + coefficient)
    if total:
        result[monomial] = total
    else:
        result.pop(monomial, None)


def _times(left: Monomial, right: Monomial) -> tuple[Monomial, Rational]:
    if not left:
        return right, 1
    if not right:
        return left, 1
    exponents = dict(left)
    for what, exponent in right:
        exponents[what] = exponents.get(what, 0) + exponent
    return reduced(exponents)


def reduced(exponents: dict[Atom, Rational]) -> tuple[Monomial, Rational]:
    """Brings exponents of primes into [0, 1) and of i into {0, 1}; the rest is a factor."""
    factor: Rational = 1
    kept: list[tuple[Atom, Rational]] = []
    for what, written in exponents.items():
        exponent: Rational = written
        if what[0] == "p" and isinstance(what[1], int):
            whole = exponent.__floor__()
            if abs(whole) * what[1].bit_length() > MAX_BITS:
                raise TooComplexError("a power of too many digits")
            factor *= Fraction(what[1]) ** whole
            exponent -= whole
        elif what == IMAGINARY and isinstance(exponent, int):
            quarter = exponent % 4
            factor *= -1 if quarter >= 2 else 1
            exponent = quarter % 2
        if exponent:
            kept.append((what, tidy(exponent)))
    return frozenset(kept), tidy(factor)


def _normal(polynomial: Polynomial) -> Polynomial:
    result: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        canonical, factor = reduced(dict(monomial))
        _collect(result, canonical, coefficient * factor)
    return result


def tidy(value: Rational) -> Rational:
    """Keeps whole numbers as int, which is several times faster than Fraction."""
    return value.numerator if value.denominator == 1 else value
