"""Counting and limiting what all processes of a jail use together: cgroups, both versions.

Each jail gets a cgroup of its own below the one this process is in. Version 1 has a tree for each
controller, version 2 one for all; what differs is in which file a number stands.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from secrets import token_hex
from typing import Final, Protocol

ROOT: Final = Path("/sys/fs/cgroup")
_PREFIX: Final = "verifier-"
_REMOVE_SECONDS: Final = 2.0  # for the last process of a killed jail to be gone
_MAX_FILE: Final = 4096  # bytes of any of their files that are read
_NEEDED: Final = ("memory", "pids")


class CgroupsUnavailableError(Exception):
    """No cgroup can be made here; says why."""


class Cgroup(Protocol):
    """Limits and meters of one jail.

    Attributes:
        entrances: the files a process writes its number to in order to enter.
    """

    entrances: tuple[Path, ...]

    def limit_memory(self, max_bytes: int) -> None:
        """Bytes that all processes in it may have, swap included."""

    def limit_processes(self, count: int) -> None:
        """Processes and threads that may be in it at once."""

    def cpu_seconds(self) -> float:
        """CPU seconds used in it so far."""

    def memory_bytes(self) -> int:
        """Bytes in use now."""

    def peak_bytes(self) -> int:
        """The most bytes in use since `reset_peak`; 0 if the kernel cannot tell."""

    def reset_peak(self) -> None:
        """Begins a new measurement of the peak, where the kernel can."""

    def memory_kills(self) -> int:
        """Processes killed because of the memory limit so far."""

    def process_refusals(self) -> int:
        """Processes and threads refused because of the limit so far."""

    def remove(self) -> None:
        """Removes it; its processes must have been killed."""


def make_cgroup(name: str) -> Cgroup:
    """A new cgroup.

    Args:
        name: what it is for; two of one name are two.

    Raises:
        CgroupsUnavailableError: none can be made here.
    """
    full = f"{_PREFIX}{os.getpid()}-{name}-{token_hex(4)}"
    homes = _homes()
    try:
        if all(controller in homes for controller in _NEEDED):
            return _Version1(homes, full)
        if "" in homes:
            return _Version2(homes[""], full)
    except OSError as error:
        raise CgroupsUnavailableError(f"{error.strerror}: {error.filename}") from error
    raise CgroupsUnavailableError("no memory and pids controllers are mounted here")


def sweep() -> None:
    """Removes what processes that are gone left behind."""
    for home in _homes().values():
        for path in home.glob(f"{_PREFIX}*"):
            owner = path.name.removeprefix(_PREFIX).partition("-")[0]
            if owner.isdecimal() and not Path(f"/proc/{owner}").exists():
                # One that has processes stays: its owner may have another number where it lives.
                with contextlib.suppress(OSError):
                    path.rmdir()


def _homes() -> dict[str, Path]:
    """Where new cgroups go: by controller in version 1, under the empty name in version 2."""
    homes = {}
    for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            for root in (
                (ROOT / controller, ROOT / "unified", ROOT)
                if not controller
                else (ROOT / controller,)
            ):
                # In a container the path may be the host's: then what is mounted is our own.
                found = next(
                    (home for home in (root / path[1:], root) if (home / "cgroup.procs").is_file()),
                    None,
                )
                if found is not None:
                    homes[controller] = found
                    break
    return homes


class _Files:
    """The files of a cgroup, each opened once: they are looked at before and after every program.

    Linux 6.12 and later reset the peak for the descriptor alone that asked for it.
    """

    def __init__(self) -> None:
        self._open: dict[Path, int] = {}

    def number(self, path: Path) -> int:
        return int(self._read(path))

    def field(self, path: Path, name: str) -> int:
        for line in self._read(path).decode("ascii").splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
        return 0

    def write(self, path: Path, value: int) -> None:
        os.pwrite(self._descriptor(path), b"%d" % value, 0)

    def _read(self, path: Path) -> bytes:
        return os.pread(self._descriptor(path), _MAX_FILE, 0)

    def _descriptor(self, path: Path) -> int:
        descriptor = self._open.get(path)
        if descriptor is None:
            try:
                descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            except PermissionError:
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            self._open[path] = descriptor
        return descriptor

    def close(self) -> None:
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()


class _Version1:
    def __init__(self, homes: dict[str, Path], name: str) -> None:
        self._files = _Files()
        self._memory = homes["memory"] / name
        self._pids = homes["pids"] / name
        self._cpu = homes["cpuacct"] / name if "cpuacct" in homes else None
        self._folders = tuple(filter(None, (self._memory, self._pids, self._cpu)))
        for folder in self._folders:
            folder.mkdir()
        self.entrances = tuple(folder / "cgroup.procs" for folder in self._folders)
        self._swap = (self._memory / "memory.memsw.limit_in_bytes").is_file()
        self._limit = 0
        self._count = 0

    def limit_memory(self, max_bytes: int) -> None:
        if max_bytes == self._limit:
            return
        names = ["memory.limit_in_bytes"]
        if self._swap:  # never below the other one, so the order depends on the direction
            names.append("memory.memsw.limit_in_bytes")
        if self._limit and max_bytes > self._limit:
            names.reverse()
        for name in names:
            self._files.write(self._memory / name, max_bytes)
        self._limit = max_bytes

    def limit_processes(self, count: int) -> None:
        if count != self._count:
            self._files.write(self._pids / "pids.max", count)
            self._count = count

    def cpu_seconds(self) -> float:
        if self._cpu is None:
            return 0.0
        return self._files.number(self._cpu / "cpuacct.usage") / 1e9

    def memory_bytes(self) -> int:
        return self._files.number(self._memory / "memory.usage_in_bytes")

    def peak_bytes(self) -> int:
        return self._files.number(self._memory / "memory.max_usage_in_bytes")

    def reset_peak(self) -> None:
        self._files.write(self._memory / "memory.max_usage_in_bytes", 0)

    def memory_kills(self) -> int:
        return self._files.field(self._memory / "memory.oom_control", "oom_kill")

    def process_refusals(self) -> int:
        return self._files.field(self._pids / "pids.events", "max")

    def remove(self) -> None:
        self._files.close()
        for folder in self._folders:
            _remove(folder)


class _Version2:
    def __init__(self, home: Path, name: str) -> None:
        self._files = _Files()
        offered = (home / "cgroup.controllers").read_text(encoding="ascii").split()
        missing = [controller for controller in _NEEDED if controller not in offered]
        if missing:
            raise CgroupsUnavailableError(f"{home} offers no {', '.join(missing)} controller")
        enabled = (home / "cgroup.subtree_control").read_text(encoding="ascii").split()
        for controller in _NEEDED:
            if controller not in enabled:
                _enable(home, controller)
        self._folder = home / name
        self._folder.mkdir()
        self._resettable = True
        self.entrances: tuple[Path, ...] = (self._folder / "cgroup.procs",)
        self._limit = 0
        self._count = 0

    def limit_memory(self, max_bytes: int) -> None:
        if max_bytes != self._limit:
            self._files.write(self._folder / "memory.max", max_bytes)
            if (self._folder / "memory.swap.max").is_file():
                self._files.write(self._folder / "memory.swap.max", 0)
            self._limit = max_bytes

    def limit_processes(self, count: int) -> None:
        if count != self._count:
            self._files.write(self._folder / "pids.max", count)
            self._count = count

    def cpu_seconds(self) -> float:
        return self._files.field(self._folder / "cpu.stat", "usage_usec") / 1e6

    def memory_bytes(self) -> int:
        return self._files.number(self._folder / "memory.current")

    def peak_bytes(self) -> int:
        return self._files.number(self._folder / "memory.peak") if self._resettable else 0

    def reset_peak(self) -> None:
        try:
            self._files.write(self._folder / "memory.peak", 0)
        except OSError:  # before Linux 6.12
            self._resettable = False

    def memory_kills(self) -> int:
        return self._files.field(self._folder / "memory.events", "oom_kill")

    def process_refusals(self) -> int:
        return self._files.field(self._folder / "pids.events", "max")

    def remove(self) -> None:
        self._files.close()
        _remove(self._folder)


def _enable(home: Path, controller: str) -> None:
    """Hands a controller down to new cgroups below `home`.

    Only a cgroup without processes of its own may; so those in it, us among them, move aside.
    """
    control = home / "cgroup.subtree_control"
    try:
        control.write_text(f"+{controller}", encoding="ascii")
    except OSError:
        aside = home / "service"
        aside.mkdir(exist_ok=True)
        for pid in (home / "cgroup.procs").read_text(encoding="ascii").split():
            with contextlib.suppress(OSError):
                (aside / "cgroup.procs").write_text(pid, encoding="ascii")
        control.write_text(f"+{controller}", encoding="ascii")


def _kill_all(folder: Path) -> None:
    for pid in (folder / "cgroup.procs").read_text(encoding="ascii").split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), 9)


def _remove(folder: Path) -> None:
    deadline = time.monotonic() + _REMOVE_SECONDS
    while True:
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            if time.monotonic() > deadline:
                return
            with contextlib.suppress(OSError):
                _kill_all(folder)
            time.sleep(0.005)
        else:
            return
