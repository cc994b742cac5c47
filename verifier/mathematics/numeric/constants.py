"""Real constants: their signs, their order, and how near they are to each other, all proven."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact import algebra
from verifier.mathematics.exact.algebra import Budget
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.numeric.balls import (
    Ball,
    HugeError,
    NoEvidenceError,
    complex_field,
    precision,
    real_field,
)
from verifier.mathematics.numeric.evaluator import Effort, Evaluator, Reading
from verifier.mathematics.numeric.evidence import ladder
from verifier.mathematics.numeric.survey import Survey, survey
from verifier.mathematics.syntax import Apply, Node, Number, Symbol, TooComplexError

if TYPE_CHECKING:
    from fractions import Fraction

_INFINITY: Final = Symbol("infty")


def sign(node: Node) -> int | None:
    """Tells -1, 0 or 1 for a real constant; None where that is not proven. Never raises.

    Zero is proven by exact algebra only. Infinity is positive.
    """
    return order(node, Number(0))


def order(left: Node, right: Node) -> int | None:
    r"""Tells -1, 0 or 1 for less, equal, greater; None where that is not proven. Never raises.

    Both may be infinite. A bare ``\log`` is ordered only where bases e and 10 say the same.
    """
    infinite = _infinity(left), _infinity(right)
    if any(infinite):
        finite = [node for node, sign in zip((left, right), infinite, strict=True) if not sign]
        if finite and not _is_real(finite[0]):
            return None
        return (infinite[0] > infinite[1]) - (infinite[0] < infinite[1])
    if isinstance(left, Number) and isinstance(right, Number):
        return (left.value > right.value) - (left.value < right.value)
    found = survey(left, right)
    if found is None or found.imaginary:
        return None
    exactly = _exact_order(left, right)
    if exactly is not None or found.symbols:
        return exactly
    orders = {_Pair(left, right, found).order(reading) for reading in _readings(found)}
    return orders.pop() if len(orders) == 1 else None


def is_near(
    candidate: Node, reference: Node, relative: Fraction, absolute: Fraction
) -> bool | None:
    r"""Tells whether two constants differ by no more than one of two tolerances. Never raises.

    Args:
        candidate: a constant, real or complex.
        reference: another one.
        relative: to the size of the reference.
        absolute: by itself.

    Returns:
        True if they do by either base of a bare ``\log``, False if they do not by both; None where
        that is not known: no constants, not evaluable, or too close to the edge.
    """
    found = survey(candidate, reference)
    if found is None or found.symbols:
        return None
    pair = _Pair(candidate, reference, found)
    answers = {pair.is_near(reading, relative, absolute) for reading in _readings(found)}
    return True if True in answers else None if None in answers else False


def _readings(found: Survey) -> tuple[Reading, ...]:
    return (Reading(), Reading(log_base=10)) if "log" in found.heads else (Reading(),)


def _infinity(node: Node) -> int:
    """Tells the sign of an infinity; 0 for anything else."""
    if node == _INFINITY:
        return 1
    is_negative = isinstance(node, Apply) and node.head == "neg" and node.args[0] == _INFINITY
    return -1 if is_negative else 0


def _is_real(node: Node) -> bool:
    """Tells whether an expression is a real number, variables taken for such."""
    found = survey(node)
    if found is None or found.imaginary:
        return False
    return bool(found.symbols) or _Pair(node, Number(0), found).is_real()


def _exact_order(left: Node, right: Node) -> int | None:
    budget = Budget()
    try:
        ours, theirs = canonical(left, budget), canonical(right, budget)
        if algebra.same(ours, theirs, budget):
            return 0
    except TooComplexError:
        return None
    first, second = ours.rational(), theirs.rational()
    if first is None or second is None:
        return None
    return (first > second) - (first < second)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two constants.

    Attributes:
        left: one of them.
        right: the other one.
        found: what they contain.
        effort: what may still be spent.
    """

    left: Node
    right: Node
    found: Survey
    effort: Effort = field(default_factory=Effort)

    def is_real(self) -> bool:
        """Tells whether both are real numbers of a size that can be computed with."""
        balls = self._balls(Reading(), ladder(self.found)[0])
        return balls is not None and all(ball.imag.is_zero() for ball in balls)

    def order(self, reading: Reading) -> int | None:
        """Orders them, at higher precision if need be."""
        for bits in ladder(self.found):
            balls = self._balls(reading, bits)
            if balls is None or not (balls[0].imag.is_zero() and balls[1].imag.is_zero()):
                return None
            ours, theirs = balls[0].real, balls[1].real
            if ours < theirs or ours > theirs:
                return 1 if ours > theirs else -1
        return None

    def is_near(self, reading: Reading, relative: Fraction, absolute: Fraction) -> bool | None:
        """Compares their distance with tolerances."""
        balls = self._balls(reading, ladder(self.found)[0])
        if balls is None:
            return None
        reals = real_field()
        gap, size = abs(balls[0] - balls[1]), abs(balls[1])
        allowed = (reals.number(relative) * size).max(reals.number(absolute))
        if gap <= allowed:
            return True
        return False if gap > allowed else None

    def _balls(self, reading: Reading, bits: int) -> tuple[Ball, Ball] | None:
        """Evaluates both, in the reals if they are such; None if one has no value."""
        fields = (complex_field(),) if self.found.imaginary else (real_field(), complex_field())
        with precision() as set_bits:
            set_bits(bits)
            for the_field in fields:
                evaluator = Evaluator(the_field, {}, reading, self.effort, bits)
                try:
                    balls = [_value(evaluator, node) for node in (self.left, self.right)]
                except (TooComplexError, RecursionError):
                    return None
                if not any(ball is None for ball in balls):
                    return balls[0], balls[1]
        return None


def _value(evaluator: Evaluator, node: Node) -> Ball | None:
    """Evaluates; None if there is no finite value."""
    try:
        ball = evaluator.value(node)
    except (NoEvidenceError, HugeError, ArithmeticError, ValueError):
        return None
    return ball if ball.is_finite() else None
