"""The second jail: trusted test code, whose subject answers from another process."""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
from importlib import import_module
from json import JSONEncoder
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, Final

from sandbox.jail.channel import write_all
from sandbox.jail.loading import described, remember_lines
from sandbox.jail.proxies import Absent, Program, ProtocolError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE: Final = "<test>"
_MAX_TEXT: Final = 200  # characters of a message or a source line
_NUMPY: Final = ("np", "numpy")
# What tests use without importing it, because the solution they were written for did. Taken from
# the submission, such a name could be anything that makes the test hold.
_KNOWN: Final = {
    **dict.fromkeys(
        ("Counter", "OrderedDict", "defaultdict", "deque", "namedtuple"), "collections"
    ),
    **dict.fromkeys(("Any", "Callable", "Dict", "List", "Optional", "Set", "Tuple"), "typing"),
    "Decimal": "decimal",
    "Fraction": "fractions",
}
_write: Final = JSONEncoder(separators=(",", ":")).encode


def check(payload: dict[str, Any], channel_fd: int, result_fd: int) -> int:
    """Runs tests whose subject is reached over a channel to `sandbox.jail.calls.serve`.

    Names that the test code neither defines nor imports and that are no builtins are those of the
    submission; modules of the standard library are never taken from it.

    Args:
        payload: "setup", "assertions" (one test each), "program" (one test, empty: none) and
            "entry_point". A function `check` that the program defines and does not call itself
            is called with the entry point, and so is `candidate` the entry point.
        channel_fd: of a socket.
        result_fd: gets a line of JSON for each test: {"passed": true}; {"failed": message, "line":
            source}; {"raised": type, "message": text, "by": "candidate" or "test"}, where a
            candidate's "ProtocolError" is a forged or lacking reply; or {"unreachable": why}.

    Returns:
        0.

    Raises:
        OSError: the descriptor for results is closed.
    """
    program = Program(channel_fd)
    namespace: dict[str, Any] = {"__name__": "test", "__builtins__": builtins}
    texts = [payload["setup"], *payload["assertions"], payload["program"]]

    def begin() -> None:
        _fill(namespace, texts, payload["entry_point"], program)
        execute(payload["setup"], namespace)

    failed = outcome(begin, program.raised)
    for test in tests(payload, namespace):
        line = outcome(test, program.raised) if failed is PASSED else failed
        write_line(result_fd, line)
    return 0


PASSED: Final[dict[str, object]] = {"passed": True}


def tests(payload: dict[str, Any], namespace: dict[str, Any]) -> Iterator[Callable[[], None]]:
    """Each test of a payload, to be called; raises what the test raises."""
    for assertion in payload["assertions"]:
        yield lambda text=assertion: execute(text, namespace)  # type: ignore[misc]
    if program := payload["program"]:
        yield lambda: _run_program(program, payload["entry_point"], namespace)


def write_line(result_fd: int, line: dict[str, object]) -> None:
    """Writes the line for one test."""
    write_all(result_fd, _write(line).encode("ascii") + b"\n")


def execute(text: str, namespace: dict[str, Any]) -> None:
    """Runs test code; raises what it raises."""
    remember_lines(FILE, text)
    exec(compile(text, FILE, "exec", dont_inherit=True), namespace)  # noqa: S102 - trusted, in a jail


def outcome(
    test: Callable[[], None],
    raised: list[BaseException],
    path: str | None = None,
) -> dict[str, object]:
    """Runs a test and puts what happened into a line.

    Args:
        test: runs it.
        raised: exceptions that are the candidate's.
        path: the candidate's file: what was raised in it is the candidate's, too.
    """
    try:
        test()
    except Unreachable as why:
        return {"unreachable": str(why)[:_MAX_TEXT]}
    except ProtocolError as error:
        return {**described(error), "by": "candidate"}
    except BaseException as error:  # noqa: BLE001 - a test may raise anything
        return _failure(error, raised, path)
    return PASSED


def _failure(
    error: BaseException, raised: list[BaseException], path: str | None
) -> dict[str, object]:
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    theirs = any(error is known for known in raised) or any(name == path for name, _ in frames)
    if isinstance(error, AssertionError) and not theirs:
        return {"failed": str(error)[:_MAX_TEXT], "line": _source_line(frames)}
    if isinstance(error, TypeError) and "catching classes that do not inherit" in str(error):
        return {"unreachable": "the test catches an exception of the program"}
    return {**described(error), "by": "candidate" if theirs else "test"}


def _source_line(frames: list[tuple[str, int]]) -> str:
    """The last line of the test that was at work."""
    lines = [line for name, line in frames if name == FILE]
    return linecache.getline(FILE, lines[-1]).strip()[:_MAX_TEXT] if lines else ""


def _run_program(text: str, entry_point: str, namespace: dict[str, Any]) -> None:
    execute(text, namespace)
    function = namespace.get("check")
    if function is not None and not _calls_check(text):
        function(namespace[entry_point])


def _calls_check(text: str) -> bool:
    """Tells whether a program calls its `check` itself."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check"
        for node in ast.walk(ast.parse(text))
    )


def _fill(namespace: dict[str, Any], texts: list[str], entry_point: str, program: Program) -> None:
    """Gives the names of test code that it does not give itself a meaning."""
    for name in sorted(_free_names(texts) - {entry_point, "candidate"}):
        if hasattr(builtins, name):
            continue
        if name in _KNOWN:
            namespace[name] = getattr(import_module(_KNOWN[name]), name)
        elif name in sys.stdlib_module_names:
            namespace[name] = import_module(name)
        elif name in _NUMPY and "numpy" in sys.modules:
            namespace[name] = sys.modules["numpy"]
        else:
            namespace[name] = _global(program, name)
    if entry_point:
        namespace[entry_point.partition(".")[0]] = namespace[entry_point] = _global(
            program, entry_point
        )
        namespace["candidate"] = namespace[entry_point]


def _global(program: Program, name: str) -> Any:
    try:
        return program.find(name)
    except Exception as error:  # noqa: BLE001 - making a Solution may raise anything
        return Absent(program, error)


def _free_names(texts: list[str]) -> set[str]:
    """Names that code reads and nowhere gives a meaning.

    Raises:
        SyntaxError: a text is no Python.
    """
    read, given = set(), set()
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Name(name, ast.Load()):
                    read.add(name)
                case ast.Name(name) | ast.arg(name) | ast.ExceptHandler(name=str(name)):
                    given.add(name)
                case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                    given.add(name)
                case ast.alias(name, other):
                    given.add(other or name.partition(".")[0])
    return read - given
