r"""FORMULA: the last ``$…$``, ``$$…$$``, ``\(…\)`` or ``\[…\]``."""

from __future__ import annotations

import re
from typing import Final

from verifier.answers.spans import MAX_ANSWER_CHARS, Span, trim
from verifier.answers.whole import prose

_WINDOW: Final = 2 * MAX_ANSWER_CHARS  # only the end of the text is searched: the answer is there
_DELIMITER: Final = re.compile(r"\\[\\$]|\$\$?|\\[()\[\]]|\n\s*\n")
_CLOSING: Final = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_NAME: Final = re.compile(r"\\?[A-Za-z]{1,12}")
_DIGIT: Final = re.compile(r"[0-9]")
_MAX_PROSE: Final = 1  # "$5 and then she pays $6" holds words between two currency signs


def find_formula(text: str) -> Span | None:
    """Finds the content of the last formula that reads like one.

    A dollar sign next to a digit on its outer side is money, as in Pandoc's rule, and so is a pair
    of dollar signs with prose between them.
    """
    if "$" not in text and "\\" not in text:
        return None
    found: Span | None = None
    opening: re.Match[str] | None = None
    for mark in _DELIMITER.finditer(text, max(0, len(text) - _WINDOW)):
        symbol = mark.group()
        if opening is not None and symbol == _CLOSING[opening.group()]:
            content = _content(text, opening, mark)
            if content is not None:
                found = content
                opening = None
            elif symbol == "$":
                opening = mark  # it was money; this sign may open a formula
            else:
                opening = None
        elif symbol in _CLOSING and opening is None:
            opening = mark
        elif symbol[0] == "\n":
            opening = opening if opening is not None and opening.group() != "$" else None
    if found is not None and _names_only(text, found):
        return None
    return found


def _names_only(text: str, found: Span) -> bool:
    """Tells whether the formula is a bare name and a number follows: "the value of $x$ is 42"."""
    return _NAME.fullmatch(text, *found) is not None and _DIGIT.search(text, found[1]) is not None


def _content(text: str, opening: re.Match[str], closing: re.Match[str]) -> Span | None:
    start, end = opening.end(), closing.start()
    if end - start > MAX_ANSWER_CHARS:
        return None
    if opening.group() == "$" and (
        text[opening.start() - 1 : opening.start()].isdigit()
        or text[closing.end() : closing.end() + 1].isdigit()
    ):
        return None
    span = trim(text, start, end)
    if span is None or len(prose(text[start:end])) > _MAX_PROSE:
        return None
    return span
