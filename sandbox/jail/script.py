"""Runs a Python program as if it had been started by name, in an interpreter that is warm already.

Real descriptors 0, 1 and 2, a module named __main__, and at the end what an interpreter does:
threads are waited for, exit functions run, output is written.
"""

from __future__ import annotations

import atexit
import builtins
import linecache
import os
import sys
import threading
import traceback
from types import ModuleType
from typing import Final

_FOLDER: Final = "/tmp"  # noqa: S108 - a scratch of the program's own
PATH: Final = f"{_FOLDER}/solution.py"  # a name only: no such file need be there


def run(source: bytes) -> int:
    """Runs the program; returns its exit code."""
    main = ModuleType("__main__")
    main.__file__ = PATH
    main.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = main
    sys.argv[:] = [PATH]
    sys.path.insert(0, _FOLDER)
    code = _execute(source, main)
    return _finish(code)


def _execute(source: bytes, main: ModuleType) -> int:
    try:
        code = compile(source, PATH, "exec", dont_inherit=True)
        exec(code, main.__dict__)  # noqa: S102 - in a jail, which is what the jail is for
    except SystemExit as stop:
        return _exit_code(stop.code)
    except BaseException as error:  # noqa: BLE001 - whatever a program raises ends it
        _show(error, source)
        return 1
    return 0


def _exit_code(given: object) -> int:
    """The exit code that `sys.exit` of this value stands for."""
    if given is None:
        return 0
    if isinstance(given, int):
        return given & 0xFF
    sys.stderr.write(f"{given}\n")
    return 1


def _show(error: BaseException, source: bytes) -> None:
    """Writes the traceback, without our own frames."""
    lines = source.decode("utf-8", "replace").splitlines(keepends=True)
    linecache.cache[PATH] = (len(source), None, lines, PATH)
    own = error.__traceback__
    theirs = own.tb_next if own is not None else None
    hook = sys.excepthook
    if hook is sys.__excepthook__:
        traceback.print_exception(type(error), error, theirs)
    else:
        hook(type(error), error, theirs)


def _finish(code: int) -> int:
    """What an interpreter does at its end."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - what the interpreter calls
        atexit._run_exitfuncs()  # noqa: SLF001
    except SystemExit as stop:
        code = _exit_code(stop.code)
    except BaseException as error:  # noqa: BLE001
        traceback.print_exception(error)
        code = 1
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except (AttributeError, ValueError):
            continue  # the program closed or replaced it
        except OSError as error:
            os.write(2, f"flushing the output failed: {error}\n".encode())
            code = code or 120
    return code
