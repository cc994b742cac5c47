r"""WHOLE: the completion is nothing but one answer: ``7,425,000``, ``\frac{10}{9}``, ``5 cm``."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from verifier.answers.spans import Excerpt, excerpt, trim
from verifier.answers.verbal import closing_words

_MAX_CHARS: Final = 1024  # a bare answer; anything longer has prose around it
_MAX_ENDING: Final = 40
_MAX_UNIT_WORDS: Final = 5  # "18 dollars per day": a quantity names its unit in a few words
_MAX_VERBAL_WORDS: Final = 4  # "no real solutions": an answer in words, not a sentence

_WRAPPED: Final = re.compile(
    r"\\(?:text|textbf|textit|textrm|textnormal|mathrm|mathbf|mbox|operatorname|begin|end)\s*\{[^{}]*\}"
)
_WORD: Final = re.compile(r"\\[A-Za-z]+|[^\W\d_]{2,}")
_DISPLAYED: Final = ("$$", "\\[", "\\begin", "\\boxed", "\\(")
_EMPTY_BOX: Final = re.compile(r"\\(?:boxed|fbox)\s*\{\s*\}[.$\s]*")
_CONTENT: Final = re.compile(r"\w|[^\x00-\x7f]")
# "The answer is": a statement that breaks off.
_UNFINISHED: Final = re.compile(r"(?:[^\W\d_]\s{0,4}:|\b(?:is|are|be|was|equals?|as|to))[*_\s]*\Z")
_QUANTITY: Final = re.compile(r"[-+−(*$\\€£¥~≈\s]*[0-9０-９.½⅓¼¾]")
# The rows of a derivation, the last of which is the answer.
_DERIVATION: Final = re.compile(r"\\begin\{(?:aligned|align\*?|split)\}.*\\\\\s*&?\s*=", re.DOTALL)
_ENDING: Final = " .!。*"
_FIGURES: Final = frozenset({"Nd", "No"})  # digits, and ½
_LATE_DIGIT: Final = re.compile(r"(?<![\^{])[0-9]")
_MATH_WORDS: Final = (
    "and or pi sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln exp sqrt abs"
    " max min gcd lcm mod inf infinity oo theta alpha beta gamma lambda frac"
)
MATH_WORDS: Final = frozenset(_MATH_WORDS.split())
"""Words that are part of a formula and no prose."""


def find_whole(text: str) -> Excerpt | None:
    """Finds the whole text if it is one answer and nothing else.

    That is: one line (or one displayed formula) which is a formula without prose, or a number with
    a few words of unit behind it, or a few words without any digit.
    """
    span = trim(text, 0, len(text))
    if span is None or span[1] - span[0] > _MAX_CHARS:
        return None
    answer = text[span[0] : span[1]]
    if "\n" in answer and not answer.startswith(_DISPLAYED):
        return None
    if (
        _CONTENT.search(answer) is None
        or _EMPTY_BOX.fullmatch(answer)
        or _DERIVATION.search(answer)
    ):
        return None
    if _UNFINISHED.search(answer, max(0, len(answer) - _MAX_ENDING)) or not _is_bare(answer):
        return None
    words = closing_words(answer, 0)
    is_sentence = words is not None and words[1] - words[0] < len(answer.strip(_ENDING))
    return None if is_sentence else excerpt(text, span)


def prose(text: str) -> list[str]:
    r"""Lists the words that are neither commands, function names nor inside ``\text{…}``."""
    return [
        word
        for word in _WORD.findall(_WRAPPED.sub(" ", text))
        if not word.startswith("\\") and word.lower() not in MATH_WORDS
    ]


def _is_bare(answer: str) -> bool:
    words = prose(answer)
    if not words:
        return "####" not in answer
    if _QUANTITY.match(answer):
        first = answer.find(words[0])
        late = _LATE_DIGIT.search(answer, first)
        return late is None and len(words) <= _MAX_UNIT_WORDS and "=" not in answer
    has_digit = any(unicodedata.category(character) in _FIGURES for character in answer)
    return not has_digit and len(words) <= _MAX_VERBAL_WORDS and not set(answer) & set(":=$\\")
