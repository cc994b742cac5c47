"""Where each value of a configuration comes from: a line, a variable, a flag or the defaults."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from verifier.config.lines import key_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.config.overrides import Override
    from verifier.config.problem import KeyPath, Problem


class Sources:
    """What one configuration was made of.

    Args:
        path: of the file; None for none.
        text: of the file.
        overrides: what wins over it, in the order in which it was put there.
    """

    def __init__(self, path: str | None, text: str, overrides: Sequence[Override]) -> None:
        self._file = path
        self._text = text
        self._labels: dict[KeyPath, str] = {}
        for override in overrides:
            key = override.path
            for below in [other for other in self._labels if other[: len(key)] == key]:
                del self._labels[below]
            self._labels[key] = override.label

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return key_lines(self._text)

    def place(self, path: KeyPath) -> str:
        """Where a value was set: ``FILE:LINE``, a variable or a flag; empty if it was not."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._labels:
                return self._labels[path[:length]]
        return f"{self._file}:{self._lines[path]}" if path in self._lines else ""

    def told(self, problem: Problem, kind: str = "") -> str:
        """A problem with its place: of the key, or of the table in which the key is missing.

        Args:
            problem: what is wrong.
            kind: what stands between the place and the key, such as ``"warning: "``.
        """
        path = problem.path
        near = (self._near(path[:length]) for length in range(len(path), 0, -1))
        place = next(filter(None, near), self._file or "")
        return f"{place}: {kind}{problem}" if place else f"{kind}{problem}"

    def _near(self, path: KeyPath) -> str:
        """Where a value was set, or something in it if that is a table by a name of its own."""
        below = (label for at, label in self._labels.items() if at[: len(path)] == path)
        return self.place(path) or (next(below, "") if len(path) > 1 else "")

    def order(self, problem: Problem) -> int:
        """The line of a problem, for telling them in the order of the file; others come last."""
        lines = (self._lines.get(problem.path[:n], 0) for n in range(len(problem.path), 0, -1))
        return next(filter(None, lines), len(self._text))
