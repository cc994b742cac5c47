"""Floating-point evidence that two expressions differ. It never proves that they are equal.

Every value carries a first-order bound on its own rounding error, so that cancellation
(sqrt(10^20 + 1) - 10^10) makes the evidence weaker instead of wrong.
"""

from __future__ import annotations

import cmath
import math
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.mathematics.syntax import Apply, Node, Number, Quantity, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_EPSILON: Final = 2.0**-51  # two units in the last place per operation
_TINY: Final = 1e-300  # what underflow may hide
_CLEARLY: Final = 1e-9  # relative difference that is no accident of rounding
_SAFETY: Final = 16.0  # the bounds are first order only
_NO_POINT: Final[Mapping[str, float]] = {}


class Approximation(NamedTuple):
    """A complex value and a bound on its error."""

    value: complex
    error: float


class NoEvidenceError(Exception):
    """The expression cannot be evaluated here. Never leaves the package."""


class _HugeError(Exception):
    """The value is a positive number beyond 1e300."""


def approximate(node: Node, log_base: float = math.e) -> Approximation:
    """Evaluates an expression without variables.

    Args:
        node: the expression.
        log_base: how a bare "log" is read.

    Raises:
        NoEvidenceError: it has no value that floating point can hold.
    """
    return _guarded(node, _NO_POINT, log_base)


def huge(node: Node) -> bool:
    """Tells whether the expression is certainly a positive number beyond 1e300."""
    try:
        _evaluate(node, _NO_POINT, math.e)
    except _HugeError:
        return True
    except (NoEvidenceError, ArithmeticError, ValueError, RecursionError):
        return False
    return False


def clearly_differ(left: Approximation, right: Approximation) -> bool:
    """Tells whether two values differ by more than rounding can explain."""
    gap = abs(left.value - right.value)
    size = max(abs(left.value), abs(right.value))
    return gap > _CLEARLY * size + _SAFETY * (left.error + right.error)


def differ_somewhere(left: Node, right: Node, symbols: frozenset[str]) -> bool | None:
    """Tells whether two expressions clearly differ at a sample point, which proves them unequal.

    Only positive real points count, and only those where every step stays real: elsewhere the
    answer to "is sqrt(x^2) equal to x?" depends on a domain that nobody has stated.

    Returns:
        True if they differ, False if they agree wherever they could be evaluated, None if that was
        nowhere.
    """
    evaluated = None
    for point in _points(symbols):
        differ = [_differ_at(left, right, point, base) for base in (math.e, 10.0)]
        if all(differ):
            return True
        if None not in differ:
            evaluated = False
    return evaluated


def _differ_at(left: Node, right: Node, point: Mapping[str, float], base: float) -> bool | None:
    try:
        return clearly_differ(_guarded(left, point, base), _guarded(right, point, base))
    except NoEvidenceError:
        return None


def _points(symbols: frozenset[str]) -> Iterator[dict[str, float]]:
    """Makes fixed sample points: near one, large, small."""
    names = sorted(symbols)
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    for round_, scale in enumerate((1.0, 6.1, 0.37), start=1):
        yield {
            name: scale * (0.61 + (golden * (place + 1) * round_) % 1.0)
            for place, name in enumerate(names)
        }


def _guarded(node: Node, point: Mapping[str, float], log_base: float) -> Approximation:
    try:
        result = _evaluate(node, point, log_base)
    except _HugeError as error:
        raise NoEvidenceError("too large") from error
    except (ArithmeticError, ValueError) as error:
        raise NoEvidenceError("not evaluable") from error
    if not cmath.isfinite(result.value) or not math.isfinite(result.error):
        raise NoEvidenceError("not finite")
    return result


def _evaluate(node: Node, point: Mapping[str, float], log_base: float) -> Approximation:
    if isinstance(node, Apply):
        special = _SPECIAL.get(node.head)
        if special is not None:
            return special(node, point, log_base)
        return _applied(node, point, log_base)
    if isinstance(node, Number):
        value = float(node.value)
        return Approximation(value, abs(value) * _EPSILON)
    if isinstance(node, Symbol):
        return _symbol(node.name, point)
    if isinstance(node, Quantity) and not node.percent:
        return _evaluate(node.value, point, log_base)
    raise NoEvidenceError("no single value")


def _symbol(name: str, point: Mapping[str, float]) -> Approximation:
    constant = _CONSTANTS.get(name)
    if constant is not None:
        return Approximation(constant, _EPSILON * 4)
    if name in point:
        return Approximation(point[name], 0.0)
    raise NoEvidenceError(name)


def _applied(node: Apply, point: Mapping[str, float], log_base: float) -> Approximation:
    operation = _OPERATIONS.get(node.head)
    if operation is None:
        raise NoEvidenceError(node.head)
    try:
        parts = [_evaluate(argument, point, log_base) for argument in node.args]
    except _HugeError as error:
        raise NoEvidenceError("too large") from error
    if point:
        first = parts[0].value.real
        if (node.head in _POSITIVE_DOMAIN and first < 0) or (
            node.head in _UNIT_DOMAIN and abs(first) > 1
        ):
            raise NoEvidenceError("outside the real domain")
    if node.head == "log" and len(parts) == 1:
        parts.append(Approximation(log_base, 0.0))
    return operation(*parts)


_CONSTANTS: Final[Mapping[str, complex]] = {"pi": math.pi, "e": math.e, "i": 1j}
_POSITIVE_DOMAIN: Final = frozenset(("root", "ln", "log", "log10"))
_UNIT_DOMAIN: Final = frozenset(("arcsin", "arccos"))


def _product_of(node: Apply, point: Mapping[str, float], log_base: float) -> Approximation:
    result = Approximation(1.0, 0.0)
    grown: _HugeError | None = None
    for factor in node.args:
        try:
            result = _multiply(result, _evaluate(factor, point, log_base))
        except _HugeError as error:
            grown = error
    if grown is None:
        return result
    if result.value.imag == 0 and result.value.real >= 1:
        raise grown
    raise NoEvidenceError("too large") from grown


def _power_of(node: Apply, point: Mapping[str, float], log_base: float) -> Approximation:
    base = _evaluate(node.args[0], point, log_base)
    grows = base.value.imag == 0 and base.value.real > 1.5
    try:
        exponent = _evaluate(node.args[1], point, log_base)
    except _HugeError as error:
        if grows:
            raise
        raise NoEvidenceError("too large") from error
    if point and base.value.real < 0 and exponent.value != round(exponent.value.real):
        raise NoEvidenceError("outside the real domain")
    try:
        return _power(base, exponent)
    except OverflowError as error:
        if grows and exponent.value.imag == 0:
            raise _HugeError from error
        raise NoEvidenceError("too large") from error


def _rounded(value: complex, error: float) -> Approximation:
    return Approximation(value, error + abs(value) * _EPSILON + _TINY)


def _add(*terms: Approximation) -> Approximation:
    size = sum(abs(term.value) for term in terms)
    error = sum(term.error for term in terms)
    return Approximation(sum(term.value for term in terms), error + size * _EPSILON)


def _multiply(left: Approximation, right: Approximation) -> Approximation:
    error = abs(left.value) * right.error + abs(right.value) * left.error
    return _rounded(left.value * right.value, error + left.error * right.error)


def _divide(left: Approximation, right: Approximation) -> Approximation:
    size = abs(right.value)
    if size <= 2 * right.error:
        raise NoEvidenceError("perhaps a division by zero")
    value = left.value / right.value
    return _rounded(value, 2 * (left.error + abs(value) * right.error) / size)


def _power(base: Approximation, exponent: Approximation) -> Approximation:
    if base.value == 0:
        if exponent.value.real <= 0 or base.error > _TINY:
            raise NoEvidenceError("a power of zero")
        return base
    if abs(base.value) <= 2 * base.error:
        raise NoEvidenceError("perhaps a power of zero")
    value = base.value**exponent.value
    relative = abs(exponent.value) * base.error / abs(base.value)
    relative += abs(cmath.log(base.value)) * (exponent.error + abs(exponent.value) * _EPSILON)
    return _rounded(value, 2 * abs(value) * relative)


def _root(base: Approximation, degree: Approximation) -> Approximation:
    if degree.value == 0:
        raise NoEvidenceError("a root of degree zero")
    odd = degree.value.imag == 0 and degree.value.real % 2 == 1
    if odd and base.value.imag == 0 and base.value.real < 0:
        positive = _root(Approximation(-base.value, base.error), degree)
        return Approximation(-positive.value, positive.error)
    return _power(base, Approximation(1 / degree.value, 0.0))


def _logarithm(value: Approximation, base: Approximation | None = None) -> Approximation:
    if abs(value.value) <= 2 * value.error:
        raise NoEvidenceError("perhaps a logarithm of zero")
    natural = _rounded(cmath.log(value.value), 2 * value.error / abs(value.value))
    return natural if base is None else _divide(natural, _logarithm(base))


def _absolute(value: Approximation) -> Approximation:
    return Approximation(abs(value.value), value.error)


def _function(
    function: Callable[[complex], complex], slope: Callable[[complex], complex]
) -> Callable[[Approximation], Approximation]:
    """Lifts a function to approximations by its derivative."""

    def lifted(argument: Approximation) -> Approximation:
        value = function(argument.value)
        steepness = abs(slope(argument.value)) if argument.error else 0.0
        return _rounded(value, 2 * steepness * argument.error + _EPSILON)

    return lifted


_SPECIAL: Final[Mapping[str, Callable[[Apply, Mapping[str, float], float], Approximation]]] = {
    "^": _power_of,
    "*": _product_of,
}
_OPERATIONS: Final[Mapping[str, Callable[..., Approximation]]] = {
    "+": _add,
    "neg": lambda value: Approximation(-value.value, value.error),
    "/": _divide,
    "root": _root,
    "abs": _absolute,
    "ln": _logarithm,
    "log": _logarithm,
    "log10": lambda value: _logarithm(value, Approximation(10.0, 0.0)),
    "degree": lambda value: _multiply(value, Approximation(math.pi / 180, _EPSILON)),
    "exp": _function(cmath.exp, cmath.exp),
    "sin": _function(cmath.sin, cmath.cos),
    "cos": _function(cmath.cos, cmath.sin),
    "tan": _function(cmath.tan, lambda z: 1 / cmath.cos(z) ** 2),
    "cot": _function(lambda z: 1 / cmath.tan(z), lambda z: 1 / cmath.sin(z) ** 2),
    "sec": _function(lambda z: 1 / cmath.cos(z), lambda z: cmath.tan(z) / cmath.cos(z)),
    "csc": _function(lambda z: 1 / cmath.sin(z), lambda z: cmath.cos(z) / cmath.sin(z) ** 2),
    "sinh": _function(cmath.sinh, cmath.cosh),
    "cosh": _function(cmath.cosh, cmath.sinh),
    "tanh": _function(cmath.tanh, lambda z: 1 / cmath.cosh(z) ** 2),
    "arcsin": _function(cmath.asin, lambda z: 1 / cmath.sqrt(1 - z * z)),
    "arccos": _function(cmath.acos, lambda z: 1 / cmath.sqrt(1 - z * z)),
    "arctan": _function(cmath.atan, lambda z: 1 / (1 + z * z)),
}
