"""The one path of a request: admit → deadline → verify → attribute.

No wire format, no transport and no metrics library in here. The same engine stands behind the
service and inside the command line, so a row scored in process and the same row scored over the
wire meet the same code.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast

from verifier.admission import Admission
from verifier.attribution import attribute, no_verifier, out_of_time
from verifier.cache import CacheKey, ResultCache, cache_key
from verifier.deadline import NEVER, Deadline, ItemClock
from verifier.errors import OverloadedError
from verifier.pending import Pending
from verifier.registry import (
    AsyncVerifier,
    ComposingVerifier,
    InlineVerifier,
    PreloadingVerifier,
    Registry,
    StagedVerifier,
    Verifier,
    is_inline,
)
from verifier.types import (
    CompositeTask,
    Item,
    Outcome,
    PluginTask,
    Reason,
    Result,
    Task,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from verifier.observers import Observer

    OnResult = Callable[[int, Result], None]

# How long inline items may keep the event loop before others get a turn. Health checks and other
# callers wait about this long behind a batch of any size.
_SLICE_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """Bounds of an engine.

    Attributes:
        max_queued_items: items inside at once, waiting or working.
        cache_entries: outcomes kept; 0 switches the cache off.
    """

    max_queued_items: int = 65_536
    cache_entries: int = 50_000


class Engine:
    """Scores items. Belongs to one event loop; use it as an async context manager.

    Args:
        registry: which verifier answers which task.
        limits: how much it takes on at once.
        observers: told of everything, in order.
    """

    def __init__(
        self,
        registry: Registry,
        limits: EngineLimits | None = None,
        observers: Sequence[Observer] = (),
    ) -> None:
        limits = limits or EngineLimits()
        self.registry = registry
        self.admission = Admission(limits.max_queued_items)
        self._cache = ResultCache(limits.cache_entries)
        self._observers = tuple(observers)
        self._entries: dict[type[Task] | str, _Entry] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Starts what verifiers need, so that the first item is as fast as the rest."""
        for verifier in self.registry:
            if isinstance(verifier, PreloadingVerifier):
                verifier.preload()
            if isinstance(verifier, (AsyncVerifier, StagedVerifier)):
                await verifier.start()

    async def close(self) -> None:
        """Ends what verifiers started."""
        for verifier in self.registry:
            if isinstance(verifier, (AsyncVerifier, StagedVerifier)):
                await verifier.close()

    async def score(
        self,
        items: Sequence[Item],
        *,
        deadline: Deadline = NEVER,
        work_limit_seconds: float | None = None,
        on_result: OnResult | None = None,
    ) -> list[Result]:
        """One result per item, in the items' order.

        Args:
            items: any number; one that cannot be scored never costs its neighbours theirs.
            deadline: what has no verdict by then is UNSCORED with the reason DEADLINE.
            work_limit_seconds: upper bound on one item's work, waiting not counted; None for each
                verifier's own.
            on_result: called with (index, result) as each is known, before the whole is returned.

        Raises:
            OverloadedError: the queue has no room for this many items now.
        """
        began = time.monotonic()
        try:
            with self.admission.admit(len(items)):
                for observer in self._observers:
                    observer.admitted(len(items), self.admission.inside)
                composer = self._composer(items)
                if composer is None:
                    call = _Call(self, began, deadline, work_limit_seconds, on_result)
                    results = await call.run(items)
                else:
                    whole = _ComposedCall(self, composer, items, on_result)
                    call = _Call(self, began, deadline, work_limit_seconds, whole.take)
                    results = await whole.run(call)
                self.admission.finished(len(items), time.monotonic() - began)
                return results
        except OverloadedError:
            for observer in self._observers:
                observer.refused(len(items))
            raise
        finally:
            for observer in self._observers:
                observer.finished(self.admission.inside)

    def _composer(self, items: Sequence[Item]) -> ComposingVerifier | None:
        """The verifier that takes items of this call apart, if there are such items."""
        task = next((item.task for item in items if isinstance(item.task, CompositeTask)), None)
        if task is None:
            return None
        found = self.registry.find(task)
        return found if isinstance(found, ComposingVerifier) else None

    def report(self, results: list[Result]) -> None:
        """Tells the observers of results, and empties the list."""
        for observer in self._observers:
            observer.scored(results)
        results.clear()

    def entry(self, task: Task) -> _Entry | None:
        """What answers `task`, looked up once per kind of task."""
        key = task.name if isinstance(task, PluginTask) else type(task)
        entry = self._entries.get(key)
        if entry is None:
            verifier = self.registry.find(task)
            if verifier is None:
                return None
            entry = self._entries[key] = _Entry(verifier)
        return entry

    def recall(self, entry: _Entry, item: Item) -> tuple[CacheKey | None, Outcome | None]:
        """The cache's key for `item`, and the outcome if it is known."""
        if not (entry.cacheable and self._cache.enabled):
            return None, None
        key = cache_key(entry.id, item)
        outcome = self._cache.get(key)
        if outcome is not None:
            for observer in self._observers:
                observer.cached(1)
        return key, outcome

    def remember(self, key: CacheKey | None, outcome: Outcome) -> None:
        """Keeps an outcome for the next item like it."""
        if key is not None:
            self._cache.put(key, outcome)

    def continues(self, entry: _Entry) -> None:
        """Tells the observers of an item that its verifier's second stage must settle."""
        for observer in self._observers:
            observer.continued(entry.id)

    def failure(self, entry: _Entry, error: BaseException) -> Outcome:
        """The outcome of an item whose verifier failed."""
        for observer in self._observers:
            observer.failed(entry.id, error)
        return attribute(error)


class _Entry:
    """A verifier with what the engine asks about it for every item."""

    __slots__ = ("cacheable", "id", "inline", "staged", "verifier")

    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier
        self.id = f"{verifier.name}/{verifier.version}"
        self.inline = is_inline(verifier)
        self.staged = isinstance(verifier, StagedVerifier)
        self.cacheable = self.inline or cast("AsyncVerifier", verifier).deterministic


class _Call:
    """One call to `Engine.score`: the results so far, and the time left."""

    def __init__(
        self,
        engine: Engine,
        began: float,
        deadline: Deadline,
        work_limit_seconds: float | None,
        on_result: OnResult | None,
    ) -> None:
        self._engine = engine
        self._began = began
        self._deadline = deadline
        self._work_limit = work_limit_seconds
        self._on_result = on_result
        self._now = began  # as of the last look at the clock
        self._results: list[Result | None] = []
        self._unreported: list[Result] = []

    async def run(self, items: Sequence[Item]) -> list[Result]:
        """Inline items in slices on this task, what takes longer each on a task of its own."""
        self._results = [None] * len(items)
        tasks: list[asyncio.Task[None]] = []
        try:
            slice_ends = time.monotonic() + _SLICE_SECONDS
            for index, item in enumerate(items):
                task = self._begin(index, item)
                if task is not None:
                    tasks.append(task)
                self._now = time.monotonic()
                if self._now > slice_ends:
                    self._engine.report(self._unreported)
                    await asyncio.sleep(0)
                    self._now = time.monotonic()
                    slice_ends = self._now + _SLICE_SECONDS
            if tasks:
                await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            self._engine.report(self._unreported)
        return cast("list[Result]", self._results)

    def _begin(self, index: int, item: Item) -> asyncio.Task[None] | None:
        """Decides an item at once if that is possible, else starts a task that will."""
        entry = self._engine.entry(item.task)
        if entry is None:
            self._keep(index, _result(item, no_verifier(item.task), self._waited()))
            return None
        if self._deadline.at <= self._now:
            self._keep(index, _result(item, out_of_time(started=False), self._waited()))
            return None
        key, known = self._engine.recall(entry, item)
        if known is not None:
            self._keep(index, _result(item, known, self._waited(), verifier=entry.id))
            return None
        if not entry.inline:
            return asyncio.create_task(self._verify_async(index, item, entry, key))
        return self._verify_inline(index, item, entry, key)

    def _verify_inline(
        self, index: int, item: Item, entry: _Entry, key: CacheKey | None
    ) -> asyncio.Task[None] | None:
        start = time.monotonic()
        try:
            outcome = cast("InlineVerifier", entry.verifier).verify(item)
        except Exception as error:  # noqa: BLE001 - attributed, reported, and never a neighbour's loss
            outcome = self._engine.failure(entry, error)
        work = time.monotonic() - start
        if isinstance(outcome, Pending) and entry.staged:
            self._engine.continues(entry)
            return asyncio.create_task(self._finish(index, item, entry, key, (outcome, work)))
        self._engine.remember(key, outcome)
        self._keep(index, _result(item, outcome, start - self._began, work, entry.id))
        return None

    async def _finish(
        self,
        index: int,
        item: Item,
        entry: _Entry,
        key: CacheKey | None,
        so_far: tuple[Pending, float],
    ) -> None:
        """The second stage of an item that was undecided inline."""
        verifier = cast("StagedVerifier", entry.verifier)
        pending, work = so_far
        clock = self._clock(verifier.work_limit_seconds)
        outcome: Outcome
        try:
            async with clock.timeout:
                outcome = await verifier.finish(pending, clock.start)
        except Exception as error:  # noqa: BLE001 - attributed, reported, and never a neighbour's loss
            outcome = self._failed(entry, clock, error)
            if outcome.reason is Reason.DEADLINE and not self._deadline.passed():
                outcome = pending  # as much work as one item may cost did not decide it
        self._engine.remember(key, outcome)
        now = time.monotonic()
        started = now if clock.started_at is None else clock.started_at
        waited = max(started - self._began - work, 0.0)
        self._keep(index, _result(item, outcome, waited, work + now - started, entry.id))

    async def _verify_async(
        self, index: int, item: Item, entry: _Entry, key: CacheKey | None
    ) -> None:
        verifier = cast("AsyncVerifier", entry.verifier)
        clock = self._clock(verifier.work_limit_seconds)
        try:
            async with clock.timeout:
                outcome = await verifier.verify(item, clock.start)
        except Exception as error:  # noqa: BLE001 - attributed, reported, and never a neighbour's loss
            outcome = self._failed(entry, clock, error)
        self._engine.remember(key, outcome)
        now = time.monotonic()
        started = now if clock.started_at is None else clock.started_at
        self._keep(index, _result(item, outcome, started - self._began, now - started, entry.id))

    def _clock(self, work_limit_seconds: float) -> ItemClock:
        limit = min(self._work_limit or work_limit_seconds, work_limit_seconds)
        return ItemClock(limit, self._deadline)

    def _failed(self, entry: _Entry, clock: ItemClock, error: Exception) -> Outcome:
        if isinstance(error, TimeoutError) and clock.timeout.expired():
            return out_of_time(started=clock.started_at is not None)
        return self._engine.failure(entry, error)

    def _keep(self, index: int, result: Result) -> None:
        self._results[index] = result
        self._unreported.append(result)
        if self._on_result is not None:
            self._on_result(index, result)

    def _waited(self) -> float:
        return time.monotonic() - self._began


class _ComposedCall:
    """A call some of whose items are made of terms: the terms are scored in their place."""

    def __init__(
        self,
        engine: Engine,
        composer: ComposingVerifier,
        items: Sequence[Item],
        on_result: OnResult | None,
    ) -> None:
        self._engine = engine
        self._on_result = on_result
        self._results: list[Result | None] = [None] * len(items)
        self._unreported: list[Result] = []
        self._items = items
        self._composition = composer.compose(items, self._keep)
        self.take = self._composition.take

    async def run(self, call: _Call) -> list[Result]:
        """The results of the items, once `call` has scored their parts."""
        try:
            self._composition.begin()
            await call.run(self._composition.parts)
        finally:
            self._engine.report(self._unreported)
        return cast("list[Result]", self._results)

    def _keep(self, index: int, result: Result) -> None:
        self._results[index] = result
        if isinstance(self._items[index].task, CompositeTask):
            self._unreported.append(result)  # parts are reported where they are scored
        if self._on_result is not None:
            self._on_result(index, result)


def _result(
    item: Item, outcome: Outcome, queue: float, work: float = 0.0, verifier: str = ""
) -> Result:
    return Result(
        item.id,
        outcome.verdict,
        outcome.reason,
        outcome.reward,
        outcome.message,
        outcome.detail,
        verifier,
        queue,
        work,
    )
