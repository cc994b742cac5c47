"""Work that is done once for everybody who asks for the same, and whose outcome is kept a while."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

_DIGEST_BYTES: Final = 16  # finding two keys with one digest takes 2**64 attempts


class Once(Generic[T]):
    """Outcomes by key; the least recently used goes first.

    Args:
        max_size: of everything kept together.
        size: of one outcome; None for one that is not worth keeping.
    """

    def __init__(self, max_size: int, size: Callable[[T], int | None]) -> None:
        self._max_size = max_size
        self._size_of = size
        self._size = 0
        self._kept: OrderedDict[bytes, T] = OrderedDict()
        self._working: dict[bytes, asyncio.Future[T]] = {}

    async def get(self, key: bytes, work: Callable[[], Awaitable[T]]) -> T:
        """What is kept under `key`, or what `work` gives; whoever asks meanwhile waits for that.

        Raises:
            Exception: whatever `work` raises, to everybody who waited.
            asyncio.CancelledError: this caller has gone; another one that waits works instead.
        """
        digest = blake2b(key, digest_size=_DIGEST_BYTES).digest()
        while True:
            known = self._kept.get(digest)
            if known is not None:
                self._kept.move_to_end(digest)
                return known
            working = self._working.get(digest)
            if working is None:
                return await self._work(digest, work)
            await asyncio.wait((working,))
            if not working.cancelled():
                return working.result()

    async def _work(self, digest: bytes, work: Callable[[], Awaitable[T]]) -> T:
        working = self._working[digest] = asyncio.get_running_loop().create_future()
        try:
            outcome = await work()
        except asyncio.CancelledError:
            working.cancel()
            raise
        except BaseException as error:
            working.set_exception(error)
            working.exception()  # raised here, too: nobody else need have asked
            raise
        else:
            working.set_result(outcome)
            self._keep(digest, outcome)
            return outcome
        finally:
            del self._working[digest]

    def _keep(self, digest: bytes, outcome: T) -> None:
        size = self._size_of(outcome)
        if size is None or size > self._max_size:
            return
        self._kept[digest] = outcome
        self._size += size
        while self._size > self._max_size:
            _, dropped = self._kept.popitem(last=False)
            self._size -= self._size_of(dropped) or 0

    def clear(self) -> None:
        """Forgets everything that is kept."""
        self._kept.clear()
        self._size = 0
