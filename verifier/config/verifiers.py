"""``[math]``, ``[format]``, ``[code]`` and ``[plugins]``: the processes that verifiers work in."""

from __future__ import annotations

import msgspec

from sandbox.execution import Limits
from sandbox.settings import SandboxSettings
from verifier.outcome.code import CodeSettings
from verifier.outcome.format import FORMAT_LIMITS
from verifier.outcome.math import SYMBOLIC_LIMITS
from verifier.workers.pool import WorkerLimits


class MathConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[math]``: the worker processes in which SymPy looks at what nothing else could decide.

    Attributes:
        workers: processes at once; 0 starts none, and what only SymPy could decide is UNSCORED.
        memory_bytes: address space of each; one that needs more is replaced, and its answer is
            UNSCORED.
        work_limit_seconds: CPU seconds that one answer may take there; then its process is killed
            and replaced, and the answer is UNSCORED.
        max_calls: answers after which a process is replaced, so that leaks end with it.
    """

    workers: int = SYMBOLIC_LIMITS.processes
    memory_bytes: int = SYMBOLIC_LIMITS.memory_bytes
    work_limit_seconds: float = SYMBOLIC_LIMITS.cpu_seconds or 0.0
    max_calls: int = SYMBOLIC_LIMITS.max_calls


class FormatConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[format]``: the worker processes in which the form of long completions is checked.

    Attributes:
        workers: processes at once; 0 checks all completions in the service's own process, where
            other items wait behind a long one.
        memory_bytes: address space of each.
        work_limit_seconds: CPU seconds that one completion may take there; then its process is
            killed and replaced, and the completion is UNSCORED.
        max_calls: completions after which a process is replaced, so that leaks end with it.
    """

    workers: int = FORMAT_LIMITS.processes
    memory_bytes: int = FORMAT_LIMITS.memory_bytes
    work_limit_seconds: float = FORMAT_LIMITS.cpu_seconds or 0.0
    max_calls: int = FORMAT_LIMITS.max_calls


class CodeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[code]``: the sandbox that runs programs, and the limits of each run.

    The limits hold where a task gives none of its own.

    Attributes:
        interpreter: absolute path of the Python that programs get; empty for the system's, never
            the service's own.
        packages: folders of packages that programs can import, readable by every user; not given:
            ``.submissions``, which comes with an installation from source.
        warm: modules imported before any program runs, beside those of the standard library, so
            that programs which import them start sooner.
        slots: programs at once; 0 for one per core.
        runs_per_jail: programs after which a jail is replaced.
        allow_weak_isolation: whether programs are run even where there are no namespaces: they can
            then read the files of this machine that every user can. Takes root.
        first_uid: the first of the user numbers that jails take, two per slot, if the service is
            root; no user of this machine may have one of them.
        work_limit_seconds: seconds on the clock that all tests of one program may take, from the
            start of the first.
        tools: compilers and interpreters at other places than ``/usr/bin``: absolute paths by their
            names.
        cpu_seconds: CPU seconds of one run, of all its processes together.
        wall_seconds: seconds on the clock of one run, a guard against hangs.
        memory_bytes: memory of one run, its scratch files and output included.
        output_bytes: what one run may write to standard output, and as much to standard error.
        processes: processes and threads of one run at once.
        stack_bytes: stack of its first thread.
        file_bytes: its scratch files together.
    """

    interpreter: str = ""
    packages: tuple[str, ...] | None = None
    warm: tuple[str, ...] = ()
    slots: int = SandboxSettings().slots
    runs_per_jail: int = SandboxSettings().runs_per_jail
    allow_weak_isolation: bool = False
    first_uid: int = SandboxSettings().first_uid
    work_limit_seconds: float = CodeSettings().work_limit_seconds
    tools: dict[str, str] = msgspec.field(default_factory=dict)
    cpu_seconds: float = Limits().cpu_seconds
    wall_seconds: float = Limits().wall_seconds
    memory_bytes: int = Limits().memory_bytes
    output_bytes: int = Limits().output_bytes
    processes: int = Limits().processes
    stack_bytes: int = Limits().stack_bytes
    file_bytes: int = Limits().file_bytes


class PluginsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[plugins]``: installed plugins, and the worker processes of each.

    Attributes:
        enabled: whether installed plugins are loaded at all.
        processes: worker processes of each plugin.
        memory_bytes: address space of each worker.
        max_calls: calls after which a worker is replaced, so that leaks end with it.
    """

    enabled: bool = True
    processes: int = WorkerLimits().processes
    memory_bytes: int = WorkerLimits().memory_bytes
    max_calls: int = WorkerLimits().max_calls
