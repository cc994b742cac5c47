"""Payloads that killed their worker twice: they are not tried a third time.

One death says little about a payload: the kernel may have been short of memory, an operator may
have killed the wrong process. So it is tried once more. After the second death it costs nobody
another worker for an hour: then whatever was wrong may have been mended.
"""

from __future__ import annotations

import time
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from cachetools import TTLCache

if TYPE_CHECKING:
    from collections.abc import Callable

_DIGEST_BYTES: Final = 16  # finding two payloads with one digest takes 2**64 attempts
_SECONDS: Final = 3600.0
_MOST: Final = 4096  # remembered; beyond, the oldest gets another chance


class Quarantine:
    """Remembers payloads by their digests.

    Args:
        clock: seconds that only ever grow.

    Attributes:
        total: payloads that ever came in.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = 0
        self._held: TTLCache[bytes, None] = TTLCache(_MOST, _SECONDS, timer=clock)

    def holds(self, payload: bytes) -> bool:
        """Whether this payload is not to be tried."""
        return bool(self._held) and _digest(payload) in self._held

    def take(self, payload: bytes) -> None:
        """This payload killed its worker twice."""
        self.total += 1
        self._held[_digest(payload)] = None


def _digest(payload: bytes) -> bytes:
    return blake2b(payload, digest_size=_DIGEST_BYTES).digest()
