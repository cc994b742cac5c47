"""What every rule shares: a span in a text, and the bounds that keep each rule linear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

Span = tuple[int, int]
"""A place in a text as [start, end) in code points."""


class Excerpt(NamedTuple):
    """A candidate answer and its place.

    Attributes:
        text: the answer. It is the text at that place, except where the answer is several pieces
            with something between them (boxes joined by "and", the items of a list), which are
            joined by ", ", and in text with doubled backslashes, where they are single here.
        start: where the first piece begins, in code points.
        end: one past the last code point of the last piece.
    """

    text: str
    start: int
    end: int

    def shifted(self, distance: int) -> Excerpt:
        """The same excerpt of a text in which this one's text begins at `distance`."""
        return Excerpt(self.text, self.start + distance, self.end + distance)


Rule = Callable[[str], "Excerpt | None"]
"""A rule for finding the answer: the text without its thinking part in, an excerpt out, or None."""

MAX_ANSWER_CHARS: Final = 4096
"""Longer texts are no final answers; the bound keeps every look-ahead constant."""

MAX_TRIES: Final = 16
"""Marks looked at from the end before a rule gives up: hostile texts repeat a mark 100k times."""

MAX_SEARCHED_CHARS: Final = 65_536
"""How far from the end a rule looks that cannot jump to its mark: the answer stands at the end."""

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


def excerpt(text: str, span: Span | None) -> Excerpt | None:
    """The text at a span."""
    return None if span is None else Excerpt(text[span[0] : span[1]], *span)
