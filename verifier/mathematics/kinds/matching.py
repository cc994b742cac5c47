"""Joining the comparisons of parts, in order and in any order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from verifier.mathematics.limits import MAX_UNORDERED
from verifier.mathematics.numeric.fingerprints import are_apart, fingerprints
from verifier.mathematics.syntax import Node, Number
from verifier.mathematics.verdicts import (
    EXACT_DIFFERENT,
    EXACT_EQUAL,
    OTHER_STRUCTURE,
    UNDECIDED,
    Comparison,
    Match,
)
from verifier.types import Method

if TYPE_CHECKING:
    from collections.abc import Sequence as Several

    from verifier.mathematics.kinds.judge import Judge
    from verifier.mathematics.syntax import Rational

_MANY: Final = 5  # parts from which on a rough value of each saves comparing most pairs
_WEAKNESS: Final = (
    Method.TEXT,
    Method.EXACT,
    Method.STRUCTURAL,
    Method.ALGEBRAIC,
    Method.TOLERANCE,
    Method.NUMERIC,
    Method.SYMBOLIC,
)


def _are_exact(parts: Several[Node]) -> bool:
    return all(isinstance(part, Number) and part.places is None for part in parts)


def _values(parts: Several[Node]) -> list[Rational]:
    return [part.value for part in parts if isinstance(part, Number)]


def _states_tolerance(judge: Judge) -> bool:
    return bool(judge.policy.relative_tolerance or judge.policy.absolute_tolerance)


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
    if not _states_tolerance(judge) and _are_exact(ours) and _are_exact(theirs):
        same = Counter(_values(ours)) == Counter(_values(theirs))
        return EXACT_EQUAL if same else EXACT_DIFFERENT
    if len(ours) > MAX_UNORDERED:
        return UNDECIDED
    if ours == theirs:
        return Comparison(Match.EQUAL, Method.STRUCTURAL)
    many = len(ours) >= _MANY and not _states_tolerance(judge)
    marks = fingerprints([*ours, *theirs]) if many else [None] * (2 * len(ours))
    free = list(zip(theirs, marks[len(ours) :], strict=True))
    matched: list[Comparison] = []
    undecided = False
    for item, mark in zip(ours, marks[: len(ours)], strict=True):
        for place, (other, other_mark) in enumerate(free):
            if are_apart(mark, other_mark):
                continue
            comparison = judge.compare(item, other)
            if comparison.match is Match.EQUAL:
                matched.append(comparison)
                del free[place]
                break
            undecided = undecided or comparison.match is Match.UNDECIDED
        else:
            return UNDECIDED if undecided else OTHER_STRUCTURE
    return all_of(matched)
