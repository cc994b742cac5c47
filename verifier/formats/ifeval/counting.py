"""How many there are, how many there must be, and the message if the two do not agree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from verifier.formats.ifeval.instruction import Relation

FOREIGN_LETTERS: Final = re.compile(r"[^\W\x00-\x7f]+")
"""What words are made of beyond ASCII; digits too."""

_IN_WORDS: Final = re.sub(rb"\w", b"a", re.sub(rb"\W", b" ", bytes(range(256))))


def word_count(text: str) -> int:
    """Counts words as IFEval does: runs of letters, digits and underscores; ``don't`` is two."""
    return starts(in_ascii(text, FOREIGN_LETTERS, "a").translate(_IN_WORDS), b"a")


def in_ascii(text: str, pattern: re.Pattern[str], stand_in: str) -> bytes:
    """A text to count in: bytes are fast to translate.

    Args:
        text: any text.
        pattern: what `stand_in` replaces; never ASCII.
        stand_in: ASCII. What else is not ASCII becomes question marks.
    """
    plain = text if text.isascii() else pattern.sub(stand_in, text)
    return plain.encode("ascii", "replace")


def starts(marked: bytes, symbol: bytes) -> int:
    """Counts the runs of one symbol in bytes that hold nothing else but spaces."""
    return marked.count(b" " + symbol) + marked.startswith(symbol)


def occurrences(text: str, phrase: str) -> int:
    """Counts where a phrase stands, also inside words; ignores case, without overlaps.

    The published checkers take a keyword for a regular expression; here it is plain text, so that
    ``C++`` is a keyword and no keyword makes the search slow.
    """
    return text.casefold().count(phrase.casefold())


def compared(count: int, relation: Relation, bound: int, noun: str) -> str:
    """The message for ``less than`` or ``at least``; empty if it holds."""
    if relation == "at least":
        return at_least(count, bound, noun)
    return "" if count < bound else f"{_some(count, noun)}, must be less than {bound}"


def at_least(count: int, bound: int, noun: str) -> str:
    """The message for a lower bound; empty if it is reached."""
    return "" if count >= bound else f"{_some(count, noun)}, must be at least {bound}"


def at_most(count: int, bound: int, noun: str) -> str:
    """The message for an upper bound; empty if it is kept."""
    return "" if count <= bound else f"{_some(count, noun)}, must be at most {bound}"


def exactly(count: int, wanted: int, noun: str) -> str:
    """The message for an exact number; empty if it is met."""
    return "" if count == wanted else f"{_some(count, noun)}, must be {wanted}"


def quoted(text: str, limit: int = 40) -> str:
    """A text as messages repeat it: in quotes, cut."""
    return f'"{text}"' if len(text) <= limit else f'"{text[: limit - 1]}…"'


def _some(count: int, noun: str) -> str:
    if count != 1:
        return f"{count} {noun}"
    first, space, rest = noun.partition(" ")
    if first.endswith("s"):
        return f"1 {first[:-1]}{space}{rest}"
    return f"1 {noun.removesuffix('s')}"
