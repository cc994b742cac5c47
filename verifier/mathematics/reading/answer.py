"""From an answer's text to its tree."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from verifier.mathematics.lexing.characters import fold_characters
from verifier.mathematics.lexing.numerals import read_numeral
from verifier.mathematics.lexing.tokens import tokenize
from verifier.mathematics.limits import MAX_CACHED, MAX_CACHED_TEXT, MAX_TEXT
from verifier.mathematics.reading.calendar import read_calendar
from verifier.mathematics.reading.statements import read_items
from verifier.mathematics.reading.words import read_phrase
from verifier.mathematics.reading.wrappers import strip_wrappers
from verifier.mathematics.syntax import Node, UnreadableError

if TYPE_CHECKING:
    from verifier.mathematics.lexing.numerals import CommaStyle


def read_answer(text: str, style: CommaStyle, *, lenient: bool) -> Node | UnreadableError:
    """Reads an answer as mathematics. Pure, bounded, and never raises.

    Args:
        text: the answer as written.
        style: what a comma inside a number means.
        lenient: whether words behind a figure may be a unit that no table knows ("18 eggs"). For
            candidates only: in a reference, letters that are no known unit are symbols.

    Returns:
        The tree, or the reason why there is none.
    """
    if text.isdigit() and text.isascii() and len(text) <= MAX_TEXT:
        return read_numeral(text, style)  # most answers: no need to look further
    if len(text) <= MAX_CACHED_TEXT:
        return _read_cached(text, style, lenient)
    if len(text) > MAX_TEXT:
        return UnreadableError("too long")
    return _read(text, style, lenient=lenient)


@lru_cache(maxsize=MAX_CACHED)
def _read_cached(text: str, style: CommaStyle, lenient: bool) -> Node | UnreadableError:  # noqa: FBT001 - keywords make cache keys slow
    return _read(text, style, lenient=lenient)


def _read(text: str, style: CommaStyle, *, lenient: bool) -> Node | UnreadableError:
    phrase = read_calendar(text) or read_phrase(text)
    if phrase is not None:
        return phrase
    try:
        tokens = tokenize(strip_wrappers(fold_characters(text)), style)
        return read_items(tokens, lenient=lenient)
    except UnreadableError as error:
        return error.with_traceback(None)
