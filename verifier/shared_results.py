"""Outcomes that replicas share: what the engine asks of a cache that lies outside this process.

The engine knows nothing of where it is, how items are written down there, or what ails it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from verifier.types import Item, Outcome


class SharedResults(Protocol):
    """Where outcomes are kept that took a process or a model. Belongs to one event loop.

    A cache may help and must never hurt: neither `get` nor `put` ever raises, but for a
    cancellation, and both are bounded in time.
    """

    async def get(self, verifier_id: str, item: Item) -> Outcome | None:
        """The outcome that any replica kept for an item like this one; None if there is none.

        Args:
            verifier_id: name and version of the verifier that would be asked.
            item: its id and its group do not count.
        """
        ...

    async def put(self, verifier_id: str, item: Item, outcome: Outcome) -> None:
        """Keeps a decided outcome; one that is UNSCORED is not kept.

        It returns before the outcome is written, and that it could be kept is not promised.
        """
        ...

    async def close(self) -> None:
        """Ends every connection. May be called again."""
        ...
