r"""Answers in words ("Monday", "no solution", "(C)") and the folding that compares them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from verifier.mathematics.lexing.characters import fold_characters
from verifier.mathematics.lexing.vocabulary import FUNCTIONS, GREEK
from verifier.mathematics.limits import MAX_CACHED, MAX_TEXT
from verifier.mathematics.reading.idioms import IDIOMS
from verifier.mathematics.reading.wrappers import strip_wrappers
from verifier.mathematics.syntax import Node, Words
from verifier.mathematics.units.phrases import is_unit

if TYPE_CHECKING:
    from verifier.mathematics.lexing.tokens import Token

_TEXT_COMMAND: Final = re.compile(
    r"\\(?:text|textbf|textit|textrm|textnormal|mathrm|mathbf|mbox|boxed|fbox)\s*\{([^{}]*)\}"
)
_VERBAL: Final = re.compile(r"[^\W\d_]+(?:[\s'.,\-]{1,3}[^\W\d_]+)*[.!]?")
_WORD: Final = re.compile(r"[^\W\d_]+")
_SHORT_WORDS: Final = frozenset(
    ("yes", "no", "odd", "all", "any", "one", "two", "six", "ten", "tie")
)
_NO_WORDS: Final = re.compile(r"[0-9=<>^_+*/|,;\[\]]")
_GREEK_LETTER: Final = re.compile("[\u0370-\u03ff\u2100-\u214f\u2200-\u22ff]")
_MIN_LETTERS: Final = 4  # shorter runs of letters may be products: ab, xyz
_SPACES: Final = re.compile(r"\s+")
_NOISE: Final = re.compile(r"\\(?:left|right)(?![A-Za-z])|\\!|\$")
# Space between letters or digits separates ("1 2" is not 12); any other is for looks.
_MATH_SPACES: Final = re.compile(r"(?:\\[,;: ]|\\q?quad(?![A-Za-z])|\s|~)+")
_LOOKS: Final = re.compile(r"(?<![0-9A-Za-z]) | (?![0-9A-Za-z])")


def fold_words(text: str) -> str:
    """Folds an answer in words: Unicode compatibility forms, case, spaces, wrappers."""
    if len(text) > MAX_TEXT:
        return text
    folded = unicodedata.normalize("NFKC", text)
    for _ in range(4):
        inner = _TEXT_COMMAND.sub(r"\1", strip_wrappers(folded))
        if inner == folded:
            break
        folded = inner
    folded = _SPACES.sub(" ", folded.replace("\\ ", " ")).strip(" \"'!")
    if len(folded) > 2 and folded[0] == "(" and folded[-1] == ")":
        folded = folded[1:-1]
    return folded.casefold().strip()


def fold_formula(text: str) -> str:
    """Folds a formula that could not be parsed: spacing and delimiters only; case counts."""
    if len(text) > MAX_TEXT:
        return text
    folded = _NOISE.sub("", strip_wrappers(fold_characters(text)))
    folded = _LOOKS.sub("", _MATH_SPACES.sub(" ", folded))
    return re.sub(r"\\[dtc]frac(?![A-Za-z])", r"\\frac", folded)


@lru_cache(maxsize=MAX_CACHED)
def is_verbal(text: str) -> bool:
    """Tells whether a reference answer is words and no mathematics.

    It is if it is nothing but letters and a word among them is neither a function, a Greek letter
    nor a unit, and too long for a product of symbols.
    """
    folded = fold_words(text)
    if not _VERBAL.fullmatch(folded):
        return False
    return any(
        word in _SHORT_WORDS
        or not (word.isascii() or _GREEK_LETTER.fullmatch(word))
        or (len(word) >= _MIN_LETTERS and not is_unit(word) and word not in FUNCTIONS | GREEK)
        for word in _WORD.findall(folded)
    )


def read_phrase(text: str) -> Node | None:
    """Reads an answer that is words and nothing else; None if it is not."""
    if _NO_WORDS.search(text):
        return None
    folded = fold_words(text)
    if len(folded) > 1 and folded in IDIOMS:
        return IDIOMS[folded]
    return _meaning(folded) if is_verbal(text) else None


def phrase_node(tokens: list[Token]) -> Node | None:
    """Reads a part of an answer that is words and nothing else; None if it is not."""
    if any(token.kind != "name" for token in tokens) or all(len(t.text) == 1 for t in tokens):
        return None
    text = " ".join(token.text for token in tokens)
    return _meaning(fold_words(text)) if is_verbal(text) else None


def _meaning(folded: str) -> Node:
    return IDIOMS.get(folded.removesuffix(".")) or Words(folded)
