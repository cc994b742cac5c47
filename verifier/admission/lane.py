"""One kind of work: how much of it is inside, how fast it gets done, who is next.

How long the line is, in seconds, is told from what was measured, not from what is configured: the
work that items of this kind took lately, and how many of them really get done side by side.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from verifier.admission.fair_gate import FairGate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from verifier.caller import Caller

_SMOOTHING: Final = 0.1  # weight of the newest item in the running mean of its work
_SPEED_SMOOTHING: Final = 0.3  # weight of the newest sample of the speed
_SAMPLE_SECONDS: Final = 0.25  # of a full lane; fewer would sample chance
_LEAST_SPEED: Final = 0.01  # a lane that stood still for a while will not do so for ever
_LATE: Final = 0.01  # share of items that may wait longer than was promised
_STEP: Final = 0.05  # by which the margin grows with each that did
_FIRST_MARGIN: Final = 1.5  # until something was measured
_MOST_MARGIN: Final = 4.0  # one bad minute must not close a lane for the next ones


class Lane:
    """A kind of work with a bounded number of places.

    Args:
        name: for metrics and messages.
        places: items at work at once, as far as this side can tell, >= 1; or a gate that knows.
        clock: seconds that only ever grow.

    Attributes:
        gate: by whose turn items begin.
        inside: items of each caller that wait or work.
        item_seconds: the work of one item, a running mean; 0 until one was done.
        speed: seconds of work done in a second while all places are taken.
        margin: how many times the estimate 99 of 100 items wait at most, lately; 1 to 4.
    """

    def __init__(
        self, name: str, places: int | FairGate, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.gate = FairGate(places) if isinstance(places, int) else places
        self.inside: Counter[str] = Counter()
        self.item_seconds = 0.0
        self.speed = self.gate.speed
        self.margin = _FIRST_MARGIN
        self._weights: dict[str, float] = {}
        self._clock = clock
        self._full_since: float | None = None
        self._done_since = 0.0

    def join(self, caller: Caller, items: int) -> None:
        """Items of this kind came in."""
        self.inside[caller.name] += items
        self._weights[caller.name] = caller.weight

    def part(self, caller: Caller, items: int) -> None:
        """Items of this kind have gone, done or not."""
        if not items:
            return
        self.inside[caller.name] -= items
        if self.inside[caller.name] <= 0:
            del self.inside[caller.name]
            del self._weights[caller.name]

    @asynccontextmanager
    async def place(self, caller: Caller) -> AsyncIterator[None]:
        """Holds a place for one item while the block runs."""
        await self.gate.enter(caller, self.item_seconds)
        try:
            yield
        finally:
            self.gate.leave()

    def worked(self, items: int, seconds: float) -> None:
        """Items took so many seconds of work together."""
        if items < 1:
            return
        newest = seconds / items
        if self.item_seconds:
            weight = 1.0 - (1.0 - _SMOOTHING) ** items
            self.item_seconds += weight * (newest - self.item_seconds)
        else:
            self.item_seconds = newest
        self._sample(seconds)

    def waited(self, told: float, seconds: float) -> None:
        """Learns how an estimate came out: the margin follows the 99th percentile of its error.

        By stochastic approximation (Robbins and Monro, 1951): one item too late counts as much as
        99 in time, so that the margin stands still where one in a hundred is late.

        Args:
            told: the estimated wait when the item came in, in seconds, > 0.
            seconds: what it was.
        """
        late = seconds > self.margin * told
        step = _STEP * (1.0 - _LATE) if late else -_STEP * _LATE
        self.margin = min(max(self.margin + step, 1.0), _MOST_MARGIN)

    def queue_seconds(self, caller: Caller | None = None) -> float:
        """The estimated wait of an item that comes now.

        Args:
            caller: whose: a caller waits behind its own items, and by its share behind those of
                others. None for one that waits behind everything.
        """
        if not self.inside:
            return 0.0
        total = self.inside.total()
        ahead: float = total
        if caller is not None:
            weights = sum(self._weights.values())
            if caller.name not in self._weights:
                weights += caller.weight
            ahead = min(total, (self.inside[caller.name] + 1) * weights / caller.weight)
        # Those that have a place are not waited for as long as there is another one.
        waiting = max(ahead - max(self.gate.places - self.gate.taken, 0), 0.0)
        return self.seconds_of(waiting)

    def seconds_of(self, items: float) -> float:
        """How long so many items take, from the first one's beginning to the last one's end."""
        return items * self.item_seconds / max(self.speed, _LEAST_SPEED)

    def _sample(self, seconds: float) -> None:
        """Learns the speed, while the lane is full: before, it says nothing of what is possible."""
        now = self._clock()
        if not self.gate.waiting:
            self._full_since = None
            return
        if self._full_since is None:
            self._full_since, self._done_since = now, 0.0
            return
        self._done_since += seconds
        passed = now - self._full_since
        if passed >= _SAMPLE_SECONDS:
            self.speed += _SPEED_SMOOTHING * (self._done_since / passed - self.speed)
            self._full_since, self._done_since = now, 0.0
