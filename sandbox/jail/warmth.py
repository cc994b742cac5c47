"""What all programs of a jail have in common is made once, before the first is forked.

A forked child shares the zygote's memory until either writes to it: each page that is touched is
copied, which costs as much as a thousand lines of a program. So whatever can be done before the
fork is done here, and the child is left with little to do.
"""

from __future__ import annotations

import _sitebuiltins
import builtins
import io
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_SAMPLE: Final = "def f(x):\n    return [x, (x,)]\n"


class Warmth:
    """What was made ready.

    Args:
        register: `os.register_at_fork`.
        hooks: what modules imported so far have asked it for, and did not get: in the child of the
            zygote they would touch hundreds of pages to no purpose.

    Attributes:
        missing: modules that could not be imported.
    """

    def __init__(self, register: Callable[..., None], hooks: list[dict[str, Any]]) -> None:
        self.missing: list[str] = []
        self._register = register
        self._hooks = hooks
        self._ours: list[str] = []

    def spread(self, names: list[str]) -> None:
        """Imports modules, and makes what every program would have to make for itself."""
        complete_builtins()
        for name in names:
            try:
                import_module(name)
            except ImportError:
                self.missing.append(name)
        os.register_at_fork = self._register
        renew_streams()
        seed()
        exec(compile(_SAMPLE, "sample", "exec", dont_inherit=True), {})  # noqa: S102 - our own
        self._ours = own_modules()

    def take(self) -> list[ModuleType]:
        """In the child: hides our modules, and gives the others their hooks for forks of its own.

        Returns:
            Our modules, to be kept alive: freeing them would touch all they hold.
        """
        for hook in self._hooks:
            self._register(**hook)
        return [sys.modules.pop(name) for name in self._ours]


def complete_builtins() -> None:
    """Defines what `site` does, which is not loaded: programs call exit() like a keyword."""
    for name in ("exit", "quit"):
        setattr(builtins, name, _sitebuiltins.Quitter(name, "Ctrl-D (i.e. EOF)"))
    builtins.help = _sitebuiltins._Helper()  # noqa: SLF001


def renew_streams() -> None:
    """Makes sys.stdin, sys.stdout and sys.stderr anew, on whatever 0, 1 and 2 will be."""
    source = _raw(0, "r", "<stdin>")
    sys.stdin = io.TextIOWrapper(io.BufferedReader(source), "utf-8", "surrogateescape")
    out, errors = (io.BufferedWriter(_raw(1, "w", "<stdout>")), _raw(2, "w", "<stderr>"))
    sys.stdout = io.TextIOWrapper(out, "utf-8", "surrogateescape")
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(errors), "utf-8", "backslashreplace", line_buffering=True
    )
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]


def _raw(descriptor: int, mode: str, name: str) -> io.FileIO:
    raw = io.FileIO(descriptor, mode, closefd=False)
    raw.name = name
    return raw


def seed() -> None:
    """Gives random numbers the same beginning in every run: a verdict must not depend on luck.

    Whoever wants luck still has it: random.SystemRandom, os.urandom, a seed taken from the clock.
    """
    if "random" in sys.modules:
        sys.modules["random"].seed(0)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed(0)


def own_modules() -> list[str]:
    """Names of our modules, which programs are not to see: they may have any by these names."""
    return [name for name in sys.modules if name.partition(".")[0] == "sandbox"]
