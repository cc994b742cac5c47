"""The sentence that closes a completion, where it states a value without any mark.

"Therefore x = 2*pi." and "The roots are 1, 2 and 3." end in a formula that no delimiters enclose;
"so there are 12 ways. I hope this helps." ends in a conclusion and a politeness.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.answers.spans import trim

if TYPE_CHECKING:
    from verifier.answers.spans import Span

_WINDOW: Final = 400  # characters of a last sentence
_POLITE: Final = re.compile(
    r"(?<=[.!?\n])\s{0,4}(?:I hope|Hope|Let me know|Feel free|Please)\b[^\n]{0,120}\Z"
)
_SENTENCE: Final = re.compile(r"(?:[.!?:](?=\s)\s*+|\n[ \t]{0,40}+)(?=\S)")
_CLOSING: Final = re.compile(r"\s{0,8}(?:\$\$?|\\[)\]])")  # of the formula in front
# A word, or a run of ideographs: 解得x=5 ends in a formula.
_UNSPACED: Final = r"\u3040-\u9fff\uac00-\ud7a3"
_WORD: Final = re.compile(rf"[{_UNSPACED}]{{2,}}|[^\W\d_{_UNSPACED}]{{2,}}")
_MATHEMATICAL: Final = frozenset(
    "and or pi sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln exp sqrt abs mod"
    " inf infinity".split()
)
_STATES: Final = re.compile(
    r"(?:\b(?:is|are|equals?|be|as|to|get|have|obtain|gives?)|[:=是为為得])\s*\Z"
)
_VALUE: Final = re.compile(r"[0-9π∞]|\b(?:pi|infinity)\b")
_COMPOUND: Final = re.compile(r"[-+*/^=<>≤≥≠(){}\[\],;√π∞±]|[0-9][a-z]|\b(?:and|or)\b|[A-Za-z]\(")
_PLAIN: Final = re.compile(
    r"(?:[A-Za-z0-9\s*/.+()%-]+=)?\s*[-−+]?(?:[€£¥]\s?)?[0-9][0-9.,:/%\s]*\Z"
)
_LEAD: Final = re.compile(r"[\s:,*_]{0,8}(?:=\s{0,4})?")
_LONE_NAME: Final = re.compile(r"[A-Za-z]\s?=|[A-Za-z]\([A-Za-z]\)\s?=")
_CONCLUDES: Final = re.compile(
    r"[*_#\s,;]{0,4}(?:so|thus|therefore|hence|finally|consequently|in\s(?:conclusion|total|summary)"
    r"|overall|also|donc|ainsi|por\stanto|por\slo\stanto|portanto|quindi|dunque|also|daher|somit)\b",
    re.IGNORECASE,
)
_BOLD_NUMBER: Final = re.compile(
    r"(?<![*\w])\*\*(?:[^\W\d_][^*\n=]{0,40}\s)?[-−$€£]?[0-9][0-9.,]{0,40}%?"
    r"(?:\s[^\W\d_]{1,20}){0,3}[.!]?\*\*(?![*\w])"
)
_NUMBER_WORD: Final = re.compile(
    r"(?<![\w-])(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four"
    r"|five|six|seven|eight|nine))?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|zero)(?![\w-])",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(?<![\w.,])[-−$€£]?[0-9]+(?:[.,][0-9]+)*")


def closing_formula(text: str, start: int) -> Span | None:
    """Finds the formula that ends the last sentence, from `start` on, if it stands there bare.

    Not where it is a plain number: that is another rule's.
    """
    sentence = last_sentence(text, start)
    if sentence is None or any(sign in text[slice(*sentence)] for sign in ("$", "\\", "<<")):
        return None
    begin, end = sentence
    while end > begin and text[end - 1] in ".!*_ 。":
        end -= 1
    for word in _WORD.finditer(text, begin, end):
        if word.group().lower() not in _MATHEMATICAL:
            begin = word.end()
    lead = _LEAD.match(text, begin, end)
    tail = lead.end() if lead else begin
    value = text[tail:end]
    states = tail == sentence[0] or _LONE_NAME.match(value)
    if not states and not _STATES.search(text, sentence[0], tail):
        return None
    if not value or not _VALUE.search(value) or not _COMPOUND.search(value[1:]):
        return None
    is_plain = _PLAIN.fullmatch(value) and not _LONE_NAME.match(value)
    return None if is_plain or _unbalanced(value) else (tail, end)


def concludes_with_number(text: str, start: int) -> bool:
    """Tells whether the last sentence, beginning behind `start`, concludes with one number.

    It opens with a word that concludes, or its number is in bold.
    """
    sentence = last_sentence(text, start)
    if sentence is None or "$" in text[slice(*sentence)] or "\\" in text[slice(*sentence)]:
        return False
    numbers = _NUMBER.findall(text[slice(*sentence)])
    if _BOLD_NUMBER.search(text, *sentence):
        return True
    return len(set(numbers)) == 1 and _CONCLUDES.match(text, *sentence) is not None


def concluding_word(text: str) -> Span | None:
    """Finds the number in words with which the last sentence concludes: "So eight remain."."""
    sentence = last_sentence(text, 0)
    if sentence is None or not _CONCLUDES.match(text, *sentence):
        return None
    if any(character.isdigit() for character in text[slice(*sentence)]):
        return None
    words = list(_NUMBER_WORD.finditer(text, *sentence))
    return words[0].span() if len(words) == 1 else None


def last_sentence(text: str, start: int) -> Span | None:
    """Finds the last sentence behind `start`, without a politeness behind it."""
    closing = _CLOSING.match(text, start) if start else None
    start = max(closing.end() if closing else start, len(text) - _WINDOW)
    if not text[start:].strip():
        return None
    polite = _POLITE.search(text, start)
    span = trim(text, start, polite.start() if polite else len(text))
    if span is None:
        return None
    begin = span[0] if start else 0
    for end in _SENTENCE.finditer(text, *span):
        if end.end() < span[1]:
            begin = end.end()
    return begin, span[1]


def _unbalanced(value: str) -> bool:
    return any(value.count(pair[0]) != value.count(pair[1]) for pair in ("{}",)) or (
        sum(map(value.count, "([")) != sum(map(value.count, ")]"))
    )
