"""What the judge tells whoever watches it: metrics, logs. The judge itself does neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.caching import trouble

if TYPE_CHECKING:
    from verifier.judge.asking import Reply


CacheTrouble = trouble.CacheTrouble


class JudgeObserver:
    """Watches a judge; override what you care about. Must be quick and must not raise.

    Backends and templates are told by their names in the configuration, never by a caller's words.
    """

    def called(self, backend: str, reply: Reply, cost: float | None) -> None:
        """A backend answered a question; `cost` in US dollars, None where it is not known."""

    def cached(self, backend: str) -> None:
        """A question to a backend was answered from the cache."""

    def cache_failed(self, trouble: CacheTrouble, reason: str) -> None:
        """The shared cache did not help.

        Args:
            trouble: what kept it.
            reason: a word for people, with no address and no secret in it.
        """

    def unreadable(self, backend: str, template: str) -> None:
        """No verdict could be read from a reply."""

    def failed(self, backend: str, error: BaseException) -> None:
        """A question got no answer."""

    def agreed(self, template: str, pairs: int, disagreements: int) -> None:
        """Completions were compared in several orders.

        Args:
            template: which compared them.
            pairs: of completions.
            disagreements: pairs that the orders ranked differently.
        """

    def voted(self, template: str, entropy: float) -> None:
        """Several votes were taken; `entropy` of their labels in bits, 0 if all said the same."""
