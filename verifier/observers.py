"""What the engine tells whoever watches it: metrics, logs. The engine itself does neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.errors import Refusal
    from verifier.types import Result


class Observer:
    """Watches an engine; override what you care about. Must be quick and must not raise."""

    def admitted(self, items: int, inside: int) -> None:
        """`items` were let in; `inside` are in now."""

    def refused(self, items: int, reason: Refusal) -> None:
        """`items` were refused for now, since there was too much of what `reason` names."""

    def scored(self, results: Sequence[Result]) -> None:
        """These results are known; a large call reports them in several parts."""

    def finished(self, inside: int) -> None:
        """A call ended; `inside` items remain."""

    def continued(self, verifier: str) -> None:
        """An item was undecided inline and went on to its verifier's second stage."""

    def cached(self, hits: int) -> None:
        """So many results came from the cache."""

    def failed(self, verifier: str, error: BaseException) -> None:
        """A verifier failed with an error that the item's result only summarises."""
