"""From an expression to its exact form. Whatever has no exact form becomes an opaque atom."""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial, gcd, lcm
from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact import algebra
from verifier.mathematics.exact.algebra import IMAGINARY, ONE, Budget, Form
from verifier.mathematics.exact.integers import prime_powers
from verifier.mathematics.limits import MAX_BITS, MAX_FACTORIAL
from verifier.mathematics.syntax import (
    Apply,
    Node,
    Number,
    Quantity,
    Rational,
    Symbol,
    TooComplexError,
    UndefinedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_EXPANDED_POWER: Final = 24  # (x+1)^24 has 25 terms; higher powers stay opaque
_MAX_ROOT: Final = 64  # of x^(a/b), the b: nobody writes a higher root


def canonical(node: Node, budget: Budget) -> Form:
    """Computes the exact form of an expression.

    Raises:
        TooComplexError: a bound would be exceeded, or there is no value (division by zero).
    """
    if isinstance(node, Number):
        return algebra.constant(algebra.check_size(node.value))
    if isinstance(node, Symbol):
        if node.name == "infty":
            raise TooComplexError("infinity minus infinity is not zero")
        return algebra.atom(_CONSTANTS.get(node.name, ("x", node.name)))
    if isinstance(node, Quantity):
        value = canonical(node.value, budget)
        return _scaled(value, Fraction(1, 100), budget) if node.percent else value
    if not isinstance(node, Apply):
        raise TooComplexError("no single value")
    budget.spend(1)
    return _applied(node, budget)


_CONSTANTS: Final = {"pi": ("pi",), "e": ("e",), "i": IMAGINARY}


def _applied(node: Apply, budget: Budget) -> Form:
    head = node.head
    if head == "degree":
        degrees = canonical(node.args[0], budget)
        return algebra.multiply(
            _scaled(degrees, Fraction(1, 180), budget), algebra.atom(("pi",)), budget
        )
    forms = [canonical(argument, budget) for argument in node.args]
    operation = _OPERATIONS.get(head)
    return operation(forms, budget) if operation else _function(head, forms)


def _total(forms: list[Form], budget: Budget) -> Form:
    result = forms[0]
    for form in forms[1:]:
        result = algebra.add(result, form, budget)
    return result


def _multiplied(forms: list[Form], budget: Budget) -> Form:
    result = forms[0]
    for form in forms[1:]:
        result = algebra.multiply(result, form, budget)
    return result


def _scaled(form: Form, factor: Rational, budget: Budget) -> Form:
    return algebra.multiply(form, algebra.constant(factor), budget)


def _opaque(head: str, forms: list[Form]) -> Form:
    return algebra.atom(("?", head, *(form.key() for form in forms)))


def _power(base: Form, exponent: Form, budget: Budget) -> Form:
    value = exponent.rational()
    if value is None:
        return _opaque("^", [base, exponent])
    if value.denominator == 1:
        return _integer_power(base, value.numerator, budget)
    return _fractional_power(base, Fraction(value), budget)


def _integer_power(base: Form, exponent: int, budget: Budget) -> Form:
    if exponent == 0:
        if not base.over:
            raise TooComplexError("0^0")
        return algebra.constant(1)
    if not base.over:
        if exponent > 0:
            return base
        raise UndefinedError("a negative power of zero")
    rational = base.rational()
    if rational is not None:
        bits = max(rational.numerator.bit_length(), rational.denominator.bit_length())
        if abs(rational) != 1 and bits * abs(exponent) > MAX_BITS:
            raise TooComplexError("a power of too many digits")
        parity = exponent % 2 if abs(rational) == 1 else exponent
        return algebra.constant(Fraction(rational) ** parity)
    if len(base.over) == 1 and base.under == ONE:
        return _monomial_power(base, exponent)
    if abs(exponent) > _MAX_EXPANDED_POWER:
        return _opaque("^", [base, algebra.constant(exponent)])
    result = base
    for _ in range(abs(exponent) - 1):
        result = algebra.multiply(result, base, budget)
    return result if exponent > 0 else algebra.invert(result)


def _monomial_power(base: Form, exponent: int) -> Form:
    monomial, coefficient = next(iter(base.over.items()))
    bits = max(coefficient.numerator.bit_length(), coefficient.denominator.bit_length())
    if bits * abs(exponent) > MAX_BITS and abs(coefficient) != 1:
        raise TooComplexError("a power of too many digits")
    parity = exponent % 2 if abs(coefficient) == 1 else exponent
    raised = {what: old * exponent for what, old in monomial}
    reduced, factor = algebra.reduced(raised)
    value = algebra.check_size(Fraction(coefficient) ** parity * factor)
    return Form({reduced: algebra.tidy(value)}, ONE)


def _fractional_power(base: Form, exponent: Fraction, budget: Budget) -> Form:
    """Raises to a fraction: positive rational factors come out, the rest stays under the root.

    Only positive factors may leave: the root of x^2 is not x.
    """
    if exponent.denominator > _MAX_ROOT or not base.over:
        raise TooComplexError("an unusual power")
    content = _content(base)
    result = _rational_power(content, exponent)
    rest = _scaled(base, Fraction(1) / content, budget)
    value = rest.rational()
    if value == 1:
        return result
    if value == -1 and exponent.denominator == 2:
        unit = algebra.reduced({IMAGINARY: exponent.numerator})
        return algebra.multiply(result, Form({unit[0]: unit[1]}, ONE), budget)
    (monomial, coefficient), *more = rest.over.items()
    if not more and rest.under == ONE and coefficient == 1 and len(monomial) == 1:
        (what, power), *_ = monomial
        if power == 1 and what[0] in {"x", "pi", "e", "?"}:
            return algebra.multiply(result, algebra.atom(what, exponent), budget)
    root = _opaque("^", [rest, algebra.constant(exponent)])
    return algebra.multiply(result, root, budget)


def _root(base: Form, degree: Form, budget: Budget) -> Form:
    r"""Takes a root as the sign ``\sqrt[n]{}`` means it: real for odd n and negative numbers."""
    value = degree.rational()
    if value is None or value.denominator != 1 or not 1 < value <= _MAX_ROOT:
        raise TooComplexError("an unusual root")
    if not base.over:
        return base
    radicand = base.rational()
    if value % 2 and radicand is not None and radicand < 0:
        positive = _fractional_power(_scaled(base, -1, budget), Fraction(1, int(value)), budget)
        return _scaled(positive, -1, budget)
    return _fractional_power(base, Fraction(1, int(value)), budget)


def _content(form: Form) -> Fraction:
    """Computes the positive rational factor that leaves coprime integer coefficients."""
    values = [*form.over.values()]
    over = gcd(*(value.numerator for value in values))
    under = lcm(*(value.denominator for value in values))
    return Fraction(over, under)


def _rational_power(base: Fraction, exponent: Fraction) -> Form:
    exponents: dict[algebra.Atom, Rational] = {}
    for prime, count in prime_powers(base.numerator):
        exponents["p", prime] = count * exponent
    for prime, count in prime_powers(base.denominator):
        exponents["p", prime] = -count * exponent
    monomial, factor = algebra.reduced(exponents)
    return Form({monomial: factor}, ONE)


def _function(head: str, forms: list[Form]) -> Form:
    values = [form.rational() for form in forms]
    exact = _EXACT.get(head)
    if exact is not None and all(value is not None for value in values):
        result = exact(*(value for value in values if value is not None))
        if result is not None:
            return algebra.constant(algebra.check_size(result))
    if head == "ln" and forms[0].under == ONE and len(forms[0].over) == 1:
        (monomial, coefficient), *_ = forms[0].over.items()
        if coefficient == 1 and [what for what, _ in monomial] == [("e",)]:
            ((_, power),) = monomial
            return algebra.constant(power)
    return _opaque(head, forms)


def _factorial(n: Rational) -> Rational | None:
    if n.denominator != 1 or n < 0:
        return None
    if n > MAX_FACTORIAL:
        raise TooComplexError("too large a factorial")
    return factorial(n.numerator)


def _binomial(n: Rational, k: Rational) -> Rational | None:
    if n.denominator != 1 or k.denominator != 1 or not 0 <= k <= n:
        return None
    smaller = min(k.numerator, (n - k).numerator)
    if smaller * n.numerator.bit_length() > MAX_BITS:
        raise TooComplexError("too large a binomial coefficient")
    return comb(n.numerator, smaller)


def _logarithm(value: Rational, base: Rational = 0) -> Rational | None:
    """Computes log_base(value) if it is rational; without a base only log 1 is sure."""
    if value == 1:
        return 0
    if base <= 0 or base == 1 or value <= 0:
        return None
    powers = _signed_powers(value)
    of_base = _signed_powers(base)
    if powers.keys() != of_base.keys():
        return None
    ratios = {Fraction(powers[prime], of_base[prime]) for prime in powers}
    return ratios.pop() if len(ratios) == 1 else None


def _signed_powers(value: Rational) -> dict[int, int]:
    powers = dict(prime_powers(value.numerator))
    powers.update({prime: -count for prime, count in prime_powers(value.denominator)})
    return powers


def _zero_at_zero(value: Rational) -> Rational | None:
    return 0 if value == 0 else None


def _one_at_zero(value: Rational) -> Rational | None:
    return 1 if value == 0 else None


_EXACT: Final[dict[str, Callable[..., Rational | None]]] = {
    "abs": abs,
    "floor": lambda value: value.__floor__(),
    "ceil": lambda value: value.__ceil__(),
    "factorial": _factorial,
    "binom": _binomial,
    "log": _logarithm,
    "ln": _logarithm,
    "log10": lambda value: _logarithm(value, 10),
    **dict.fromkeys(("sin", "tan", "arcsin", "arctan", "sinh", "tanh"), _zero_at_zero),
    **dict.fromkeys(("cos", "cosh", "sec"), _one_at_zero),
}
_OPERATIONS: Final[dict[str, Callable[[list[Form], Budget], Form]]] = {
    "+": _total,
    "neg": lambda forms, budget: _scaled(forms[0], -1, budget),
    "*": _multiplied,
    "/": lambda forms, budget: algebra.multiply(forms[0], algebra.invert(forms[1]), budget),
    "^": lambda forms, budget: _power(forms[0], forms[1], budget),
    "exp": lambda forms, budget: _power(algebra.atom(("e",)), forms[0], budget),
    "root": lambda forms, budget: _root(forms[0], forms[1], budget),
}
