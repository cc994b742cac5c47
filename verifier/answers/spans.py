"""What every rule shares: a span in a text, and the bounds that keep each rule linear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Span = tuple[int, int]
"""A place in a text as [start, end) in code points."""

Rule = Callable[[str], "Span | None"]
"""A rule for finding the answer: the text without its thinking part in, a span or nothing out."""

MAX_ANSWER_CHARS: Final = 4096
"""Longer texts are no final answers; the bound keeps every look-ahead constant."""

MAX_TRIES: Final = 16
"""Marks looked at from the end before a rule gives up: hostile texts repeat a mark 100k times."""


_MARKS: Final = ("**", "__", "*", "_", '"', "`")


def drop_unpaired(text: str, start: int, end: int) -> Span:
    """Shrinks a span by emphasis and quotes at its edges whose other half stands outside it."""
    for mark in _MARKS:
        piece = text[start:end]
        if piece.count(mark) % 2 and len(piece) > len(mark):
            if piece.endswith(mark):
                end -= len(mark)
            elif piece.startswith(mark):
                start += len(mark)
    return start, end


def trim(text: str, start: int, end: int) -> Span | None:
    """Shrinks a span by the white space at its edges; None if nothing is left."""
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    begin = start + piece.find(stripped)
    return begin, begin + len(stripped)
