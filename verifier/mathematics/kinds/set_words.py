"""Answers in words that say a set of reals, folded by `reading.words.fold_words`."""

from __future__ import annotations

from typing import Final

EMPTY_WORDS: Final = frozenset(
    (
        "no solution",
        "no solutions",
        "no real solution",
        "no real solutions",
        "there is no solution",
        "there are no solutions",
        "there are no real solutions",
        "no real roots",
        "no real numbers",
        "no real number",
        "no values",
        "no such values",
        "no such value",
        "no such numbers",
        "no such number",
        "no x",
        "empty set",
        "the empty set",
        "empty",
        "none",
        "null set",
        "the null set",
    )
)
"""They say the empty set."""

REAL_WORDS: Final = frozenset(
    (
        "all real numbers",
        "all reals",
        "all real values",
        "all real x",
        "any real number",
        "any real",
        "every real number",
        "real numbers",
        "the real numbers",
        "the set of all real numbers",
        "set of all real numbers",
        "the set of real numbers",
        "reals",
    )
)
"""They say all reals."""
