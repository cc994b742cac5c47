"""The outcomes that replicas share, in a Redis; see `SharedResults`."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import structlog

from verifier.caching.trouble import CacheTrouble
from verifier.metrics.sharing import DROPPED, FORGED, ShareCounts
from verifier.sharing.sealing import ForgedError
from verifier.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.caching.guarded_redis import GuardedRedis
    from verifier.sharing.sealing import Sealing
    from verifier.types import Item, Outcome

_log = structlog.get_logger("verifier.sharing")

MAX_BYTES: Final = 1024 * 1024  # of a value; an outcome with the words of a thousand tests has less
_NAMES: Final = 128  # asked for at once: a whole batch waits for the slowest of them
_WAITING_BYTES: Final = 32 * 1024 * 1024  # to be written; beyond it, outcomes are not shared
_QUIET_SECONDS: Final = 60.0  # between two lines about forgeries


class RedisResults:
    """Outcomes in a Redis. Belongs to one event loop.

    What is asked for in one turn of the loop goes as one question. What is to be kept is written
    beside the work, and dropped where the Redis does not keep up.

    Args:
        redis: where.
        sealing: how outcomes are named and written.
    """

    def __init__(self, redis: GuardedRedis, sealing: Sealing) -> None:
        self._redis = redis
        self._sealing = sealing
        self.counts = ShareCounts()
        redis.watch(self._trouble)
        self._asked: dict[str, list[asyncio.Future[bytes]]] = {}
        self._asking: set[asyncio.Task[None]] = set()
        self._waiting: dict[str, bytes] = {}
        self._waiting_bytes = 0
        self._writing: asyncio.Task[None] | None = None
        self._told_at = float("-inf")
        self._closed = False

    async def get(self, verifier_id: str, item: Item) -> Outcome | None:
        """See `SharedResults`."""
        name = None if self._closed else self._sealing.name(verifier_id, item)
        outcome = None
        if name is not None:
            value = await self._value(name)
            outcome = self._opened(name, verifier_id, value) if value else None
        if outcome is None:
            self.counts.misses += 1
        else:
            self.counts.hits += 1
        return outcome

    async def put(self, verifier_id: str, item: Item, outcome: Outcome) -> None:
        """See `SharedResults`."""
        if self._closed or outcome.verdict is Verdict.UNSCORED:
            return
        name = self._sealing.name(verifier_id, item)
        if name is None or name in self._waiting:
            return
        value = self._sealing.seal(name, verifier_id, outcome)
        if len(value) > MAX_BYTES or self._waiting_bytes + len(value) > _WAITING_BYTES:
            self.counts.troubles[DROPPED] += 1
            return
        self._waiting[name] = value
        self._waiting_bytes += len(value)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def close(self) -> None:
        """See `SharedResults`. What waits to be written is, if that goes fast."""
        if self._closed:
            return
        self._closed = True
        if self._writing is not None:
            await self._writing
        await asyncio.gather(*self._asking)
        await self._redis.close()

    async def _value(self, name: str) -> bytes:
        """What is kept under a name, unread; empty if there is nothing."""
        if not self._asked:
            asyncio.get_running_loop().call_soon(self._ask)
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(name, []).append(answer)
        return await answer

    def _ask(self) -> None:
        asked, self._asked = self._asked, {}
        names = list(asked)
        for first in range(0, len(names), _NAMES):
            some = names[first : first + _NAMES]
            task = asyncio.create_task(self._fetch(some, [asked[name] for name in some]))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)

    async def _fetch(
        self, names: Sequence[str], waiting: Sequence[list[asyncio.Future[bytes]]]
    ) -> None:
        values = await self._redis.get(names)
        for value, answers in zip(values, waiting, strict=True):
            for answer in answers:
                if not answer.done():  # its item has gone
                    answer.set_result(value)

    async def _write(self) -> None:
        """Writes what waits, until nothing does."""
        while self._waiting:
            names = list(self._waiting)[:_NAMES]
            values = {name: self._waiting[name] for name in names}
            if await self._redis.put(values):
                self.counts.written += len(values)
            else:
                self.counts.troubles[DROPPED] += len(values)
            for name in names:
                self._waiting_bytes -= len(self._waiting.pop(name))
        self._writing = None

    def _opened(self, name: str, verifier_id: str, value: bytes) -> Outcome | None:
        try:
            return self._sealing.open(name, verifier_id, value)
        except ForgedError:
            self.counts.troubles[FORGED] += 1
            now = time.monotonic()
            if now > self._told_at + _QUIET_SECONDS:
                self._told_at = now
                _log.warning("a shared outcome is not ours", forged=self.counts.troubles[FORGED])
        except ValueError:
            self._trouble(CacheTrouble.UNREADABLE, "no outcome")
        return None

    def _trouble(self, trouble: CacheTrouble, _reason: str) -> None:
        self.counts.troubles[trouble.value.lower()] += 1
