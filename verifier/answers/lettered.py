"""Sentences that choose an option: "the correct option is B", "(C) is correct", 故选D.

The marks of multiple choice, part of the rule ANCHOR. A capital letter A to J counts, or several of
them ("A and C", AC), where such a sentence states it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.answers.spans import Excerpt, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.answers.spans import Span

_WINDOW: Final = 1024  # characters from the end: a choice closes a completion

_MARKS: Final = r"[\s*_$({\[\"“:：（]{0,12}+(?:\\(?:text\w{0,6}|math\w\w|boxed)\{[\s(]{0,3})?"
_LETTERS: Final = (
    r"(?P<letters>[A-J](?:[A-J]{0,4}(?![\w'’])|(?:[)\]*）]{0,3}"
    r"(?:\s?[,，、和]\s?(?:and\s)?|\s(?:and|or)\s)[(\[*（]{0,3}[A-J](?![\w'’]))+))"
)
_END: Final = r"(?=[)\]}*_$.,;:!\"”。，；）]|\s*\Z|\s*\n|\s(?:because|since|as|which|for|with|\())"
_LEAD: Final = re.compile(
    r"(?:\b(?:correct|right|best|proper|appropriate|only\s(?:correct|possible|valid))\s"
    r"(?:answer\s)?(?:options?|choices?|alternatives?|letters?)\b(?:\s(?:here|among\sthese))?"
    r"\s?(?::|=|(?:is|are|must\sbe|would\sbe|should\sbe)\b(?:\s(?:therefore|thus|clearly|option"
    r"|choice)\b)?)"
    r"|正[确確]的?(?:选项|選項|答案)(?:是|为|為|:|：)|(?<![不挑可备備])[选選](?:择|擇)?(?!项|項))"
    + _MARKS
    + _LETTERS
    + _END,
    re.IGNORECASE,
)
_PRAISE: Final = re.compile(
    r"(?<![\w\\])(?:[Oo]ption\s|[Cc]hoice\s|[Aa]nswer\s)?[(*\[]{0,3}(?P<letters>[A-J])[)*\]]{0,3}\s"
    r"(?:is|must\sbe)\s(?:(?:therefore|thus|clearly|indeed|the)\s){0,2}"
    r"(?:only\s)?(?:correct|right|best)(?:\s(?:answer|option|choice|one)\b|(?=\s*[.,;!*)\n]|\s*\Z))"
)
_BEHIND: Final = re.compile(
    r"(?:\A|[.!?:)\]$]\s{1,3}|\n\s{0,3})\*\*\(?(?P<letters>[A-J])\)?[.]?\*\*[.]?\s{0,8}\Z"
)
_UNSURE: Final = re.compile(
    r"(?:\b(?:nor|or|and|neither|not|if|whether|that|unless)|\b[A-Z][)\]]?\s?[/,&])\s"
    r"(?:option\s|choice\s)?[(*\[]{0,3}\Z",
    re.IGNORECASE,
)
_MAX_BEFORE: Final = 30
# Each of the patterns needs one of these.
_HINT: Final = re.compile(r"ption|hoice|lternative|etter|correct|right|best|\*\*|[选選正]")


def find_choice(text: str, floor: int) -> tuple[int, Excerpt] | None:
    """Finds the last sentence of the last 1024 characters that chooses an option.

    Args:
        text: what is searched.
        floor: where to begin at the earliest.

    Returns:
        Where the sentence begins, and its letters as written.
    """
    start = max(floor, len(text) - _WINDOW)
    if not _HINT.search(text, start):
        return None
    last = max(_choices(text, start), default=None)
    if last is None:
        return None
    found = excerpt(text, last[1])
    return (last[0], found) if found else None


def _choices(text: str, start: int) -> Iterator[tuple[int, Span]]:
    for pattern in (_LEAD, _PRAISE, _BEHIND):
        for found in pattern.finditer(text, start):
            letters = found["letters"]
            unsure = _UNSURE.search(text, max(0, found.start() - _MAX_BEFORE), found.start())
            if letters[0].isupper() and letters[-1].isupper() and not unsure:
                yield found.start(), found.span("letters")
