"""Two ways to score a batch of rows: in this process, or on a running service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from verifier.errors import OverloadedError
from verifier.types import InvalidTask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.cli.source import SourceRow
    from verifier.client import AsyncClient
    from verifier.engine import Engine
    from verifier.types import Result


class Scorer(Protocol):
    """Scores batches of rows."""

    async def score(self, rows: Sequence[SourceRow]) -> list[Result]:
        """One result per row, in order.

        Raises:
            ServiceError: the service cannot be reached.
        """
        ...

    async def close(self) -> None:
        """Ends what was started."""
        ...


class LocalScorer:
    """Scores in this process.

    Args:
        engine: decides.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def score(self, rows: Sequence[SourceRow]) -> list[Result]:
        """See `Scorer`. A full queue is waited for: nobody else could take the rows."""
        while True:
            try:
                return await self._engine.score([row.item for row in rows])
            except OverloadedError as error:
                await asyncio.sleep(error.retry_after_seconds)

    async def close(self) -> None:
        """See `Scorer`."""
        await self._engine.close()


class RemoteScorer:
    """Scores on a running service.

    Rows that cannot be read are refused by the same engine as in process, so that both ways say the
    same of them.

    Args:
        client: makes the calls.
        engine: answers for rows that are not worth sending.
    """

    def __init__(self, client: AsyncClient, engine: Engine) -> None:
        self._client = client
        self._engine = engine

    async def score(self, rows: Sequence[SourceRow]) -> list[Result]:
        """See `Scorer`."""
        good = [row for row in rows if not isinstance(row.item.task, InvalidTask)]
        bad = [row for row in rows if isinstance(row.item.task, InvalidTask)]
        results = iter(await self._client.score([row.message for row in good]) if good else ())
        refusals = iter(await self._engine.score([row.item for row in bad]))
        return [
            next(refusals if isinstance(row.item.task, InvalidTask) else results) for row in rows
        ]

    async def close(self) -> None:
        """See `Scorer`."""
        await self._client.close()
        await self._engine.close()
