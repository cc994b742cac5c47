"""Joining the comparisons of parts, in order and in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.limits import MAX_UNORDERED
from verifier.mathematics.verdicts import OTHER_STRUCTURE, UNDECIDED, Comparison, Match
from verifier.types import Method

if TYPE_CHECKING:
    from collections.abc import Sequence as Several

    from verifier.mathematics.kinds.judge import Judge
    from verifier.mathematics.syntax import Node

_WEAKNESS: Final = (
    Method.TEXT,
    Method.EXACT,
    Method.STRUCTURAL,
    Method.ALGEBRAIC,
    Method.TOLERANCE,
    Method.NUMERIC,
    Method.SYMBOLIC,
)


def all_of(comparisons: Several[Comparison]) -> Comparison:
    """Joins the comparisons of all parts: a difference decides, then an undecided one.

    Equal parts make an equal whole, by the weakest of their methods.
    """
    for match in (Match.DIFFERENT, Match.UNDECIDED):
        for comparison in comparisons:
            if comparison.match is match:
                return comparison
    methods = [comparison.method for comparison in comparisons if comparison.method is not None]
    return Comparison(Match.EQUAL, max(methods, key=_WEAKNESS.index, default=Method.STRUCTURAL))


def match_in_order(ours: Several[Node], theirs: Several[Node], judge: Judge) -> Comparison:
    """Compares part by part; a different number of parts is different."""
    if len(ours) != len(theirs):
        return OTHER_STRUCTURE
    return all_of([judge.compare(*pair) for pair in zip(ours, theirs, strict=True)])


def match_unordered(ours: Several[Node], theirs: Several[Node], judge: Judge) -> Comparison:
    """Matches parts one to one, each with the first free equal one."""
    if len(ours) != len(theirs):
        return OTHER_STRUCTURE
    if len(ours) > MAX_UNORDERED:
        return UNDECIDED
    free = list(theirs)
    matched: list[Comparison] = []
    undecided = False
    for item in ours:
        for place, other in enumerate(free):
            comparison = judge.compare(item, other)
            if comparison.match is Match.EQUAL:
                matched.append(comparison)
                del free[place]
                break
            undecided = undecided or comparison.match is Match.UNDECIDED
        else:
            return UNDECIDED if undecided else OTHER_STRUCTURE
    return all_of(matched)
