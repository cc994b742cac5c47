"""One call to the engine: the results so far, and the time left."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from verifier.attribution import no_verifier, out_of_time, overloaded
from verifier.deadline import NEVER, ItemClock
from verifier.elsewhere import Elsewhere
from verifier.pending import Pending
from verifier.terms import CURRENT_TERMS, Terms
from verifier.types import Item, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from verifier.admission import Lane
    from verifier.cache import CacheKey
    from verifier.engine.engine import Engine
    from verifier.engine.entry import Entry
    from verifier.registry import AsyncVerifier, InlineVerifier, StagedVerifier

    OnResult = Callable[[int, Result], None]

# How long inline items may keep the event loop before others get a turn. Health checks and other
# callers wait about this long behind a batch of any size.
SLICE_SECONDS: Final = 0.002


class Call:
    """One call.

    Args:
        engine: what all calls share.
        terms: what the caller asks.
        on_result: called with (index, result) as each is known.
        demands: how many of the items need which lane, as they were admitted.
    """

    def __init__(
        self,
        engine: Engine,
        terms: Terms,
        on_result: OnResult | None,
        demands: Mapping[Lane, int],
    ) -> None:
        self._engine = engine
        self._began = time.monotonic()
        self._terms = terms
        self._deadline = terms.deadline
        self._on_result = on_result
        self._reserved = {lane: n for lane, n in demands.items() if lane is not engine.inline}
        self._own = Counter(self._reserved)  # items of this call in each lane
        # The waits by which it was let in, and since when, each until one item has waited so long.
        lanes = (engine.inline, *self._reserved)
        self._told = {lane: (lane.queue_seconds(terms.caller), self._began) for lane in lanes}
        self._now = self._began  # as of the last look at the clock
        self._results: list[Result | None] = []
        self._unreported: list[Result] = []

    async def run(self, items: Sequence[Item]) -> list[Result]:
        """Inline items in slices on this task, what takes longer each on a task of its own."""
        self._results = [None] * len(items)
        tasks: list[asyncio.Task[None]] = []
        lane, caller = self._engine.inline, self._terms.caller
        begun = 0
        # All lanes at once, so that the next call that is let in sees what this one brings.
        lane.join(caller, len(items))
        for other, number in self._reserved.items():
            other.join(caller, number)
        # For tasks made here, and put back for a caller that made this call from its own.
        token = CURRENT_TERMS.set(self._terms)
        try:
            while begun < len(items):
                first = begun
                async with self._turn(len(items) - first):
                    start = self._now
                    begun = self._slice(items, first, tasks)
                lane.worked(begun - first, self._now - start)
                lane.part(caller, begun - first)
                if begun < len(items):
                    self._engine.report(self._unreported)
            if tasks:
                await asyncio.gather(*tasks)
        finally:
            CURRENT_TERMS.reset(token)
            lane.part(caller, len(items) - begun)
            for other, number in self._reserved.items():
                other.part(caller, number)
            for task in tasks:
                task.cancel()
            self._engine.report(self._unreported)
        return cast("list[Result]", self._results)

    @asynccontextmanager
    async def _turn(self, items: int) -> AsyncIterator[None]:
        """Keeps the event loop for a slice of so many items, once it is this call's turn."""
        lane, gate, caller = self._engine.inline, self._engine.turns, self._terms.caller
        cost = min(items * lane.item_seconds, SLICE_SECONDS) or SLICE_SECONDS
        if not gate.try_enter(caller, cost):
            seconds = None if self._deadline is NEVER else self._deadline.remaining()
            try:
                async with asyncio.timeout(seconds):
                    await gate.enter(caller, cost)
            except TimeoutError:
                gate.push_in()  # to say of each item that time ran out takes next to none
                cost = 0.0
        began = self._now = time.monotonic()
        self._learn(lane, self._told.pop(lane, None))
        try:
            yield
        finally:
            gate.leave()
            gate.correct(cost, time.monotonic() - began)

    def _slice(self, items: Sequence[Item], first: int, tasks: list[asyncio.Task[None]]) -> int:
        """Begins items for as long as a slice lasts; returns the index of the next one."""
        ends = self._now + SLICE_SECONDS
        for index in range(first, len(items)):
            task = self._begin(index, items[index])
            if task is not None:
                tasks.append(task)
            self._now = time.monotonic()
            if self._now > ends:
                return index + 1
        return len(items)

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
            return self._apart(_Apart(index, item, entry, key))
        return self._verify_inline(index, item, entry, key)

    def _verify_inline(
        self, index: int, item: Item, entry: Entry, key: CacheKey | None
    ) -> asyncio.Task[None] | None:
        start = time.monotonic()
        try:
            outcome = cast("InlineVerifier", entry.verifier).verify(item)
        except Exception as error:  # noqa: BLE001 - attributed, reported, and never a neighbour's loss
            outcome = self._engine.failure(entry, error)
        work = time.monotonic() - start
        if entry.staged:
            goes_on = isinstance(outcome, Pending)
            entry.decided(inline=not goes_on)
            if goes_on:
                self._engine.continues(entry)
                told = self._wait(entry.lane)
                if not self._too_long(entry.lane, told):
                    pending = cast("Pending", outcome)
                    self._told.setdefault(entry.lane, (told, start + work))
                    return self._apart(_Apart(index, item, entry, key, pending, work))
                outcome = overloaded(entry.lane.name, told)
        self._engine.remember(key, outcome)
        self._keep(index, _result(item, outcome, start - self._began, work, entry.id))
        return None

    def _wait(self, lane: Lane) -> float:
        """The estimated wait for a lane behind what other calls have in it, in seconds.

        A call's own items do not count: alone, a large one is let in, and its deadline ends it.
        """
        return lane.queue_seconds(self._terms.caller) - lane.seconds_of(self._own[lane])

    def _too_long(self, lane: Lane, wait: float) -> bool:
        """Whether an item that needs a lane is better told so at once."""
        beyond = self._engine.admission.too_long(lane, wait)
        return beyond > 0.0 or wait > self._deadline.remaining()

    def _apart(self, one: _Apart) -> asyncio.Task[None]:
        """Starts an item on a task of its own, and counts it in its lane until that ends."""
        lane, caller = one.entry.lane, self._terms.caller
        if self._reserved.get(lane):
            self._reserved[lane] -= 1
        else:
            lane.join(caller, 1)
            self._own[lane] += 1

        def done(_: object) -> None:
            lane.part(caller, 1)
            self._own[lane] -= 1

        task = asyncio.create_task(self._work_apart(one))
        # Not in the task itself: one that is cancelled before it begins never runs any of it.
        task.add_done_callback(done)
        return task

    async def _work_apart(self, one: _Apart) -> None:
        """Waits for a place in the lane, works, and keeps what came of it."""
        verifier = cast("AsyncVerifier | StagedVerifier", one.entry.verifier)
        limit = min(self._terms.work_limit_seconds or math.inf, verifier.work_limit_seconds)
        clock = ItemClock(limit, self._deadline)
        try:
            async with clock.timeout:
                known = await self._engine.recall_shared(one.entry, one.item)
                if known is not None:
                    self._engine.remember(one.key, known)
                    waited = self._waited() - one.work
                    result = _result(one.item, known, waited, one.work, one.entry.id)
                    self._keep(one.index, result)
                    return
                async with self._place(one.entry.lane):
                    if self._hopeless(one.entry.lane):
                        outcome = out_of_time(started=False)
                    else:
                        outcome = await _work(one, clock)
        except Exception as error:  # noqa: BLE001 - attributed, reported, and never a neighbour's loss
            outcome = self._failed(one, clock, error)
        await self._ended(one, outcome, clock)

    @asynccontextmanager
    async def _place(self, lane: Lane) -> AsyncIterator[None]:
        """A place in a lane; the first item of a call to have one shows how its estimate was."""
        told = self._told.pop(lane, None)
        async with lane.place(self._terms.caller):
            self._learn(lane, told)
            yield

    def _learn(self, lane: Lane, told: tuple[float, float] | None) -> None:
        if told is not None:
            seconds, since = told
            self._engine.admission.waited(lane, seconds, time.monotonic() - since)

    def _hopeless(self, lane: Lane) -> bool:
        """Whether an item's time would end in mid-work, while others wait that have more.

        Ending it then would cost the worker as well.
        """
        return lane.gate.waiting > 0 and self._deadline.remaining() < lane.item_seconds

    async def _ended(self, one: _Apart, outcome: Outcome, clock: ItemClock) -> None:
        """Keeps an outcome, with what it took."""
        one.entry.renew()
        self._engine.remember(one.key, outcome)
        now = time.monotonic()
        verifier = one.entry.id
        if isinstance(outcome, Elsewhere):
            verifier = outcome.verifier
            work = min(outcome.work_seconds, now - self._began)
        else:
            work = 0.0 if clock.started_at is None else now - clock.started_at
            await self._engine.share(one.entry, one.item, outcome)
        if work:
            one.entry.lane.worked(1, work)
        work += one.work
        waited = max(now - self._began - work, 0.0)
        self._keep(one.index, _result(one.item, outcome, waited, work, verifier))

    def _failed(self, one: _Apart, clock: ItemClock, error: Exception) -> Outcome:
        if not (isinstance(error, TimeoutError) and clock.timeout.expired()):
            return self._engine.failure(one.entry, error)
        if one.pending is not None and not self._deadline.passed():
            return one.pending  # as much work as one item may cost did not decide it
        return out_of_time(started=clock.started_at is not None)

    def _keep(self, index: int, result: Result) -> None:
        self._results[index] = result
        self._unreported.append(result)
        if self._on_result is not None:
            self._on_result(index, result)

    def _waited(self) -> float:
        return time.monotonic() - self._began


@dataclass(slots=True)
class _Apart:
    """An item that takes a task of its own.

    Attributes:
        index: among the items of the call.
        item: itself.
        entry: who answers it.
        key: under which its outcome is kept, if it may be.
        pending: what its verifier said inline, if that has a second stage.
        work: seconds that this took.
    """

    index: int
    item: Item
    entry: Entry
    key: CacheKey | None
    pending: Pending | None = None
    work: float = 0.0


async def _work(one: _Apart, clock: ItemClock) -> Outcome:
    if one.pending is None:
        return await cast("AsyncVerifier", one.entry.verifier).verify(one.item, clock.start)
    return await cast("StagedVerifier", one.entry.verifier).finish(one.pending, clock.start)


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
