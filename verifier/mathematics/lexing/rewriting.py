r"""Spellings that are rewritten before the lexer: programs' notation, conditions in words.

Each rewriting is one regular expression without nested repetition, so that a text costs linear
time, and each only fires behind a cheap look for a word that it needs.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = r"(-?[0-9]{1,40})"
_PART: Final = r"([^,()]{1,80}(?:\([^()]{0,80}\))?)"
_SETS: Final = r"\\mathbb{Z}"

# What a program prints: SymPy's and Python's constructors, digit groups and imaginary units.
_PROGRAMS: Final = (
    ("Rational(", rf"\b(?:sp\.|sympy\.)?Rational\({_NUMBER},\s?{_NUMBER}\)", r"((\1)/(\2))"),
    ("Fraction(", rf"\bFraction\({_NUMBER},\s?{_NUMBER}\)", r"((\1)/(\2))"),
    ("Matrix(", r"\bMatrix\((\[.{0,2000}\])\)", r"\1"),
    ("array(", r"\barray\((\[.{0,2000}\])\)", r"\1"),
    ("Interval(", rf"\bInterval\({_PART},\s?{_PART}\)", r"[\1,\2]"),
    ("Interval.", rf"\bInterval\.open\({_PART},\s?{_PART}\)", r"(\1,\2)"),
    ("Interval.", rf"\bInterval\.Lopen\({_PART},\s?{_PART}\)", r"(\1,\2]"),
    ("Interval.", rf"\bInterval\.Ropen\({_PART},\s?{_PART}\)", r"[\1,\2)"),
    ("FiniteSet(", r"\bFiniteSet\(([^()]{0,400})\)", r"\\{\1\\}"),
    ("U", r"(?<=[)\]}])(\s?)U(?=\s?(?:[(\[]|\\\{))", r"\1\\cup "),
    (") & (", r"\) & \(", r") \\land ("),
    (") | (", r"\) \| \(", r") \\lor ("),
    ("_", r"(?<=[0-9])_(?=[0-9]{3})", ""),
    ("*I", r"\*I\b", "*i"),
    ("j", r"(?<=[0-9])j\b", "i"),
)
# "for any integer k", "(k is an integer)", "\text{where } n \text{ is an integer}"
_TEXT: Final = r"(?:\\(?:text|mathrm|mbox)\s?\{\s{0,3})?"
_OPENING: Final = rf",?\s{{0,3}}\(?{_TEXT}(?:\b(?:for|where|with|and)\b\s{{0,3}})?"
_QUANTIFIER: Final = r"(?:(?:any|all|every|some|each|an?)\s{0,3})?"
_ARE: Final = r"(?:is|are|being)\s{1,3}"
_LETTER: Final = r"(?<![A-Za-z\\])([a-z])(?![A-Za-z])"
_CONDITIONS: Final = (
    (
        "integer",
        rf"{_OPENING}{_QUANTIFIER}integers?\s{{0,3}}\}}?\s{{0,3}}\$?{_LETTER}\$?\)?",
        rf", \1 \\in {_SETS}",
    ),
    (
        "integer",
        rf"{_OPENING}\}}?\s{{0,3}}\$?{_LETTER}\$?\s{{0,3}}{_TEXT}{_ARE}{_QUANTIFIER}integers?\s?\}}?\)?",
        rf", \1 \\in {_SETS}",
    ),
    (
        "\\in",
        r"(?<=[^\s,;:({|])\s{0,3},?\s{0,3}\(([a-z])\s?\\in\s{0,2}(\\mathbb\s?\{?[ZN]\}?)\)",
        r", \1 \\in \2",
    ),
    ("const", rf"\+\s{{0,3}}{_TEXT}const(?:ant)?\.?\s{{0,3}}\}}?", "+ C"),
)
_RULES: Final = tuple(
    (needed, re.compile(pattern), replacement)
    for needed, pattern, replacement in (*_PROGRAMS, *_CONDITIONS)
)


def rewrite(text: str) -> str:
    """Rewrites what programs print and what conditions say in words to plain mathematics."""
    for needed, pattern, replacement in _RULES:
        if needed in text:
            text = pattern.sub(replacement, text)
    return text
