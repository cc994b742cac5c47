"""Which items go together in one call, and when.

Trainers send one item per call and many calls at once. Passed on one by one they would cost this
process and the other one many times what they cost together, so all that comes in while the event
loop makes one turn goes in one call, and while many calls are out, all that comes in a few
milliseconds.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

from verifier.client.batches import BATCH_BYTES
from verifier.forwarding.batch import Batch, Kind, Parcel

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from verifier.metrics.forwarding import ForwardCounts
    from verifier.types import Outcome


# Calls that are out before items wait for others to share one: an idle service must not wait.
_EAGER_CALLS: Final = 1
# That they wait then: a fraction of what the cheapest task costs that is worth handing on.
_LINGER_SECONDS: Final = 0.005


class Outbox:
    """Items that wait to be sent. Belongs to one event loop.

    How many items may be out at once is for the engine to say, which is fair to all callers.

    Args:
        send: makes one call; every item of it has been settled, or put back, when it returns.
        batch_items: that one call carries at most.
        counts: told of what leaves.
    """

    def __init__(
        self,
        send: Callable[[Batch], Coroutine[None, None, None]],
        batch_items: int,
        counts: ForwardCounts,
    ) -> None:
        self._send = send
        self._batch_items = batch_items
        self._counts = counts
        self._waiting: dict[Kind, deque[Parcel]] = {}
        self._out: set[asyncio.Task[None]] = set()
        self._turn: asyncio.Handle | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._paused_until = 0.0  # on the loop's clock
        self._probing = False

    async def ask(self, parcel: Parcel) -> Outcome:
        """The outcome of one item.

        Raises:
            asyncio.CancelledError: nobody waits for it any longer; it is not sent, or forgotten.
        """
        self.put(parcel)
        self._counts.away += 1
        try:
            return await parcel.answer
        except asyncio.CancelledError:
            if parcel.batch is not None and parcel.answer.cancelled():
                parcel.batch.leave()
            raise
        finally:
            self._counts.away -= 1

    def put(self, parcel: Parcel) -> None:
        """Has an item sent with the next call that it fits in."""
        parcel.batch = None
        parcel.since = asyncio.get_running_loop().time()
        self._waiting.setdefault(parcel.kind, deque()).append(parcel)
        self._soon()

    def pause(self, seconds: float) -> None:
        """The other side is full: nothing leaves for a while, and then one call to see."""
        self._probing = True
        self._paused_until = max(self._paused_until, asyncio.get_running_loop().time() + seconds)

    def resume(self) -> None:
        """The other side takes calls."""
        if self._probing:
            self._probing = False
            self._soon()

    async def close(self) -> None:
        """Cancels every call."""
        for handle in (self._turn, self._alarm):
            if handle is not None:
                handle.cancel()
        for task in self._out:
            task.cancel()
        await asyncio.gather(*self._out, return_exceptions=True)
        for line in self._waiting.values():
            for parcel in line:
                parcel.answer.cancel()
        self._waiting.clear()

    def _soon(self) -> None:
        """Sends once all that is ready in this turn of the loop has come in."""
        if self._turn is None:
            self._turn = asyncio.get_running_loop().call_soon(self._flush)

    def _later(self, moment: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_at(moment, self._soon)

    def _flush(self) -> None:
        self._turn = None
        now = asyncio.get_running_loop().time()
        if self._paused_until > now:
            self._later(self._paused_until)
            return
        for kind in tuple(self._waiting):
            waiting = self._waiting[kind]
            while waiting and self._may_leave(waiting, now):
                parcels = self._take(waiting)
                if parcels:
                    self._start(Batch(parcels))
            if not waiting:
                del self._waiting[kind]
        if self._waiting and not self._probing:
            self._later(min(line[0].since for line in self._waiting.values()) + _LINGER_SECONDS)

    def _may_leave(self, waiting: deque[Parcel], now: float) -> bool:
        """Whether the first of these items has waited enough for others."""
        if self._probing:
            return not self._out
        return (
            len(self._out) < _EAGER_CALLS
            or len(waiting) >= self._batch_items
            or waiting[0].since + _LINGER_SECONDS <= now
        )

    def _take(self, waiting: deque[Parcel]) -> list[Parcel]:
        """As many as fit in one call."""
        parcels: list[Parcel] = []
        size = 0
        while waiting and len(parcels) < self._batch_items:
            parcel = waiting[0]
            if parcels and size + parcel.size > BATCH_BYTES:
                break
            waiting.popleft()
            if not parcel.gone:
                parcels.append(parcel)
                size += parcel.size
        return parcels

    def _start(self, batch: Batch) -> None:
        self._counts.sent += len(batch.parcels)
        self._counts.resent += sum(parcel.attempts > 1 for parcel in batch.parcels)
        batch.task = asyncio.create_task(self._send(batch))
        self._out.add(batch.task)
        batch.task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._out.discard(task)
        if not task.cancelled():
            task.result()
        if self._waiting:
            self._soon()
