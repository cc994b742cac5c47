"""Sets of real numbers: finite unions of intervals and points, as yes and no along the line.

A set is told by the places where membership changes, in order, and by whether each of them and each
stretch between them belongs to it. Places where nothing changes are dropped, so equal sets look
alike: [0, 1) with [1, 2] is [0, 2]. Infinity is no number, so that a bracket there says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from operator import and_, or_
from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact.algebra import Budget, tidy
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.kinds.ordering import ball_of, proven_order
from verifier.mathematics.limits import MAX_BREAKS, MAX_LISTED, MAX_ORDERINGS
from verifier.mathematics.syntax import (
    Node,
    Number,
    Rational,
    TooComplexError,
    UnreadableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifier.mathematics.numeric.balls import Ball


class NotASetError(UnreadableError):
    """A tree that is no set of reals this package can read. Never leaves the package."""


class UnorderedError(TooComplexError):
    """Two endpoints of which nobody can tell which is less. Never leaves the package."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place on the real line.

    Attributes:
        node: the expression, as written where it was written.
        value: its value where that is rational.
    """

    node: Node
    value: Rational | None


@dataclass(frozen=True, slots=True)
class RealSet:
    """A set of reals.

    Attributes:
        points: n places in rising order where membership changes.
        inside: 2n + 1 answers: stretch, point, stretch, …, stretch.
    """

    points: tuple[Endpoint, ...]
    inside: tuple[bool, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing belongs to it."""
        return not any(self.inside)


NOTHING: Final = RealSet((), (False,))
EVERYTHING: Final = RealSet((), (True,))


def endpoint(node: Node) -> Endpoint:
    """Makes an endpoint of an expression without variables or with parameters.

    Raises:
        TooComplexError: its value is undefined or would exceed a bound.
    """
    if isinstance(node, Number):
        return Endpoint(node, node.value)
    return Endpoint(node, canonical(node, Budget()).rational())


class Ordering:
    """Puts endpoints in order, and counts what that costs in one comparison."""

    __slots__ = ("_balls", "_known", "_left")

    def __init__(self) -> None:
        self._left = MAX_ORDERINGS
        self._known: dict[tuple[Node, Node], int] = {}
        self._balls: dict[Node, Ball | None] = {}

    def compare(self, left: Endpoint, right: Endpoint) -> int:
        """Tells -1, 0 or 1 for less, equal and greater.

        Raises:
            UnorderedError: neither can be proven.
            TooComplexError: too many have been asked for.
        """
        if left.value is not None and right.value is not None:
            return (left.value > right.value) - (left.value < right.value)
        if left.node == right.node:
            return 0
        first, second = self._ball(left.node), self._ball(right.node)
        if first is not None and second is not None and (first < second or first > second):
            return -1 if first < second else 1
        pair = left.node, right.node
        if pair not in self._known:
            self._spend()
            answer = proven_order(*pair)
            if answer is None:
                raise UnorderedError("neither is provably less")
            self._known[pair] = answer
        return self._known[pair]

    def _ball(self, node: Node) -> Ball | None:
        if node not in self._balls:
            self._spend()
            self._balls[node] = ball_of(node)
        return self._balls[node]

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooComplexError("too many endpoints to order")

    def sign(self, node: Node) -> int:
        """Tells the sign of a constant; raises as `compare` does."""
        return self.compare(endpoint(node), _ZERO)


_ZERO: Final = Endpoint(Number(0), 0)


def single(point: Endpoint) -> RealSet:
    """The set of one number."""
    return RealSet((point,), (False, True, False))


def below(point: Endpoint, *, closed: bool) -> RealSet:
    """All numbers less than this one, and itself if closed."""
    return RealSet((point,), (True, closed, False))


def above(point: Endpoint, *, closed: bool) -> RealSet:
    """All numbers greater than this one, and itself if closed."""
    return RealSet((point,), (False, closed, True))


def interval(lower: Endpoint, upper: Endpoint, brackets: str, ordering: Ordering) -> RealSet:
    """An interval between two numbers.

    Raises:
        NotASetError: the first is greater, or nothing lies between: (1, 1).
        UnorderedError: their order cannot be proven.
    """
    closed = brackets[0] == "[", brackets[1] == "]"
    order = ordering.compare(lower, upper)
    if order > 0 or (order == 0 and not all(closed)):
        raise NotASetError("an interval of falling endpoints")
    if order == 0:
        return single(lower)
    return RealSet((lower, upper), (False, closed[0], True, closed[1], False))


def complement(reals: RealSet) -> RealSet:
    """All reals that do not belong to it."""
    return RealSet(reals.points, tuple(not inside for inside in reals.inside))


def unite(parts: Sequence[RealSet], ordering: Ordering) -> RealSet:
    """Joins sets, in pairs of pairs so that many cost little more than each."""
    return _fold(parts, or_, NOTHING, ordering)


def intersect(parts: Sequence[RealSet], ordering: Ordering) -> RealSet:
    """Keeps what belongs to all sets; everything if there are none."""
    return _fold(parts, and_, EVERYTHING, ordering)


def _fold(
    parts: Sequence[RealSet],
    keep: Callable[[bool, bool], bool],
    neutral: RealSet,
    ordering: Ordering,
) -> RealSet:
    if len(parts) < 2:
        return parts[0] if parts else neutral
    middle = len(parts) // 2
    left = _fold(parts[:middle], keep, neutral, ordering)
    return _merge(left, _fold(parts[middle:], keep, neutral, ordering), keep, ordering)


def _merge(
    left: RealSet, right: RealSet, keep: Callable[[bool, bool], bool], ordering: Ordering
) -> RealSet:
    """Walks along the line over the places of both sets.

    Raises:
        TooComplexError: there are more than `MAX_BREAKS` of them.
    """
    if len(left.points) + len(right.points) > MAX_BREAKS:
        raise TooComplexError("a set of too many pieces")
    points: list[Endpoint] = []
    inside = [keep(left.inside[0], right.inside[0])]
    ours = theirs = 0
    while ours < len(left.points) or theirs < len(right.points):
        order = _next(left, ours, right, theirs, ordering)
        points.append(left.points[ours] if order <= 0 else right.points[theirs])
        at_left, at_right = 2 * ours + (order <= 0), 2 * theirs + (order >= 0)
        inside.append(keep(left.inside[at_left], right.inside[at_right]))
        ours, theirs = ours + (order <= 0), theirs + (order >= 0)
        inside.append(keep(left.inside[2 * ours], right.inside[2 * theirs]))
    return _tidied(points, inside)


def _next(left: RealSet, ours: int, right: RealSet, theirs: int, ordering: Ordering) -> int:
    """Tells which place comes next: -1 the left set's, 1 the right set's, 0 one of both."""
    if ours == len(left.points):
        return 1
    if theirs == len(right.points):
        return -1
    return ordering.compare(left.points[ours], right.points[theirs])


def _tidied(points: Sequence[Endpoint], inside: Sequence[bool]) -> RealSet:
    """Drops the places where nothing changes."""
    kept: list[Endpoint] = []
    answers = [inside[0]]
    for place, point in enumerate(points):
        at, after = inside[2 * place + 1], inside[2 * place + 2]
        if not answers[-1] == at == after:
            kept.append(point)
            answers += [at, after]
    return RealSet(tuple(kept), tuple(answers))


def along(points: Sequence[Endpoint], inside: Sequence[bool]) -> RealSet:
    """The set of these answers at and between these places, which rise."""
    return _tidied(points, inside)


def snap(reals: RealSet) -> RealSet:
    """Narrows a set to the hulls of the integers in its pieces, so that equal ones look alike.

    Raises:
        TooComplexError: an endpoint is irrational.
    """
    parts: list[RealSet] = []
    for place in range(0, len(reals.inside), 2):
        low = _first(reals, place) if place else None
        high = _last(reals, place) if place < len(reals.inside) - 1 else None
        if reals.inside[place] and (low is None or high is None or low <= high):
            parts.append(_hull(low, high))
    for place in range(1, len(reals.inside), 2):
        value = _value(reals.points[place // 2])
        if reals.inside[place] and value.denominator == 1:
            parts.append(_hull(int(value), int(value)))
    return _joined(unite(parts, Ordering()))


def _value(point: Endpoint) -> Fraction:
    if point.value is None:
        raise TooComplexError("an irrational bound of integers")
    return Fraction(point.value)


def _first(reals: RealSet, place: int) -> int:
    value = _value(reals.points[place // 2 - 1])
    return floor(value) + 1


def _last(reals: RealSet, place: int) -> int:
    return ceil(_value(reals.points[place // 2])) - 1


def _whole(value: int) -> Endpoint:
    return Endpoint(Number(value), value)


def _hull(low: int | None, high: int | None) -> RealSet:
    if low is None:
        return EVERYTHING if high is None else below(_whole(high), closed=True)
    if high is None:
        return above(_whole(low), closed=True)
    return interval(_whole(low), _whole(high), "[]", Ordering())


def _joined(reals: RealSet) -> RealSet:
    """Fills the gaps between neighbouring integers: {1} and {2} become [1, 2]."""
    inside = list(reals.inside)
    for place in range(2, len(inside) - 1, 2):
        gap = _value(reals.points[place // 2]) - _value(reals.points[place // 2 - 1])
        if gap == 1 and inside[place - 1] and inside[place + 1]:
            inside[place] = True
    return _tidied(reals.points, inside)


def integers_of(reals: RealSet) -> RealSet | None:
    """Lists the integers of a bounded set as points; None if there are too many.

    Raises:
        TooComplexError: an endpoint is irrational.
    """
    snapped = snap(reals)
    if snapped.inside[0] or snapped.inside[-1]:
        return None
    listed: list[int] = []
    for place in range(1, len(snapped.inside), 2):
        value = int(_value(snapped.points[place // 2]))
        listed += [value] if snapped.inside[place] else []
        if snapped.inside[place + 1]:
            following = int(_value(snapped.points[place // 2 + 1]))
            if following - value > MAX_LISTED:
                return None
            listed += range(value + 1, following)
    return unite([single(_whole(value)) for value in listed], Ordering())


def negated(number: Number) -> Number:
    """The number of the opposite sign, written to as many digits."""
    return Number(tidy(-number.value), number.places, number.digits)
