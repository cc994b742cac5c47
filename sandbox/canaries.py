"""What isolation there really is: programs that try to get out, run before anybody else's.

Nothing is concluded from settings or versions. A level counts only if every canary that it
promises to stop was stopped, in a jail like all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sandbox.cgroups import CgroupsUnavailableError
from sandbox.execution import Execution, Isolation, Limits, SandboxError, Status
from sandbox.jail_process import Jail
from sandbox.run import Job, execute

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.jail_process import JailSettings

_MIB: Final = 1024**2
_LIMITS: Final = Limits(
    cpu_seconds=5.0, wall_seconds=30.0, memory_bytes=64 * _MIB, processes=8, file_bytes=4 * _MIB
)
_NAMESPACED: Final = frozenset({Isolation.FULL, Isolation.NO_CGROUPS})
_FILTERED: Final = _NAMESPACED | {Isolation.NO_NAMESPACES}
_ALL: Final = frozenset(Isolation)


@dataclass(frozen=True, slots=True)
class Canary:
    """A program, and what becomes of it where it is stopped.

    Attributes:
        name: what must not work.
        source: the program; prints "stopped" unless it gets its way.
        levels: where it must be stopped.
        held: whether it was, by what came of it.
    """

    name: str
    source: str
    levels: frozenset[Isolation]
    held: Callable[[Execution], bool] = lambda ran: ran.stdout == b"stopped\n"


def _attempt(statement: str, imports: str = "os", errors: str = "OSError") -> str:
    return f"import {imports}\ntry:\n    {statement}\nexcept {errors}:\n    print('stopped')\n"


CANARIES: Final = (
    Canary("a program cannot run", "print('stopped')\n", _ALL),
    Canary(
        "a socket",
        _attempt("socket.socket(socket.AF_UNIX)", "socket"),
        _FILTERED,
    ),
    Canary(
        "a namespace of one's own",
        "import ctypes\nl = ctypes.CDLL(None)\n"
        "print('got it' if l.unshare(0x10000000) == 0 else 'stopped')\n",
        _FILTERED,
    ),
    Canary(
        "seeing other processes",
        "import os\nseen = [p for p in os.listdir('/proc') if p.isdecimal()]\n"
        "print('stopped' if sorted(seen) == ['1', '2'] else seen)\n",
        _NAMESPACED,
    ),
    Canary("reading the host's files", _attempt("os.listdir('/root')"), _NAMESPACED),
    Canary("writing to the system", _attempt("open('/usr/canary', 'w')"), _NAMESPACED),
    Canary(
        "a capability",
        "lines = open('/proc/self/status').read().split('\\n')\n"
        "caps = [l.split()[1] for l in lines if l.startswith(('CapPrm', 'CapEff', 'CapBnd'))]\n"
        "print('stopped' if not any(int(c, 16) for c in caps) else caps)\n",
        _NAMESPACED,
    ),
    Canary(
        "a full scratch",
        _attempt("open('/tmp/canary', 'wb').write(bytes(8 << 20))"),
        _NAMESPACED,
    ),
    Canary(
        "more memory than allowed",
        "held = [bytes([i]) * (1 << 20) for i in range(200)]\nprint('got it')\n",
        frozenset({Isolation.FULL}),
        lambda ran: ran.status is Status.MEMORY_LIMIT,
    ),
    Canary(
        "more processes than allowed",
        "import os, time\nfor _ in range(30):\n    if os.fork() == 0:\n"
        "        time.sleep(5)\n        os._exit(0)\nprint('got it')\n",
        frozenset({Isolation.FULL}),
        lambda ran: ran.status is Status.PROCESS_LIMIT,
    ),
)


@dataclass(frozen=True, slots=True)
class Found:
    """The strongest level there is.

    Attributes:
        isolation: the level.
        why: what the next stronger one lacks; empty at FULL.
    """

    isolation: Isolation
    why: str


async def strongest(settings: JailSettings) -> Found:
    """Tries every level, the strongest first.

    Raises:
        SandboxError: not even a plain process can be run; says why.
    """
    why = ""
    for isolation in Isolation:
        lacks = await _lacks(settings, isolation)
        if not lacks:
            return Found(isolation, why)
        why = f"{isolation.value}: {lacks}" + (f"; {why}" if why else "")
    raise SandboxError(f"programs cannot be run here: {why}")


async def _lacks(settings: JailSettings, isolation: Isolation) -> str:
    """What is wrong at a level; empty if it is what it promises to be."""
    jail = Jail(settings, 0, isolation)
    try:
        await jail.start()
        for canary in CANARIES:
            if isolation in canary.levels:
                job = Job("script", canary.source.encode())
                ran = (await execute(jail, [job], _LIMITS))[0]
                if not canary.held(ran):
                    said = (ran.stdout[-200:] + ran.stderr[-200:]).decode("utf-8", "replace")
                    return f"not stopped: {canary.name} ({ran.status.value}: {said.strip()})"
    except (SandboxError, CgroupsUnavailableError, OSError) as error:
        return str(error)
    finally:
        jail.kill()
    return ""
