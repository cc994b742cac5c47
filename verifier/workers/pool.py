"""The parent's side: a pool of worker processes that are killed and replaced, never waited for.

Time is the caller's: cancelling `WorkerPool.call` kills the worker that was on it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.errors import WorkerDiedError, WorkerFailedError
from verifier.workers.frames import DONE, HEADER, READY, pack

if TYPE_CHECKING:
    from collections.abc import Callable

_START_SECONDS = 60.0  # loading a handler may import torch on a busy machine


class WorkerOvertimeError(WorkerDiedError):
    """A call used up its CPU seconds, and its worker with it."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """Bounds of a pool.

    Attributes:
        processes: workers at once, >= 1.
        memory_bytes: address space of each.
        max_calls: a worker is replaced after this many, so that leaks end with it.
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
    """

    def __init__(self, target: str, argument: str, limits: WorkerLimits) -> None:
        self._command = (
            *(sys.executable, "-m", "verifier.workers.child"),
            *(target, argument, str(limits.memory_bytes), str(limits.cpu_seconds or 0)),
        )
        self._limits = limits
        self._free = asyncio.Semaphore(limits.processes)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._dead: list[_Worker] = []
        self.replaced = 0

    async def start(self) -> None:
        """Starts every worker, so that the first call finds one ready."""
        missing = self._limits.processes - len(self._idle) - len(self._busy)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(missing):
                    group.create_task(self._add())
        except* WorkerDiedError as failures:
            raise failures.exceptions[0] from None  # they all failed alike

    async def _add(self) -> None:
        self._idle.append(await self._spawn())

    async def call(self, payload: bytes, started: Callable[[], None]) -> bytes:
        """The handler's answer to `payload`.

        Args:
            payload: what the handler gets.
            started: called when a ready worker takes the payload, that is, when waiting ends.

        Raises:
            WorkerFailedError: the handler raised.
            WorkerOvertimeError: the call used up its CPU seconds.
            WorkerDiedError: the worker died or could not be started.
        """
        async with self._free:
            worker = self._take_idle() or await self._spawn()
            self._busy.add(worker)
            try:
                started()
                answer = await worker.exchange(payload)
            except BaseException:
                # Whatever interrupted the exchange left the worker in an unknown state.
                self._end(worker)
                self.replaced += 1
                raise
            finally:
                self._busy.discard(worker)
            if worker.calls >= self._limits.max_calls:
                self._end(worker)
            else:
                self._idle.append(worker)
        status, body = answer[:1], answer[1:]
        if status != DONE:
            raise WorkerFailedError(body.decode("utf-8", "replace"))
        return body

    async def close(self) -> None:
        """Kills every worker and waits until each is gone."""
        for worker in (*self._idle, *self._busy):
            self._end(worker)
        self._idle.clear()
        for worker in self._dead:
            await asyncio.to_thread(worker.process.wait)
            await worker.hang_up()
        self._dead.clear()

    def _take_idle(self) -> _Worker | None:
        """A worker that is alive; one that died while idle costs nobody an item."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.poll() is None:
                return worker
            self._end(worker)
            self.replaced += 1
        return None

    async def _spawn(self) -> _Worker:
        self._dead = [worker for worker in self._dead if worker.process.poll() is None]
        worker = await _Worker.launch(self._command)
        try:
            await worker.greet()
        except BaseException:
            self._end(worker)
            raise
        return worker

    def _end(self, worker: _Worker) -> None:
        worker.kill()
        self._dead.append(worker)


class _Worker:
    """One process with the socket to it."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.process = process
        self.calls = 0
        self._reader = reader
        self._writer = writer

    @classmethod
    async def launch(cls, command: tuple[str, ...]) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: ASYNC220, S603 - our own interpreter and module
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,  # a handler's prints are nobody's answer
                start_new_session=True,  # so that kill() takes its children along
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        try:
            reader, writer = await asyncio.open_connection(sock=ours)
        except BaseException:  # cancelled in between: nobody else knows of this process yet
            process.kill()
            process.wait()
            raise
        return cls(process, reader, writer)

    async def greet(self) -> None:
        """Waits until the handler is loaded.

        Raises:
            WorkerDiedError: it cannot be.
        """
        try:
            async with asyncio.timeout(_START_SECONDS):
                greeting = await self._receive()
        except TimeoutError:
            raise WorkerDiedError(f"a worker did not start in {_START_SECONDS:g} s") from None
        if greeting[:1] != READY:
            raise WorkerDiedError(f"a worker could not start: {greeting[1:].decode()}")

    async def exchange(self, payload: bytes) -> bytes:
        self.calls += 1
        try:
            self._writer.write(pack(payload))
            await self._writer.drain()
        except ConnectionError as error:
            raise self._died() from error
        return await self._receive()

    async def _receive(self) -> bytes:
        try:
            size = HEADER.unpack(await self._reader.readexactly(HEADER.size))[0]
            return await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise self._died() from error

    def _died(self) -> WorkerDiedError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.2)  # it has hung up, so it is gone or about to be
        code = self.process.returncode
        if code == -signal.SIGPROF:
            return WorkerOvertimeError("the call used up its CPU seconds")
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return WorkerDiedError(f"the worker process died ({how})")

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self._writer.close()

    async def hang_up(self) -> None:
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
