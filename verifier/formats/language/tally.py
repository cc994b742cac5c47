"""Words by language, and where each language begins."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UNKNOWN: Final = "und"
"""ISO 639-2's code for words that no known language speaks for."""


class Tally:
    """Words by language.

    Attributes:
        words: how many of each language; of Chinese, Japanese and Thai, characters.
    """

    __slots__ = ("_begin", "words")

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()
        self._begin: dict[str, tuple[int, Callable[[int], int]]] = {}

    def add(self, language: str, words: int, place: int, origin: Callable[[int], int]) -> None:
        """Counts words; the first place of a language stays.

        Args:
            language: its code.
            words: how many.
            place: where they begin, in a text made of the one that is counted.
            origin: from a place in the former to one in the latter; the same for all of a language.
        """
        if words:
            self.words[language] = self.words.get(language, 0) + words
            if language not in self._begin or place < self._begin[language][0]:
                self._begin[language] = (place, origin)

    @property
    def places(self) -> dict[str, int]:
        """Where each language begins, in characters from the beginning of the text.

        A letter and its accents are one character. Finding out takes time: linear in the length.
        """
        return {language: origin(place) for language, (place, origin) in self._begin.items()}


def commonest(words: Mapping[str, int]) -> str | None:
    """The language of most words, the first in the alphabet among equals; None without words."""
    return min(words, key=lambda code: (-words[code], code), default=None)
