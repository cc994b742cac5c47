"""Rows on their way into a stream: sent as they come, several at a time when several have come."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from verifier.client.batches import BATCH_BYTES, Row, duration, row_to_message
from verifier.v1 import service_pb2

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator

    from verifier.v1 import item_pb2

_WAITING_ROWS = 1024  # read ahead of the wire; more would only be kept twice


class Outbox:
    """Between the caller's rows and the stream's messages.

    Args:
        batch_items: rows per message at most.
        work_limit_seconds: as in `AsyncClient.stream`.
    """

    def __init__(self, batch_items: int, work_limit_seconds: float | None) -> None:
        self._batch_items = batch_items
        self._work_limit = None if work_limit_seconds is None else duration(work_limit_seconds)
        self._waiting: asyncio.Queue[item_pb2.ScoreItem | None] = asyncio.Queue(_WAITING_ROWS)

    async def fill(self, rows: AsyncIterable[Row]) -> None:
        """Takes every row; what was taken is sent even if a later one is no item.

        Raises:
            InputError: a row is no item.
        """
        position = 0
        try:
            async for row in rows:
                await self._waiting.put(row_to_message(row, str(position)))
                position += 1
        except Exception:
            await self._waiting.put(None)
            raise
        await self._waiting.put(None)

    async def requests(self) -> AsyncIterator[service_pb2.ScoreStreamRequest]:
        """Yields messages until the rows end."""
        carried: item_pb2.ScoreItem | None = None
        while (first := carried or await self._waiting.get()) is not None:
            carried, size = None, first.ByteSize()
            request = service_pb2.ScoreStreamRequest(items=[first], work_limit=self._work_limit)
            while len(request.items) < self._batch_items and not self._waiting.empty():
                message = self._waiting.get_nowait()
                if message is None:
                    yield request
                    return
                size += message.ByteSize()
                if size > BATCH_BYTES:
                    carried = message
                    break
                request.items.append(message)
            yield request
