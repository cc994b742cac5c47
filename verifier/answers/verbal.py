"""What the last sentence of a completion states in words, as in "The limit does not exist".

A word or two in bold ("It is **Friday**", "**Yes**, there is one"), or one of the words that are
the answer of a mathematical question: a truth value, a day, that there is none, infinitely many.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.answers.closing import last_sentence

if TYPE_CHECKING:
    from verifier.answers.spans import Span

_WORDS: Final = r"\*\*([^\W\d_](?:[^\W\d_]|['’-]){1,30}(?:\s[^\W\d_]{1,20}){0,3})[.!]?\*\*"
_BOLD_LAST: Final = re.compile(
    rf"\b(?:is|are|be|was|were|equals)\s(?:therefore\s|thus\s|on\s)?(?:an?\s|the\s)?{_WORDS}[\s.!]*\Z"
)
_BOLD_FIRST: Final = re.compile(
    rf"[\s,]*(?:[Ss]o,?\s|[Tt]hus,?\s|[Tt]herefore,?\s|[Hh]ence,?\s)?{_WORDS}"
    r"(?:[,.]\s|\s(?:has|have|wins|will|can|always|is)\b)"
)
# Bold for emphasis: these words answer nothing.
_EMPHASIS: Final = frozenset(
    "not all only exactly both each any every must always more less least most at same different"
    " total answer final conclusion note verification check step solution proof hence"
    " therefore thus so because and or but".split()
)
_VERDICT: Final = re.compile(
    r"\b(?:is|are|be)\s(?:therefore\s|thus\s|always\s)?(true|false|undefined|divergent|impossible)"
    r"[\s.!*]*\Z"
    r"|\b(?:limit|integral|series|value|sum|derivative|it)\b[^.\n]{0,60}?\s"
    r"(does\snot\sexist|doesn['’]t\sexist|diverges)[\s.!*]*\Z"
    r"|\b(infinitely\smany)\b"
    r"|\b(?:has|have|are|is)\s(no\s(?:real\s|integer\s)?solutions?)[\s.!*]*\Z"
    r"|\b(?:is|be|was|on)\s(?:on\s)?(?:an?\s)?((?:mon|tues|wednes|thurs|fri|satur|sun)day)[\s.!*]*\Z"
    r"|(无解|無解|不存在)[\s.。]*\Z",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(r"[0-9$\\=?]")


def closing_words(text: str, start: int) -> Span | None:
    """Finds the words that the last sentence behind `start` states, if it holds no figures."""
    sentence = last_sentence(text, start)
    if sentence is None or _VALUE.search(text, *sentence):
        return None
    for bold in (_BOLD_LAST.search(text, *sentence), _BOLD_FIRST.match(text, *sentence)):
        if bold and _EMPHASIS.isdisjoint(bold.group(1).lower().split()):
            return bold.span(1)
    verdict = _VERDICT.search(text, *sentence)
    return verdict.span(verdict.lastindex or 0) if verdict else None
