"""How long a burst takes that a trainer sends all at once, and what it finds before it."""

from __future__ import annotations

import math
from bisect import bisect_left
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

from verifier.planning.service_time import falling_root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.planning.service_time import ServiceTime

_NORMAL: Final = NormalDist()
_STEP: Final = 0.75  # of the sums that stand for normal integrals, in standard deviations
_REACH: Final = 5  # steps to either side: beyond them lies less than 1 in 5,000
_SLICES: Final = 8  # of the time in which pieces start
_FEW: Final = 25.0  # pieces at their limit that are counted one by one; more are normal
_NEGLIGIBLE: Final = 1e-5  # probability of a count that is left out
_POINTS: Final = 32  # of a law that is kept as a table
_RARE: Final = 1e-4  # probability that a table leaves out


class Burst:
    """Many pieces of work that arrive at once and are dealt out evenly to equal replicas.

    Every place is busy until the queue is empty; then each ends the piece it has in hand. When the
    queue is empty follows from the work: what all places did until then, and what they have in hand
    then, is all of it, give or take the normal spread of the sum. Who is still at work after that
    is counted as rare events are, by a Poisson law. How many pieces run into their limit decides
    most, so each number of them is looked at by itself. A replica gets no work of another's.

    Args:
        pieces: how many, > 0.
        time: what one holds a place.
        places: of one replica.
        replicas: at least 1.
    """

    def __init__(self, pieces: float, time: ServiceTime, places: int, replicas: int) -> None:
        self._replicas = min(replicas, max(math.ceil(pieces), 1))
        self._pieces = pieces / self._replicas
        self._places = min(float(places), self._pieces)
        self._time = time
        self._cases = [
            (weight, _Case(self._pieces, case, self._places)) for weight, case in self._late()
        ]

    def work_seconds(self) -> float:
        """What the burst takes if the work is spread evenly to the last second: a lower bound."""
        return self._pieces * self._time.mean() / self._places

    def over(self, share: float) -> float:
        """Seconds after which all is done, in this share of the bursts, 0 < share < 1."""
        if not self._time.mean():
            return 0.0
        return falling_root(lambda t: share - self.done_by(t), self.work_seconds())

    def done_by(self, seconds: float) -> float:
        """The probability that all is done by then."""
        total = sum(weight for weight, _ in self._cases)
        one: float = sum(weight * case.done_by(seconds) for weight, case in self._cases) / total
        return one**self._replicas

    def squared_variation(self) -> float:
        """Variance of the work that one replica gets, over the square of its mean."""
        return self._time.squared_variation() / self._pieces

    def law(self) -> list[tuple[float, float]]:
        """Points of the probability that all is done by then: (seconds, probability), rising."""
        last = self.over(1.0 - _RARE)
        points = [last * point / _POINTS for point in range(_POINTS + 1)]
        return [(seconds, self.done_by(seconds)) for seconds in points]

    def _late(self) -> Iterator[tuple[float, ServiceTime]]:
        """The times given that so many pieces of a replica run into their limit, with how likely.

        Weights sum to 1 but for what was left out.
        """
        share = self._time.limit_share()
        expected = share * self._pieces
        if not expected:
            yield 1.0, self._time
        elif expected <= _FEW:
            most = math.ceil(self._pieces)
            for count in range(most + 1):
                weight = _binomial(most, count, expected / most)
                if weight > _NEGLIGIBLE:
                    yield weight, self._time.with_limit_share(min(count / self._pieces, 1.0))
                elif count > expected:
                    break
        else:
            spread = math.sqrt(expected * (1.0 - share))
            for weight, deviations in _normal_sum():
                late = min(max(expected + spread * deviations, 0.0), self._pieces)
                yield weight, self._time.with_limit_share(late / self._pieces)


class _Case:
    """A replica's burst, given how many of its pieces run into their limit."""

    def __init__(self, pieces: float, time: ServiceTime, places: float) -> None:
        self._time = time
        self._places = places
        self._later = pieces - places  # those that do not begin at once
        self._work = pieces * time.mean() / places
        self._spread = math.sqrt(time.ordinary_variance() * self._later) / places
        self._empty = 0.0
        if self._later and self._work:
            self._empty = falling_root(self._undone_when_empty, self._work)

    def done_by(self, seconds: float) -> float:
        """The probability that all is done by then."""
        first: float = (1.0 - self._time.longer(seconds)) ** self._places
        if not self._later:
            return first
        total = weights = 0.0
        for weight, deviations in _normal_sum():
            empty = max(self._empty + self._spread * deviations, 0.0)
            total += weight * math.exp(-self._later_at_work(seconds, empty))
            weights += weight
        return first * total / weights

    def _undone_when_empty(self, seconds: float) -> float:
        """Work beyond what was done and is in hand if the queue is empty at that time, a place.

        In hand is what pieces have left that began by then and are not done, on average: first ones
        at once, later ones at any moment since.
        """
        time = self._time
        if not seconds:
            return self._work - time.mean()
        later = self._later / seconds
        points = (seconds * (slice_ + 0.5) / _SLICES for slice_ in range(_SLICES))
        left = self._places * time.excess(seconds)
        left += later * sum(time.excess(point) for point in points) * seconds / _SLICES
        going_on = self._places * time.longer(seconds)
        going_on += later * (time.mean() - time.excess(seconds))
        return self._work - left / going_on - seconds

    def _later_at_work(self, seconds: float, empty: float) -> float:
        """How many of those that did not begin at once are expected at work after `seconds`.

        Args:
            seconds: since the burst came.
            empty: when the queue is empty, and the last of them has begun.
        """
        if seconds < empty:
            return math.inf
        if not empty:
            return self._later * self._time.longer(seconds)
        beyond = self._time.excess(seconds - empty) - self._time.excess(seconds)
        return self._later * beyond / empty


def _binomial(trials: int, count: int, share: float) -> float:
    """The probability of `count` hits."""
    if share >= 1.0:
        return float(count == trials)
    # In logarithms: binomials of thousands are beyond a float.
    log = math.lgamma(trials + 1) - math.lgamma(count + 1) - math.lgamma(trials - count + 1)
    return math.exp(log + count * math.log(share) + (trials - count) * math.log1p(-share))


def _normal_sum() -> Iterator[tuple[float, float]]:
    """Weights and deviations: sums over them stand for means over a normal distribution."""
    for step in range(-_REACH, _REACH + 1):
        yield _NORMAL.pdf(step * _STEP) * _STEP, step * _STEP


class Queued:
    """A burst behind other trainers' bursts, which are served one after the other.

    Trainers send equal bursts with one period and unrelated phases: the queue N*D/D/1 (J. W.
    Roberts and J. T. Virtamo, The superposition of periodic cell arrival streams in an ATM
    multiplexer, IEEE Transactions on Communications 39, 1991). A burst finds what the others have
    waiting at a random moment. Bursts whose work varies find more, by the factor by which M/G/1
    waits longer than M/D/1.

    Args:
        burst: the one that is looked at, which is like the others.
        sources: trainers whose bursts come to the same replica, this one among them, >= 1.
        utilisation: of all of them together, 0 < utilisation < 1.
    """

    def __init__(self, burst: Burst, sources: float, utilisation: float) -> None:
        self._burst = burst
        self._unit = burst.work_seconds() * (1.0 + burst.squared_variation())
        others = max(math.ceil(sources) - 1, 0)
        self._law = burst.law() if others and self._unit else None
        self._ahead = _ahead(others, (others + 1) / utilisation) if self._law else []

    def over(self, share: float) -> float:
        """Seconds after which all is done, in this share of the bursts, 0 < share < 1."""
        if self._law is None:
            return self._burst.over(share)
        return falling_root(lambda t: share - self.done_by(t), self._law[-1][0])

    def done_by(self, seconds: float) -> float:
        """The probability that all is done by then."""
        if self._law is None:
            return self._burst.done_by(seconds)
        law = self._law
        return sum(
            weight * _interpolated(law, seconds - bursts * self._unit)
            for weight, bursts in self._ahead
        )


def _ahead(others: int, period: float) -> list[tuple[float, float]]:
    """How many bursts of work are found waiting: (probability, bursts), which sum to 1.

    Args:
        others: sources beside the one that looks.
        period: of each source, in times of serving one burst, more than `others` + 1.
    """
    top = falling_root(lambda x: _more_waiting(others, period, x) - _RARE, 1.0)
    found, above = [], 1.0
    for point in range(_POINTS + 1):
        bursts = top * point / _POINTS
        beyond = _more_waiting(others, period, bursts) if point < _POINTS else 0.0
        found.append((above - beyond, bursts if point == 0 else bursts - top / _POINTS / 2.0))
        above = beyond
    return found


def _more_waiting(sources: int, period: float, x: float) -> float:
    """The probability that more than `x` bursts of work wait at a random moment."""
    total, newest = 0.0, 0.0
    for count in range(math.floor(x) + 1, sources + 1):
        part = min((count - x) / period, 1.0)
        # In logarithms: binomials of a thousand sources are beyond a float.
        log = math.lgamma(sources + 1) - math.lgamma(count + 1) - math.lgamma(sources - count + 1)
        log += count * math.log(part)
        if count < sources:
            log += (sources - count) * math.log1p(-part)
        before, newest = newest, math.exp(log) * (period - sources + x) / (period - count + x)
        total += newest
        if newest < before and newest < total * _NEGLIGIBLE:
            break
    return min(total, 1.0)


def _interpolated(law: list[tuple[float, float]], seconds: float) -> float:
    """The probability at `seconds` of a law given by points."""
    place = bisect_left(law, (seconds, 0.0))
    if not place:
        return 0.0
    if place == len(law):
        return 1.0
    (low, below), (high, above) = law[place - 1], law[place]
    return below + (above - below) * (seconds - low) / (high - low)
