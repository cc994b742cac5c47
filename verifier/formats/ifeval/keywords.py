"""Keywords and letters that must occur, or must not (IFEval)."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta

from verifier.formats.ifeval.counting import compared, occurrences, quoted
from verifier.formats.ifeval.instruction import (
    Arguments,
    Count,
    Instruction,
    Phrase,
    Phrases,
    Relation,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_INSIDE: Final = re.compile(r"\w+")
_OUTSIDE: Final = re.compile(r"[^\w ]")
_PARTED: Final = {code: " " for code in range(128) if not _INSIDE.match(chr(code))}

Letter = Annotated[str, Meta(min_length=1, max_length=1)]


class KeywordsArguments(Arguments, frozen=True):
    """Keywords that must all occur."""

    keywords: Phrases


class FrequencyArguments(Arguments, frozen=True):
    """A keyword and how often it must occur."""

    keyword: Phrase
    frequency: Count
    relation: Relation


class ForbiddenArguments(Arguments, frozen=True):
    """Words of which none may occur."""

    forbidden_words: Phrases


class LetterArguments(Arguments, frozen=True):
    """A character and how often it must occur."""

    letter: Letter
    let_frequency: Count
    let_relation: Relation


def existence(text: str, given: KeywordsArguments) -> str:
    """Every keyword occurs, in any case, also inside a longer word."""
    folded = text.casefold()
    missing = (word for word in given.keywords if word.casefold() not in folded)
    return next((f"no {quoted(word)}" for word in missing), "")


def frequency(text: str, given: FrequencyArguments) -> str:
    """The keyword occurs so often, in any case, also inside longer words."""
    keyword = given.keyword.strip()
    noun = f"times {quoted(keyword)}"
    return compared(occurrences(text, keyword), given.relation, given.frequency, noun)


def forbidden_words(text: str, given: ForbiddenArguments) -> str:
    """None of the words occurs as a whole word, in any case."""
    folded = text.casefold()
    for word in given.forbidden_words:
        if (position := find_word(folded, word.casefold())) >= 0:
            return f"has {quoted(word)} at character {position}"
    return ""


def letter_frequency(text: str, given: LetterArguments) -> str:
    """The character occurs so often, in any case; punctuation may be asked for too."""
    count = text.lower().count(given.letter.lower())
    noun = f"times {quoted(given.letter)}"
    return compared(count, given.let_relation, given.let_frequency, noun)


def find_word(text: str, word: str) -> int:
    r"""The first place of a word that is not inside a longer one; -1 if there is none.

    Where the word itself begins or ends with a letter, digit or underscore, none may stand next to
    it. The published checkers write ``\b`` around it, which for ``C++`` would ask for the contrary.
    """
    position = text.find(word)
    if position >= 0 and _INSIDE.fullmatch(word):
        parted = text.translate(_PARTED) if text.isascii() else _OUTSIDE.sub(" ", text)
        return f" {parted} ".find(f" {word} ")
    while position >= 0:
        end = position + len(word)
        joined_before = _is_inside(word[0]) and position > 0 and _is_inside(text[position - 1])
        joined_behind = _is_inside(word[-1]) and end < len(text) and _is_inside(text[end])
        if not joined_before and not joined_behind:
            return position
        # Up to the end of a longer word, what begins with a letter is joined to what is before it.
        longer = _INSIDE.match(text, position)
        position = text.find(word, longer.end() if longer else position + 1)
    return -1


def _is_inside(character: str) -> bool:
    return character == "_" or character.isalnum()


INSTRUCTIONS: Final[Mapping[str, Instruction]] = MappingProxyType(
    {
        "keywords:existence": Instruction(existence, KeywordsArguments),
        "keywords:frequency": Instruction(frequency, FrequencyArguments),
        "keywords:forbidden_words": Instruction(forbidden_words, ForbiddenArguments),
        "keywords:letter_frequency": Instruction(letter_frequency, LetterArguments),
    }
)
