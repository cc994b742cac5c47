"""When two numbers count as equal: exactly, or as far as the digits written say.

Which of the two was rounded, and on purpose, is read off how they are written. Digits are
significant ones, places those behind the point; "exact" is an integer, a fraction or an expression.

| Reference answer                   | Candidate    | Equal if                 | Examples       |
|------------------------------------|--------------|--------------------------|----------------|
| exact                              | exact        | it is                    | 2/6 = 1/3      |
| exact, without a finite decimal    | a decimal    | rounded correctly to 5   | 2.6667 = 8/3   |
|                                    |              | or more digits           |                |
| exact                              | a decimal    | 15 or more digits, no    | 8.333333333333 |
|                                    |              | integer, within 1e-13    | 334 = 25/3     |
| decimal of 3 or more digits and 2  | a decimal of | it rounds to the         | 3.1416 = 3.14, |
| or more places (or 6.02e23)        | more places  | reference                | 2.718 = 2.72   |
| decimal of 3 or more digits, or of | exact        | it rounds to the         | 1/3 = 0.33,    |
| 2 with 2 or more places            |              | reference                | 100/3 = 33.3   |
| any other decimal                  | any          | it is                    | 0.5, 12.5      |

So 0.005 is not 0.01, 0.333 not 0.33 (nor 1/3), 12.54 not 12.5, and 3.1 not 3.14. A tie may be
rounded either way. Tolerances of the caller replace all lines but the first. None is ever absolute
by itself.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.types import Method

if TYPE_CHECKING:
    from verifier.mathematics.syntax import Number
    from verifier.types import MathPolicy

_ARTEFACT_DIGITS: Final = 15  # a double prints up to 17; fewer than 15 were rounded on purpose
_DOUBLE_DIGITS: Final = 18  # more were computed on purpose, and count
ARTEFACT: Final = Fraction(1, 10**13)
"""How far some hundred roundings of a double may move a number, relative to its size."""

_PERIODIC_DIGITS: Final = 5  # 2.6667 means 8/3, but 2.67 is somebody's approximation
_ROUNDED_PLACES: Final = 2
_ROUNDED_DIGITS: Final = 3
_LEAST_DIGITS: Final = 2  # one digit is no rounding: half of 0.01 is half of the value
_HALF: Final = Fraction(1, 2)


def compare_numbers(candidate: Number, reference: Number, policy: MathPolicy) -> Method | None:
    """Compares two rational numbers.

    Returns:
        EXACT or TOLERANCE if they count as equal, None if not.
    """
    if candidate.value == reference.value:
        return Method.EXACT
    margin = stated_tolerance(Fraction(reference.value), policy)
    if margin is None:
        margin = _margin(candidate, reference)
    if margin is None:
        return None
    is_near = abs(Fraction(candidate.value) - reference.value) <= margin
    return Method.TOLERANCE if is_near else None


def _margin(candidate: Number, reference: Number) -> Fraction | None:
    """Computes how far a candidate may be off by rounding; None if it may not."""
    if reference.places is not None:
        rounded = rounding(reference, exact=candidate.places is None)
        finer = candidate.places is None or candidate.places > reference.places
        if rounded is not None and finer:
            return rounded
    elif candidate.places is not None and _is_periodic(candidate, reference):
        return _half_unit(candidate.places)
    return artefact(candidate, abs(Fraction(reference.value)))


def _is_periodic(candidate: Number, reference: Number) -> bool:
    """Tells whether a candidate may be the start of the decimal that a reference has no end of."""
    if not _PERIODIC_DIGITS <= candidate.digits < _ARTEFACT_DIGITS:
        return False
    rest = reference.value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest > 1


def artefact(candidate: Number, size: Fraction) -> Fraction | None:
    """Computes how far binary rounding may have moved a candidate; None if it moved none.

    Two different integers are never an artefact, nor is a candidate moved half way to the next.

    Args:
        candidate: as written.
        size: of the reference answer, at least roughly.
    """
    if candidate.places is None or not _ARTEFACT_DIGITS <= candidate.digits <= _DOUBLE_DIGITS:
        return None
    margin = ARTEFACT * size
    is_integer = Fraction(candidate.value).denominator == 1
    return None if is_integer or margin >= _HALF else margin


def stated_tolerance(size: Fraction, policy: MathPolicy) -> Fraction | None:
    """Computes what the caller allows around a reference of this size; None if nothing is said."""
    if policy.relative_tolerance is None and policy.absolute_tolerance is None:
        return None
    relative = abs(Fraction(policy.relative_tolerance or 0.0) * size)
    return max(relative, Fraction(policy.absolute_tolerance or 0.0))


def rounding(reference: Number, *, exact: bool) -> Fraction | None:
    """Computes half a unit in the last place of a reference that may have been rounded.

    Args:
        reference: as written.
        exact: whether the candidate is no decimal, and so was rounded by nobody.
    """
    places = reference.places
    if places is None or reference.digits < _LEAST_DIGITS:
        return None
    is_long = reference.digits >= _ROUNDED_DIGITS
    if exact:
        may_be_rounded = is_long or places >= _ROUNDED_PLACES
    else:
        may_be_rounded = is_long and (places >= _ROUNDED_PLACES or places <= 0)
    return _half_unit(places) if may_be_rounded else None


def _half_unit(places: int) -> Fraction:
    return _HALF / Fraction(10) ** places
