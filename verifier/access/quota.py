"""Items per second of each caller, by token buckets.

A bucket holds what may be sent at once: one second's worth. It fills at the caller's rate. A batch
is let in when the bucket holds enough for it, or is full; then it takes all its items out, below
zero if they are more than a second's worth. So no batch is refused for ever, and in the long run
the rate holds.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.errors import OverloadedError, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.caller import Caller

_BURST_SECONDS: Final = 1.0
_MIN_BURST: Final = 1.0  # items: a rate below one in a second must let one in at all
_LEAST_WAIT_SECONDS: Final = 0.001  # a shorter one is lost in rounding, and comes back too early
_MAX_CALLERS: Final = 10_000  # as many as a token file can hold at a time; only those have quotas


@dataclass(slots=True)
class _Bucket:
    """One caller's.

    Attributes:
        rate: items per second.
        level: items that may be sent now; below zero while a large batch is being paid for.
        at: when that was so.
    """

    rate: float
    level: float
    at: float

    @property
    def size(self) -> float:
        return max(self.rate * _BURST_SECONDS, _MIN_BURST)

    def fill(self, now: float) -> None:
        self.level = min(self.level + (now - self.at) * self.rate, self.size)
        self.at = now


class Quotas:
    """The buckets of all callers that have a rate.

    Args:
        clock: of monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, caller: Caller, items: int) -> None:
        """Counts items against a caller's rate.

        Raises:
            OverloadedError: there is no room for them yet; nothing was counted.
        """
        if caller.items_per_second <= 0 or items <= 0:
            return
        bucket = self._bucket(caller)
        missing = min(items, bucket.size) - bucket.level
        if missing > 0:
            raise OverloadedError(
                f"{caller.name} may send {bucket.rate:g} items a second",
                retry_after_seconds=max(missing / bucket.rate, _LEAST_WAIT_SECONDS),
                reason=Refusal.RATE,
            )
        bucket.level -= items

    async def wait(self, caller: Caller, items: int) -> None:
        """Counts items against a caller's rate as soon as there is room for them."""
        while True:
            try:
                self.take(caller, items)
            except OverloadedError as error:
                await asyncio.sleep(error.retry_after_seconds)
            else:
                return

    def give_back(self, caller: Caller, items: int) -> None:
        """Items that were counted and then not taken on, by no fault of the caller's."""
        bucket = self._buckets.get(caller.name)
        if bucket is not None and caller.items_per_second > 0:
            bucket.level = min(bucket.level + items, bucket.size)

    def _bucket(self, caller: Caller) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.pop(caller.name, None)
        if bucket is None:
            bucket = _Bucket(caller.items_per_second, 0.0, now)
            bucket.level = bucket.size
            if len(self._buckets) >= _MAX_CALLERS:
                del self._buckets[next(iter(self._buckets))]
        bucket.rate = caller.items_per_second  # a new token file may have changed it
        bucket.fill(now)
        self._buckets[caller.name] = bucket  # last: the first is the one unused for longest
        return bucket
