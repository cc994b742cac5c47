"""Slots with a jail each: who runs next, what is retried, and what is replaced.

One slot per core: a program that runs has a core, so the time it takes is its own. Waiting never
counts. A jail that breaks is replaced and its program retried once, on whichever slot is free next;
a program stopped by the clock rather than by its CPU time is retried once when nobody else waits.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sandbox.cgroups import CgroupsUnavailableError, sweep
from sandbox.execution import BrokenJailError, Execution, Isolation, SandboxError, Status
from sandbox.jail_process import Jail, JailSettings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Task = Callable[[Jail, float], Awaitable[list[Execution]]]
    Started = Callable[[], None]

_URGENT: Final = 0
_PATIENT: Final = 1
# In each task that runs programs: its number in the line; see `Pool._number`.
_NUMBER: Final[ContextVar[int | None]] = ContextVar("number", default=None)
_BACK_OFF_SECONDS: Final = (0.1, 1.0, 5.0, 30.0)


@dataclass(slots=True)
class PoolCounts:
    """What happened so far.

    Attributes:
        runs: that came to an end.
        recycled: jails replaced because of their age.
        broken: jails replaced because something was odd.
        retried: programs run again.
        waiting: programs that wait for a slot now.
        busy: slots that run a program now.
    """

    runs: int = 0
    recycled: int = 0
    broken: int = 0
    retried: int = 0
    waiting: int = 0
    busy: int = 0


class Pool:
    """Runs tasks in jails.

    Args:
        settings: of the jails.
        slots: jails, >= 1.
        runs_per_jail: a jail is replaced after so many programs.
    """

    def __init__(self, settings: JailSettings, slots: int, runs_per_jail: int) -> None:
        self.counts = PoolCounts()
        self.isolation: Isolation | None = None
        self.version = ""
        self._settings = settings
        self._size = slots
        self._runs_per_jail = runs_per_jail
        self._free: list[_Slot] = []
        self._slots: list[_Slot] = []
        self._waiting: list[tuple[int, int, int, asyncio.Future[_Slot]]] = []
        self._order = itertools.count()

    async def start(self, isolation: Isolation) -> None:
        """Starts every jail.

        Raises:
            SandboxError, CgroupsUnavailableError: a jail cannot be started at this level.
        """
        sweep()
        self._slots = [_Slot(self._settings, index, isolation) for index in range(self._size)]
        try:
            await asyncio.gather(*(slot.start() for slot in self._slots))
        except BaseException:
            await self.close()
            raise
        self.version = self._slots[0].jail.version
        self._free = list(self._slots)
        self.isolation = isolation

    async def close(self) -> None:
        """Ends every jail; whoever waits gets a SandboxError."""
        for *_, waiter in self._waiting:
            if not waiter.done():
                waiter.set_exception(SandboxError("the sandbox was closed"))
        self._waiting.clear()
        slots, self._slots, self._free = self._slots, [], []
        await asyncio.gather(*(asyncio.to_thread(slot.jail.kill) for slot in slots))

    async def run(self, task: Task, started: Started) -> list[Execution]:
        """Runs a task when a slot is free.

        Args:
            task: gets a jail and the seconds it waited.
            started: called when the wait is over; perhaps again after a retry.

        Returns:
            What the task returned. A WALL_LIMIT among it was met twice.

        Raises:
            BrokenJailError: two jails broke while they ran it.
            SandboxError: the sandbox failed twice otherwise, or there is none.
        """
        try:
            found = await self._once(task, started, _URGENT)
        except SandboxError as first:
            self.counts.retried += 1
            try:
                return await self._once(task, started, _URGENT)
            except BrokenJailError as second:
                if isinstance(first, BrokenJailError):
                    raise
                raise SandboxError(str(second)) from second
        if found and found[0].status is Status.WALL_LIMIT:
            self.counts.retried += 1
            return await self._once(task, started, _PATIENT)
        return found

    async def _once(self, task: Task, started: Started, priority: int) -> list[Execution]:
        asked = time.monotonic()
        slot = await self._take(priority, self._number())
        self.counts.busy += 1
        broken = True
        try:
            await slot.ready()
            started()
            try:
                found = await task(slot.jail, time.monotonic() - asked)
            except SandboxError as error:
                raise BrokenJailError(str(error)) from error
            broken = False
        except asyncio.CancelledError:
            broken = not slot.jail.usable  # its program is dead already
            raise
        finally:
            self.counts.busy -= 1
            self._give_back(slot, broken=broken)
        self.counts.runs += 1
        return found

    def _number(self) -> int:
        """The number of whoever asks, by the order in which they first asked.

        One program on many inputs asks many times. If it went to the end of the line each time,
        none of many programs would be done before nearly all are, and the waiting between its runs
        would look like work.
        """
        number = _NUMBER.get()
        if number is None:
            number = next(self._order)
            _NUMBER.set(number)
        return number

    async def _take(self, priority: int, number: int) -> _Slot:
        if not self._slots:
            raise SandboxError("the sandbox is not running")
        if self._free and (priority == _URGENT or not self._waiting):
            return self._free.pop()
        waiter: asyncio.Future[_Slot] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, number, next(self._order), waiter))
        self.counts.waiting += 1
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._hand_out(waiter.result())
            raise
        finally:
            self.counts.waiting -= 1

    def _give_back(self, slot: _Slot, *, broken: bool) -> None:
        if broken:
            self.counts.broken += 1
            slot.discard()
        elif slot.jail.runs >= self._runs_per_jail:
            self.counts.recycled += 1
            slot.discard()
        self._hand_out(slot)

    def _hand_out(self, slot: _Slot) -> None:
        while self._waiting:
            *_, waiter = heapq.heappop(self._waiting)
            if not waiter.done():
                waiter.set_result(slot)
                return
        if slot in self._slots:
            self._free.append(slot)


class _Slot:
    """A place for one jail after the other."""

    def __init__(self, settings: JailSettings, index: int, isolation: Isolation) -> None:
        self._settings = settings
        self._index = index
        self._isolation = isolation
        self._failures = 0
        self._not_before = 0.0
        self.jail = self._new()

    def _new(self) -> Jail:
        return Jail(self._settings, self._index, self._isolation)

    async def start(self) -> None:
        await self.jail.start()

    def discard(self) -> None:
        """Ends the jail; the next program brings a new one."""
        self.jail.kill()
        self.jail = self._new()

    async def ready(self) -> None:
        """Makes sure that there is a jail.

        Raises:
            SandboxError: none can be started, now or a moment ago.
        """
        if self.jail.usable:
            return
        if time.monotonic() < self._not_before:
            raise SandboxError("no jail can be started; the next attempt is due later")
        self.discard()
        try:
            await self.jail.start()
        except (SandboxError, CgroupsUnavailableError, OSError) as error:
            steps = len(_BACK_OFF_SECONDS) - 1
            self._not_before = time.monotonic() + _BACK_OFF_SECONDS[min(self._failures, steps)]
            self._failures += 1
            raise SandboxError(f"no jail can be started: {error}") from error
        self._failures = 0
