"""Powers, roots and logarithms: what has branches, and what grows beyond any size."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.mathematics.numeric.balls import Ball, HugeError, NoEvidenceError
from verifier.mathematics.syntax import Apply, Node, Number, Symbol

if TYPE_CHECKING:
    from verifier.mathematics.numeric.evaluator import Evaluator

_HUGE_EXPONENT: Final = 2**40  # with the next line: such a power is beyond 2^(2^35)
_HUGE_BASE: Final = 1.5
_EULER: Final = Symbol("e")


def power_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    """Raises to a power.

    Raises:
        HugeError: it is beyond 2^(2^35), as a tower of powers soon is.
        NoEvidenceError: it may be 0^0 or worse, or is too large to say more.
    """
    if args[0] == _EULER and "e" not in evaluator.point:
        return exponential_of(evaluator, args[1:])
    base = evaluator.value(args[0])
    grows = base.imag.is_zero() and base.real > _HUGE_BASE
    try:
        exponent = evaluator.value(args[1])
    except HugeError as error:
        if grows:
            raise
        raise NoEvidenceError("too large") from error
    if grows and exponent.imag.is_zero() and exponent.real > _HUGE_EXPONENT:
        raise HugeError
    if evaluator.measures:
        evaluator.notice_argument("^", exponent)
    return _power(evaluator, base, exponent, args[1])


def _power(evaluator: Evaluator, base: Ball, exponent: Ball, written: Node) -> Ball:
    if base.contains(0):
        return _power_of_zero(base, exponent)
    if exponent.is_exact() and exponent.unique_fmpz() is not None:
        return base**exponent
    if evaluator.analytic:
        return base.pow(exponent, analytic=True)
    if not base.imag.is_zero() or base.real > 0:
        return base**exponent
    ratio = _ratio(written)
    if ratio is not None and ratio.denominator % 2 and base.real < 0:
        evaluator.open_root = True
        if evaluator.reading.real_roots:
            return (-base) ** exponent * (-1) ** ratio.numerator
    return base**exponent


def _power_of_zero(base: Ball, exponent: Ball) -> Ball:
    if not exponent.imag.is_zero() or not exponent.real > 0:
        raise NoEvidenceError("perhaps a power of zero")
    return base**exponent


def _ratio(node: Node) -> Fraction | None:
    """Reads an exponent that is written as a ratio of integers."""
    if isinstance(node, Number) and node.places is None:
        return Fraction(node.value)
    if isinstance(node, Apply) and node.head in {"neg", "/"}:
        parts = [_ratio(argument) for argument in node.args]
        if node.head == "neg":
            return -parts[0] if parts[0] is not None else None
        if parts[0] is not None and parts[1]:
            return parts[0] / parts[1]
    return None


def exponential_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    """Raises e to a power.

    Raises:
        HugeError: it is beyond 2^(2^35).
    """
    exponent = evaluator.value(args[0])
    if exponent.imag.is_zero() and exponent.real > _HUGE_EXPONENT:
        raise HugeError
    if evaluator.measures:
        evaluator.notice_argument("exp", exponent)
    return exponent.exp()


def root_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    """Takes a root; of a negative number a real one if the degree is odd.

    Raises:
        NoEvidenceError: the degree may be zero.
    """
    base, degree = evaluator.value(args[0]), evaluator.value(args[1])
    if degree == 2:
        return base.sqrt(analytic=True) if evaluator.analytic else base.sqrt()
    if degree.contains(0):
        raise NoEvidenceError("a root of degree zero")
    if evaluator.measures:
        evaluator.notice_argument("root", degree)
    exponent = 1 / degree
    if base.contains(0):
        return _power_of_zero(base, exponent)
    if base.imag.is_zero() and base.real < 0 and not evaluator.analytic:
        whole_degree = degree.real.unique_fmpz() if degree.is_exact() else None
        if whole_degree is not None and whole_degree % 2:
            return -((-base) ** exponent)
    return base.pow(exponent, analytic=True) if evaluator.analytic else base**exponent


def logarithm_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    """Computes a bare logarithm or one with its base."""
    result = natural_of(evaluator, args)
    if len(args) > 1:
        return result / natural_of(evaluator, args[1:])
    evaluator.open_log = True
    base = evaluator.reading.log_base
    return result / evaluator.field.ball(base).log() if base else result


def natural_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    """Computes a natural logarithm, of the first operand."""
    ball = evaluator.value(args[0])
    return ball.log(analytic=True) if evaluator.analytic else ball.log()


def decimal_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    """Computes a logarithm to base ten."""
    return natural_of(evaluator, args) / evaluator.field.ball(10).log()
