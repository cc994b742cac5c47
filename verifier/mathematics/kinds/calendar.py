"""Comparing times of day and dates; and ratios, where they may be times."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from verifier.mathematics.syntax import Clock, Date, Node, Number, Ratio
from verifier.mathematics.verdicts import OTHER_STRUCTURE, SAME_STRUCTURE, Comparison

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge

_HALF_DAY: Final = 43_200  # seconds
_DAY: Final = 86_400


def compare_calendar(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:  # noqa: ARG001 - every comparer has this signature
    """Compares two times of day or two dates.

    A time without a half of the day agrees with either half, and a date without a year with any.

    A ratio that could be a time is one where the other side is; and where both sides could be, two
    different ones are different if the reference is not in lowest terms: a ratio would be. So 2:30
    and 1:15 differ if 2:30 was asked for, but 2:30 is 1:15 if that was.

    Returns:
        None if they are none of these.
    """
    if isinstance(candidate, Date) and isinstance(reference, Date):
        return _verdict(same=_same_day(candidate, reference))
    ours, theirs = _time(candidate), _time(reference)
    if ours is None or theirs is None:
        return None
    if isinstance(candidate, Ratio) and isinstance(reference, Ratio):
        return OTHER_STRUCTURE if candidate != reference and _is_reducible(reference) else None
    return _verdict(same=_same_time(ours, theirs))


def _verdict(*, same: bool) -> Comparison:
    return SAME_STRUCTURE if same else OTHER_STRUCTURE


def _same_day(candidate: Date, reference: Date) -> bool:
    years = {candidate.year, reference.year} - {None}
    if candidate.month != reference.month or len(years) > 1:
        return False
    return reference.day is None or candidate.day == reference.day


def _same_time(candidate: Clock, reference: Clock) -> bool:
    ours, theirs = candidate.seconds % _DAY, reference.seconds % _DAY
    if ours == theirs:
        return candidate.half == reference.half or "" in {candidate.half, reference.half}
    one_is_open = (not candidate.half and _is_open(candidate)) != (
        not reference.half and _is_open(reference)
    )
    named = bool(candidate.half or reference.half)
    return one_is_open and named and ours % _HALF_DAY == theirs % _HALF_DAY


def _is_open(clock: Clock) -> bool:
    """Tells whether the hour is one that either half of the day has: 1 to 12, not 0 or 16."""
    return 3600 <= clock.seconds < _HALF_DAY + 3600


def _time(node: Node) -> Clock | None:
    """Reads a time, or a ratio that could be one: H:MM or H:MM:SS with two digits each."""
    if isinstance(node, Clock):
        return node
    if not isinstance(node, Ratio) or not 2 <= len(node.items) <= 3:
        return None
    figures = [item.value for item in node.items if isinstance(item, Number)]
    whole = [figure for figure in figures if isinstance(figure, int)]
    if len(whole) < len(node.items):
        return None
    hour, *rest = whole
    if not 0 <= hour <= 24 or not all(10 <= figure < 60 for figure in rest):
        return None
    seconds = 3600 * hour + sum(figure * unit for figure, unit in zip(rest, (60, 1), strict=False))
    return Clock(seconds, "") if seconds <= _DAY else None


def _is_reducible(ratio: Ratio) -> bool:
    figures = [item.value for item in ratio.items if isinstance(item, Number)]
    return math.gcd(*(figure for figure in figures if isinstance(figure, int))) > 1
