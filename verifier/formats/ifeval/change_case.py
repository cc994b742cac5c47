"""Capital and small letters (IFEval)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.formats.ifeval.counting import compared
from verifier.formats.ifeval.instruction import (
    Arguments,
    Count,
    Instruction,
    Relation,
)
from verifier.formats.ifeval.language import not_in
from verifier.formats.ifeval.words import capital_words

if TYPE_CHECKING:
    from collections.abc import Mapping
_RUN: Final = 4096  # characters whose letters are looked at once each


class CapitalWordsArguments(Arguments, frozen=True):
    """How many words in capitals."""

    capital_frequency: Count
    capital_relation: Relation


def capital_word_frequency(text: str, given: CapitalWordsArguments) -> str:
    """So many words in capitals, as `words.capital_words` counts them; ``I`` and ``A`` are some."""
    count = capital_words(text)
    return compared(count, given.capital_relation, given.capital_frequency, "words in capitals")


def english_capital(text: str, _given: Arguments) -> str:
    """There are letters, none is small, and the language is English."""
    if not text.isupper():
        return _first(text, small=True) or "has no letters"
    return not_in(text.lower(), "en")


def english_lowercase(text: str, _given: Arguments) -> str:
    """There are letters, none is capital, and the language is English."""
    if not text.islower():
        return _first(text, small=False) or "has no letters"
    return not_in(text, "en")


def _first(text: str, *, small: bool) -> str:
    """Where the first letter of the wrong case stands; title case counts as either."""
    is_right = str.isupper if small else str.islower
    for start in range(0, len(text), _RUN):
        for letter in dict.fromkeys(text[start : start + _RUN]):
            has_case = letter.isupper() or letter.islower() or letter.istitle()
            if letter.isalpha() and has_case and not is_right(letter):
                place = text.index(letter, start)
                return f"has a {'small' if small else 'capital'} letter at character {place}"
    return ""


INSTRUCTIONS: Final[Mapping[str, Instruction]] = MappingProxyType(
    {
        "change_case:capital_word_frequency": Instruction(
            capital_word_frequency, CapitalWordsArguments
        ),
        "change_case:english_capital": Instruction(english_capital),
        "change_case:english_lowercase": Instruction(english_lowercase),
    }
)
