"""On which line of a TOML file each key stands.

``tomllib`` tells no positions, so the file is read a second time, one statement at a time: lines
are added to a statement until ``tomllib`` can read it by itself. No beginning of a statement that
goes over several lines can be read alone, since a bracket or a quote is still open in it; and
every statement of a file that can be read as a whole can be read alone.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.config.problem import KeyPath

# How the last line of a statement of several lines ends, if no comment follows: only lists, with or
# without a table around them, and texts have more than one.
_ENDS: Final = ("]", "}", '"""', "'''")
# What closes a list that is still open, so that the lines of its elements can be told.
_CLOSERS: Final = ("]", "}]", "]]", "]}", "]}]", "}]}]", "]]]", '"""', "'''", '"""]', "''']")
# Of one list whose elements get lines of their own; each costs a reading of the list so far.
_MOST_LINES: Final = 200


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1 on, on which each table, key and element of a list begins.

    Args:
        text: a whole file that ``tomllib`` can read.
    """
    return _Index().of(text)


class _Index:
    """One reading of one file."""

    def __init__(self) -> None:
        self._lines: dict[KeyPath, int] = {}
        self._table: KeyPath = ()
        self._tables_of: dict[KeyPath, int] = {}  # how many tables a list of tables has so far

    def of(self, text: str) -> dict[KeyPath, int]:
        for first, lines in _statements(text):
            values = _read("\n".join(lines))
            if values is None:
                break  # the text as a whole is no TOML; what was found still holds
            if lines[0].lstrip().startswith("["):
                self._enter(values, first)
            else:
                self._add_statement(values, first, lines)
        return self._lines

    def _enter(self, values: Mapping[str, Any], line: int) -> None:
        """A header: later keys belong to its table."""
        path: KeyPath = ()
        inner: Any = values
        while isinstance(inner, dict) and inner:
            ((name, inner),) = inner.items()
            path = (*path, name)
            if inner and isinstance(inner, list):
                count = self._tables_of.get(path, 0)
                self._tables_of[path] = count + 1
                self._add(path, line)
                path = (*path, count)
                inner = None
            elif path in self._tables_of and inner:
                path = (*path, self._tables_of[path] - 1)
            self._add(path, line)
        self._table = path

    def _add(self, path: KeyPath, line: int) -> None:
        if path:
            self._lines.setdefault(path, line)

    def _add_statement(self, values: Mapping[str, Any], first: int, lines: list[str]) -> None:
        """A key and its value, whose elements may stand on lines of their own."""
        shown: dict[KeyPath, int] = {}
        for count in range(1, len(lines) if len(lines) <= _MOST_LINES else 0):
            begun = "\n".join(lines[:count])
            closed = (_read(f"{begun}\n{end}") for end in _CLOSERS)
            known = next((values for values in closed if values is not None), {})
            for path in _paths(self._table, known):
                shown.setdefault(path, first + count - 1)
        # What no beginning of the statement shows is on its last line.
        last = first + len(lines) - 1 if shown else first
        for path in _paths(self._table, values):
            self._add(path, shown.get(path, last))


def _paths(path: KeyPath, value: object) -> Iterator[KeyPath]:
    """The path of a value and of everything in it."""
    yield path
    inner = value.items() if isinstance(value, dict) else ()
    for key, one in enumerate(value) if isinstance(value, list) else inner:
        yield from _paths((*path, key), one)


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each statement's first line, from 1 on, and its lines."""
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        lines.append(line)
        may_end = len(lines) == 1 or line.rstrip().endswith(_ENDS) or "#" in line
        if may_end and _read("\n".join(lines)) is not None:
            yield number - len(lines) + 1, lines
            lines = []
    if lines:
        yield text.count("\n") + 2 - len(lines), lines


def _read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
