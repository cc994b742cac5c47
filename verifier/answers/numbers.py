"""LASTNUMBER: the last number in the text, whole: with its sign, currency, fraction, percent."""

from __future__ import annotations

import re
from typing import Final

from verifier.answers.spans import MAX_ANSWER_CHARS, MAX_SEARCHED_CHARS, Excerpt, excerpt

_WINDOW: Final = 256  # looked at before the last digit; a longer number widens it
_BEHIND: Final = 64  # looked at behind the last digit: a percent sign, " million"
_DIGITS_0_9: Final = "0123456789"
_GROUP: Final = r"(?:[ \u00a0\u2009\u202f]|\{,\}|,\\!|\\[,;: ])[0-9]{3}(?![0-9])"
_DIGITS: Final = rf"(?:[0-9]{{1,3}}(?:{_GROUP})++|[0-9]++(?:[.,][0-9]++)*+)"
# What belongs to a number behind its digits: a second part, a power of ten, a number word.
_MIXED: Final = r"(?: [0-9]{1,9}/[0-9]{1,9}(?![0-9])| ?[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])?"
_POWER: Final = (
    r"(?:\s?(?:[x×*]|\\times|\\cdot)\s?10(?:(?:\^|\*\*)\{?[-−+]?[0-9]++\}?|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]++))?"
)
_SCALE: Final = r"(?:\s(?:hundred|thousand|million|billion|trillion)\b)?"
_BRACED: Final = r"\{[^{}]{1,40}\}"
NUMBER: Final = re.compile(
    r"(?:(?<![\w)\]}.%])[-−–+]|\b(?:minus|negative) )?(?:\\?[$€£¥] ?)?"
    r"(?:(?:(?<![0-9.])[0-9]{1,9}+ ?)?\\(?:[dtc]?frac"
    + _BRACED * 2
    + r"|sqrt(?:\[[0-9]\])?"
    + _BRACED
    + ")"
    r"|(?<![\w^_.√])(?<!\^\{)(?<!_\{)(?<!\^-)(?<!\^\{-)"
    r"(?<![0-9]\*\*)(?<![0-9]\*)(?<![0-9]\*\*[-+])"
    r"(?:"
    + _DIGITS
    + r"|\.[0-9]++)(?:[eE][-+]?[0-9]++)?"
    + _MIXED
    + _POWER
    + r"(?:(?:\s?/\s?|:)"
    + _DIGITS
    + r")*+(?:\^\{?-?[0-9]++\}?)?(?:\s?\\?%)?"
    + _SCALE
    + ")"
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
_SHORT_UNITS: Final = "mgshLlCFKVAWNJ"


def find_last_number(text: str) -> Excerpt | None:
    r"""Finds the last number, never a part of one.

    Digits inside names (``x1``, ``H2O``) and exponents of units (``m^2``) are not numbers. Where
    the last number is a coefficient (``2x``) there is no answer by this rule.
    """
    last = 1 + max(
        text.rfind(digit, max(0, len(text) - MAX_SEARCHED_CHARS)) for digit in _DIGITS_0_9
    )
    if last == 0:
        return None
    begin = max(0, last - _WINDOW)
    if begin and text[begin].isdigit():
        begin = max(0, last - MAX_ANSWER_CHARS)
    found: re.Match[str] | None = None
    for match in NUMBER.finditer(text, begin, last + _BEHIND):
        found = match
    if found is None:
        return None
    if text[found.end() : found.end() + 1] in {")", "]"} and _INSIDE.search(
        text, max(0, found.start() - _WINDOW), found.start()
    ):
        return None
    term = _TERM.match(text, found.end())
    if term is not None and term.group() not in _SHORT_UNITS:
        return None
    bold = _bold_number(text, found.start())
    return bold or excerpt(text, found.span())


def _bold_number(text: str, last: int) -> Excerpt | None:
    """Finds the last number in bold, if it stands in the paragraph of the last number."""
    start = max(text.rfind("\n\n", 0, last), len(text) - MAX_ANSWER_CHARS, 0)
    found: re.Match[str] | None = None
    for match in _BOLD.finditer(text, start):
        found = match
    return excerpt(text, found.span(1)) if found else None
