r"""The last balanced ``\boxed{…}``; a box inside a box belongs to the outer one."""

from __future__ import annotations

import re
from typing import Final

from verifier.answers.spans import MAX_ANSWER_CHARS, MAX_TRIES, Span, trim

_BOXED: Final = "\\boxed"
_FBOX: Final = "\\fbox"
_USUAL: Final = "\\boxed{"
_FIRST_REACH: Final = 8192  # characters
_OPENING: Final = re.compile(r"\\(?:boxed|fbox)\s{0,16}\{")
_BARE: Final = re.compile(
    r"\\(?:boxed|fbox)\s{1,16}([+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?|[A-Za-z])(?![0-9A-Za-z])"
)
_BRACES: Final = re.compile(r"\\[\\{}]|[{}]")


def find_box(text: str) -> Span | None:
    """Finds the content of the last outermost box that is balanced and not empty.

    A box that is never closed (a completion cut off) does not count: the one before it does. Only
    the last 16 boxes are looked at, each up to 4096 characters, wherever in the text they stand.
    """
    box = last_box(text)
    return trim(text, *box[1]) if box else None


def find_command(text: str, end: int, start: int = 0) -> int:
    """Finds where the last command that opens a box between `start` and `end` stands; else -1.

    Looks at ever longer pieces from the end, so that a command that a hostile text repeats is not
    searched for through all of it each time.
    """
    reach = _FIRST_REACH
    while True:
        begin = max(start, end - reach)
        place = text.rfind(_BOXED, begin, end)
        place = max(place, text.rfind(_FBOX, max(begin, place), end))
        if place >= 0 or begin == start:
            return place
        reach *= 8


def box_content(text: str, start: int) -> Span | None:
    """Finds the content of the box whose command stands at `start`, or None if none ends."""
    if text.startswith(_USUAL, start):
        begin = start + len(_USUAL)
    elif opening := _OPENING.match(text, start):
        begin = opening.end()
    else:
        bare = _BARE.match(text, start)
        return bare.span(1) if bare else None
    limit = begin + MAX_ANSWER_CHARS
    first = text.find("}", begin, limit)
    if first < 0:
        return None
    if text.find("{", begin, first) < 0 and text.find("\\", begin, first) < 0:
        return begin, first
    depth = 1
    for brace in _BRACES.finditer(text, begin, limit):
        symbol = brace.group()
        if symbol == "{":
            depth += 1
        elif symbol == "}":
            depth -= 1
            if depth == 0:
                return begin, brace.start()
    return None


def last_box(text: str) -> tuple[int, Span] | None:
    """Finds the last box as `find_box` does: its command's place, and its untrimmed content."""
    if "\\" not in text:
        return None
    best: tuple[int, Span] | None = None
    outer_end = -1
    end = len(text)
    for _ in range(MAX_TRIES):
        end = find_command(text, end)
        if end < 0:
            break
        content = box_content(text, end)
        if content is None or content[1] < outer_end:
            continue
        if text[slice(*content)].strip():
            best, outer_end = (end, content), content[1]
    return best
