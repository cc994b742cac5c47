r"""Spellings that are rewritten before the lexer: programs' notation, conditions in words.

Each rewriting is one regular expression without nested repetition, so that a text costs linear
time, and each only fires behind a cheap look for a word that it needs.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = r"(-?[0-9]{1,40})"
_PART: Final = r"((?:[^,()]|\([^()]{0,80}\)){1,80})"
_SETS: Final = r"\\mathbb{Z}"

# What a program prints: SymPy's and Python's constructors, digit groups and imaginary units.
_PROGRAMS: Final = (
    ("(or ", r"\s?\(or (?:equivalently |maybe |perhaps )?([^()]{1,60})\)", r" or \1"),
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
    ("d/d", r"(?<![A-Za-z\\])d/d([a-z])(?![A-Za-z])", r"\\frac{d}{d\1}"),
    ("%", r"%(?=(?:pi|e|i)\b)", ""),
    ("binomial(", r"\bbinomial\(", "binom("),
    ("matrix(", r"\bmatrix\((\[.{0,2000}\])\)", r"[\1]"),
    (
        "sum(",
        rf"(?<![A-Za-z\\])sum\({_PART},\s?([a-z]),\s?{_PART},\s?{_PART}\)",
        r"\\sum_{\2=\3}^{\4}(\1)",
    ),
    (
        "int",
        rf"(?<![A-Za-z\\])int(?:egrate)?\({_PART},\s?([a-z]),\s?{_PART},\s?{_PART}\)",
        r"\\int_{\3}^{\4}(\1)d\2",
    ),
    ("int", rf"(?<![A-Za-z\\])int(?:egrate)?\({_PART},\s?([a-z])\)", r"\\int(\1)d\2"),
    ("limit(", rf"(?<![A-Za-z\\])limit\({_PART},\s?([a-z]),\s?{_PART}\)", r"\\lim_{\2\\to \3}(\1)"),
    ("diff(", rf"(?<![A-Za-z\\])diff\({_PART},\s?([a-z])\)", r"\\frac{d}{d\2}(\1)"),
    ("_", r"(?<=[0-9])_(?=[0-9]{3})", ""),
    ("*I", r"\*I\b", "*i"),
    ("j", r"(?<=[0-9])j\b", "i"),
)
# "for any integer k", "(k is an integer)", "\text{where } n \text{ is an integer}"
_TEXT: Final = r"(?:\\(?:text|mathrm|mbox)\s?\{\s{0,3})?"
_OPENING: Final = rf",?\s{{0,3}}\(?{_TEXT}(?:\b(?:for|where|with|and)\b\s{{0,3}})?"
_QUANTIFIER: Final = r"(?:(?:any|all|every|some|each|an?)\s{0,3})?"
_ARBITRARY: Final = r"(?:(?:arbitrary|real|any)\s)?"
_ARE: Final = r"(?:is|are|being)\s{1,3}"
_CONSTANT: Final = r"(?<![A-Za-z\\])[A-Za-z](?:_\{?[0-9]\}?)?(?![A-Za-z])"
_IS_CONSTANT: Final = rf"{_TEXT}{_ARE}{_QUANTIFIER}{_ARBITRARY}constants?\s?\}}?\)?"
_NUMBER_WORDS: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|and"
)
_LETTER: Final = r"(?<![A-Za-z\\])([a-z])(?![A-Za-z])"
_FOR_ALL: Final = (
    r"(?<=for )\s{0,2}(?:all|any|every|each)\s{1,3}(?:real\s|rational\s|complex\s|positive\s)?"
    r"(?:numbers?\s|values\sof\s)?\s{0,3}\}?\s{0,3}"
)
_ALL: Final = (
    rf"\A\s{{0,3}}{_TEXT}all\s(?:(?:positive|natural|real|possible|non-?negative)\s){{0,2}}"
    r"(?:integers?|numbers?|values\sof|reals?)?\s{0,3}\}?\s{0,3}"
    r"(?=\$?[a-z]\s?(?:\\[gl]|\\ne|[<>=≤≥≠]))"
)
_EXCEPT: Final = (
    rf"\A\s{{0,3}}{_TEXT}(?:all|any)\sreals?\s(?:numbers?\s)?(?:[a-z]\s)?except\s(?:for\s)?"
    r"\s{0,3}\}?\s{0,3}(.{1,80}?)\Z"
)
_BEHIND: Final = r"(?<=[^\s,])\s{0,3},?(?:\s|\\[ ,;:]|\\q?quad(?![a-z])){0,4}"
_CONDITIONS: Final = (
    # "all integers n \ge 3": the relation says it
    (
        "all ",
        _ALL,
        "",
    ),
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
    # "2^k for k \ge 0"
    (
        "for",
        rf",?\s{{0,3}}{_TEXT}\bfor\s{{0,3}}\}}?\s{{0,3}}(?={_LETTER}\s?(?:\\[gl]e|\\in\b|[<>=]))",
        ", ",
    ),
    # "for all real x", "\forall x \in S": what a function is defined on
    ("for", rf"{_OPENING}{_FOR_ALL}\$?{_LETTER}\$?(?=\s{{0,3}}\\in\b)", r", \1"),
    ("for", rf"{_OPENING}{_FOR_ALL}\$?{_LETTER}\$?\)?", r", \1 \\in \\mathbb{R}"),
    ("\\forall", rf"{_BEHIND}\\forall\s{{0,3}}{_LETTER}(?=\s{{0,3}}\\in\b)", r", \1"),
    ("\\forall", rf"{_BEHIND}\\forall\s{{0,3}}{_LETTER}\Z", r", \1 \\in \\mathbb{R}"),
    ("const", rf"\+\s{{0,3}}{_TEXT}const(?:ant)?\.?\s{{0,3}}\}}?", "+ C"),
    # "where c is an arbitrary constant", "for some constant c": that goes without saying
    (
        "constant",
        rf"{_OPENING}{_QUANTIFIER}{_ARBITRARY}constants?\s?\}}?\s{{0,3}}\$?{_CONSTANT}\$?\)?",
        "",
    ),
    (
        "constant",
        rf"{_OPENING}\}}?\s{{0,3}}\$?{_CONSTANT}\$?\s{{0,3}}{_IS_CONSTANT}",
        "",
    ),
    (
        "except",
        _EXCEPT,
        r"\\mathbb{R} \\setminus \\{\1\\}",
    ),
    # "12th", "12^{\text{th}}"
    (
        "",
        r"(?<=[0-9])\s?(?:\^\s?\{?\s?)?(?:\\text\s?\{)?(?:st|nd|rd|th)\b\s?\}?\s?\}?\Z",
        "",
    ),
    # "12 (twelve)"
    (
        "(",
        rf"(?<=[0-9}}])\s{{0,3}}{_TEXT}\((?:(?:{_NUMBER_WORDS})[\s-]?){{1,5}}\)\s?\}}?\Z",
        "",
    ),
)
_LABEL: Final = re.compile(r"\\text\s?\{\s?\(([a-h])\)\s?\}")
_PART_LETTERS: Final = "abcdefgh"
_RULES: Final = tuple(
    (needed, re.compile(pattern), replacement)
    for needed, pattern, replacement in (*_PROGRAMS, *_CONDITIONS)
)


def rewrite(text: str) -> str:
    """Rewrites what programs print and what conditions say in words to plain mathematics."""
    if "(b)" in text:
        text = _listed(_LABEL.sub(r"(\1)", text))
    for needed, pattern, replacement in _RULES:
        if needed in text:
            text = pattern.sub(replacement, text)
    return text


def _listed(text: str) -> str:
    """Reads "(a) 3 (b) 5" as a list: the labels only number its parts."""
    if not text.lstrip().startswith("(a)"):
        return text
    parts: list[str] = []
    start = text.index("(a)") + len("(a)")
    for letter in _PART_LETTERS[1:]:
        place = text.find(f"({letter})", start)
        if place < 0:
            break
        parts.append(text[start:place])
        start = place + len("(b)")
    parts.append(text[start:])
    return ", ".join(part.strip(" ,;.\n\t") for part in parts)
