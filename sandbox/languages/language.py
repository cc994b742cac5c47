"""What a language must say of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sandbox.execution import Limits

ENVIRONMENT: Final[Mapping[str, str]] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",  # noqa: S108 - inside the jail
    "TMPDIR": "/tmp",  # noqa: S108
    "LANG": "C.UTF-8",
}


class Command(Protocol):
    """Spells a command for a program."""

    def __call__(self, tool: str, source: str, limits: Limits) -> tuple[str, ...]:
        """The words of the command.

        Args:
            tool: absolute path of the tool.
            source: the program, for what its text decides (Java's class name).
            limits: of the run.
        """
        ...


@dataclass(frozen=True, slots=True)
class Build:
    """How a program is compiled.

    Attributes:
        tool: the compiler's place unless the configuration says otherwise.
        command: its command line; run in an empty scratch that holds the source only.
        product: name of the file or folder it makes.
        single: whether the product is the program itself: it is run as it is, from memory.
        environment: beside the common one.
    """

    tool: Path
    command: Command
    product: str
    single: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SelfTest:
    """A program that shows whether the language works: reads a number n and prints 2 n + 1."""

    source: str


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        name: as tasks spell it.
        file_name: of the source, by its text.
        self_test: shows whether it works.
        run_tool: the interpreter's place; None if the product of the build is the program.
        run: the command line of a program.
        build: how it is compiled first, if it is.
        aliases: what else it is called, in lower case; versions (``c++17``) need not be told.
        version: arguments that make the tool print its version.
        environment: beside the common one.
        out_of_memory: words on standard error by which a failed program's own runtime says that it
            met its memory limit. A program may write them itself, and has failed nevertheless.
        extra_bytes: memory that the runtime itself takes, on top of the program's limit.
        reserved_bytes: address space that the runtime reserves beside that and hardly uses. It
            matters only where nothing counts memory, and so address space is limited.
        extra_processes: threads that the runtime itself starts, on top of the program's limit.
    """

    name: str
    file_name: Callable[[str], str]
    self_test: SelfTest
    run_tool: Path | None = None
    run: Command | None = None
    build: Build | None = None
    aliases: tuple[str, ...] = ()
    version: tuple[str, ...] = ("--version",)
    environment: Mapping[str, str] = field(default_factory=dict)
    out_of_memory: tuple[bytes, ...] = ()
    extra_bytes: int = 0
    reserved_bytes: int = 0
    extra_processes: int = 0

    @property
    def tools(self) -> tuple[Path, ...]:
        """Every tool it needs."""
        needed = (self.build.tool if self.build else None, self.run_tool)
        return tuple(tool for tool in needed if tool is not None)

    def ran_out_of_memory(self, stderr: bytes) -> bool:
        """Whether its runtime says so in what a failed program wrote last."""
        return any(words in stderr for words in self.out_of_memory)

    def missing(self) -> str:
        """Why it cannot be used here; empty if it can."""
        absent = [str(tool) for tool in self.tools if not tool.exists()]
        return f"{' and '.join(absent)} not found" if absent else ""
