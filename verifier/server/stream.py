"""One `ScoreStream` call: items in, results out as they finish, never more in flight than fits.

A stream is not refused when the queue is full: it stops reading, and HTTP/2 flow control carries
the news to the caller.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from verifier.caller import CURRENT_CALLER
from verifier.convert.ids import IdGuard
from verifier.errors import OverloadedError
from verifier.server.calls import check_batch_size, items_from_proto, work_limit_of
from verifier.server.judge_role import check_judge_role
from verifier.server.status import DrainingError
from verifier.types import Reason, Result, Verdict

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from verifier.deadline import Deadline
    from verifier.engine import Engine
    from verifier.server.gate import Room
    from verifier.types import Item
    from verifier.v1 import service_pb2

_WINDOW_ITEMS = 8_192  # in flight on one stream; enough to keep every core busy between messages


class StreamSession:
    """The state of one stream.

    Args:
        engine: decides.
        deadline: of the whole stream.
        max_batch_items: items one message may carry.
        draining: once set, no further message is read.
        room: of the process; while there is none, no further message is read, either.
    """

    def __init__(
        self,
        engine: Engine,
        deadline: Deadline,
        max_batch_items: int,
        draining: asyncio.Event,
        room: Room,
    ) -> None:
        self._engine = engine
        self._deadline = deadline
        self._max_batch_items = max_batch_items
        self._draining = draining
        self._room = room
        self._caller = CURRENT_CALLER.get()
        self._guard = IdGuard("item")
        self._received = 0
        self._inside = 0
        self._ready: list[Result] = []
        self._news = asyncio.Event()
        self._taken = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()

    async def run(
        self, requests: AsyncIterator[service_pb2.ScoreStreamRequest]
    ) -> AsyncIterator[list[Result]]:
        """Yields results as they finish, several at a time when they finish together.

        Raises:
            InputError: a message as a whole is malformed.
            DrainingError: the service is shutting down; what was received has been answered.
        """
        reader = asyncio.create_task(self._read(requests))
        reader.add_done_callback(lambda _: self._news.set())
        watcher = asyncio.create_task(self._stop_when_draining(reader))
        try:
            while not (reader.done() and not self._calls and not self._ready):
                await self._news.wait()
                self._news.clear()
                if self._ready:
                    yield self._take()
            if not reader.cancelled():
                reader.result()
            elif self._draining.is_set():
                raise DrainingError("draining: send what has no result to another replica")
        finally:
            watcher.cancel()
            reader.cancel()
            for call in self._calls:
                call.cancel()

    def _take(self) -> list[Result]:
        results, self._ready = self._ready, []
        self._guard.forget(result.id for result in results)
        self._inside -= len(results)
        self._taken.set()
        return results

    async def _stop_when_draining(self, reader: asyncio.Task[None]) -> None:
        await self._draining.wait()
        reader.cancel()

    async def _read(self, requests: AsyncIterator[service_pb2.ScoreStreamRequest]) -> None:
        async for request in requests:
            check_batch_size(len(request.items), self._max_batch_items)
            work_limit = work_limit_of(request)
            items = await items_from_proto(request.items, self._guard, self._received)
            check_judge_role(items, self._engine.registry)
            self._received += len(items)
            while self._inside and self._inside + len(items) > _WINDOW_ITEMS:
                self._taken.clear()
                await self._taken.wait()
            self._inside += len(items)
            await self._begin(items, work_limit, request.ByteSize())

    async def _begin(self, items: list[Item], work_limit: float | None, size: int) -> None:
        """Starts to score one message's items; returns when the next message may be read."""
        call = asyncio.create_task(self._score(items, work_limit))
        self._calls.add(call)
        call.add_done_callback(self._ended)
        self._room.bytes += size

        def give_back(_: object) -> None:
            self._room.bytes -= size

        call.add_done_callback(give_back)
        await self._room.wait()

    async def _score(self, items: list[Item], work_limit: float | None) -> None:
        while True:
            try:
                await self._engine.score(
                    items,
                    deadline=self._deadline,
                    work_limit_seconds=work_limit,
                    on_result=self._keep,
                    caller=self._caller,
                )
            except OverloadedError as error:
                if error.retry_after_seconds >= self._deadline.remaining():
                    self._refuse(items, str(error))
                    return
                await asyncio.sleep(error.retry_after_seconds)
            else:
                return

    def _keep(self, _index: int, result: Result) -> None:
        self._ready.append(result)
        self._news.set()

    def _refuse(self, items: list[Item], message: str) -> None:
        for item in items:
            result = Result(item.id, Verdict.UNSCORED, Reason.OVERLOADED, None, message)
            self._keep(0, result)

    def _ended(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._news.set()
