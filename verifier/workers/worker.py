"""One worker process with the socket to it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

from verifier.errors import WorkerDiedError
from verifier.workers.frames import HEADER, READY, pack

_START_SECONDS: Final = 60.0  # loading a handler may import torch on a busy machine
_PAGE_BYTES: Final = resource.getpagesize()


class WorkerOvertimeError(WorkerDiedError):
    """A call used up its CPU seconds, and its worker with it."""


class WorkerStartError(WorkerDiedError):
    """No worker can be started, now or a moment ago: no payload's fault."""


class Worker:
    """A process that answers one payload after the other; `launch` makes one.

    Attributes:
        process: the process.
        calls: payloads it was given.
        first_bytes: resident memory after its first answer; 0 before.
        succeeded: whether another one stands in its place already.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.process = process
        self.calls = 0
        self.first_bytes = 0
        self.succeeded = False
        self._reader = reader
        self._writer = writer

    @classmethod
    async def launch(cls, command: tuple[str, ...]) -> Worker:
        """Starts a process; it is not ready before `greet` has returned."""
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
            WorkerStartError: it cannot be.
        """
        try:
            async with asyncio.timeout(_START_SECONDS):
                greeting = await self._receive()
        except TimeoutError:
            raise WorkerStartError(f"a worker did not start in {_START_SECONDS:g} s") from None
        except WorkerDiedError as error:
            raise WorkerStartError(f"{error} while it started") from None
        if greeting[:1] != READY:
            raise WorkerStartError(f"a worker could not start: {greeting[1:].decode()}")

    async def exchange(self, payload: bytes) -> bytes:
        """Gives a payload, takes the answer.

        Raises:
            WorkerOvertimeError: the call used up its CPU seconds.
            WorkerDiedError: the process is gone.
        """
        self.calls += 1
        try:
            self._writer.write(pack(payload))
            await self._writer.drain()
        except ConnectionError as error:
            raise self._died() from error
        return await self._receive()

    def resident_bytes(self) -> int:
        """Its memory now; 0 if it cannot be told."""
        try:
            fields = Path(f"/proc/{self.process.pid}/statm").read_bytes().split()
        except OSError:
            return 0
        return int(fields[1]) * _PAGE_BYTES

    def kill(self) -> None:
        """Ends the process and its children at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self._writer.close()

    async def hang_up(self) -> None:
        """Waits until the socket is closed."""
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

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
