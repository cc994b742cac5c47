"""One run in a jail: a program, or two that talk to each other; descriptors, clocks, and the end.

Output goes to files in memory rather than pipes: nobody has to keep reading, a flood ends at the
file size limit, and an orphan that holds a descriptor open holds nobody up.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sandbox import memory_files
from sandbox.execution import Execution, SandboxError, Status
from sandbox.jail.report import REPORT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sandbox.execution import Limits
    from sandbox.jail_process import Jail

_STDERR_KEPT: Final = 8192  # bytes
_MIN_CHECK_SECONDS: Final = 0.01  # between two looks at the CPU time of a program near its limit
_MAX_CHECK_SECONDS: Final = 0.5  # between two looks at anything
_BASE_PROCESSES: Final = 2  # nsjail and the zygote
_KERNEL_BYTES: Final = 4 * 1024**2  # page tables, namespaces, pipes: the cgroup counts these, too
_OPEN_FILES: Final = 256
_END_SECONDS: Final = 30.0  # for a killed program to be gone, on a busy machine
_CORES: Final = os.cpu_count() or 1
_ENDED_BY: Final[dict[int, Status]] = {
    signal.SIGXCPU: Status.CPU_LIMIT,
    signal.SIGXFSZ: Status.OUTPUT_LIMIT,
}
_NO_PROCESS: Final = (b"Resource temporarily unavailable", b"can't start new thread")
_FULL: Final = (b"No space left on device", b"File too large", b"Disk quota exceeded")


@dataclass(frozen=True, slots=True)
class Job:
    """One program to run.

    Attributes:
        runner: name of the function in `sandbox.jail.runners`.
        payload: what it reads first: source, calls, a command.
        stdin: the program's standard input.
        wants_results: whether it gets a descriptor for results.
        descriptors: further ones it gets after these; borrowed, not closed.
        reserved_bytes: address space that it reserves beside its memory, and hardly uses.
    """

    runner: str
    payload: bytes
    stdin: bytes = b""
    wants_results: bool = False
    descriptors: tuple[int, ...] = ()
    reserved_bytes: int = 0


async def execute(
    jail: Jail,
    jobs: Sequence[Job],
    limits: Limits,
    queue_seconds: float = 0.0,
    handed_over: Callable[[], None] | None = None,
) -> list[Execution]:
    """Runs programs side by side, each in namespaces of its own, until the first has ended.

    Args:
        jail: where; nothing else may run in it meanwhile.
        jobs: what; all but the first are there for the first and end with it.
        limits: of all of them together.
        queue_seconds: what the caller waited so far, for the record.
        handed_over: called once the programs have the jobs' descriptors, so that the caller can
            close its own: whoever waits for the end of a channel sees it when all are closed.

    Returns:
        One execution per job.

    Raises:
        SandboxError: the jail broke; nothing is known of the programs.
        asyncio.CancelledError: the caller has gone; the programs are killed.
    """
    run = _Run(jail, limits, [_Program(job, limits) for job in jobs])
    try:
        await run.start()
        if handed_over is not None:
            handed_over()
        await run.wait()
        return run.executions(queue_seconds)
    except OSError as error:
        raise SandboxError(f"the jail broke: {error}") from error
    finally:
        run.close()


class _Program:
    """One of the programs: what it was given, and what is known of its end."""

    def __init__(self, job: Job, limits: Limits) -> None:
        self._job = job
        self._limit = limits.output_bytes
        self._stdout = memory_files.empty("stdout")
        self._stderr = memory_files.empty("stderr")
        self._results = memory_files.empty("results") if job.wants_results else -1
        self._files = [
            memory_files.sealed("stdin", job.stdin),
            self._stdout,
            self._stderr,
            memory_files.sealed("payload", job.payload),
        ]
        if job.wants_results:
            self._files.append(self._results)
        self.report, self.theirs = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.handle = -1
        self._ended = False
        self.status = 0
        self.cpu_seconds = 0.0
        self.peak_bytes = 0

    @property
    def runner(self) -> str:
        return self._job.runner

    @property
    def reserved_bytes(self) -> int:
        return self._job.reserved_bytes

    def floods(self) -> bool:
        """Whether it has written more than it may."""
        return max(map(memory_files.size, (self._stdout, self._stderr))) > self._limit

    @property
    def given(self) -> list[int]:
        """What it gets as 0, 1, 2, … and the report's descriptor."""
        return [*self._files, *self._job.descriptors, self.theirs]

    def kill(self) -> None:
        if self.handle >= 0 and not self._ended:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def read_report(self) -> None:
        """Takes the report.

        Raises:
            SandboxError: there is none: the zygote has gone.
        """
        line = os.read(self.report, REPORT.size)
        if len(line) != REPORT.size:
            raise SandboxError("a jail lost a program")
        self.status, self.cpu_seconds, self.peak_bytes = REPORT.unpack(line)
        self._ended = True

    def output(self) -> tuple[bytes, bytes, bytes, bool]:
        """Standard output, the end of the errors, results; whether either was too much."""
        stdout, flood = memory_files.beginning(self._stdout, self._limit)
        stderr, errors_flood = memory_files.end(self._stderr, _STDERR_KEPT, self._limit)
        results, results_flood = b"", False
        if self._results >= 0:
            results, results_flood = memory_files.beginning(self._results, self._limit)
        return stdout, stderr, results, flood or errors_flood or results_flood

    def close_theirs(self) -> None:
        if self.theirs >= 0:
            os.close(self.theirs)
            self.theirs = -1

    def close(self) -> None:
        self.kill()
        self.close_theirs()
        for descriptor in (*self._files, self.report, self.handle):
            if descriptor >= 0:
                os.close(descriptor)


class _Run:
    """Programs that run side by side, from their fork to their end."""

    def __init__(self, jail: Jail, limits: Limits, programs: list[_Program]) -> None:
        self._jail = jail
        self._limits = limits
        self._programs = programs
        self._why: Status | None = None  # we killed them because of this
        self._before = (0.0, 0, 0)  # CPU seconds, kills for memory, refused processes
        self._base_bytes = 0
        self._started = 0.0
        self._wall = 0.0
        self._forked = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Sets the limits, and forks."""
        cgroup, limits, count = self._jail.cgroup, self._limits, len(self._programs)
        if cgroup is not None:
            cgroup.limit_memory(self._jail.base_bytes + limits.memory_bytes + _KERNEL_BYTES)
            # Of each program there is its init, too.
            cgroup.limit_processes(_BASE_PROCESSES + 2 * count - 1 + limits.processes)
            cgroup.reset_peak()
            self._base_bytes = cgroup.memory_bytes()
            kills, refusals = cgroup.memory_kills(), cgroup.process_refusals()
            self._before = (cgroup.cpu_seconds(), kills, refusals)
        given: list[int] = []
        requests: list[dict[str, Any]] = []
        for program in self._programs:
            indices = list(range(len(given), len(given) + len(program.given)))
            requests.append(self._request(program) | {"descriptors": indices})
            given += program.given
        asked = time.monotonic()
        handles = await self._jail.fork(requests, given)
        self._started = time.monotonic()
        self._forked = self._started - asked
        for program, handle in zip(self._programs, handles, strict=True):
            program.handle = handle
            program.close_theirs()
        self._watch_later(limits.cpu_seconds / _CORES)

    def _request(self, program: _Program) -> dict[str, Any]:
        limits, jail = self._limits, self._jail
        return {
            "runner": program.runner,
            "scratch": jail.scratch,
            "uid": jail.program_uid,
            "counted": jail.cgroup is not None,
            "cpu_seconds": int(limits.cpu_seconds) + 2,
            "file_size": max(limits.output_bytes, limits.file_bytes) + 1,
            "file_bytes": limits.file_bytes,
            "memory_bytes": limits.memory_bytes + program.reserved_bytes,
            "processes": self._process_limit(),
            "stack_bytes": limits.stack_bytes,
            "open_files": _OPEN_FILES,
        }

    def _process_limit(self) -> int | None:
        """What a user's limit must be to mean this run's; None if it would count others, too."""
        jail, limit = self._jail, self._limits.processes
        if jail.program_uid is not None:
            return limit
        # The zygote and the inits are of the same user, in a user namespace of their own.
        return limit + 1 + len(self._programs) if jail.namespaces else None

    async def wait(self) -> None:
        """Waits for the first program's end, ends the others, and takes the reports."""
        first, *others = self._programs
        await self._reported(first, self._limits.wall_seconds + _END_SECONDS)
        self._wall = time.monotonic() - self._started
        for program in others:
            program.kill()
            await self._reported(program, _END_SECONDS)

    async def _reported(self, program: _Program, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        ended = loop.create_future()
        loop.add_reader(program.report, _mark, ended)
        try:
            async with asyncio.timeout(seconds):
                await ended
        except TimeoutError:
            raise SandboxError("a killed program did not end") from None
        finally:
            loop.remove_reader(program.report)
        program.read_report()

    def _watch_later(self, seconds: float) -> None:
        left = self._started + self._limits.wall_seconds - time.monotonic()
        delay = max(min(seconds, left, _MAX_CHECK_SECONDS), _MIN_CHECK_SECONDS)
        self._timer = asyncio.get_running_loop().call_later(delay, self._watch)

    def _watch(self) -> None:
        """Looks at the clocks; kills what is over a limit."""
        used = self._cpu_used()
        if used > self._limits.cpu_seconds:
            self._end(Status.CPU_LIMIT)
        elif any(program.floods() for program in self._programs):
            self._end(Status.OUTPUT_LIMIT)
        elif time.monotonic() - self._started >= self._limits.wall_seconds:
            self._end(Status.WALL_LIMIT)
        else:
            self._watch_later((self._limits.cpu_seconds - used) / _CORES)

    def _cpu_used(self) -> float:
        """CPU seconds of all processes so far; 0 if nothing counts them yet."""
        if self._jail.cgroup is None:
            return sum(program.cpu_seconds for program in self._programs)
        return self._jail.cgroup.cpu_seconds() - self._before[0]

    def _end(self, why: Status) -> None:
        self._why = why
        for program in self._programs:
            program.kill()

    def executions(self, queue_seconds: float) -> list[Execution]:
        """What came out, once all have ended."""
        used = self._cpu_used()
        cgroup = self._jail.cgroup
        peak = cgroup.peak_bytes() if cgroup is not None else 0
        return [
            self._execution(program, used, max(peak - self._base_bytes, 0), queue_seconds)
            for program in self._programs
        ]

    def _execution(
        self, program: _Program, used: float, peak: int, queue_seconds: float
    ) -> Execution:
        stdout, stderr, results, flood = program.output()
        why = self._why or self._reason(program.status, stderr, used)
        if why is Status.WALL_LIMIT and self._was_killed_for_memory():
            why = Status.MEMORY_LIMIT  # it waits for a child that is no more
        if flood and why is not Status.MEMORY_LIMIT:
            why = Status.OUTPUT_LIMIT
        # Of a program that we killed, how it ended says nothing.
        status = program.status if self._why is None else None
        return Execution(
            status=why,
            exit_code=os.WEXITSTATUS(status)
            if status is not None and os.WIFEXITED(status)
            else None,
            signal=os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else None,
            stdout=stdout,
            stderr=stderr,
            results=results,
            cpu_seconds=program.cpu_seconds if self._jail.cgroup is None else used,
            wall_seconds=self._wall,
            queue_seconds=queue_seconds,
            memory_bytes=peak or program.peak_bytes,
            isolation=self._jail.isolation,
            fork_seconds=self._forked,
        )

    def _reason(self, status: int, stderr: bytes, used: float) -> Status:
        """Why a program ended that we did not kill."""
        if used > self._limits.cpu_seconds:
            return Status.CPU_LIMIT
        if status == 0:
            return Status.EXITED
        last = stderr.rstrip().rpartition(b"\n")[2]
        if self._was_killed_for_memory() or last.startswith(b"MemoryError"):
            return Status.MEMORY_LIMIT
        if os.WIFSIGNALED(status):
            return _ENDED_BY.get(os.WTERMSIG(status), Status.SIGNALLED)
        if self._refused_processes(stderr):
            return Status.PROCESS_LIMIT
        full = any(words in stderr for words in _FULL)
        return Status.FILE_LIMIT if full else Status.EXITED

    def _was_killed_for_memory(self) -> bool:
        """Whether any of its processes was."""
        cgroup = self._jail.cgroup
        return cgroup is not None and cgroup.memory_kills() > self._before[1]

    def _refused_processes(self, stderr: bytes) -> bool:
        if self._jail.cgroup is not None:
            return self._jail.cgroup.process_refusals() > self._before[2]
        return any(words in stderr for words in _NO_PROCESS)

    def close(self) -> None:
        """Ends whatever still runs, and lets go of everything."""
        if self._timer is not None:
            self._timer.cancel()
        for program in self._programs:
            program.close()


def _mark(ended: asyncio.Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)
