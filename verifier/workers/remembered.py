"""A pool that is asked each question once: for handlers that are pure functions.

Rollouts of one prompt often give the same answer. Whoever asks what is being worked on waits for
that, and whoever asks later is told at once.
"""

from __future__ import annotations

import asyncio
from hashlib import blake2b
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from cachetools import LRUCache

from verifier.workers.worker import WorkerOvertimeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.workers.pool import WorkerPool

_DIGEST_BYTES: Final = 16  # finding two payloads with one digest takes 2**64 attempts


class RememberingPool:
    """Remembers what a pool answered, and which payloads used up their CPU seconds.

    Neither depends on how busy the machine is. A worker that was killed, or a caller that lost
    patience, says nothing about the payload and is not remembered.

    Args:
        pool: does the work.
        max_entries: answers kept, >= 1.
    """

    def __init__(self, pool: WorkerPool, max_entries: int) -> None:
        self.pool = pool
        self._answers: LRUCache[bytes, bytes | WorkerOvertimeError] = LRUCache(max_entries)
        # A lock lives as long as somebody holds it or waits for it.
        self._turns: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    async def call(self, payload: bytes, started: Callable[[], None]) -> bytes:
        """The handler's answer to `payload`; see `WorkerPool.call`.

        Args:
            payload: what the handler gets.
            started: called if and when a worker takes the payload.

        Raises:
            WorkerFailedError: the handler raised.
            WorkerOvertimeError: the call used up its CPU seconds, now or earlier.
            WorkerDiedError: the worker died or could not be started.
        """
        key = blake2b(payload, digest_size=_DIGEST_BYTES).digest()
        turn = self._turns.setdefault(key, asyncio.Lock())
        async with turn:
            known = self._answers.get(key)
            if known is None:
                known = self._answers[key] = await self._ask(payload, started)
        if isinstance(known, WorkerOvertimeError):
            raise WorkerOvertimeError(*known.args)
        return known

    async def _ask(
        self, payload: bytes, started: Callable[[], None]
    ) -> bytes | WorkerOvertimeError:
        try:
            return await self.pool.call(payload, started)
        except WorkerOvertimeError as error:
            return WorkerOvertimeError(*error.args)  # without the traceback and all it holds

    async def start(self) -> None:
        """Starts every worker."""
        await self.pool.start()

    async def close(self) -> None:
        """Kills every worker."""
        await self.pool.close()
