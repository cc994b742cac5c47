"""What can be set."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WARM: Final = (
    *("abc", "array", "bisect", "cmath", "collections", "contextlib", "copy", "dataclasses"),
    *("datetime", "decimal", "enum", "fractions", "functools", "heapq", "io"),
    *("itertools", "json", "math", "numbers", "operator", "os", "random", "re"),
    *("statistics", "string", "sys", "threading", "time", "typing"),
)
"""Imported before any program runs: what programs use most, and none of it costs a fork much."""

_INTERPRETERS: Final = ("/usr/bin/python3.11", "/usr/bin/python3", "/usr/local/bin/python3")


def default_interpreter() -> Path:
    """The first of the usual places where there is one; else what this process runs on."""
    found = next((path for path in map(Path, _INTERPRETERS) if path.exists()), None)
    return found or Path(sys.base_prefix) / "bin" / "python3"


def default_packages() -> tuple[Path, ...]:
    """What `make install` built for programs beside this package, if they can read it."""
    folder = Path(__file__).resolve().parents[1] / ".submissions"
    return () if closed(folder) else (folder,)


def closed(path: Path) -> str:
    """What keeps programs, which run as another user, from a file or folder; empty if nothing."""
    if not path.exists():
        return f"{path} does not exist, or is closed to us"
    if os.geteuid() != 0:  # programs run as this very user
        return "" if os.access(path, os.R_OK) else f"{path} is closed to us"
    shut = (step for step in (path, *path.parents) if not step.stat().st_mode & stat.S_IXOTH)
    first = next(shut, None)
    return f"{path}: {first} is closed to other users" if first is not None else ""


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """How programs are run.

    Attributes:
        interpreter: absolute path of the Python that programs get, readable by every user.
        packages: folders it imports from beside its standard library, readable by every user.
        warm: modules imported before any program runs.
        slots: programs at once; 0 for one per core.
        runs_per_jail: a jail is replaced after so many programs, >= 1.
        allow_weak_isolation: run programs even where there are no namespaces.
        first_uid: the first of the user numbers that jails take, two per slot; when root.
        build_cache_bytes: what compiled programs may take in memory.
        tools: absolute paths of compilers and interpreters by their usual name.
    """

    interpreter: Path = field(default_factory=default_interpreter)
    packages: tuple[Path, ...] = field(default_factory=default_packages)
    warm: tuple[str, ...] = WARM
    slots: int = 0
    runs_per_jail: int = 2000
    allow_weak_isolation: bool = False
    first_uid: int = 500_000
    build_cache_bytes: int = 256 * 1024**2
    tools: Mapping[str, str] = field(default_factory=dict)

    def problem(self) -> str:
        """Why programs cannot be run with these settings; empty if they can."""
        for name, path in (
            ("interpreter", self.interpreter.resolve()),
            *(("packages", folder) for folder in self.packages),
        ):
            if why := closed(path):
                return f"code.{name}: {why}"
        return ""

    @property
    def slot_count(self) -> int:
        """Programs at once."""
        return self.slots or len(os.sched_getaffinity(0))
