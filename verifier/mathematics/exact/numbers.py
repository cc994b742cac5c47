"""When two numbers count as equal: exactly, or as far as the digits written say.

The rule, for a reference answer and a candidate:

* Integers and fractions are exact. The one exception is an artefact of binary floating point: a
  candidate that is no integer, written with 15 or more significant digits, within 1e-13 of the
  reference (8.333333333333334 for 25/3) where that is less than a half. Fewer digits are an
  approximation, and wrong: 0.333 is not 1/3.
* A reference written as a decimal is taken to be rounded where its digits can carry that: two or
  more decimal places, or three or more significant digits (0.33, 3.14, 33.3; but 0.5 and 2.5 are
  exact). A candidate that is exact, or carries more decimal places, must then round to it: 1/3 and
  0.333 round to 0.33. A candidate with fewer places is equal or wrong: 3.1 is not 3.14.
* Tolerances of the caller replace the second rule. None of them is ever absolute by itself.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.types import Method

if TYPE_CHECKING:
    from verifier.mathematics.numeric.evaluation import Approximation
    from verifier.mathematics.syntax import Number
    from verifier.types import MathPolicy

_ARTEFACT_DIGITS: Final = 15  # a double prints up to 17; fewer than 15 were rounded on purpose
_ARTEFACT: Final = Fraction(1, 10**13)  # some hundred roundings of a double
_ROUNDED_PLACES: Final = 2
_ROUNDED_DIGITS: Final = 3


def compare_numbers(candidate: Number, reference: Number, policy: MathPolicy) -> Method | None:
    """Compares two rational numbers.

    Returns:
        EXACT or TOLERANCE if they count as equal, None if not.
    """
    ours, theirs = candidate.value, reference.value
    if ours == theirs:
        return Method.EXACT
    margin = tolerance(reference, candidate.places, policy)
    if margin is None:
        margin = _artefact(candidate, reference)
        if margin is None:
            return None
    return Method.TOLERANCE if abs(Fraction(ours) - theirs) <= margin else None


def _artefact(candidate: Number, reference: Number) -> Fraction | None:
    """Computes how far binary rounding may have moved a candidate; None if it moved none.

    Two different integers are never an artefact, nor is a candidate moved half way to the next.
    """
    if candidate.places is None or candidate.digits < _ARTEFACT_DIGITS:
        return None
    margin = abs(_ARTEFACT * Fraction(reference.value))
    is_integer = Fraction(candidate.value).denominator == 1
    return None if is_integer or margin >= Fraction(1, 2) else margin


def compare_approximate(
    candidate: Approximation, reference: Number, policy: MathPolicy
) -> bool | None:
    """Compares an irrational candidate with a number; None if rounding hides the answer."""
    margin = tolerance(reference, None, policy)
    target = Fraction(reference.value)
    gap = abs(candidate.value - float(target))
    error = 16 * candidate.error + abs(float(target)) * 1e-15
    allowed = 0.0 if margin is None else float(margin)
    if gap > allowed + error + 1e-9 * abs(float(target)):
        return False
    return True if gap + error < allowed else None


def compare_irrational(
    candidate: Approximation, reference: Approximation, policy: MathPolicy
) -> bool | None:
    """Compares with an irrational number by the caller's tolerance; None if that decides nothing.

    Two approximations without a tolerance can only show that they differ.
    """
    gap = abs(candidate.value - reference.value)
    size = abs(reference.value)
    error = 16 * (candidate.error + reference.error)
    margin = stated_tolerance(Fraction(size), policy)
    allowed = 0.0 if margin is None else float(margin)
    if gap > allowed + error + 1e-9 * max(abs(candidate.value), size):
        return False
    return True if gap + error < allowed else None


def stated_tolerance(size: Fraction, policy: MathPolicy) -> Fraction | None:
    """Computes what the caller allows around a reference of this size; None if nothing is said."""
    if policy.relative_tolerance is None and policy.absolute_tolerance is None:
        return None
    relative = abs(Fraction(policy.relative_tolerance or 0.0) * size)
    return max(relative, Fraction(policy.absolute_tolerance or 0.0))


def tolerance(reference: Number, places: int | None, policy: MathPolicy) -> Fraction | None:
    """Computes how far a candidate may lie from the reference; None if it must be exact.

    Args:
        reference: the reference answer.
        places: decimal places of the candidate; None if it is exact or irrational.
        policy: whose tolerances, if any, take the place of the written digits.
    """
    stated = stated_tolerance(Fraction(reference.value), policy)
    if stated is not None:
        return stated
    written = reference.places
    if written is None or (places is not None and places <= written):
        return None
    if written < _ROUNDED_PLACES and reference.digits < _ROUNDED_DIGITS:
        return None
    return Fraction(1, 2) / Fraction(10) ** written
