"""LASTNUMBER: the last number in the text, whole: with its sign, currency, fraction, percent."""

from __future__ import annotations

import re
from typing import Final

from verifier.answers.asides import ends_in_empty_box, hide_asides
from verifier.answers.closing import concluding_word, last_sentence
from verifier.answers.spans import MAX_ANSWER_CHARS, MAX_SEARCHED_CHARS, Excerpt, excerpt

_WINDOW: Final = 256  # looked at before the last digit; a longer number widens it
_BEHIND: Final = 64  # looked at behind the last digit: a percent sign, " million"
_DIGITS_0_9: Final = "0123456789"
_VULGAR: Final = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_GROUP: Final = r"(?:[ \u00a0\u2009\u202f]|\{,\}|,\\!|\\[,;: ])[0-9]{3}(?![0-9])"
_DIGITS: Final = rf"(?:[0-9]{{1,3}}(?:{_GROUP})++|[0-9]++(?:[.,][0-9]++)*+)"
# What belongs to a number behind its digits: a second part, a power of ten, a number word.
_MIXED: Final = rf"(?: [0-9]{{1,9}}/[0-9]{{1,9}}(?![0-9])| ?[{_VULGAR}])?"
_POWER: Final = (
    r"(?:\s?(?:[x×*]|\\times|\\cdot)\s?10(?:(?:\^|\*\*)\{?[-−+]?[0-9]++\}?|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]++))?"
)
_SCALE: Final = r"(?:\s(?:hundred|thousand|million|billion|trillion)\b)?"
_BRACED: Final = r"\{[^{}]{1,40}\}"
NUMBER: Final = re.compile(
    r"(?:(?:(?<![\w)\]}.%])|(?<=[是为為得有剩]))[-−–+]|\b(?:minus|negative) )?(?:\\?[$€£¥] ?)?"
    r"(?:(?:(?<![0-9.])[0-9]{1,9}+ ?)?\\(?:[dtc]?frac"
    + _BRACED * 2
    + r"|sqrt(?:\[[0-9]\])?"
    + _BRACED
    + ")"
    r"|(?<![^\W\u2e80-\u9fff\uac00-\ud7a3])(?<![\^.√])(?<!\^\{)(?<!_\{)(?<!\^-)(?<!\^\{-)"
    r"(?<![0-9]\*\*)(?<![0-9]\*)(?<![0-9]\*\*[-+])"
    r"(?:"
    + _DIGITS
    + r"|\.[0-9]++)(?:[eE][-+]?[0-9]++)?"
    + _MIXED
    + _POWER
    + r"(?:(?:\s?/\s?|[:∶])"
    + _DIGITS
    + r")*+(?:\^\{?-?[0-9]++\}?)?(?:\s?\\?%)?"
    + _SCALE
    + rf"|(?<!\w)[{_VULGAR}])"
)
# "5km" and "3rd" hold a number; in "2x" the 2 is part of a term, no answer of its own.
_TERM: Final = re.compile(
    r"[A-Za-zπ√∞](?![A-Za-z])|\(|\*\*[-+]?[0-9]|\s?[+/^×·]\s?[\w\\√(]|\s?\*\s?[a-zπ√(]"
    r"|\s?[-−]\s?(?:[a-zπ√\\(](?![a-z])|sqrt)|\s?\*?(?:pi|sqrt)\b|\\(?:pi|sqrt|cdot|times)"
)
# A number alone in bold is what a completion without any mark wants to be seen.
_BOLD: Final = re.compile(
    r"(?<![*\w])\*\*(?:[^\W\d_][^*\n=]{0,40}[:=]\s)?([-−]?\\?[$€£]?\s?[0-9][0-9.,]{0,40}(?:\s?%)?"
    r"(?:\s[^\W\d_]{1,20}){0,3})[.!]?\*\*(?![*\w])"
)
# "sqrt(16)", "(3, 4)": the number is a part of something else.
_INSIDE: Final = re.compile(r"(?:sqrt|root|log|ln|exp|abs)\s?\(\s?\Z|[(\[][^()\[\]]{0,80},\s?\Z")
# "Theorem 7", "42, not 7": the number is passed over for the one in front.
_LABEL: Final = re.compile(
    r"(?:\b(?:step|theorem|lemma|corollary|proposition|definition|exercise|problem|question|example"
    r"|equation|eq|figure|fig|formula|method|part|case)s?\.?\s?(?:#|no\.\s)?|,\s(?:and\s)?not\s)\(?\Z",
    re.IGNORECASE,
)
# "is not 7", "greater than 7", "at least 7": what the value is not, or a bound.
_DENIED: Final = re.compile(
    r"(?:\b(?:not|never)|n['’]t(?:\sbe)?|\b(?:greater|less|more|fewer|larger|smaller|bigger|higher|lower)\sthan"
    r"|\bat\s(?:least|most)|\bup\sto)\s(?:equal\sto\s|exactly\s)?[*_$]{0,3}\Z",
    re.IGNORECASE,
)
# Who says so has no answer.
_GIVES_UP: Final = re.compile(
    r"\b(?:i|we)(?:\sam|['’]m|\sare)?\s(?:not\ssure|unsure|unable|stuck|got\sstuck|give\sup"
    r"|do\snot\sknow|don['’]t\sknow"
    r"|(?:cannot|can['’]t|could\snot|couldn['’]t)\s(?:tell|determine|decide|solve|find|say|answer))\b"
    r"|\b(?:unsolvable|cannot\sbe\sdetermined|not\senough\sinformation)\b",
    re.IGNORECASE,
)
_MAX_ADMITTING: Final = 5_000  # characters before and behind a number, for time
_MAX_GUARDED: Final = 40  # characters in front of a number
_RATIO: Final = re.compile(
    r"\bratio\b[^.\n]{0,80}\s(?P<value>[0-9]{1,9}\sto\s(?:[0-9]{1,9}\sto\s)?)\Z",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"(?<![A-Za-z])(?P<value>(?:Jan|Febr)uary|March|April|May|June|July|August"
    r"|(?:Septem|Octo|Novem|Decem)ber)\s[0-9]{1,2}(?:st|nd|rd|th)?,?\s\Z"
)
_SHORT_UNITS: Final = "mgshLlCFKVAWNJ"


def find_last_number(text: str) -> Excerpt | None:
    r"""Finds the last number, never a part of one.

    Digits inside names (``x1``, ``H2O``) and exponents of units (``m^2``) are not numbers. Where
    the last number is a coefficient (``2x``) there is no answer by this rule.
    """
    if ends_in_empty_box(text):
        return None
    text = hide_asides(text)
    word = concluding_word(text)
    if word is not None:
        return excerpt(text, word)
    found = _last_stated(text)
    if found is None or _gives_up(text, found):
        return None
    if text[found.end() : found.end() + 1] in {")", "]"} and _INSIDE.search(
        text, max(0, found.start() - _WINDOW), found.start()
    ):
        return None
    term = _TERM.match(text, found.end())
    if term is not None and term.group() not in _SHORT_UNITS:
        return None
    bold = _bold_number(text, found.start())
    return bold or excerpt(text, (_widened(text, found.start()), found.end()))


def _last_stated(text: str) -> re.Match[str] | None:
    """Finds the last number that is no label; None where it is denied or a bound."""
    digits = _DIGITS_0_9 if text.isascii() else _DIGITS_0_9 + _VULGAR
    last = 1 + max(text.rfind(digit, max(0, len(text) - MAX_SEARCHED_CHARS)) for digit in digits)
    if last == 0:
        return None
    begin = max(0, last - _WINDOW)
    if begin and text[begin].isdigit():
        begin = max(0, last - MAX_ANSWER_CHARS)
    for match in reversed(list(NUMBER.finditer(text, begin, last + _BEHIND))):
        before = max(0, match.start() - _MAX_GUARDED)
        if not _LABEL.search(text, before, match.start()):
            return None if _DENIED.search(text, before, match.start()) else match
    return None


def _gives_up(text: str, number: re.Match[str]) -> bool:
    """Tells whether the sentence of a number, or what follows, says that there is no answer."""
    begin = max(_sentence_start(text, number.start()), number.start() - _MAX_ADMITTING)
    return _GIVES_UP.search(text, begin, number.end() + _MAX_ADMITTING) is not None


def _sentence_start(text: str, place: int) -> int:
    sentence = last_sentence(text[:place], 0)
    return sentence[0] if sentence else 0


def _widened(text: str, start: int) -> int:
    """Where a number begins that is the end of a ratio in words ("2 to 3") or of a date."""
    for pattern in (_RATIO, _DATE):
        found = pattern.search(text, max(0, start - 2 * _MAX_GUARDED), start)
        if found:
            return found.start("value")
    return start


def _bold_number(text: str, last: int) -> Excerpt | None:
    """Finds the last number in bold, if it stands in the paragraph of the last number."""
    start = max(text.rfind("\n\n", 0, last), len(text) - MAX_ANSWER_CHARS, 0)
    found: re.Match[str] | None = None
    for match in _BOLD.finditer(text, start):
        found = match
    return excerpt(text, found.span(1)) if found else None
