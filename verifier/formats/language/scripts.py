"""Scripts: which letters they have, and which languages write them."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from verifier.formats.language import words_other, words_scripts, words_western

# Letters and marks by Unicode block, first and last code point; digits and punctuation are left
# out where a block holds them.
_RANGES: Final = (
    ("Latin", 0x41, 0x5A),
    ("Latin", 0x61, 0x7A),
    ("Latin", 0xC0, 0xD6),
    ("Latin", 0xD8, 0xF6),
    ("Latin", 0xF8, 0x24F),
    ("Greek", 0x370, 0x3FF),
    ("Cyrillic", 0x400, 0x52F),
    ("Hebrew", 0x591, 0x5F4),
    ("Arabic", 0x620, 0x65F),
    ("Arabic", 0x66E, 0x6D3),
    ("Arabic", 0x6D5, 0x6EF),
    ("Arabic", 0x6FA, 0x6FF),
    ("Arabic", 0x750, 0x77F),
    ("Devanagari", 0x900, 0x963),
    ("Devanagari", 0x970, 0x97F),
    ("Bengali", 0x980, 0x9E3),
    ("Gurmukhi", 0xA00, 0xA65),
    ("Gujarati", 0xA80, 0xAE3),
    ("Tamil", 0xB80, 0xBE5),
    ("Telugu", 0xC00, 0xC65),
    ("Kannada", 0xC80, 0xCE5),
    ("Malayalam", 0xD00, 0xD65),
    ("Thai", 0xE01, 0xE3A),
    ("Thai", 0xE40, 0xE4E),
    ("Hangul", 0x1100, 0x11FF),
    ("Latin", 0x1E00, 0x1EFF),
    ("Greek", 0x1F00, 0x1FFF),
    ("Han", 0x3005, 0x3007),
    ("Kana", 0x3041, 0x30FA),
    ("Kana", 0x30FC, 0x30FF),
    ("Hangul", 0x3130, 0x318F),
    ("Han", 0x3400, 0x4DBF),
    ("Han", 0x4E00, 0x9FFF),
    ("Hangul", 0xAC00, 0xD7AF),
    ("Han", 0xF900, 0xFAFF),
    ("Arabic", 0xFB50, 0xFDFF),
    ("Arabic", 0xFE70, 0xFEFC),
    ("Kana", 0xFF66, 0xFF9F),
    ("Han", 0x20000, 0x3134F),
)
_STARTS: Final = tuple(first for _, first, _ in _RANGES)

LANGUAGES: Final = MappingProxyType(
    {
        "Latin": (*words_western.WORDS, *words_other.WORDS),
        "Greek": ("el",),
        "Cyrillic": tuple(words_scripts.CYRILLIC),
        "Hebrew": ("he",),
        "Arabic": tuple(words_scripts.ARABIC),
        "Devanagari": tuple(words_scripts.DEVANAGARI),
        "Bengali": ("bn",),
        "Gurmukhi": ("pa",),
        "Gujarati": ("gu",),
        "Tamil": ("ta",),
        "Telugu": ("te",),
        "Kannada": ("kn",),
        "Malayalam": ("ml",),
        "Thai": ("th",),
        "Hangul": ("ko",),
        "Han": ("zh", "ja"),
        "Kana": ("ja",),
    }
)
"""From a script to the ISO 639-1 codes of the known languages that write it."""

KNOWN: Final = tuple(sorted({code for codes in LANGUAGES.values() for code in codes}))
"""ISO 639-1 codes of all known languages, in the order of the alphabet."""


def letters(*scripts: str) -> str:
    """The inside of a character class of a regular expression: the letters of some scripts."""
    return "".join(
        f"{re.escape(chr(first))}-{re.escape(chr(last))}"
        for script, first, last in _RANGES
        if script in scripts
    )


def every_letter(*scripts: str) -> str:
    """The letters of some scripts, one by one."""
    return "".join(
        chr(code)
        for script, first, last in _RANGES
        if script in scripts
        for code in range(first, last + 1)
    )


@lru_cache(maxsize=4096)
def script_of(character: str) -> str:
    """A character's script; empty for whatever is no letter of a known one."""
    code = ord(character)
    at = bisect_right(_STARTS, code) - 1
    return _RANGES[at][0] if at >= 0 and code <= _RANGES[at][2] else ""
