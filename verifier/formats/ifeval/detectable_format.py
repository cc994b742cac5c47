"""Markdown, sections, JSON and titles (IFEval)."""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.formats.ifeval.counting import at_least, exactly
from verifier.formats.ifeval.instruction import (
    Arguments,
    Count,
    Instruction,
    Phrase,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_ANSWERS: Final = ("My answer is yes.", "My answer is no.", "My answer is maybe.")
_ITALIC: Final = re.compile(r"\*([^*\n]*)\*")
_BOLD: Final = re.compile(r"\*\*([^*\n]*)\*\*")
# A line break stands first, so that the search may leap to the next one.
_DASHED: Final = re.compile(r"\n[^\S\n]*+-")
_STARRED: Final = re.compile(r"\n[^\S\n]*+\*(?:\n[^\n]*+|[^*\n])")
_FENCES: Final = ("```json", "```Json", "```JSON", "```")


class BulletsArguments(Arguments, frozen=True):
    """How many bullet points, exactly."""

    num_bullets: Count


class HighlightsArguments(Arguments, frozen=True):
    """How many highlighted passages, at least."""

    num_highlights: Count


class SectionsArguments(Arguments, frozen=True):
    """The word that begins a section, and how many there must be at least."""

    section_spliter: Phrase
    num_sections: Count


def number_bullet_lists(text: str, given: BulletsArguments) -> str:
    """Exactly so many lines that begin with ``-``, or with one ``*`` that no second follows.

    As in the published checker, the rulers ``---`` and ``* * *`` are bullets, and a line that holds
    a star alone takes the line below for its text.
    """
    lines = f"\n{text}"
    count = len(_DASHED.findall(lines)) + len(_STARRED.findall(lines))
    return exactly(count, given.num_bullets, "bullets")


def constrained_response(text: str, _given: Arguments) -> str:
    """One of three fixed answers occurs, as it is spelled: ``My answer is yes.``, no, maybe."""
    return "" if any(answer in text for answer in _ANSWERS) else f'no "{_ANSWERS[0]}" or the like'


def number_highlighted_sections(text: str, given: HighlightsArguments) -> str:
    """At least so many passages that are not blank in ``*…*`` or ``**…**`` on one line."""
    inside = _ITALIC.findall(text) + _BOLD.findall(text)
    count = sum(map(bool, map(str.strip, inside)))
    return at_least(count, given.num_highlights, "highlights")


def multiple_sections(text: str, given: SectionsArguments) -> str:
    """The word followed by a number, at least so often, spelled in the same case."""
    heading = re.compile(re.escape(given.section_spliter.strip()) + r"\s?\d+")
    count = len(heading.findall(text))
    return at_least(count, given.num_sections, "sections")


def json_format(text: str, _given: Arguments) -> str:
    """The whole text, or what it has in one Markdown fence, is JSON.

    As Python reads it, which also takes NaN and Infinity. Nesting deeper than Python's bound is
    not JSON here; integers may have any length.
    """
    inside = text.strip()
    for fence in _FENCES:
        inside = inside.removeprefix(fence)
    try:
        json.loads(inside.removesuffix("```").strip(), parse_int=str)
    except ValueError as error:
        return f"no JSON: {error}"
    except RecursionError:
        return "JSON nested too deeply"
    return ""


def title(text: str, _given: Arguments) -> str:
    """A line holds ``<<…>>`` with something inside that is not blank."""
    for line in text.split("\n") if "<<" in text else ():
        start, end = line.find("<<"), line.rfind(">>")
        if start >= 0 and start + 2 < end and line[start:end].lstrip("<").rstrip(">").strip():
            return ""
    return "no <<title>>"


INSTRUCTIONS: Final[Mapping[str, Instruction]] = MappingProxyType(
    {
        "detectable_format:number_bullet_lists": Instruction(number_bullet_lists, BulletsArguments),
        "detectable_format:constrained_response": Instruction(constrained_response),
        "detectable_format:number_highlighted_sections": Instruction(
            number_highlighted_sections, HighlightsArguments
        ),
        "detectable_format:multiple_sections": Instruction(multiple_sections, SectionsArguments),
        "detectable_format:json_format": Instruction(json_format),
        "detectable_format:title": Instruction(title),
    }
)
