"""A verifier with what the engine asks about it for every item."""

from __future__ import annotations

from typing import Final, cast

from verifier.admission import Lane
from verifier.registry import AsyncVerifier, StagedVerifier, Verifier, is_inline

# Items at work at once in a lane whose verifier does not say: it bounds its own work.
_PLACES: Final = 256
_SMOOTHING: Final = 0.01  # weight of the newest item in the share that goes on


class Entry:
    """One verifier, and the lane of what it does not decide inline.

    Args:
        verifier: which.

    Attributes:
        verifier: which.
        id: name and version, as results carry it.
        inline: whether it decides at once, if only nearly always.
        staged: whether a second stage settles what it does not.
        cacheable: whether the same item always gets the same outcome.
        lane: of its items that take a process, a model or a backend.
        going_on: share of its inline items that its second stage had to settle, lately.
    """

    __slots__ = ("cacheable", "going_on", "id", "inline", "lane", "staged", "verifier")

    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier
        self.id = ""
        self.renew()
        self.going_on = 0.0
        self.inline = is_inline(verifier)
        self.staged = isinstance(verifier, StagedVerifier)
        self.cacheable = self.inline or cast("AsyncVerifier", verifier).deterministic
        name = f"{verifier.name}-worker" if self.staged else verifier.name
        self.lane = Lane(name, max(1, getattr(verifier, "places", _PLACES)))

    @property
    def has_lane(self) -> bool:
        """Whether any of its items ever take the lane."""
        return self.staged or not self.inline

    def decided(self, *, inline: bool) -> None:
        """Learns whether an item was decided inline."""
        self.going_on += _SMOOTHING * ((not inline) - self.going_on)

    def renew(self) -> None:
        """Looks at the verifier's version again: one that stands for another learns it late."""
        self.id = f"{self.verifier.name}/{self.verifier.version}"
