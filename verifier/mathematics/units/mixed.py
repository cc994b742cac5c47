"""Quantities in several units: 5 ft 3 in, 2 hours 30 minutes, 3 degrees 15 minutes."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from verifier.mathematics.limits import MAX_UNIT_PARTS
from verifier.mathematics.syntax import Node, Number, Quantity
from verifier.mathematics.units.conversion import worth

if TYPE_CHECKING:
    from collections.abc import Sequence as Several

# What is counted in several units at once. Areas and speeds are not.
_COUNTED_NAMES: Final = "s month m kg m^3 rad dollar euro pound yuan rupee ruble"
_COUNTED: Final = _COUNTED_NAMES.split()
_PRINTED_BITS: Final = 256


def add_quantities(parts: Several[Quantity], *, negative: bool = False) -> Quantity | None:
    """Adds figures in falling units of one dimension, in the last of these units.

    Args:
        parts: at least two; every figure a number that is not negative.
        negative: whether a minus in front of the first figure holds for all.

    Returns:
        None if they are no such parts.
    """
    if not 2 <= len(parts) <= MAX_UNIT_PARTS:
        return None
    figures = [part.value for part in parts if isinstance(part.value, Number) and not part.percent]
    if len(figures) < len(parts) or any(figure.value < 0 for figure in figures):
        return None
    units = [part.unit for part in parts]
    worths = _worths(units)
    if worths is None or any(high <= low for high, low in pairwise(worths)):
        return None
    total = sum(Fraction(f.value) * w for f, w in zip(figures, worths, strict=True)) / worths[-1]
    total = -total if negative else total
    last = figures[-1]
    digits = 0 if last.places is None else _digits(total * Fraction(10) ** last.places)
    value = total.numerator if total.denominator == 1 else total
    return Quantity(Number(value, last.places, digits), units[-1], percent=False)


def _digits(value: Fraction) -> int:
    """Counts decimal digits; of a very long integer to one more or less, printing it is slow."""
    whole = abs(int(value))
    bits = whole.bit_length()
    return len(str(whole)) if bits <= _PRINTED_BITS else int(bits * math.log10(2)) + 1


def join_quantities(items: Several[Node]) -> Quantity | None:
    """Reads a list of quantities as one: "2 hours and 30 minutes".

    Only where every figure but the first is less than one of the unit before it, and every figure
    but the last an integer: "3 hours, 200 minutes" are two answers.
    """
    parts = [item for item in items if isinstance(item, Quantity)]
    if len(parts) < len(items):
        return None
    total = add_quantities(parts)
    if total is None:
        return None
    worths = _worths([part.unit for part in parts]) or ()
    figures = [Fraction(part.value.value) for part in parts if isinstance(part.value, Number)]
    for place in range(1, len(figures)):
        is_rest = figures[place] * worths[place] < worths[place - 1]
        if not is_rest or figures[place - 1].denominator != 1:
            return None
    return total


def _worths(units: list[str]) -> list[Fraction] | None:
    """Values units in the base of a dimension that all of them measure."""
    if "radian" in units:
        return None  # no rational number of degrees
    for base in _COUNTED:
        values = [value for unit in units if (value := worth(unit, base)) is not None]
        if len(values) == len(units):
            return values
    return None
