"""Functions of balls by the heads of `Apply`, for those that look at nothing but their operands."""

from __future__ import annotations

import zlib
from math import gcd, lcm
from operator import methodcaller
from typing import TYPE_CHECKING, Final

from verifier.mathematics.numeric.balls import Ball, HugeError, NoEvidenceError, real_part, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.mathematics.numeric.balls import Field

_HUGE_FACTORIAL: Final = 2**40  # the factorial of more is beyond 2^(2^40)
_MAX_DOUBLE_FACTORIAL: Final = 1_000


def _reciprocal(name: str) -> Callable[[Ball], Ball]:
    """Makes a function of the reciprocal, as the arcus secans is one: arccos(1/x)."""
    function = methodcaller(name)
    return lambda ball: function(1 / ball)


UNARY: Final[dict[str, Callable[[Ball], Ball]]] = {
    **{head: methodcaller(head) for head in ["sin", "cos", "tan", "cot", "sec", "csc"]},
    **{head: methodcaller(head) for head in ["sinh", "cosh", "tanh", "coth", "sech", "csch"]},
    "arcsin": methodcaller("asin"),
    "arccos": methodcaller("acos"),
    "arctan": methodcaller("atan"),
    "arsinh": methodcaller("asinh"),
    "arcosh": methodcaller("acosh"),
    "artanh": methodcaller("atanh"),
    "arcsec": _reciprocal("acos"),
    "arccsc": _reciprocal("asin"),
    "arcoth": _reciprocal("atanh"),
    "arsech": _reciprocal("acosh"),
    "arcsch": _reciprocal("asinh"),
}
"""Functions that are alike in both fields; in the reals undefined outside their domains."""

CUT_ON_REALS: Final = frozenset(
    ["arcsin", "arccos", "arcsec", "arccsc", "artanh", "arcoth", "arcosh", "arsech"]
)
"""Those of them that are not analytic on parts of the real axis."""

CUT_ELSEWHERE: Final = frozenset(["arctan", "arccot", "arsinh", "arcsch"])
"""Those that are not analytic on parts of the imaginary axis."""


def arccot(field: Field, ball: Ball) -> Ball:
    """Computes the arcus cotangens that lies between 0 and pi, as schools have it."""
    return field.pi() / 2 - ball.atan()


def factorial(field: Field, ball: Ball) -> Ball:
    """Computes the factorial, by the gamma function.

    Raises:
        HugeError: of a number beyond 2^40.
    """
    number = real_part(ball)
    if number > _HUGE_FACTORIAL:
        raise HugeError
    if not number > -_HUGE_FACTORIAL:
        raise NoEvidenceError("not a factorial")
    return field.ball((number + 1).gamma())


def double_factorial(field: Field, ball: Ball) -> Ball:
    """Computes n!!, for integers only."""
    number = whole(ball)
    if not -1 <= number <= _MAX_DOUBLE_FACTORIAL:
        raise NoEvidenceError("not a double factorial")
    result = 1
    for factor in range(number, 1, -2):
        result *= factor
    return field.ball(result)


def binomial(field: Field, upper: Ball, lower: Ball) -> Ball:
    """Computes a binomial coefficient, by the gamma function."""
    return permutations(field, upper, lower) * field.ball((real_part(lower) + 1).rgamma())


def permutations(field: Field, upper: Ball, lower: Ball) -> Ball:
    """Computes n! / (n - k)!."""
    left = real_part(upper) - real_part(lower)
    if not abs(left) < _HUGE_FACTORIAL:
        raise NoEvidenceError("too large")
    return factorial(field, upper) * field.ball((left + 1).rgamma())


def absolute(_: Field, ball: Ball) -> Ball:
    """Computes the absolute value; in the complex field a ball of that field again."""
    return type(ball)(abs(ball))


def sign(field: Field, ball: Ball) -> Ball:
    """Computes the sign of a real number."""
    return field.ball(real_part(ball).sgn())


def floor(field: Field, ball: Ball) -> Ball:
    """Rounds down; near an integer that is not known exactly, the ball is one wide."""
    return field.ball(real_part(ball).floor())


def ceil(field: Field, ball: Ball) -> Ball:
    """Rounds up."""
    return field.ball(real_part(ball).ceil())


def argument(field: Field, ball: Ball) -> Ball:
    """Computes the argument of a complex number, in (-pi, pi]."""
    if not field.is_real:
        return field.ball(ball.arg())
    if ball > 0:
        return field.ball(0)
    if ball < 0:
        return field.pi()
    raise NoEvidenceError("perhaps the argument of zero")


def conjugate(field: Field, ball: Ball) -> Ball:
    """Computes the complex conjugate."""
    return ball if field.is_real else ball.conjugate()


def greatest(field: Field, *balls: Ball) -> Ball:
    """Computes a maximum."""
    return _best(field, "max", balls)


def least(field: Field, *balls: Ball) -> Ball:
    """Computes a minimum."""
    return _best(field, "min", balls)


def _best(field: Field, name: str, balls: tuple[Ball, ...]) -> Ball:
    result = real_part(balls[0])
    for ball in balls[1:]:
        result = getattr(result, name)(real_part(ball))
    return field.ball(result)


def remainder(field: Field, value: Ball, modulus: Ball) -> Ball:
    """Computes the least remainder that is not negative, of integers."""
    divisor = whole(modulus)
    if divisor <= 0:
        raise NoEvidenceError("not a modulus")
    return field.ball(whole(value) % divisor)


ON_BALLS: Final[dict[str, Callable[..., Ball]]] = {
    "arccot": arccot,
    "factorial": factorial,
    "factorial2": double_factorial,
    "binom": binomial,
    "permutations": permutations,
    "sign": sign,
    "floor": floor,
    "ceil": ceil,
    "arg": argument,
    "conj": conjugate,
    "max": greatest,
    "min": least,
    "mod": remainder,
    "re": lambda field, ball: field.ball(ball.real),
    "im": lambda field, ball: field.ball(ball.imag),
    "gcd": lambda field, *balls: field.ball(gcd(*map(whole, balls))),
    "lcm": lambda field, *balls: field.ball(lcm(*map(whole, balls))),
}
"""Functions that take the field, then their operands."""


def unknown(field: Field, name: str, balls: list[Ball]) -> Ball:
    """Computes some function that the name alone determines: smooth, of no special form.

    Two expressions that agree for it agree for every function, but for a coincidence.
    """
    seed = zlib.crc32(name.encode())
    result = field.number(seed % 997) / 1999
    for place, ball in enumerate(balls, start=1):
        pace = field.number(seed % (89 + place) + 30) / 71
        shift = field.number(seed % (61 + place)) / 37
        result += (ball * pace + shift + result).cos() * (place + 1)
    return result
