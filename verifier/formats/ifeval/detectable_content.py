"""Placeholders and postscripts (IFEval)."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.formats.ifeval.counting import at_least, quoted
from verifier.formats.ifeval.instruction import (
    Arguments,
    Count,
    Instruction,
    Phrase,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_POSTSCRIPTS: Final = MappingProxyType(
    {"P.S.": re.compile(r"p\.\s?s\."), "P.P.S": re.compile(r"p\.\s?p\.\s?s")}
)
# Also matches what is never closed, so that the same line is not searched for the next bracket.
_BRACKETED: Final = re.compile(r"\[[^\]\n]*+(\]?)")


class PlaceholdersArguments(Arguments, frozen=True):
    """How many placeholders, at least."""

    num_placeholders: Count


class PostscriptArguments(Arguments, frozen=True):
    """What the postscript begins with, ``P.S.``."""

    postscript_marker: Phrase


def number_placeholders(text: str, given: PlaceholdersArguments) -> str:
    """At least so many placeholders: ``[`` and the next ``]`` on the same line."""
    count = _BRACKETED.findall(text).count("]")
    return at_least(count, given.num_placeholders, "placeholders")


def postscript(text: str, given: PostscriptArguments) -> str:
    """The marker occurs, in any case; ``P.S.`` and ``P.P.S`` also with spaces inside.

    As in the published checker, it need not begin a line nor be near the end.
    """
    marker = given.postscript_marker.strip()
    lower = text.lower()
    pattern = _POSTSCRIPTS.get(marker)
    found = pattern.search(lower) is not None if pattern else marker.lower() in lower
    return "" if found else f"no {quoted(marker)}"


INSTRUCTIONS: Final[Mapping[str, Instruction]] = MappingProxyType(
    {
        "detectable_content:number_placeholders": Instruction(
            number_placeholders, PlaceholdersArguments
        ),
        "detectable_content:postscript": Instruction(postscript, PostscriptArguments),
    }
)
