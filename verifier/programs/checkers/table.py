"""The table of checkers: one line per checker."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.programs.checkers import exact, floats, ignore_case, tokens, unordered_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

Checker = Callable[[bytes, bytes, float], str | None]
"""From what a program wrote, what it should have written and the tolerance of numbers to None if
they match, else to one line for a person of at most 200 characters. Never raises, whatever the
bytes, and takes time linear in them."""

DEFAULT: Final = tokens.NAME
DEFAULT_TOLERANCE: Final = 1e-6  # absolute below 1, relative from there on, as contests have it

CHECKERS: Final[Mapping[str, Checker]] = MappingProxyType(
    {
        tokens.NAME: tokens.tokens,
        exact.NAME: exact.exact,
        floats.NAME: floats.floats,
        unordered_lines.NAME: unordered_lines.unordered_lines,
        ignore_case.NAME: ignore_case.ignore_case,
    }
)
"""From a checker's name in rows to its function."""
