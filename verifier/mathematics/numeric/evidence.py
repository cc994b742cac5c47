r"""Whether two expressions are the same, by their values at sample points; signs and orders.

Two balls that do not meet prove a difference, and nothing else does. Balls that meet at every point,
each known to 50 digits, are evidence that the expressions are the same: no proof, but a coincidence
would need two smooth functions that agree at half a dozen arbitrary points and nowhere else.

The domain is real where it can be: only points count where every step on both sides is a real
number. So :math:`\sqrt{x^2}` is not x (points below zero), but :math:`\ln x^2` is :math:`2 \ln x`.
Where there is no such point, positive integers are tried, then complex numbers with principal
values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.mathematics.exact.algebra import Budget, Form, add, constant, multiply
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.limits import MAX_NUMERIC_BITS
from verifier.mathematics.numeric.balls import (
    Ball,
    HugeError,
    NoEvidenceError,
    complex_field,
    precision,
    real_field,
    real_part,
)
from verifier.mathematics.numeric.evaluator import Effort, Evaluator, Reading
from verifier.mathematics.numeric.points import (
    Point,
    complex_points,
    real_points,
    whole_points,
)
from verifier.mathematics.numeric.survey import Survey, survey
from verifier.mathematics.syntax import Apply, Node, Symbol, TooComplexError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from fractions import Fraction

    from verifier.mathematics.numeric.balls import Field

_LADDER: Final = (256, 1024, MAX_NUMERIC_BITS)  # bits; half of the cases end on the first step
_STEPS_AT_POINTS: Final = 2  # of the ladder, where there are variables
_KNOWN_BITS: Final = 166  # 50 digits
_HIDDEN_BITS: Final = 32  # beyond what powers may hide
_ZERO_BITS: Final = 200  # a difference this far below its summands is zero, if nothing is hidden
_LEAST_VALID: Final = 3
_HUGE_BITS: Final = 2**30  # what `HugeError` promises is far beyond two to this


class Agreement(Enum):
    """What sample points say of two expressions."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


def agreement(left: Node, right: Node, integers: frozenset[str] = frozenset()) -> Agreement:
    r"""Compares two expressions. Symmetric, total, and bounded by `MAX_NUMERIC_STEPS`.

    A bare ``\log`` may have base e or 10, and (-8)^(1/3) may be real or principal: one reading by
    which the expressions are the same is enough, and they are different if they are by all.

    Args:
        left: an expression with one value.
        right: another.
        integers: variables that stand for positive integers only.
    """
    found = survey(left, right)
    if found is None:
        return Agreement.UNKNOWN
    trial = _Trial(left, right, found, integers, Effort())
    try:
        with precision() as trial.set_bits:
            answers = {_UNDECIDED: Agreement.UNKNOWN}
            answers = {trial.reading: trial.run()}
            for reading in trial.other_readings():
                if Agreement.SAME in answers.values():
                    break
                trial.reading = reading
                answers[reading] = trial.run()
    except (TooComplexError, RecursionError):
        return Agreement.UNKNOWN
    if Agreement.SAME in answers.values():
        return Agreement.SAME
    return answers.popitem()[1] if len(set(answers.values())) == 1 else Agreement.UNKNOWN
