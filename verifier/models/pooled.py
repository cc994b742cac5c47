"""A model of the pool, asked from an event loop.

Loading and tokenising happen on other threads. Requests pass one door, first come first served: if
the model's queue is full, the first one waits there for room and the others behind it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from prm.calls import ScoreCall
from prm.encoding import split_steps
from prm.errors import BusyError, GoneError, OutOfDomainError
from verifier.models.asking import About
from verifier.models.starting import Start

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor, Future

    from prm.calls import StepScores
    from prm.scorer import Scorer
    from prm.spec import Spec

    Submitted = Future[StepScores]


# A request that was given up leaves the queue unannounced, when the model's thread comes upon it.
_LOOK_AGAIN_SECONDS: Final = 0.1


class Source(Protocol):
    """Where a model's scorer comes from."""

    def loaded(self) -> bool:
        """Whether it would be there at once."""
        ...

    def get(self, search: str = "") -> Scorer:
        """The scorer, which may have to be loaded: to be called from a thread.

        Args:
            search: calls of one search come back to the same replica.

        Raises:
            ModelError: it cannot be loaded.
        """
        ...


class Domain:
    """What a model may be asked: by default everything, as it was written."""

    note = ""  # what its scores are good for, where they are not good for everything

    def refusal(self, question: str, steps: Sequence[str]) -> str | None:  # noqa: ARG002
        """Why these cannot be scored; None if they can."""
        return None

    def question(self, text: str) -> str:
        """A question as the model was trained on it."""
        return text

    def step(self, text: str) -> str:
        """A step, or a whole completion, as the model was trained on it."""
        return text


class PooledModel:
    """One model by name. Belongs to one event loop.

    Args:
        name: as callers know it.
        source: gives the model's scorer.
        encoders: threads to tokenise in.
        domain: what it may be asked.
    """

    def __init__(
        self,
        name: str,
        source: Source,
        encoders: Executor,
        domain: Domain | None = None,
    ) -> None:
        self._name = name
        self._source = source
        self._encoders = encoders
        self._domain = domain or Domain()
        self._spec: Spec | None = None
        self._getting: asyncio.Task[Scorer] | None = None
        self._door = asyncio.Lock()
        self._room = asyncio.Event()
        self._full: str | None = None  # what was said to whoever waits at the door, if anybody does

    async def about(self) -> About:
        """See `StepModel`."""
        if self._spec is None:
            self._spec = (await self._load()).spec
        return About.of(self._name, self._spec, self._domain.note)

    def split(self, completion: str, separator: str) -> list[str]:
        """See `StepModel`."""
        if self._spec is None:
            raise RuntimeError("ask who the model is first")
        return split_steps(self._spec, completion, separator)

    async def score(
        self,
        call: ScoreCall,
        started: Callable[[], None],
        *,
        patience: float = 0.0,
        deadline: float | None = None,
    ) -> StepScores:
        """See `StepModel`."""
        problem = self._domain.refusal(call.question, [*call.prefix, *call.steps])
        if problem is not None:
            raise OutOfDomainError(f"outside the domain of {self._name!r}: {problem}")
        start = Start(started)
        try:
            submitted = await self._submit(self._read(call), start, patience, deadline)
            return await asyncio.wrap_future(submitted)
        finally:
            start.close()
            self._room.set()

    def _read(self, call: ScoreCall) -> ScoreCall:
        """The call in the words that the model was trained on."""
        domain = self._domain
        return ScoreCall(
            domain.question(call.question),
            tuple(map(domain.step, call.steps)),
            call.parent,
            tuple(map(domain.step, call.prefix)),
            call.keep,
        )

    async def _submit(
        self, call: ScoreCall, start: Start, patience: float, deadline: float | None
    ) -> Submitted:
        """Puts the request into the model's queue, when there is room.

        Raises:
            BusyError: there was none in time.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + patience
        if self._full is not None and patience <= 0:
            raise BusyError(self._full)
        async with self._door:
            while True:
                self._room.clear()
                try:
                    return await self._encode_and_put(call, start, deadline)
                except BusyError as error:
                    left = until - loop.time()
                    if left <= 0:
                        raise
                    self._full = str(error)
                try:
                    await self._wait_for_room(min(left, _LOOK_AGAIN_SECONDS))
                finally:
                    self._full = None

    async def _wait_for_room(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._room.wait()

    async def _encode_and_put(
        self, call: ScoreCall, start: Start, deadline: float | None
    ) -> Submitted:
        for last_chance in (False, True):
            if not self._source.loaded():
                await self._load()
            try:
                return await self._in_thread(call, start, deadline)
            except GoneError:  # it was unloaded since
                if last_chance:
                    raise
        raise AssertionError("unreachable")

    async def _in_thread(self, call: ScoreCall, start: Start, deadline: float | None) -> Submitted:
        def encode_and_put() -> Submitted:
            scorer = self._source.get(call.question if call.keep else "")
            return scorer.submit(call, deadline=deadline, on_start=start.begin)

        loop = asyncio.get_running_loop()
        working = loop.run_in_executor(self._encoders, encode_and_put)
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            working.add_done_callback(_drop)
            raise

    async def _load(self) -> Scorer:
        """The scorer, loaded. However many ask at once, one thread waits for it."""
        if self._getting is None:
            self._getting = asyncio.create_task(asyncio.to_thread(self._source.get))
            self._getting.add_done_callback(self._got)
        return await asyncio.shield(self._getting)  # not kept: that would keep it in memory

    def _got(self, getting: asyncio.Task[Scorer]) -> None:
        self._getting = None
        if not getting.cancelled():
            getting.exception()  # looked at, even if nobody waits any more


def _drop(working: asyncio.Future[Submitted]) -> None:
    """Takes back what was put into the queue while its caller left."""
    if not working.cancelled() and working.exception() is None:
        working.result().cancel()
