"""Ratios of polynomials in one unknown: where they are positive, zero, negative or undefined."""

from __future__ import annotations

from fractions import Fraction
from functools import cmp_to_key
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.mathematics.exact.algebra import Budget, tidy
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.kinds.real_sets import Endpoint, Ordering, endpoint
from verifier.mathematics.kinds.terms import is_constant
from verifier.mathematics.limits import MAX_COEFFICIENT_BITS, MAX_DEGREE
from verifier.mathematics.syntax import Apply, Node, Number, Rational, TooComplexError

if TYPE_CHECKING:
    from collections.abc import Sequence

Polynomial = tuple[Node, ...]
"""Coefficients from the constant upwards, the last one not zero; empty for zero. They are constant
expressions; whatever is rational stands as a `Number`."""

_ZERO: Final = Number(0)
_ONE: Final[Polynomial] = (Number(1),)


class Ratio(NamedTuple):
    """A ratio of polynomials, never reduced: where `under` is zero it has no value."""

    over: Polynomial
    under: Polynomial


class Root(NamedTuple):
    """A place where a polynomial changes or touches zero."""

    place: Endpoint
    times: int
    is_pole: bool


def read_ratio(node: Node, unknown: Node) -> Ratio:
    """Reads an expression as a ratio of polynomials in an unknown.

    Raises:
        TooComplexError: it is none, or of too high a degree.
    """
    if node == unknown:
        return Ratio((_ZERO, Number(1)), _ONE)
    if is_constant(node):
        return Ratio(_trimmed((_coefficient(node),)), _ONE)
    if not isinstance(node, Apply) or node.head not in {"+", "neg", "*", "/", "^"}:
        raise TooComplexError("no ratio of polynomials")
    if node.head == "^":
        return _power(read_ratio(node.args[0], unknown), node.args[1])
    ratios = [read_ratio(arg, unknown) for arg in node.args]
    if node.head == "neg":
        return _multiply(ratios[0], Ratio((Number(-1),), _ONE))
    if node.head == "/":
        return _multiply(ratios[0], _inverse(ratios[1]))
    result = ratios[0]
    for ratio in ratios[1:]:
        result = _add(result, ratio) if node.head == "+" else _multiply(result, ratio)
    return result


def difference(left: Ratio, right: Ratio) -> Ratio:
    """Subtracts."""
    return _add(left, _multiply(right, Ratio((Number(-1),), _ONE)))


def roots_of(ratio: Ratio, ordering: Ordering) -> list[Root]:
    """Finds all real zeros and poles, in rising order, each named once.

    Raises:
        TooComplexError: they have no form this package can write, or their order is unproven.
    """
    found = [Root(*root, is_pole=False) for root in _zeros(ratio.over, ordering)]
    found += [Root(*root, is_pole=True) for root in _zeros(ratio.under, ordering)]

    def rising(left: Root, right: Root) -> int:
        return ordering.compare(left.place, right.place)

    found.sort(key=cmp_to_key(rising))
    joined: list[Root] = []
    for root in found:
        if joined and ordering.compare(joined[-1].place, root.place) == 0:
            last = joined.pop()
            times, is_pole = last.times + root.times, last.is_pole or root.is_pole
            joined.append(Root(last.place, times, is_pole))
        else:
            joined.append(root)
    return joined


def sign_at_infinity(ratio: Ratio, ordering: Ordering) -> int:
    """Tells the sign far to the right; 0 for the zero polynomial."""
    if not ratio.over:
        return 0
    return ordering.sign(ratio.over[-1]) * ordering.sign(ratio.under[-1])


def _coefficient(node: Node) -> Node:
    if isinstance(node, Number):
        return node
    value = canonical(node, Budget()).rational()
    return node if value is None else Number(value)


def _plus(left: Node, right: Node) -> Node:
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(tidy(Fraction(left.value) + right.value))
    if _ZERO in {left, right}:
        return left if right == _ZERO else right
    return _coefficient(Apply("+", (left, right)))


def _times(left: Node, right: Node) -> Node:
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(tidy(Fraction(left.value) * right.value))
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Number) and one.value in {0, 1, -1}:
            if one.value == 0:
                return _ZERO
            return other if one.value == 1 else Apply("neg", (other,))
    return _coefficient(Apply("*", (left, right)))


def _over(left: Node, right: Node) -> Node:
    if isinstance(right, Number) and right.value == 1:
        return left
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(tidy(Fraction(left.value) / right.value))
    return Apply("/", (left, right))


def _trimmed(coefficients: Sequence[Node]) -> Polynomial:
    kept = list(coefficients)
    while kept and isinstance(kept[-1], Number) and kept[-1].value == 0:
        kept.pop()
    return tuple(kept)


def _sum(left: Polynomial, right: Polynomial) -> Polynomial:
    length = max(len(left), len(right))
    ours = left + (_ZERO,) * (length - len(left))
    theirs = right + (_ZERO,) * (length - len(right))
    return _trimmed([_plus(*pair) for pair in zip(ours, theirs, strict=True)])


def _product(left: Polynomial, right: Polynomial) -> Polynomial:
    if not left or not right:
        return ()
    if len(left) + len(right) - 2 > MAX_DEGREE:
        raise TooComplexError("too high a degree")
    result: list[Node] = [_ZERO] * (len(left) + len(right) - 1)
    for ours, first in enumerate(left):
        for theirs, second in enumerate(right):
            result[ours + theirs] = _plus(result[ours + theirs], _times(first, second))
    return _trimmed(result)


def _add(left: Ratio, right: Ratio) -> Ratio:
    if left.under == right.under:
        return Ratio(_sum(left.over, right.over), left.under)
    over = _sum(_product(left.over, right.under), _product(right.over, left.under))
    return Ratio(over, _product(left.under, right.under))


def _multiply(left: Ratio, right: Ratio) -> Ratio:
    return Ratio(_product(left.over, right.over), _product(left.under, right.under))


def _inverse(ratio: Ratio) -> Ratio:
    if not ratio.over:
        raise TooComplexError("division by zero")
    return Ratio(ratio.under, ratio.over)


def _power(base: Ratio, exponent: Node) -> Ratio:
    power = _coefficient(exponent) if is_constant(exponent) else exponent
    if not isinstance(power, Number) or not isinstance(power.value, int):
        raise TooComplexError("no whole power")
    if not 0 < abs(power.value) <= MAX_DEGREE:
        raise TooComplexError("too high a degree")
    result = base
    for _ in range(abs(power.value) - 1):
        result = _multiply(result, base)
    return result if power.value > 0 else _inverse(result)


def _zeros(polynomial: Polynomial, ordering: Ordering) -> list[tuple[Endpoint, int]]:
    """Finds the real zeros of a polynomial and how often each counts."""
    if len(polynomial) < 2:
        return []
    rational = [item.value for item in polynomial if isinstance(item, Number)]
    if len(rational) == len(polynomial):
        return _factored(rational, ordering)
    if len(polynomial) == 2:
        offset, slope = polynomial
        ordering.sign(slope)
        return [(endpoint(_over(_times(Number(-1), offset), slope)), 1)]
    if len(polynomial) == 3:
        return _quadratic(polynomial, ordering, 1)
    raise TooComplexError("irrational coefficients")


def _factored(coefficients: Sequence[Rational], ordering: Ordering) -> list[tuple[Endpoint, int]]:
    """Finds the zeros of a polynomial with rational coefficients by its factors."""
    if any(_bits(value) > MAX_COEFFICIENT_BITS for value in coefficients):
        raise TooComplexError("coefficients of too many digits")
    import flint  # noqa: PLC0415 - it takes some 50 ms to load

    exact = flint.fmpq_poly([flint.fmpq(v.numerator, v.denominator) for v in coefficients])
    _, factors = exact.numer().factor()
    found: list[tuple[Endpoint, int]] = []
    for factor, times in factors:
        integers = [Number(int(value)) for value in factor.coeffs()]
        if len(integers) == 2:
            root = Fraction(-integers[0].value) / integers[1].value
            found.append((endpoint(Number(tidy(root))), times))
        elif len(integers) == 3:
            found += _quadratic(tuple(integers), ordering, times)
        else:
            found += _binomial([Fraction(number.value) for number in integers], times)
    return found


def _bits(value: Rational) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _quadratic(
    polynomial: Polynomial, ordering: Ordering, times: int
) -> list[tuple[Endpoint, int]]:
    """Finds the zeros of c + bx + ax^2 by the formula."""
    c, b, a = polynomial
    inner = _plus(_times(b, b), _times(Number(-4), _times(a, c)))
    sign = ordering.sign(inner)
    ordering.sign(a)
    if sign < 0:
        return []
    middle, width = _times(Number(-1), b), _times(Number(2), a)
    if sign == 0:
        return [(endpoint(_over(middle, width)), 2 * times)]
    root = Apply("root", (inner, Number(2)))
    ends = (_plus(middle, Apply("neg", (root,))), _plus(middle, root))
    return [(endpoint(_over(end, width)), times) for end in ends]


def _binomial(coefficients: Sequence[Fraction], times: int) -> list[tuple[Endpoint, int]]:
    """Finds the zeros of an irreducible c + a x^n."""
    degree = len(coefficients) - 1
    if any(coefficients[1:-1]):
        raise TooComplexError("a polynomial without simple zeros")
    value = -coefficients[0] / coefficients[-1]
    if value < 0 and degree % 2 == 0:
        return []
    positive = Apply("root", (Number(tidy(abs(value))), Number(degree)))
    negative = Apply("neg", (positive,))
    if degree % 2:
        return [(endpoint(positive if value > 0 else negative), times)]
    return [(endpoint(negative), times), (endpoint(positive), times)]
