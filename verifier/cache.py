"""The result cache: the same question to the same verifier is answered once.

Only deterministic verifiers are cached, and only what they decided: an UNSCORED outcome is a
passing state of the service, not a fact about the completion.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from cachetools import LRUCache

from verifier.types import Outcome, Verdict

if TYPE_CHECKING:
    from verifier.types import Item, Task

# A 128-bit digest stands for the texts, so that an entry costs about a kilobyte however long the
# completion was. It is keyed by nothing secret, but finding two texts with one digest takes 2**64
# attempts, far more than any policy samples.
_DIGEST_BYTES = 16

CacheKey = tuple[str, "Task", bytes]


def cache_key(verifier_id: str, item: Item) -> CacheKey:
    """What an outcome depends on: verifier and version, task, prompt and completion."""
    completion = item.completion.encode("utf-8", "surrogatepass")
    # Its length comes first and keeps ("a", "bc") apart from ("ab", "c"). After the completion it
    # could be part of it: a text may hold anything.
    digest = blake2b(b"%d\0" % len(completion), digest_size=_DIGEST_BYTES)
    digest.update(completion)
    digest.update(item.prompt.encode("utf-8", "surrogatepass"))
    return verifier_id, item.task, digest.digest()


class ResultCache:
    """A bounded LRU of outcomes.

    Args:
        max_entries: outcomes kept; 0 keeps none.
    """

    def __init__(self, max_entries: int) -> None:
        self.enabled = max_entries > 0
        self._entries: LRUCache[CacheKey, Outcome] = LRUCache(max(max_entries, 1))

    def get(self, key: CacheKey) -> Outcome | None:
        """The outcome kept under `key`, if any."""
        return self._entries.get(key)

    def put(self, key: CacheKey, outcome: Outcome) -> None:
        """Keeps a decided outcome."""
        if self.enabled and outcome.verdict is not Verdict.UNSCORED:
            self._entries[key] = outcome

    def __len__(self) -> int:
        return len(self._entries)
