"""The engine: what all calls share, and how a call goes through."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from verifier.admission import Admission, AdmissionLimits, Lane, PacedGate
from verifier.attribution import attribute
from verifier.cache import CacheKey, ResultCache, cache_key
from verifier.caller import ANONYMOUS, Caller
from verifier.deadline import NEVER, Deadline
from verifier.engine.call import SLICE_SECONDS, Call
from verifier.engine.composed import ComposedCall
from verifier.engine.entry import Entry
from verifier.errors import OverloadedError
from verifier.registry import (
    AsyncVerifier,
    ComposingVerifier,
    PreloadingVerifier,
    Registry,
    StagedVerifier,
)
from verifier.terms import Terms
from verifier.types import CompositeTask, Item, Outcome, PluginTask, Result, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

    from verifier.engine.call import OnResult
    from verifier.observers import Observer
    from verifier.shared_results import SharedResults

_INLINE = "inline"
# Share of a call's items expected in a second stage from which on a full one refuses the call. Of
# fewer, each is UNSCORED by itself: nine in ten scored are worth more than a call tried again.
_WORTH_REFUSING = 0.1


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """Bounds of an engine.

    Attributes:
        max_queued_items: items inside at once, waiting or working.
        cache_entries: outcomes kept; 0 switches the cache off.
        queue_seconds: estimated wait beyond which calls are refused.
        caller_items: items of one caller inside at once; 0: no such bound.
    """

    max_queued_items: int = 65_536
    cache_entries: int = 50_000
    queue_seconds: float = AdmissionLimits().queue_seconds
    caller_items: int = 0


class Engine:
    """Scores items. Belongs to one event loop; use it as an async context manager.

    Args:
        registry: which verifier answers which task.
        limits: how much it takes on at once.
        observers: told of everything, in order.
        shared: outcomes that replicas share, if they do.

    Attributes:
        admission: what is inside.
        inline: the lane of what is decided on the event loop, a slice at a time.
        turns: by which those slices are taken.
    """

    def __init__(
        self,
        registry: Registry,
        limits: EngineLimits | None = None,
        observers: Sequence[Observer] = (),
        shared: SharedResults | None = None,
    ) -> None:
        limits = limits or EngineLimits()
        self.registry = registry
        self.admission = Admission(
            AdmissionLimits(limits.max_queued_items, limits.queue_seconds, limits.caller_items)
        )
        self.turns = PacedGate(SLICE_SECONDS)
        self.inline = Lane(_INLINE, self.turns)
        self._cache = ResultCache(limits.cache_entries)
        self._observers = tuple(observers)
        self._shared = shared
        self._entries: dict[type[Task] | str, Entry] = {}

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
        self.lanes()  # each is there before its first item, for whoever watches them

    async def close(self) -> None:
        """Ends what verifiers started, side by side: one that takes its time holds up no other."""
        await asyncio.gather(
            *(
                verifier.close()
                for verifier in self.registry
                if isinstance(verifier, (AsyncVerifier, StagedVerifier))
            )
        )
        if self._shared is not None:
            await self._shared.close()

    def lanes(self) -> list[Lane]:
        """The lane of everything that is decided here, the inline one first."""
        for verifier in self.registry:
            if not isinstance(verifier, ComposingVerifier):
                key = getattr(verifier, "plugin_name", verifier.task_type)
                self._entries.setdefault(key, Entry(verifier))
        found = [entry.lane for entry in self._entries.values() if entry.has_lane]
        return [self.inline, *found]

    async def score(
        self,
        items: Sequence[Item],
        *,
        deadline: Deadline = NEVER,
        work_limit_seconds: float | None = None,
        on_result: OnResult | None = None,
        caller: Caller = ANONYMOUS,
    ) -> list[Result]:
        """One result per item, in the items' order.

        Args:
            items: any number; one that cannot be scored never costs its neighbours theirs.
            deadline: what has no verdict by then is UNSCORED with the reason DEADLINE.
            work_limit_seconds: upper bound on one item's work, waiting not counted; None for each
                verifier's own.
            on_result: called with (index, result) as each is known, before the whole is returned.
            caller: whose items they are; what waits is taken fairly from all callers.

        Raises:
            OverloadedError: there is no room for this many items now, or no hope to begin one
                before the deadline.
        """
        terms = Terms(deadline, work_limit_seconds, caller)
        composer = self._composer(items)
        if composer is None:
            demands = self._demands(items)
            with self.hold(len(items), caller, demands, deadline):
                return await Call(self, terms, on_result, demands).run(items)
        whole = ComposedCall(self.report, composer, items, on_result)
        demands = self._demands(whole.parts)
        with self.hold(len(items), caller, demands, deadline):
            return await whole.run(Call(self, terms, whole.take, demands))

    @contextmanager
    def hold(
        self,
        items: int,
        caller: Caller = ANONYMOUS,
        demands: dict[Lane, int] | None = None,
        deadline: Deadline = NEVER,
    ) -> Iterator[None]:
        """Holds room for items while the block works on them, and tells the observers.

        Args:
            items: how many.
            caller: whose.
            demands: how many of them need which lane.
            deadline: of the call.

        Raises:
            OverloadedError: see `score`.
        """
        began = time.monotonic()
        try:
            with self.admission.admit(caller, items, demands, deadline):
                for observer in self._observers:
                    observer.admitted(items, self.admission.inside)
                yield
                self.admission.finished(items, time.monotonic() - began)
        except OverloadedError as error:
            self._refused(items, error)
            raise
        finally:
            for observer in self._observers:
                observer.finished(self.admission.inside)

    def check_room(
        self,
        kinds: Mapping[type[Task] | str, int],
        items: int,
        caller: Caller = ANONYMOUS,
        deadline: Deadline = NEVER,
    ) -> None:
        """Refuses a call whose items nobody has read yet: to read them costs more than to refuse.

        Args:
            kinds: how many of the items have which kind of task, plugins' by their names.
            items: how many there are.
            caller: whose.
            deadline: of the call.

        Raises:
            OverloadedError: `score` would refuse them, too; it may still refuse those that pass.
        """
        try:
            self.admission.check(caller, items, self._lanes_of(kinds, items), deadline)
        except OverloadedError as error:
            self._refused(items, error)
            raise

    def _refused(self, items: int, error: OverloadedError) -> None:
        for observer in self._observers:
            observer.refused(items, error.reason)

    def _demands(self, items: Sequence[Item]) -> dict[Lane, int]:
        """How many of these items need which lane, as far as can be told before they begin."""
        kinds: Counter[type[Task] | str] = Counter()
        for item in items:
            kind = _kind(item.task)
            if kind not in kinds:
                self.entry(item.task)
            kinds[kind] += 1
        return self._lanes_of(kinds, len(items))

    def _lanes_of(self, kinds: Mapping[type[Task] | str, int], items: int) -> dict[Lane, int]:
        demands: dict[Lane, int] = {}
        for kind, number in kinds.items():
            entry = self._entries.get(kind)
            if entry is None:
                continue
            lane = self.inline if entry.inline else entry.lane
            demands[lane] = demands.get(lane, 0) + number
            if number * entry.going_on > _WORTH_REFUSING * items:
                demands[entry.lane] = math.ceil(number * entry.going_on)
        return demands

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

    def entry(self, task: Task) -> Entry | None:
        """What answers `task`, looked up once per kind of task."""
        key = _kind(task)
        entry = self._entries.get(key)
        if entry is None:
            verifier = self.registry.find(task)
            if verifier is None:
                return None
            entry = self._entries[key] = Entry(verifier)
        return entry

    def recall(self, entry: Entry, item: Item) -> tuple[CacheKey | None, Outcome | None]:
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

    async def recall_shared(self, entry: Entry, item: Item) -> Outcome | None:
        """The outcome that a replica kept for `item`; asked only for what takes real work."""
        if self._shared is None or not entry.cacheable:
            return None
        outcome = await self._shared.get(entry.id, item)
        if outcome is not None:
            for observer in self._observers:
                observer.cached(1)
        return outcome

    async def share(self, entry: Entry, item: Item, outcome: Outcome) -> None:
        """Keeps an outcome for all replicas."""
        if self._shared is not None and entry.cacheable:
            await self._shared.put(entry.id, item, outcome)

    def continues(self, entry: Entry) -> None:
        """Tells the observers of an item that its verifier's second stage must settle."""
        for observer in self._observers:
            observer.continued(entry.id)

    def failure(self, entry: Entry, error: BaseException) -> Outcome:
        """The outcome of an item whose verifier failed."""
        for observer in self._observers:
            observer.failed(entry.id, error)
        return attribute(error)


def _kind(task: Task) -> type[Task] | str:
    return task.name if isinstance(task, PluginTask) else type(task)
