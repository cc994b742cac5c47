"""Admission: how many items may be inside at once.

Counted in items, not calls, because a call holds one item or ten thousand. Whoever does not fit is
told at once and told when to come back: a queue that only grows turns every answer into a late one.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from verifier.errors import OverloadedError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIN_RETRY_SECONDS = 0.05  # sooner, a refused caller only adds to the load
_MAX_RETRY_SECONDS = 5.0  # later, a caller idles beside a service that has long caught up
_SMOOTHING = 0.1  # weight of the newest call in the running mean of seconds per item
_FIRST_GUESS_SECONDS = 0.0001  # per item, until something was measured


class Admission:
    """Counts items inside and refuses what does not fit.

    Args:
        capacity: items that may be inside at once, >= 1. A single call larger than that is let in
            when nothing else is inside, since no later moment would suit it better.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.inside = 0
        self._seconds_per_item = _FIRST_GUESS_SECONDS

    @contextmanager
    def admit(self, items: int) -> Iterator[None]:
        """Holds room for `items` while the block runs.

        Raises:
            OverloadedError: there is no room now.
        """
        if self.inside and self.inside + items > self.capacity:
            raise OverloadedError(
                f"the queue holds {self.inside} of {self.capacity} items and has no room for "
                f"{items} more",
                retry_after_seconds=self._retry_after(),
            )
        self.inside += items
        try:
            yield
        finally:
            self.inside -= items

    def finished(self, items: int, seconds: float) -> None:
        """Learns how long a call of `items` took, to tell refused callers when to return."""
        if items:
            newest = seconds / items
            self._seconds_per_item += _SMOOTHING * (newest - self._seconds_per_item)

    def _retry_after(self) -> float:
        backlog = self.inside * self._seconds_per_item
        return min(max(backlog, _MIN_RETRY_SECONDS), _MAX_RETRY_SECONDS)
