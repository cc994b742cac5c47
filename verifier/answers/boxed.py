r"""BOXED: the last balanced ``\boxed{…}``; a box inside a box belongs to the outer one."""

from __future__ import annotations

import re
from typing import Final

from verifier.answers.spans import MAX_ANSWER_CHARS, MAX_TRIES, Span, trim

_COMMANDS: Final = ("\\boxed", "\\fbox")
_OPENING: Final = re.compile(r"\\(?:boxed|fbox)\s*\{")
_BARE: Final = re.compile(r"\\(?:boxed|fbox)\s+([+-]?[0-9]+(?:\.[0-9]+)?|[A-Za-z])(?![0-9A-Za-z])")
_BRACES: Final = re.compile(r"\\[\\{}]|[{}]")


def find_box(text: str) -> Span | None:
    """Finds the content of the last outermost box that is balanced and not empty.

    A box that is never closed (a completion cut off) does not count: the one before it does. Only
    the last 16 boxes are looked at, each up to 4096 characters.
    """
    if "\\" not in text:
        return None
    best: Span | None = None
    outer: Span | None = None
    end = len(text)
    for _ in range(MAX_TRIES):
        start = max(text.rfind(command, 0, end) for command in _COMMANDS)
        if start < 0:
            break
        end = start
        content = _content(text, start)
        if content is not None and (outer is None or outer[1] <= content[1]):
            trimmed = trim(text, *content)
            if trimmed is not None:
                best, outer = trimmed, content
    return best


def _content(text: str, start: int) -> Span | None:
    """Finds the content of the box whose command stands at `start`."""
    opening = _OPENING.match(text, start)
    if opening is None:
        bare = _BARE.match(text, start)
        return bare.span(1) if bare else None
    depth = 1
    for brace in _BRACES.finditer(text, opening.end(), opening.end() + MAX_ANSWER_CHARS):
        symbol = brace.group()
        if symbol == "{":
            depth += 1
        elif symbol == "}":
            depth -= 1
            if depth == 0:
                return opening.end(), brace.start()
    return None
