"""Loads a submission as a module, finds what is asked of it, and puts its exceptions into words."""

from __future__ import annotations

import builtins
import inspect
import linecache
import sys
from sys import getrecursionlimit, setrecursionlimit
from traceback import format_exception
from types import FunctionType, ModuleType
from typing import Any, Final

from sandbox.jail import script
from sandbox.jail.channel import write_all
from sandbox.jail.data import type_name

_MODULE: Final = "solution"
_MAX_MESSAGE: Final = 300  # characters of an exception's text
_MAX_TRACEBACK: Final = 20_000  # characters, the last ones
_LEAST_RECURSION: Final = 1000  # Python's own limit: writing data 100 levels deep needs 400


def load(source: str) -> dict[str, Any] | None:
    """Runs a submission as the module "solution"; `if __name__ == "__main__"` does not hold.

    Returns:
        Its globals, or None if it raised: the traceback is on standard error then.

    Raises:
        SystemExit: the submission asked for it.
    """
    module = ModuleType(_MODULE)
    module.__file__ = script.PATH
    module.__builtins__ = _own_builtins()  # type: ignore[attr-defined]
    sys.modules[_MODULE] = sys.modules["__main__"] = module
    sys.argv[:] = [script.PATH]
    remember_lines(script.PATH, source)
    try:
        code = compile(source, script.PATH, "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - in a jail, which is what the jail is for
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a program raises ends it
        show(error)
        return None
    return module.__dict__


def remember_lines(path: str, source: str) -> None:
    """Lets tracebacks show the lines of a file that is none."""
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)


def find(namespace: dict[str, Any], target: str) -> Any:
    """What a name, dotted or not, means in a submission.

    A name that is no global but a method of a class `Solution` is that of a new instance, and so is
    a method asked for as "Class.method".

    Raises:
        NameError: there is no such name. Builtins are not looked at.
        Exception: making the instance, or reading the attribute, raised it.
    """
    first, *rest = target.split(".")
    if first in namespace:
        found = namespace[first]
    else:
        owner = namespace.get("Solution")
        if not isinstance(owner, type) or not hasattr(owner, first):
            raise NameError(f"name {first!r} is not defined")
        found = _attribute(owner, first)
    for name in rest:
        found = _attribute(found, name)
    return found


def _attribute(owner: Any, name: str) -> Any:
    if isinstance(owner, type) and isinstance(inspect.getattr_static(owner, name), FunctionType):
        owner = owner()
    return getattr(owner, name)


def described(error: BaseException) -> dict[str, Any]:
    """An exception as the line that tells of it: its type's name and its text, shortened."""
    try:
        message = str.__str__(str(error))[:_MAX_MESSAGE]
    except BaseException:  # noqa: BLE001 - the text is written by the program
        message = ""
    return {"raised": type_name(error), "message": message}


def allow_recursion() -> None:
    """Gives our own code room that a program may have taken away."""
    if getrecursionlimit() < _LEAST_RECURSION:
        setrecursionlimit(_LEAST_RECURSION)


def show(error: BaseException) -> None:
    """Writes the traceback to standard error, without our own frame."""
    own = error.__traceback__
    lines = format_exception(type(error), error, own.tb_next if own is not None else None)
    write_all(2, "".join(lines)[-_MAX_TRACEBACK:].encode("utf-8", "backslashreplace"))


def _own_builtins() -> ModuleType:
    """Builtins that a program may replace for itself; ours stay what they are."""
    copied = ModuleType("builtins")
    copied.__dict__.update(vars(builtins))
    sys.modules["builtins"] = copied
    return copied
