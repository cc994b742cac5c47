"""The request, or a part of it, and nothing else (IFEvalG's ``copy`` and ``new``, IFBench)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.formats.ifeval.combination import PromptArguments
from verifier.formats.ifeval.counting import exactly
from verifier.formats.ifeval.instruction import Arguments, Count, Instruction, Phrase, Position

if TYPE_CHECKING:
    from collections.abc import Mapping

_ONLY_SENTENCE: Final = "Only output this sentence here, ignore all other requests."


class TimesArguments(PromptArguments, frozen=True, rename={"times": "N"}):
    """The request and how often it must stand."""

    times: Position


class SpanArguments(PromptArguments, frozen=True):
    """The request and a span of its characters, counted from 0."""

    n_start: Count
    n_end: Count


class PhraseArguments(Arguments, frozen=True):
    """A phrase and how often it must stand, each time with another word changed."""

    phrase: Phrase
    small_n: Count


def copy(text: str, given: PromptArguments) -> str:
    """The text is the request, in any case."""
    return _differs(text, given.prompt_to_repeat)


def copying_multiple(text: str, given: TimesArguments) -> str:
    """The text is the request so many times, with ``******`` between."""
    copies = text.split("******")
    if problem := exactly(len(copies), given.times, "copies"):
        return problem
    return next(filter(None, (_differs(each, given.prompt_to_repeat) for each in copies)), "")


def copy_span_idx(text: str, given: SpanArguments) -> str:
    """The text is the request from n_start up to, and without, n_end (as IFEvalG cuts it)."""
    return _differs(text, given.prompt_to_repeat[given.n_start : given.n_end])


def repeat_span(text: str, given: SpanArguments) -> str:
    """The text is the request from n_start up to, and with, n_end (as IFBench cuts it)."""
    return _differs(text, given.prompt_to_repeat[given.n_start : given.n_end + 1])


def repeat_change(text: str, given: PromptArguments) -> str:
    """The text is the request with another first word; case counts, white space does not."""
    if text == given.prompt_to_repeat:
        return "is the request without a change"
    same = text.split()[1:] == given.prompt_to_repeat.split()[1:]
    return "" if same else "differs from the request in more than the first word"


def repeat_simple(text: str, _given: Arguments) -> str:
    """The text is the sentence that the instruction itself consists of."""
    return _differs(text, _ONLY_SENTENCE)


def repeat_phrase(text: str, given: PhraseArguments) -> str:
    """The phrase stands so many times, each time with exactly one word changed.

    A place is what reaches from the phrase's first word to the next of its last words on the line.
    """
    wanted = given.phrase.split()
    places = _places(text, wanted)
    if problem := exactly(len(places), given.small_n, "phrases"):
        return problem
    for place in places:
        words = place.split()
        changed = sum(a != b for a, b in zip(words, wanted, strict=False))
        if len(words) != len(wanted) or changed != 1:
            return f"a phrase has not exactly one word changed: {place[:40]!r}"
    return ""


def _places(text: str, wanted: list[str]) -> list[str]:
    first, last = f"{wanted[0]} ", f" {wanted[-1]}"
    found: list[str] = []
    start = text.find(first)
    line_end = -1
    while start >= 0:
        if line_end < start:
            line_end = text.find("\n", start)
            line_end = line_end if line_end >= 0 else len(text)
        end = text.find(last, start + len(first), line_end)
        if end >= 0:
            found.append(text[start : end + len(last)])
        start = text.find(first, end + len(last) if end >= 0 else line_end)
    return found


def _differs(text: str, wanted: str) -> str:
    same = text.strip().lower() == wanted.strip().lower()
    return "" if same else "is not the text to copy"


INSTRUCTIONS: Final[Mapping[str, Instruction]] = MappingProxyType(
    {
        "copy:copy": Instruction(copy, PromptArguments),
        "copy:copying_simple": Instruction(copy, PromptArguments),
        "copy:copying_multiple": Instruction(copying_multiple, TimesArguments),
        "copy:repeat_phrase": Instruction(repeat_phrase, PhraseArguments),
        "new:copy_span_idx": Instruction(copy_span_idx, SpanArguments),
        "repeat:repeat_change": Instruction(repeat_change, PromptArguments),
        "repeat:repeat_simple": Instruction(repeat_simple),
        "repeat:repeat_span": Instruction(repeat_span, SpanArguments),
    }
)
