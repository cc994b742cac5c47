"""Folding text: what counts as the same words, whatever their spelling in Unicode.

Everything here is linear in the text and never raises: completions are untrusted, and may hold NUL,
lone surrogates or a megabyte of combining marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final, Literal

# Unicode's Stream-Safe Text Format (UAX #15, section 13). `unicodedata.normalize` sorts a run of
# marks by insertion: forty thousand of them cost seconds, a megabyte half an hour.
_MAX_MARKS: Final = 30
_LONG_RUN: Final = re.compile(r"[^\x00-\u02ff]{31,}")
# Single characters that become up to eighteen; all others become four at most.
_PHRASE: Final = re.compile(r"[\u321d\u321e\u3300-\u33ff\ufdf0-\ufdfc]")
_MAX_PHRASES: Final = 200
_JOINER: Final = "\u034f"  # combining grapheme joiner: ends a run of marks, shows nothing
# Not marks themselves, but made of nothing else once decomposed.
_HIDDEN_MARKS: Final = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")

_SPELLINGS: Final = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "ʼ": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "‐": "-",
        "–": "-",
        "−": "-",
        "\u00ad": None,  # soft hyphen
        "\u200b": None,  # zero-width space
        "\u2060": None,  # word joiner
        "\ufeff": None,  # byte order mark
    }
)

_QUOTES: Final = {
    '"': '"',
    "'": "'",
    "«": "»",
    "「": "」",
    "『": "』",
    "*": "*",
    "_": "_",
    "`": "`",
}
_PERIODS: Final = frozenset(".。")

_ARTICLES: Final = frozenset({"a", "an", "the"})
_IDEOGRAPHS: Final = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # kana and han
)
# Vowel signs and accents belong to their word, but `re` does not count them as letters.
_MARKS: Final = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff"
)
_LETTER: Final = rf"(?:[^\W_{_IDEOGRAPHS}]|[{_MARKS}])"
_NUMBER: Final = rf"\d++(?:[.,]\d++)*+{_LETTER}*+"
# Possessive throughout, so that no text makes it look twice at the same place.
_WORD: Final = re.compile(rf"(?<![\w)\]])-{_NUMBER}|{_NUMBER}|{_LETTER}++|\S")
# All but the point of 4.5 and the minus of -4.
_IDLE_POINT_OR_MINUS: Final = re.compile(r"(?<!\d)\.|\.(?!\d)|(?<=\w)-|-(?!\d)")
_IDEOGRAPH_RUN: Final = re.compile(rf"[{_IDEOGRAPHS}]++")


def compatible(text: str) -> str:
    """The text in Unicode's form NFKC, runs of more than 30 combining marks broken up first.

    A text with hundreds of characters that stand for a whole word or phrase keeps them: form NFC.
    """
    if text.isascii():
        return text
    phrases = sum(1 for _ in _PHRASE.finditer(text))
    form: Literal["NFKC", "NFC"] = "NFKC" if phrases <= _MAX_PHRASES else "NFC"
    return unicodedata.normalize(form, _LONG_RUN.sub(_break_marks, text))


def _break_marks(found: re.Match[str]) -> str:
    run = found.group()
    if not any(map(unicodedata.combining, run)) and _HIDDEN_MARKS.isdisjoint(run):
        return run  # another script than Latin, nothing unusual
    pieces: list[str] = []
    marks = 0
    for char in run:
        if not (unicodedata.combining(char) or char in _HIDDEN_MARKS):
            marks = 0
        elif marks == _MAX_MARKS:
            pieces.append(_JOINER)
            marks = 1
        else:
            marks += 1
        pieces.append(char)
    return "".join(pieces)


def folded(text: str) -> str:
    """The text without case, Unicode variants and white-space differences.

    NFKC, typographic quotes and hyphens made plain, invisible characters dropped, casefolded, runs
    of white space squeezed to one space, none at the ends.
    """
    plain = compatible(compatible(text).translate(_SPELLINGS).casefold())
    return " ".join(plain.split())


def bare(text: str) -> str:
    """The text without surrounding quotes, markdown emphasis and final periods.

    A text that is nothing but these is returned as it is.
    """
    start, end = 0, len(text)
    while start < end:
        if text[end - 1] in _PERIODS or text[end - 1].isspace():
            end -= 1
        elif text[start].isspace():
            start += 1
        elif end - start > 1 and _QUOTES.get(text[start]) == text[end - 1]:
            start, end = start + 1, end - 1
        else:
            return text[start:end]
    return text


def same_form(text: str) -> str:
    """What two texts have in common when they are the same answer: `folded`, then `bare`."""
    return bare(folded(text))


def words(text: str) -> str:
    """The folded text as its words, each between single spaces, for a search of whole words.

    A word is a number with its sign, separators and suffix (``-4``, ``1,000.5``, ``4th``), a run of
    letters, one ideograph, or one other character: ``4`` is no word of ``4.5`` or ``-4``.
    """
    return f" {' '.join(_WORD.findall(folded(text)))} "


def overlap_tokens(text: str) -> Counter[str]:
    """The tokens that SQuAD's F1 counts.

    Folded, without punctuation and symbols, without the articles a, an, the, split at white space.
    Ours beyond SQuAD: each ideograph is a token, and a point between digits and a minus before a
    number stay, because 4.5 is not 45.
    """
    plain = _IDLE_POINT_OR_MINUS.sub("", folded(text))
    dropped = {
        ord(char): None
        for char in set(plain)
        if unicodedata.category(char)[0] in "PS" and char not in ".-"
    }
    plain = plain.translate(dropped)
    tokens = Counter("".join(_IDEOGRAPH_RUN.findall(plain)))
    spaced = _IDEOGRAPH_RUN.sub(" ", plain).split()
    tokens.update(token for token in spaced if token not in _ARTICLES)
    return tokens
