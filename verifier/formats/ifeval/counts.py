"""Words, letters, numbers and marks that are counted (IFEvalG, IFBench)."""

from __future__ import annotations

import re
import string
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.formats.ifeval.counting import (
    FOREIGN_LETTERS,
    at_least,
    at_most,
    compared,
    exactly,
    in_ascii,
    quoted,
    starts,
    word_count,
)
from verifier.formats.ifeval.instruction import Arguments, Count, Instruction, Position, Relation
from verifier.formats.ifeval.keywords import LetterArguments, letter_frequency
from verifier.formats.ifeval.sentences import sentences
from verifier.formats.ifeval.words import (
    counted_tokens,
    each_once,
    each_token,
    tokens,
    trimmed,
    without_apart,
    without_marks,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FOREIGN_DIGITS: Final = re.compile(r"[^\D\x00-\x7f]+")
# What no word of small letters holds becomes a capital, what parts words a space.
_SMALL: Final = re.sub(rb"[\d_]", b"A", re.sub(rb"\W", b" ", bytes(range(256))))
_NO_LETTERS: Final = re.sub(rb"[A-Za-z]", b"", bytes(range(256)))
_DIGITS: Final = re.sub(rb"\D", b" ", re.sub(rb"\d", b"0", bytes(range(256))))
_JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_INTERROBANGS: Final = ("?!", "!?", "‽")
_CONJUNCTIONS: Final = frozenset("for and nor but or yet so".split())
_PRONOUNS: Final = frozenset(
    """
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his
    himself she her hers herself it its itself they them their theirs themselves this that these
    those who whom whose which what whoever whomever whatever whichever anybody anyone anything
    everybody everyone everything nobody nothing somebody someone something each either neither
    both all some any none
    """.split()
)


class NumberArguments(Arguments, frozen=True, rename={"number": "N"}):
    """How many."""

    number: Count


class StepArguments(Arguments, frozen=True, rename={"step": "N"}):
    """Every how many."""

    step: Position


class LettersArguments(Arguments, frozen=True, rename={"number": "N"}):
    """How many letters."""

    number: Count
    relation: Relation


class SmallArguments(Arguments, frozen=True):
    """How many."""

    small_n: Count


class RangeArguments(Arguments, frozen=True):
    """From how many words to how many."""

    min_words: Count
    max_words: Count


class CompositionArguments(Arguments, frozen=True):
    """Sentences in a paragraph and words in a sentence."""

    n_sent: Count
    n_words: Count


def word_count_range(text: str, given: RangeArguments) -> str:
    """From min_words to max_words words, both included, as IFEval counts them."""
    count = word_count(text)
    return at_least(count, given.min_words, "words") or at_most(count, given.max_words, "words")


def unique_word_count(text: str, given: NumberArguments) -> str:
    """At least so many different words, in any case, without the punctuation around them."""
    different = set(map(trimmed, set(text.lower().split())))
    return at_least(len(different), given.number, "different words")


def count_unique(text: str, _given: Arguments) -> str:
    """None of `words.tokens` occurs twice, marks included; ``The`` is not ``the``."""
    # What white space parts is looked at first: if that comes twice, so do its words.
    twice = _repeated(text.split()) or _repeated(each_token(text))
    return f"has {quoted(twice)} twice" if twice else ""


def lowercase_counting(text: str, given: NumberArguments) -> str:
    """At most so many words of small ASCII letters only, all of them together."""
    words = in_ascii(text, FOREIGN_LETTERS, "A").translate(_SMALL).split()
    return at_most(sum(map(bytes.islower, words)), given.number, "words in small letters")


def letter_counting(text: str, given: LettersArguments) -> str:
    """So many ASCII letters."""
    count = len(text.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    return compared(count, given.relation, given.number, "letters")


def numbers(text: str, given: NumberArguments) -> str:
    """Exactly so many runs of digits, after ASCII punctuation is dropped: ``3.14`` is one."""
    marked = in_ascii(without_marks(text), _FOREIGN_DIGITS, "0").translate(_DIGITS)
    return exactly(starts(marked, b"0"), given.number, "numbers")


def conjunctions(text: str, given: SmallArguments) -> str:
    """At least so many of the seven coordinating conjunctions; one written twice counts once.

    The published checker counts ``And``, ``and`` and ``and,`` as three.
    """
    different = set(map(trimmed, set(text.lower().split()))) & _CONJUNCTIONS
    return at_least(len(different), given.small_n, "conjunctions")


def pronouns(text: str, given: NumberArguments) -> str:
    """At least so many pronouns, also ``this``, ``all`` and ``what``, each time it stands."""
    counted = counted_tokens(without_apart(text.lower().replace("/", " ")).split())
    return at_least(sum(map(counted.__getitem__, _PRONOUNS)), given.number, "pronouns")


def punctuation(text: str, _given: Arguments) -> str:
    """The six marks ``.,!?;:`` and an interrobang (``?!``, ``!?`` or ``‽``).

    The interrobang's own two marks do not count for the six.
    """
    if not any(mark in text for mark in _INTERROBANGS):
        return "no interrobang"
    rest = text.replace("?!", "", 1)
    if rest == text:
        rest = text.replace("!?", "", 1)
    return next((f'no "{mark}"' for mark in ".,!?;:" if mark not in rest), "")


def words_japanese(text: str, given: StepArguments) -> str:
    """Every Nth word has a kana or a Chinese character, unless it is a number or punctuation."""
    words = text.split()[given.step - 1 :: given.step]
    for word in each_once(words):
        inside = word.strip(string.punctuation)
        if inside and not inside.isdigit() and not _JAPANESE.search(inside):
            return f"word {(words.index(word) + 1) * given.step} is not Japanese"
    return ""


def counting_composition(text: str, given: CompositionArguments) -> str:
    """Three paragraphs, separated by ``***``, each of n_sent sentences of n_words `words.tokens`.

    As published, marks count as words: ``It rains.`` has three.
    """
    paragraphs = text.split("***")
    if problem := exactly(len(paragraphs), 3, "paragraphs"):
        return problem
    for paragraph in paragraphs:
        found = sentences(paragraph)
        if problem := exactly(len(found), given.n_sent, "sentences"):
            return f"a paragraph has {problem}"
        for sentence in found:
            if problem := exactly(len(tokens(sentence)), given.n_words, "words"):
                return f"a sentence has {problem}"
    return ""


def _repeated(words: Iterable[str]) -> str:
    seen: set[str] = set()
    for word in words:
        if word in seen:
            return word
        seen.add(word)
    return ""


INSTRUCTIONS: Final[Mapping[str, Instruction]] = MappingProxyType(
    {
        "count:word_count_range": Instruction(word_count_range, RangeArguments),
        "count:unique_word_count": Instruction(unique_word_count, NumberArguments),
        "count:count_unique": Instruction(count_unique),
        "count:lowercase_counting": Instruction(lowercase_counting, NumberArguments),
        "count:numbers": Instruction(numbers, NumberArguments),
        "count:conjunctions": Instruction(conjunctions, SmallArguments),
        "count:pronouns": Instruction(pronouns, NumberArguments),
        "count:punctuation": Instruction(punctuation),
        "count:words_japanese": Instruction(words_japanese, StepArguments),
        "count:counting_composition": Instruction(counting_composition, CompositionArguments),
        "letters:letter_counting": Instruction(letter_counting, LettersArguments),
        "letters:letter_counting2": Instruction(letter_frequency, LetterArguments),
    }
)
