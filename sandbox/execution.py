"""The library's words: limits in, executions out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class SandboxError(Exception):
    """The sandbox itself failed; it says nothing about any program."""


class BrokenJailError(SandboxError):
    """Two jails in a row broke while they ran one program, whether or not that was its doing."""


class Isolation(Enum):
    """How far a program is kept from everything else; the stronger, the earlier.

    Verdicts cannot be forged at any level: what decides is outside at each. What weakens is how
    well the machine, and other programs' inputs, are protected from a program.
    """

    FULL = "full"  # namespaces, seccomp, and limits on all processes of a program together
    NO_CGROUPS = "no-cgroups"  # the same, but memory and CPU time are limited per process only
    NO_NAMESPACES = "no-namespaces"  # seccomp and limits per process; files of the host are visible
    NONE = "none"  # limits per process only


class Status(Enum):
    """How a program ended."""

    EXITED = "exited"  # by itself, whatever its exit code
    SIGNALLED = "signalled"
    CPU_LIMIT = "cpu limit"
    WALL_LIMIT = "wall limit"
    MEMORY_LIMIT = "memory limit"
    OUTPUT_LIMIT = "output limit"
    PROCESS_LIMIT = "process limit"  # it failed after being refused a process or a thread
    FILE_LIMIT = "file limit"  # it failed with its scratch full


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use.

    Attributes:
        cpu_seconds: CPU time of all its processes together.
        wall_seconds: a guard against hangs, counted from its start, not from its being queued.
        memory_bytes: of all its processes together, scratch files and output included.
        output_bytes: written to standard output, and to standard error.
        processes: processes and threads at once, itself included.
        stack_bytes: of its first thread.
        file_bytes: of its scratch files together.
    """

    cpu_seconds: float = 6.0
    wall_seconds: float = 20.0
    memory_bytes: int = 512 * 1024**2
    output_bytes: int = 16 * 1024**2
    processes: int = 32
    stack_bytes: int = 64 * 1024**2
    file_bytes: int = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class Execution:
    """What came out of one run: bytes and measurements, nothing decided.

    Attributes:
        status: how it ended.
        exit_code: if it ended by itself.
        signal: if a signal ended it.
        stdout: at most the limit.
        stderr: its last bytes.
        results: what it wrote to the descriptor for results, if it had one.
        cpu_seconds: of all its processes.
        wall_seconds: from its start.
        queue_seconds: waiting for a jail.
        memory_bytes: at its peak.
        isolation: the level it ran at.
        fork_seconds: from asking the jail for it to its start.
    """

    status: Status
    exit_code: int | None
    signal: int | None
    stdout: bytes
    stderr: bytes
    results: bytes
    cpu_seconds: float
    wall_seconds: float
    queue_seconds: float
    memory_bytes: int
    isolation: Isolation
    fork_seconds: float = 0.0

    @property
    def succeeded(self) -> bool:
        """Whether it ended by itself with exit code 0."""
        return self.status is Status.EXITED and self.exit_code == 0
