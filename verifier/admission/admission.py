"""Whether a call is let in: by items, by callers, by seconds of work in line."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.deadline import NEVER, Deadline
from verifier.errors import OverloadedError, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verifier.admission.lane import Lane
    from verifier.caller import Caller

_MIN_RETRY_SECONDS: Final = 0.05  # sooner, a refused caller only adds to the load
_MAX_RETRY_SECONDS: Final = 5.0  # later, a caller idles beside a service that has long caught up
_SMOOTHING: Final = 0.1  # weight of the newest call in the running mean of seconds per item
_FIRST_GUESS_SECONDS: Final = 0.0001  # per item, until something was measured
_SPREAD: Final = 0.5  # share by which retries are spread either way, so as not to return together
_TELLING: Final = 0.25  # share of the bound from which on an estimate's error matters
_SHARE: Final = 4.0  # of the room that is left, which one of several callers may hold


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """Bounds on what is inside.

    Attributes:
        items: at once, waiting or working, >= 1.
        queue_seconds: wait in a lane beyond which calls that need it are refused, as estimated for
            99 of 100 items.
        caller_items: items of one caller, where it has no bound of its own; 0: no such bound.
    """

    items: int = 65_536
    queue_seconds: float = 600.0
    caller_items: int = 0


class Admission:
    """Counts items inside and refuses what does not fit.

    A single call larger than any bound on items is let in when its caller has nothing else inside,
    since no later moment would suit it better.

    Args:
        limits: the bounds.
        chance: numbers in [0, 1) by which retries are spread.

    Attributes:
        inside: items waiting or working.
        by_caller: the same of each caller.
    """

    def __init__(
        self, limits: AdmissionLimits, chance: Callable[[], float] = random.random
    ) -> None:
        self.limits = limits
        self.inside = 0
        self.by_caller: Counter[str] = Counter()
        self._seconds_per_item = _FIRST_GUESS_SECONDS
        self._chance = chance

    @property
    def full(self) -> bool:
        """Whether there is no room for even one more item."""
        return self.inside >= self.limits.items

    def check(
        self, caller: Caller, items: int, demands: Mapping[Lane, int], deadline: Deadline
    ) -> None:
        """Refuses what `admit` would refuse, with the same arguments and errors."""
        self._check_items(caller, items)
        self._check_lanes(caller, demands, deadline)

    @contextmanager
    def admit(
        self,
        caller: Caller,
        items: int,
        demands: Mapping[Lane, int] | None = None,
        deadline: Deadline = NEVER,
    ) -> Iterator[None]:
        """Holds room for a call's items while the block runs.

        Args:
            caller: whose.
            items: how many.
            demands: how many of them, or of their parts, need which lane.
            deadline: of the call.

        Raises:
            OverloadedError: there is no room now, or no chance that an item begins in time.
        """
        self.check(caller, items, demands or {}, deadline)
        self.inside += items
        self.by_caller[caller.name] += items
        try:
            yield
        finally:
            self.inside -= items
            self.by_caller[caller.name] -= items
            if self.by_caller[caller.name] <= 0:
                del self.by_caller[caller.name]

    def finished(self, items: int, seconds: float) -> None:
        """Learns how long a call of `items` took, to tell refused callers when to return."""
        if items:
            newest = seconds / items
            self._seconds_per_item += _SMOOTHING * (newest - self._seconds_per_item)

    def too_long(self, lane: Lane, wait: float) -> float:
        """By how many seconds an estimated wait in a lane, with its margin, exceeds the bound."""
        return wait * lane.margin - self.limits.queue_seconds

    def waited(self, lane: Lane, told: float, seconds: float) -> None:
        """Learns how an estimate came out, if it was one that mattered.

        Args:
            lane: where.
            told: the estimated wait when the item was let in, in seconds.
            seconds: what it was.
        """
        if told * lane.margin > _TELLING * self.limits.queue_seconds:
            lane.waited(told, seconds)

    def refusal(self, message: str, reason: Refusal, wait: float | None = None) -> OverloadedError:
        """The error that tells a caller to come back, and when.

        Args:
            message: what there is too much of.
            reason: the same as a word.
            wait: seconds until there is likely room; None for what the items inside say.
        """
        backlog = self.inside * self._seconds_per_item if wait is None else wait
        spread = 1.0 + _SPREAD * (2.0 * self._chance() - 1.0)
        seconds = min(max(backlog, _MIN_RETRY_SECONDS), _MAX_RETRY_SECONDS) * spread
        return OverloadedError(message, retry_after_seconds=seconds, reason=reason)

    def _check_items(self, caller: Caller, items: int) -> None:
        own = self.by_caller[caller.name]
        bound = caller.max_items or self.limits.caller_items
        if bound and own and own + items > bound:
            raise self.refusal(
                f"{caller.name} has {own} of at most {bound} items inside, {items} more do not fit",
                Refusal.CALLER_ITEMS,
            )
        left = self.limits.items - self.inside
        if self.inside and items > left:
            raise self.refusal(
                f"the queue holds {self.inside} of {self.limits.items} items and has no room for "
                f"{items} more",
                Refusal.ITEMS,
            )
        # Dynamic thresholds (Choudhury and Hahne, 1998): beside others, nobody takes the last of
        # the room, so that whoever comes finds some.
        if own and own < self.inside and own + items > _SHARE * caller.weight * left:
            raise self.refusal(
                f"{caller.name} has {own} items inside beside others', and only {left} more fit",
                Refusal.CALLER_ITEMS,
            )

    def _check_lanes(self, caller: Caller, demands: Mapping[Lane, int], deadline: Deadline) -> None:
        waits = {lane: lane.queue_seconds(caller) for lane in demands}
        for lane, wait in waits.items():
            beyond = self.too_long(lane, wait)
            if beyond > 0.0:
                raise self.refusal(
                    f"about {wait:.3g} s of {lane.name} are in line, at most "
                    f"{self.limits.queue_seconds / lane.margin:.3g} may be",
                    Refusal.QUEUE_SECONDS,
                    beyond / lane.margin,
                )
        # What can be had in time is worth more than nothing at all: only if that is nothing, no.
        if waits and deadline is not NEVER:
            soonest, left = min(waits.values()), deadline.remaining()
            if soonest > max(left, 0.0):
                raise self.refusal(
                    f"about {soonest:.3g} s are in line, the call has {left:.3g} s left",
                    Refusal.DEADLINE,
                    soonest - left,
                )
