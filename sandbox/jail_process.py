"""One jail: nsjail with a warmed zygote in it, and the socket to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox import memory_files
from sandbox.cgroups import make_cgroup
from sandbox.execution import Isolation, SandboxError
from sandbox.seccomp import program_filter, zygote_filter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sandbox.cgroups import Cgroup

_START_SECONDS: Final = 60.0  # warm imports on a busy machine
_ANSWER_SECONDS: Final = 30.0  # a fork on a busy machine
_GOODBYE_SECONDS: Final = 1.0  # for a jail to end by itself, which leaves no orphans behind
_STDERR_KEPT: Final = 9096
_ZYGOTE_UID: Final = 0
_PROGRAM_UID: Final = 1000
_UIDS_PER_SLOT: Final = 2
# Our own sources need not be readable by the jailed user: they come through a descriptor.
_LOADER: Final = """
import os, sys
hooks, register = [], os.register_at_fork
os.register_at_fork = lambda **hook: hooks.append(hook)
import importlib.abc, importlib.util, json, socket

class Sent(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    def find_spec(self, name, path=None, target=None):
        if name in sources:
            return importlib.util.spec_from_loader(name, self, is_package=self.is_package(name))
    def is_package(self, name):
        return any(other.startswith(name + ".") for other in sources)
    def get_source(self, name):
        return sources[name]

with open(int(sys.argv[1]), "rb") as file:
    sources, config = json.load(file)
sent = Sent()
sys.meta_path.insert(0, sent)
from sandbox.jail import warmth, zygote
sys.meta_path.remove(sent)
control = socket.socket(fileno=int(sys.argv[2]))
zygote.main(config, control, warmth.Warmth(register, hooks))
"""


@dataclass(frozen=True, slots=True)
class JailSettings:
    """What all jails have in common.

    Attributes:
        interpreter: absolute path of the Python that programs get; readable by every user.
        packages: folders it imports from beside its standard library, readable by every user.
        warm: modules imported before any program runs.
        first_uid: of the host's user numbers that jails use, two each; root only.
        nsjail: path of the binary.
    """

    interpreter: Path
    packages: tuple[Path, ...]
    warm: tuple[str, ...]
    first_uid: int
    nsjail: Path


class Jail:
    """A running jail.

    Args:
        settings: common to all.
        index: of its slot, which decides its users.
        isolation: the level to run at.

    Attributes:
        version: of the interpreter in it.
        runs: programs it has forked so far.
        cgroup: counts what is in it; None below the level FULL.
        base_bytes: memory the zygote itself takes.
    """

    def __init__(self, settings: JailSettings, index: int, isolation: Isolation) -> None:
        self.settings = settings
        self.index = index
        self.isolation = isolation
        self.version = ""
        self.runs = 0
        self.cgroup: Cgroup | None = None
        self.base_bytes = 0
        self.scratch = "/tmp"  # noqa: S108 - the jail's own, seen from inside
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._stderr: int = -1
        self._exchanging = False
        self._spoilt = False

    @property
    def namespaces(self) -> bool:
        """Whether programs get namespaces of their own."""
        return self.isolation in (Isolation.FULL, Isolation.NO_CGROUPS)

    @property
    def program_uid(self) -> int | None:
        """The user that programs become, as seen inside; None if there is only one."""
        if os.geteuid() != 0:
            return None
        return _PROGRAM_UID if self.namespaces else self._host_uid + 1

    @property
    def _host_uid(self) -> int:
        return self.settings.first_uid + _UIDS_PER_SLOT * self.index

    async def start(self) -> None:
        """Starts it and waits until the interpreter is warm.

        Raises:
            SandboxError: it cannot be started; says what it wrote.
            CgroupsUnavailableError: the level needs a cgroup and none can be had.
        """
        try:
            await self._launch()
            greeting = await self._greeting()
        except BaseException:
            self.kill()
            raise
        if greeting["missing"]:
            self.kill()
            names = ", ".join(greeting["missing"])
            raise SandboxError(f"code.warm: {self.settings.interpreter} has no module {names}")
        self.version = greeting["version"]
        if self.cgroup is not None:
            self.base_bytes = self.cgroup.memory_bytes()

    async def _launch(self) -> None:
        if self.isolation is Isolation.FULL:
            self.cgroup = make_cgroup(str(self.index))
        if not self.namespaces:
            self.scratch = tempfile.mkdtemp(prefix="sandbox-")
            if self.program_uid is not None:
                os.chown(self.scratch, self.program_uid, self.program_uid)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        self._control = ours
        modules = memory_files.sealed("zygote", json.dumps([_sources(), self._config()]).encode())
        self._stderr = os.memfd_create("stderr", os.MFD_CLOEXEC)
        inherited = (modules, theirs.fileno())
        try:
            self._process = subprocess.Popen(  # noqa: ASYNC220, S603 - started once per slot
                self._command(inherited),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                pass_fds=inherited,
                start_new_session=True,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath)} | _environment(self.namespaces),
            )
        except OSError as error:
            raise SandboxError(f"a jail cannot be started: {error}") from error
        finally:
            theirs.close()
            os.close(modules)

    def _config(self) -> dict[str, Any]:
        seccomp = self.isolation is not Isolation.NONE
        return {
            "warm": self.settings.warm,
            "packages": [str(path) for path in self._packages()],
            "namespaces": self.namespaces,
            "filter": program_filter().hex() if seccomp else None,
            "own_filter": zygote_filter().hex() if seccomp and self.namespaces else None,
        }

    def _packages(self) -> list[Path]:
        """Where the interpreter finds the packages' folders."""
        if not self.namespaces:
            return list(self.settings.packages)
        return [Path(f"/packages/{number}") for number in range(len(self.settings.packages))]

    def _command(self, inherited: Sequence[int]) -> list[str]:
        python = [str(self.settings.interpreter), "-s", "-S", "-B", "-c", _LOADER]
        python += [str(descriptor) for descriptor in inherited]
        if not self.namespaces:
            return python
        command = [str(self.settings.nsjail), "--config", str(files("sandbox") / "policy/jail.cfg")]
        for kind in ("--user", "--group"):
            if os.geteuid() == 0:
                command += [kind, f"{_ZYGOTE_UID}:{self._host_uid}:1"]
                command += [kind, f"{_PROGRAM_UID}:{self._host_uid + 1}:1"]
            else:
                own = os.geteuid() if kind == "--user" else os.getegid()
                command += [kind, f"{_PROGRAM_UID}:{own}:1"]
        for descriptor in inherited:
            command += ["--pass_fd", str(descriptor)]
        for path, inside in zip(self.settings.packages, self._packages(), strict=True):
            command += ["--bindmount_ro", f"{path}:{inside}"]
        if not str(self.settings.interpreter).startswith("/usr/"):
            root = self.settings.interpreter.parent.parent
            command += ["--bindmount_ro", f"{root}:{root}"]
        command += ["--", *python]
        if self.cgroup is None:
            return command
        # Enters before nsjail is even loaded, so that nothing it does goes uncounted.
        enter = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; exec "$@"'
        return ["/bin/sh", "-c", enter, "sh", *map(str, self.cgroup.entrances), "--", *command]

    async def fork(
        self, requests: Sequence[dict[str, Any]], descriptors: Sequence[int]
    ) -> list[int]:
        """Has the zygote fork programs, which it then stays with until all have ended.

        Args:
            requests: see `sandbox.jail.zygote`; the "descriptors" of each are indices.
            descriptors: all that they refer to; the last of each is its report's.

        Returns:
            For each a descriptor of the first process of its namespaces; all die with that one.

        Raises:
            SandboxError: the jail is broken, or could not fork.
        """
        self.runs += len(requests)
        with self._asking() as control:
            socket.send_fds(control, [json.dumps(requests).encode()], list(descriptors))
            return await self._handles(control, len(requests))

    async def _handles(self, control: socket.socket, count: int) -> list[int]:
        """One descriptor per program, each with a message of its own."""
        handles: list[int] = []
        with contextlib.ExitStack() as on_failure:
            for _ in range(count):
                await _readable(control, _ANSWER_SECONDS)
                received = socket.recv_fds(control, 1, 1)[1]
                if not received:
                    raise SandboxError(f"the jail could not fork: {self.last_words()}")
                handles += received
                on_failure.callback(os.close, received[0])
            on_failure.pop_all()
        return handles

    async def _greeting(self) -> dict[str, Any]:
        """What the zygote says once it is warm.

        Raises:
            SandboxError: it never was; says what it wrote.
        """
        with self._asking() as control:
            await _readable(control, _START_SECONDS)
            message = control.recv(65_536)
        if not message:
            raise SandboxError(f"a jail could not start: {self.last_words()}")
        try:
            greeting: dict[str, Any] = json.loads(message)
        except ValueError:
            raise SandboxError(f"a jail said no greeting: {message[:100]!r}") from None
        return greeting

    @contextlib.contextmanager
    def _asking(self) -> Iterator[socket.socket]:
        """The socket, for one exchange; whoever leaves in its midst leaves the jail of no use."""
        control = self._control
        if control is None or self._spoilt:
            raise SandboxError("the jail is not running")
        self._exchanging = self._spoilt = True
        try:
            yield control
            self._spoilt = False
        except OSError as error:
            raise SandboxError(f"the jail has gone: {error}") from error
        finally:
            self._exchanging = False
            if self._control is None:  # it was killed meanwhile
                control.close()

    @property
    def usable(self) -> bool:
        """Whether it is alive and nobody has left it in the midst of an exchange."""
        alive = self._process is not None and self._process.poll() is None
        return alive and not self._spoilt

    def last_words(self) -> str:
        """How it ended and what it wrote to standard error, for a message."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.5)
        if self._stderr < 0:
            return "it was ended"
        size = os.fstat(self._stderr).st_size
        said = os.pread(self._stderr, _STDERR_KEPT, max(size - _STDERR_KEPT, 0))
        code = None if self._process is None else self._process.returncode
        return f"exit code {code}: {said.decode('utf-8', 'replace').strip()}"

    def kill(self) -> None:
        """Ends it and everything in it. May be called again, from any thread."""
        control, self._control = self._control, None
        if control is not None:
            with contextlib.suppress(OSError):
                # The zygote goes, and nsjail behind it; whoever waits for an answer wakes.
                control.shutdown(socket.SHUT_RDWR)
            if not self._exchanging:
                control.close()
        if self._process is not None:
            self._end(self._process)
        stderr, self._stderr = self._stderr, -1
        if stderr >= 0:
            os.close(stderr)
        cgroup, self.cgroup = self.cgroup, None
        if cgroup is not None:
            cgroup.remove()
        if not self.namespaces and self.scratch != "/tmp":  # noqa: S108
            shutil.rmtree(self.scratch, ignore_errors=True)

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        """Waits for a process that has reason to end, and kills it if it does not."""
        try:
            process.wait(_GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


async def _readable(control: socket.socket, seconds: float) -> None:
    """Waits until there is something to read, if only the end.

    Raises:
        SandboxError: there never was.
    """
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(control, _mark, ready)
    try:
        async with asyncio.timeout(seconds):
            await ready
    except TimeoutError:
        raise SandboxError(f"a jail did not answer in {seconds:g} s") from None
    finally:
        loop.remove_reader(control)


@cache
def _sources() -> dict[str, str]:
    """What runs inside: sources by the modules' names.

    Read once: a package that is replaced under a running service must not mix with what it was.
    """
    folder = files("sandbox") / "jail"
    inside = {
        f"sandbox.jail.{path.name.removesuffix('.py')}": path.read_text(encoding="utf-8")
        for path in folder.iterdir()
        if path.name.endswith(".py") and path.name != "__init__.py"
    }
    return {"sandbox": "", "sandbox.jail": "", **inside}


def _environment(namespaces: bool) -> dict[str, str]:  # noqa: FBT001
    if namespaces:
        return {}  # nsjail clears it, and sets what the policy says
    return {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8"}


def _mark(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
