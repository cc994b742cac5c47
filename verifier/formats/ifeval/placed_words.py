"""Keywords that must occur so often or in a certain place (IFEvalG, IFBench)."""

from __future__ import annotations

import string
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.formats.ifeval.counting import exactly, occurrences, quoted
from verifier.formats.ifeval.instruction import (
    Arguments,
    Instruction,
    Phrase,
    Position,
)
from verifier.formats.ifeval.keywords import FrequencyArguments, find_word, frequency
from verifier.formats.ifeval.sentences import each_sentence
from verifier.formats.ifeval.words import each_token, edges, is_spoken, without_apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class KeywordArguments(Arguments, frozen=True):
    """A keyword."""

    keyword: Phrase


class ExcludedArguments(Arguments, frozen=True):
    """A word that must not occur; `instruction` is the text it was drawn from, and not read."""

    keyword: Phrase
    instruction: str = ""


class TwoArguments(Arguments, frozen=True):
    """A keyword for one place and one for two."""

    keyword1: Phrase
    keyword2: Phrase


class FiveArguments(TwoArguments, frozen=True):
    """Keywords for one, two, three, five and seven places."""

    keyword3: Phrase
    keyword4: Phrase
    keyword5: Phrase


class PlaceArguments(Arguments, frozen=True):
    """A keyword, its sentence and its place in it, both counted from 1."""

    keyword: Phrase
    n: Position
    m: Position


class SentenceArguments(Arguments, frozen=True, rename={"sentence": "N"}):
    """A word and its sentence, counted from 1."""

    word: Phrase
    sentence: Position


def word_once(text: str, given: KeywordArguments) -> str:
    """The keyword occurs once, in any case, also inside a longer word."""
    return _times(text, given.keyword, 1)


def exclude_word(text: str, given: ExcludedArguments) -> str:
    """The keyword does not occur as a whole word, in any case.

    The published checker only sees it between two spaces, so that a comma behind it hides it.
    """
    position = find_word(text.casefold(), given.keyword.strip().casefold())
    return f"has {quoted(given.keyword)} at character {position}" if position >= 0 else ""


def two_keywords(text: str, given: TwoArguments) -> str:
    """The first keyword occurs once, the second twice, as `word_once` counts."""
    return _times(text, given.keyword1, 1) or _times(text, given.keyword2, 2)


def five_keywords(text: str, given: FiveArguments) -> str:
    """The keywords occur once, twice, three, five and seven times, as `word_once` counts."""
    wanted = (
        (given.keyword1, 1),
        (given.keyword2, 2),
        (given.keyword3, 3),
        (given.keyword4, 5),
        (given.keyword5, 7),
    )
    return next(filter(None, (_times(text, word, times) for word, times in wanted)), "")


def any_token_placed(text: str, given: PlaceArguments) -> str:
    """The keyword, spelled like this, is the mth of `words.tokens` of sentence n; marks count."""
    words = each_token(_sentence(text, given.n))
    return _placed(words, given.keyword.strip(), given.m)


def word_placed(text: str, given: PlaceArguments) -> str:
    """The keyword, in any case, is the mth word of sentence n; marks do not count."""
    words = filter(is_spoken, each_token(without_apart(_sentence(text, given.n))))
    return _placed(map(str.lower, words), given.keyword.strip().lower(), given.m)


def in_sentence(text: str, given: SentenceArguments) -> str:
    """The word occurs in sentence N as a whole word, in any case."""
    count = 0
    for count, sentence in enumerate(each_sentence(text), start=1):
        if count == given.sentence:
            is_there = find_word(sentence.casefold(), given.word.casefold()) >= 0
            return "" if is_there else f"no {quoted(given.word)} in sentence {given.sentence}"
    return f"{count} sentences, must be at least {given.sentence}"


def second_and_last_but_one(text: str, given: KeywordArguments) -> str:
    """The keyword, in any case, is the second and the last but one of `words.tokens`.

    An ASCII mark at the very end does not count.
    """
    first, last = edges(text)
    if last[-1] in string.punctuation:
        last = last[:-1]
    if len(first) < 2 or len(last) < 2:
        return "has one word only"
    wanted = given.keyword.strip().lower()
    if first[1].lower() != wanted:
        return f"the second word is {quoted(first[1])}"
    return "" if last[-2].lower() == wanted else f"the last but one word is {quoted(last[-2])}"


def _times(text: str, keyword: str, times: int) -> str:
    word = keyword.strip()
    return exactly(occurrences(text, word), times, f"times {quoted(word)}")


def _sentence(text: str, place: int) -> str:
    found = enumerate(each_sentence(text), start=1)
    return next((sentence for at, sentence in found if at == place), "")


def _placed(words: Iterator[str], wanted: str, place: int) -> str:
    found = next((word for at, word in enumerate(words, start=1) if at == place), None)
    if found is None:
        return f"no word {place} in that sentence"
    return "" if found == wanted else f"word {place} of that sentence is {quoted(found)}"


INSTRUCTIONS: Final[Mapping[str, Instruction]] = MappingProxyType(
    {
        "keywords:word_once": Instruction(word_once, KeywordArguments),
        "keywords:word_count_different_numbers": Instruction(frequency, FrequencyArguments),
        "keywords:exclude_word_harder": Instruction(exclude_word, ExcludedArguments),
        "keywords:keyword_specific_position": Instruction(any_token_placed, PlaceArguments),
        "count:count_increment_word": Instruction(two_keywords, TwoArguments),
        "count:keywords_multiple": Instruction(five_keywords, FiveArguments),
        "words:keywords_specific_position": Instruction(word_placed, PlaceArguments),
        "words:words_position": Instruction(second_and_last_but_one, KeywordArguments),
        "sentence:keyword": Instruction(in_sentence, SentenceArguments),
    }
)
