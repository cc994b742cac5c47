"""The parent's side: a pool of worker processes that are killed and replaced, never waited for.

Time is the caller's: cancelling `WorkerPool.call` kills the worker that was on it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.errors import WorkerDiedError, WorkerFailedError
from verifier.workers.counts import WorkerCounts
from verifier.workers.frames import DONE
from verifier.workers.quarantine import Quarantine
from verifier.workers.worker import Worker, WorkerOvertimeError, WorkerStartError

if TYPE_CHECKING:
    from collections.abc import Callable

# After starts that failed in a row: how long nobody tries again.
_BACK_OFF_SECONDS: Final = (0.1, 1.0, 5.0, 30.0)
_POISON: Final = "killed its worker twice; for an hour it is not tried again"


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """Bounds of a pool.

    Attributes:
        processes: workers at once, >= 1.
        memory_bytes: address space of each. A worker that holds half of what its first answer left
            of that gets a successor, so that leaks end with it.
        max_calls: a worker gets a successor after this many, for the same reason. Until that is
            ready it goes on, so that no call waits; for so long there is one process more.
        cpu_seconds: what one call may use, > 0; None for no limit but the caller's patience. Unlike
            that, it does not depend on what else the machine is doing.
    """

    processes: int = 2
    memory_bytes: int = 2 * 1024**3
    max_calls: int = 1000
    cpu_seconds: float | None = None


class WorkerPool:
    """Worker processes around one handler.

    Args:
        target: ``module:factory``, loaded in the worker.
        argument: what the factory is called with.
        limits: how many workers, and their bounds.
        clock: seconds that only ever grow.
    """

    def __init__(
        self,
        target: str,
        argument: str,
        limits: WorkerLimits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = (
            *(sys.executable, "-m", "verifier.workers.child"),
            *(target, argument, str(limits.memory_bytes), str(limits.cpu_seconds or 0)),
        )
        self._limits = limits
        self._clock = clock
        self._free = asyncio.Semaphore(limits.processes)
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._dead: list[Worker] = []
        self._successions: dict[Worker, asyncio.Task[None]] = {}  # by whoever is to be succeeded
        self._quarantine = Quarantine(clock)
        self._started = 0
        self._restarts: Counter[str] = Counter()
        self._failures = 0  # of starts, in a row
        self._not_before = 0.0

    @property
    def counts(self) -> WorkerCounts:
        """What happened so far."""
        return WorkerCounts(
            self._started,
            len(self._idle),
            len(self._busy),
            dict(self._restarts),
            self._quarantine.total,
        )

    async def start(self) -> None:
        """Starts every worker, so that the first call finds one ready.

        Raises:
            WorkerStartError: one cannot be started, twice.
        """
        missing = self._limits.processes - len(self._idle) - len(self._busy)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(missing):
                    group.create_task(self._add())
        except* WorkerDiedError as failures:
            raise failures.exceptions[0] from None  # they all failed alike

    async def _add(self) -> None:
        """Starts one; a first failure may be the kernel's, short of memory for a moment."""
        try:
            self._idle.append(await self._spawn())
        except WorkerStartError:
            await asyncio.sleep(_BACK_OFF_SECONDS[0])
            self._not_before = 0.0
            self._idle.append(await self._spawn())

    async def call(self, payload: bytes, started: Callable[[], None]) -> bytes:
        """The handler's answer to `payload`. One whose worker dies is tried once more.

        Args:
            payload: what the handler gets.
            started: called when a ready worker takes the payload, that is, when waiting ends.

        Raises:
            WorkerFailedError: the handler raised.
            WorkerOvertimeError: the call used up its CPU seconds.
            WorkerStartError: no worker could be started.
            WorkerDiedError: the payload killed its worker twice, now or lately.
        """
        if self._quarantine.holds(payload):
            raise WorkerDiedError(f"this item {_POISON}")
        try:
            return await self._once(payload, started)
        except (WorkerOvertimeError, WorkerStartError):
            raise
        except WorkerDiedError:
            pass
        try:
            return await self._once(payload, started)
        except (WorkerOvertimeError, WorkerStartError):
            raise
        except WorkerDiedError as error:
            self._quarantine.take(payload)
            raise WorkerDiedError(f"{error}; this item {_POISON}") from error

    async def _once(self, payload: bytes, started: Callable[[], None]) -> bytes:
        async with self._free:
            worker = self._take_idle() or await self._spawn()
            self._busy.add(worker)
            try:
                started()
                answer = await worker.exchange(payload)
            except BaseException as error:
                # Whatever interrupted the exchange left the worker in an unknown state.
                self._replace(worker, _why(error))
                raise
            finally:
                self._busy.discard(worker)
            self._keep(worker)
        status, body = answer[:1], answer[1:]
        if status != DONE:
            raise WorkerFailedError(body.decode("utf-8", "replace"))
        return body

    def _keep(self, worker: Worker) -> None:
        """Makes a worker that has answered ready for the next payload, worn out or not."""
        if worker.succeeded or len(self._idle) + len(self._busy) >= self._limits.processes:
            self._end(worker)  # a successor stands in its place, or in that of one that died
            return
        self._idle.append(worker)
        reason = self._worn(worker)
        if reason and worker not in self._successions:
            task = asyncio.create_task(self._succeed(worker, reason))
            self._successions[worker] = task
            task.add_done_callback(lambda _: self._successions.pop(worker, None))

    def _worn(self, worker: Worker) -> str:
        """Why it is time for another one; empty if it is not."""
        if worker.calls >= self._limits.max_calls:
            return "age"
        resident = worker.resident_bytes()
        worker.first_bytes = worker.first_bytes or resident
        return "memory" if resident > (worker.first_bytes + self._limits.memory_bytes) / 2 else ""

    async def _succeed(self, worker: Worker, reason: str) -> None:
        """Starts a successor, and ends the worker when that is ready and its own call is done."""
        try:
            successor = await self._spawn()
        except (WorkerDiedError, OSError):
            return  # the next call tries again
        if worker in self._idle:
            self._idle.remove(worker)
            self._replace(worker, reason)
        elif worker in self._busy:
            worker.succeeded = True
            self._restarts[reason] += 1
        elif len(self._idle) + len(self._busy) >= self._limits.processes:
            self._end(successor)  # it died meanwhile, and a call could not wait for this one
            return
        self._idle.append(successor)

    async def close(self) -> None:
        """Kills every worker and waits until each is gone."""
        successions = tuple(self._successions.values())
        for task in successions:
            task.cancel()
        await asyncio.gather(*successions, return_exceptions=True)
        for worker in (*self._idle, *self._busy):
            self._end(worker)
        self._idle.clear()
        for worker in self._dead:
            await asyncio.to_thread(worker.process.wait)
            await worker.hang_up()
        self._dead.clear()

    def _take_idle(self) -> Worker | None:
        """A worker that is alive; one that died while idle costs nobody an item."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.poll() is None:
                return worker
            self._replace(worker, "died")
        return None

    async def _spawn(self) -> Worker:
        """A new worker that is ready.

        Raises:
            WorkerStartError: there is none, and for a while nobody tries again.
        """
        self._dead = [worker for worker in self._dead if worker.process.poll() is None]
        if self._clock() < self._not_before:
            raise WorkerStartError("no worker can be started; the next attempt is due later")
        worker = await Worker.launch(self._command)
        self._started += 1
        try:
            await worker.greet()
        except BaseException as error:
            self._end(worker)
            if isinstance(error, WorkerStartError):
                self._restarts["failed_start"] += 1
                steps = len(_BACK_OFF_SECONDS) - 1
                wait = _BACK_OFF_SECONDS[min(self._failures, steps)]
                self._not_before = self._clock() + wait
                self._failures += 1
            raise
        self._failures = 0
        return worker

    def _replace(self, worker: Worker, reason: str) -> None:
        """Ends a worker; the next payload brings a new one."""
        self._restarts[reason] += 1
        self._end(worker)

    def _end(self, worker: Worker) -> None:
        worker.kill()
        self._dead.append(worker)


def _why(error: BaseException) -> str:
    """The reason for which a worker is replaced whose exchange ended like this."""
    if isinstance(error, asyncio.CancelledError):
        return "cancelled"
    return "overtime" if isinstance(error, WorkerOvertimeError) else "died"
