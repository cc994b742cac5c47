"""What a program loses before its first line: descriptors, limits, user, capabilities, calls."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from typing import Any, Final

from sandbox.jail import kernel

_FIRST_OWN: Final = 3  # descriptors 0, 1 and 2 are the program's input, output and errors
_PARKED: Final = 64  # where descriptors wait while their places are made free
_HIGHEST: Final = 4096
_FIRST_TO_GO: Final = b"1000"

# Where nothing counts the memory of all its processes together, each is held to it alone. An
# interpreter maps far more than it uses.
_ADDRESS_SPACE_SLACK: Final = 256 * 1024**2


def prepare(config: dict[str, Any]) -> None:
    """Gives up in the zygote already what neither it nor any program needs."""
    config["filter"] = bytes.fromhex(config["filter"]) if config["filter"] else None
    os.umask(0o022)
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE):
        resource.setrlimit(limit, (0, 0))
    kernel.drop_bounding_set()
    with contextlib.suppress(PermissionError):  # there are none that it could give up
        os.setgroups([])
    kernel.forbid_new_privileges()
    if config["own_filter"]:
        kernel.install_filter(bytes.fromhex(config["own_filter"]))


def place(descriptors: list[int]) -> list[int]:
    """Puts the descriptors given at 0, 1, 2, … and closes all others; those from 3 on."""
    parked = [os.dup2(old, _PARKED + index) for index, old in enumerate(descriptors)]
    for index, old in enumerate(parked):
        os.dup2(old, index)
    count = len(parked)
    os.closerange(count, _HIGHEST)
    return list(range(_FIRST_OWN, count))


def confine(request: dict[str, Any], config: dict[str, Any]) -> None:
    """Gives up every power for good.

    Args:
        request: the limits, "uid" to become or None, "counted" whether a cgroup counts memory.
        config: the zygote's.
    """
    _go_first()
    os.chdir(request["scratch"])
    for number in (signal.SIGPIPE, signal.SIGXFSZ) if request["runner"] == "native" else ():
        signal.signal(number, signal.SIG_DFL)
    _set_limits(request)
    if request["uid"] is not None:
        os.setresgid(request["uid"], request["uid"], request["uid"])
        os.setresuid(request["uid"], request["uid"], request["uid"])
    kernel.drop_capabilities()
    if config["filter"] is not None:
        kernel.install_filter(config["filter"])


def _go_first() -> None:
    """Where memory runs out, the kernel ends programs, and never the zygote."""
    with contextlib.suppress(OSError):
        score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(score, _FIRST_TO_GO)
        os.close(score)


def _set_limits(request: dict[str, Any]) -> None:
    seconds = request["cpu_seconds"]
    limits = [
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, request["file_size"]),
        (resource.RLIMIT_NOFILE, request["open_files"]),
        (resource.RLIMIT_STACK, request["stack_bytes"]),
    ]
    if not request["counted"]:
        limits.append((resource.RLIMIT_AS, request["memory_bytes"] + _ADDRESS_SPACE_SLACK))
        if request["processes"] is not None:
            limits.append((resource.RLIMIT_NPROC, request["processes"]))
    for limit, value in limits:
        resource.setrlimit(limit, (value, value))


def empty(folder: str) -> None:
    """Removes what a program left in its scratch, where that does not vanish by itself."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            empty(path)
            os.rmdir(path)
        else:
            os.unlink(path)


def kill_descendants() -> None:
    """Kills every process below this one, where no namespace dies with it."""
    while found := _descendants(os.getpid()):
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            except PermissionError:
                return
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return


def _descendants(root: int) -> list[int]:
    """Live processes whose line of parents leads to `root`."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                with open(f"/proc/{name}/stat", "rb") as stat:
                    fields = stat.read().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields[0] != b"Z":
                parents[int(name)] = int(fields[1])
    below = []
    for pid in parents:
        ancestor = pid
        while ancestor in parents and ancestor != root:
            ancestor = parents[ancestor]
        if ancestor == root and pid != root:
            below.append(pid)
    return below
