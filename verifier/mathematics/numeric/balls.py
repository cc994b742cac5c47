"""Numbers with proven error bounds, and the functions of one such number.

A ball is a midpoint and a radius; every operation returns a ball that contains the true result for
all numbers of its operands (Johansson, Arb: efficient arbitrary-precision midpoint-radius interval
arithmetic, 2017). What is undefined somewhere in the operands becomes a ball that is not finite.

The library is loaded at the first use: it takes some 50 ms.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verifier.mathematics.syntax import Rational

Ball = Any
"""A real `flint.arb` or a complex `flint.acb`; neither has types."""

# The library keeps its working precision in one variable for all threads.
_PRECISION: Final = threading.RLock()


class NoEvidenceError(Exception):
    """The expression cannot be evaluated here. Never leaves the package."""


class HugeError(Exception):
    """The value is a real number beyond 2^(2^35). Never leaves the package."""


class Field(NamedTuple):
    """The real or the complex numbers.

    Attributes:
        is_real: whether roots and logarithms of negative numbers are undefined.
        ball: makes a ball of an integer, a float, a rational of the library or another ball.
        fraction: makes a rational of the library.
        imaginary: the imaginary unit; None in the reals.
    """

    is_real: bool
    ball: Callable[..., Ball]
    fraction: Callable[[int, int], Any]
    imaginary: Ball | None

    def number(self, value: Rational) -> Ball:
        """Makes a ball of an exact number."""
        if isinstance(value, int):
            return self.ball(value)
        return self.ball(self.fraction(value.numerator, value.denominator))

    def pi(self) -> Ball:
        """Computes pi."""
        return self.ball(self.ball.pi())  # type: ignore[attr-defined]

    def e(self) -> Ball:
        """Computes Euler's number."""
        return self.ball(1).exp()


@cache
def real_field() -> Field:
    """Loads the real numbers."""
    import flint  # noqa: PLC0415 - see the module

    return Field(is_real=True, ball=flint.arb, fraction=flint.fmpq, imaginary=None)


@cache
def complex_field() -> Field:
    """Loads the complex numbers."""
    import flint  # noqa: PLC0415 - see the module

    unit = flint.acb(0, 1)
    return Field(is_real=False, ball=flint.acb, fraction=flint.fmpq, imaginary=unit)


@contextmanager
def precision() -> Iterator[Callable[[int], None]]:
    """Holds the working precision for one thread; yields what sets it, in bits."""
    import flint  # noqa: PLC0415 - see the module

    def set_bits(bits: int) -> None:
        flint.ctx.prec = bits

    with _PRECISION:
        yield set_bits


def real_part(ball: Ball) -> Ball:
    """Passes on a real number of either field.

    Raises:
        NoEvidenceError: it is not known to be real.
    """
    if not ball.imag.is_zero():
        raise NoEvidenceError("not a real number")
    return ball.real


def whole(ball: Ball) -> int:
    """Reads an integer off a ball that holds nothing else.

    Raises:
        NoEvidenceError: it is no integer, not known exactly, or beyond 2^64.
    """
    exact = real_part(ball)
    if not exact.is_exact() or not abs(exact) < 2**64:
        raise NoEvidenceError("not an integer")
    value = exact.unique_fmpz()
    if value is None:
        raise NoEvidenceError("not an integer")
    return int(value)


def integral(
    integrand: Callable[[Ball, bool], Ball], lower: Ball, upper: Ball, evaluations: int
) -> Ball:
    """Integrates along a straight line, with a proven bound on the error.

    Args:
        integrand: takes a complex ball and whether the result must be analytic on it; must not
            raise, and returns a ball that is not finite where it has no value.
        lower: where to start.
        upper: where to end.
        evaluations: when to give up, which makes the result wide or not finite.
    """
    import flint  # noqa: PLC0415 - see the module

    return flint.acb.integral(
        integrand, lower, upper, eval_limit=evaluations, depth_limit=2 * evaluations
    )
