"""Answers in words: the same text after folding, or something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.syntax import Node, Sequence, Symbol, Words
from verifier.mathematics.verdicts import Comparison, Match
from verifier.types import Method

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge

_EQUAL: Final = Comparison(Match.EQUAL, Method.TEXT)
_DIFFERENT: Final = Comparison(Match.DIFFERENT, Method.TEXT)
_ENDLESS: Final = {Words("infinitely many"), Symbol("infty")}
_ARTICLES: Final = ("the ", "a ", "an ")


def compare_words(candidate: Node, reference: Node, _judge: Judge) -> Comparison | None:
    """Compares where at least one side is words; None where none is.

    An article in front does not count, nor do hyphens.
    """
    if not isinstance(candidate, Words) and not isinstance(reference, Words):
        return None
    if {candidate, reference} == _ENDLESS:
        return _EQUAL
    if isinstance(candidate, Words) and isinstance(reference, Words):
        return _EQUAL if _bare(candidate.text) == _bare(reference.text) else _DIFFERENT
    lists = isinstance(candidate, Sequence) or isinstance(reference, Sequence)
    return None if lists else _DIFFERENT


def _bare(text: str) -> str:
    for article in _ARTICLES:
        text = text.removeprefix(article)
    return text.replace("-", " ").rstrip(" .!")
