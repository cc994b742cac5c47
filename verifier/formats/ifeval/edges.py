"""The first and the last word, of sentences and of the whole (IFEvalG)."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.formats.ifeval.counting import quoted
from verifier.formats.ifeval.instruction import Arguments, Instruction, Phrase
from verifier.formats.ifeval.sentences import each_sentence
from verifier.formats.ifeval.words import edges

if TYPE_CHECKING:
    from collections.abc import Mapping

_INSIDE: Final = re.compile(r"\w+")


class FirstWordArguments(Arguments, frozen=True):
    """The first word."""

    first_word: Phrase


class LastWordArguments(Arguments, frozen=True):
    """The last word."""

    last_word: Phrase


def first_word_sent(text: str, given: FirstWordArguments) -> str:
    """Every sentence begins with the word, in any case; ``Yes,`` is not ``Yes``."""
    wanted = given.first_word.strip().lower()
    wrong = (each for each in each_sentence(text) if not _begins(each, wanted))
    return next((f"a sentence begins with {quoted(each)}" for each in wrong), "")


def first_word_answer(text: str, given: FirstWordArguments) -> str:
    """The text begins with the word, in any case; ``Yes,`` is not ``Yes``."""
    wanted = given.first_word.strip()
    return "" if _begins(text, wanted.lower()) else f"does not begin with {quoted(wanted)}"


def last_word_sent(text: str, given: LastWordArguments) -> str:
    """Every sentence ends with the word, in any case; punctuation in it does not count."""
    wanted = given.last_word.strip().lower()
    right: set[str] = set()
    for each in each_sentence(text):
        last = each.rsplit(maxsplit=1)[-1]
        if last not in right:
            if not _is(last, wanted):
                return f"a sentence ends with {quoted(each[-40:])}"
            right.add(last)
    return ""


def last_word_answer(text: str, given: LastWordArguments) -> str:
    """The text ends with the word, in any case; punctuation in it does not count."""
    wanted = given.last_word.strip()
    last = text.rsplit(maxsplit=1)[-1]
    return "" if _is(last, wanted.lower()) else f"does not end with {quoted(wanted)}"


def start_end(text: str, _given: Arguments) -> str:
    """The first and the last of `words.tokens` are the same, in any case; there are two at least.

    A mark behind the last word is a word of its own here, so it must not be there.
    """
    first, last = edges(text)
    if len(first) < 2:
        return "has one word only"
    if first[0].lower() == last[-1].lower():
        return ""
    return f"begins with {quoted(first[0])}, ends with {quoted(last[-1])}"


def _begins(text: str, small: str) -> bool:
    return text.split(maxsplit=1)[0].lower() == small


def _is(marked: str, small: str) -> bool:
    """Tells whether a word, but for the marks in it, is the one in small letters."""
    bare = ""
    for inside in _INSIDE.finditer(marked):
        bare += inside.group()
        if len(bare) > len(small):  # lower() makes no text shorter
            return False
    return bare.lower() == small


INSTRUCTIONS: Final[Mapping[str, Instruction]] = MappingProxyType(
    {
        "first_word:first_word_sent": Instruction(first_word_sent, FirstWordArguments),
        "first_word:first_word_answer": Instruction(first_word_answer, FirstWordArguments),
        "last_word:last_word_sent": Instruction(last_word_sent, LastWordArguments),
        "last_word:last_word_answer": Instruction(last_word_answer, LastWordArguments),
        "keywords:start_end": Instruction(start_end),
    }
)
