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
        workers: processes at once; 0 leaves undecided what only SymPy could decide.
        memory_bytes: address space of each.
        work_limit_seconds: CPU seconds one answer may take, then its worker is killed and replaced
            and the answer is undecided.
        max_calls: a worker is replaced after this many answers.
    """

    workers: int = SYMBOLIC_LIMITS.processes
    memory_bytes: int = SYMBOLIC_LIMITS.memory_bytes
    work_limit_seconds: float = SYMBOLIC_LIMITS.cpu_seconds or 0.0
    max_calls: int = SYMBOLIC_LIMITS.max_calls


class FormatConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[format]``: the worker processes in which the form of long completions is checked.

    Attributes:
        workers: processes at once; 0 checks all completions inline, where others wait behind them.
        memory_bytes: address space of each.
        work_limit_seconds: CPU seconds one completion may take, then its worker is killed and
            replaced and the completion is undecided.
        max_calls: a worker is replaced after this many completions.
    """

    workers: int = FORMAT_LIMITS.processes
    memory_bytes: int = FORMAT_LIMITS.memory_bytes
    work_limit_seconds: float = FORMAT_LIMITS.cpu_seconds or 0.0
    max_calls: int = FORMAT_LIMITS.max_calls


class CodeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[code]``: the sandbox that runs programs; see `SandboxSettings` and `Limits`.

    Attributes:
        interpreter: absolute path of the Python that programs get; empty for the system's.
        packages: folders of packages it can import, readable by every user; those that came with
            the installation if not given.
        warm: modules imported before any program runs, beside those of the standard library.
        slots: programs at once; 0 for one per core.
        runs_per_jail: a jail is replaced after so many programs.
        allow_weak_isolation: run programs even where there are no namespaces.
        first_uid: the first of the user numbers that jails take, two per slot; when root.
        work_limit_seconds: the longest that all tests of one program may take.
        tools: compilers and interpreters at other places than usual, by their names.
        cpu_seconds, wall_seconds, memory_bytes, output_bytes, processes, stack_bytes, file_bytes:
            limits of each run, where a task gives none.
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
    """``[plugins]``: the worker processes of each plugin; see `WorkerLimits`.

    Attributes:
        enabled: whether installed plugins are loaded at all.
    """

    enabled: bool = True
    processes: int = WorkerLimits().processes
    memory_bytes: int = WorkerLimits().memory_bytes
    max_calls: int = WorkerLimits().max_calls
