"""Reference answers before training: which give no verdict, and which can be read in two ways.

Pure: text in, findings out. Nothing here changes how an answer is compared.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from verifier.answers.references import labelled_reference, stated_reference
from verifier.mathematics.compare import compare
from verifier.mathematics.lexing.numerals import CommaStyle
from verifier.mathematics.reading.answer import read_answer
from verifier.mathematics.reading.idioms import IDIOMS
from verifier.mathematics.reading.wrappers import strip_wrappers
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Node,
    Number,
    Quantity,
    Sequence,
    UnreadableError,
    Words,
)
from verifier.mathematics.traversal import children, contains
from verifier.mathematics.units.phrases import is_unit
from verifier.mathematics.verdicts import Match
from verifier.types import MathPolicy, Method, PercentPolicy, UnitPolicy
from verifier.word import Word

_MAX_SCANNED: Final = 200  # characters; longer answers are hardly a number, a pair or a time
_MAX_PROMPT: Final = 20_000  # characters of a prompt that are searched for a hint
_GROUPED: Final = re.compile(r"[-+({\[ \\]{0,8}[1-9][0-9]{0,2},[0-9]{3}[)}\] \\]{0,8}")
_COMMA: Final = re.compile(r"-?[0-9]{1,9},[0-9]{1,3}")
_CLOCK: Final = re.compile(r"(?P<hour>[0-9]{1,2}) ?: ?(?P<minute>[0-9]{2})")
_FIGURE_LETTER: Final = re.compile(r"-?[0-9][0-9.,]{0,40}(?:\s|~|\\[,;: ]){1,8}(?P<unit>[A-Za-z])")
_TIME_HINT: Final = re.compile(r"\b(?:time|clock|a\.?m|p\.?m|hours?|minutes?)\b", re.IGNORECASE)
_RATIO_HINT: Final = re.compile(r"\bratios?\b", re.IGNORECASE)
_INTERVAL_HINT: Final = re.compile(r"\b(?:interval|inequalit|domain|range of)", re.IGNORECASE)
_PAIR_HINT: Final = re.compile(
    r"\b(?:ordered|pair|point|coordinate|vertex|vector|vertices|center|focus)", re.IGNORECASE
)


class Code(Word):
    """What there is to say of a reference answer: a closed list."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    UNDECIDABLE = "undecidable"
    TEXT_ONLY = "text_only"
    COMMA = "comma"
    INTERVAL = "interval"
    UNIT = "unit"
    CLOCK = "clock"
    LOG = "log"
    UNITS_OPTIONAL = "units_optional"
    PERCENT = "percent"


PROBLEMS: Final = frozenset((Code.EMPTY, Code.UNREADABLE, Code.UNDECIDABLE, Code.TEXT_ONLY))
"""Codes of answers that cannot be scored, or by their wording only; the others are notes."""


class Finding(Struct, frozen=True):
    """One thing to say of one reference answer.

    Attributes:
        code: what kind of thing.
        message: what it is.
        suggestion: what would be clear.
    """

    code: Code
    message: str
    suggestion: str

    @property
    def is_problem(self) -> bool:
        """Tells whether the reference cannot be scored by what it is worth."""
        return self.code in PROBLEMS


def examine(
    reference: str, policy: MathPolicy | None = None, prompt: str = ""
) -> tuple[Finding, ...]:
    """Says what is wrong or unclear with a reference answer. Total and bounded, like `compare`.

    Args:
        reference: the reference answer, as written.
        policy: the policy it will be compared by; None for the default one.
        prompt: what was asked, if known: it may settle how the answer is meant.

    Returns:
        One finding if it cannot be scored; else one for every way to misread it, mostly none.
    """
    effective = (policy or MathPolicy()).effective()
    letter, reference = labelled_reference(stated_reference(reference))
    if letter is not None:
        return ()  # an option, by its letter
    if reference.isdecimal() and len(reference) <= _MAX_SCANNED:
        return ()  # most of them
    problem = _problem(reference, effective)
    if problem is not None:
        return (problem,)
    node = read_answer(reference, CommaStyle.THOUSANDS, lenient=False)
    if isinstance(node, UnreadableError):
        return ()
    text = strip_wrappers(reference) if len(reference) <= _MAX_SCANNED else ""
    asked = prompt[:_MAX_PROMPT]
    found = [_comma(text), _interval(node, asked), _unit(text), _clock(text, asked), _log(node)]
    found += [_optional_unit(node, effective), _percent(node, effective)]
    return tuple(finding for finding in found if finding is not None)


def _problem(reference: str, policy: MathPolicy) -> Finding | None:
    """Says why a reference cannot be scored: it must equal itself, by more than its text."""
    if not reference.strip():
        return Finding(Code.EMPTY, "nothing stands there", "leave the row out")
    # Spaced, since a text that is the same to the letter is never looked into.
    outcome = compare(f" {reference} ", reference, policy)
    if outcome.match in {Match.UNDECIDED, Match.DIFFERENT}:
        message = "cannot even be shown to equal itself"
        return Finding(Code.UNDECIDABLE, message, "rewrite it in closed form")
    node = read_answer(reference, CommaStyle.THOUSANDS, lenient=False)
    if isinstance(node, UnreadableError):
        message = f"is no mathematics that can be read ({node})"
        return Finding(Code.UNREADABLE, message, "rewrite it, or leave the row out")
    if node not in IDIOMS.values() and (outcome.method is Method.TEXT or _is_worded(node)):
        message = "is equal to its own wording only"
        return Finding(Code.TEXT_ONLY, message, "use a text task, or an answer that is computed")
    return None


def _is_worded(node: Node) -> bool:
    """Tells whether an answer, or one of several, is words; conditions may be."""
    if isinstance(node, Sequence | Equation):
        return any(map(_is_worded, children(node)))
    return isinstance(node, Words)


def _comma(text: str) -> Finding | None:
    if _GROUPED.fullmatch(text):
        joined = text.replace(",", "")
        spaced = text.replace(",", ", ")
        return Finding(
            Code.COMMA, "may be one number or a list of two", f"write {joined} or {spaced}"
        )
    if _COMMA.fullmatch(text):
        whole, places = text.split(",")
        return Finding(
            Code.COMMA,
            "may be a list of two or a decimal comma",
            f"write {whole}, {places} or {whole}.{places}",
        )
    return None


def _interval(node: Node, prompt: str) -> Finding | None:
    """Finds two rising numbers in brackets, unless the prompt says what they are."""
    if not isinstance(node, Sequence) or node.brackets not in {"()", "[]"} or len(node.items) != 2:
        return None
    low, high = node.items
    if not isinstance(low, Number) or not isinstance(high, Number) or low.value >= high.value:
        return None
    if _INTERVAL_HINT.search(prompt) or _PAIR_HINT.search(prompt):
        return None
    sign = "<" if node.brackets == "()" else "\\le"
    return Finding(
        Code.INTERVAL,
        "may be a pair or an interval",
        f"if it is the interval, write it as a relation with {sign}",
    )


def _unit(text: str) -> Finding | None:
    found = _FIGURE_LETTER.fullmatch(text)
    if found is None or not is_unit(found["unit"]):
        return None
    unit = found["unit"]
    return Finding(
        Code.UNIT,
        f"may be a figure in the unit {unit} or a multiple of a variable {unit}",
        f"write \\text{{ {unit}}} for the unit; glue figure and letter for the variable",
    )


def _clock(text: str, prompt: str) -> Finding | None:
    found = _CLOCK.fullmatch(text)
    if found is None or int(found["hour"]) > 24 or int(found["minute"]) > 59:
        return None
    if _RATIO_HINT.search(prompt) or _TIME_HINT.search(prompt):
        return None
    return Finding(
        Code.CLOCK,
        "may be a time of day or a ratio",
        "add a.m. or p.m. for a time, write a fraction for a ratio",
    )


def _log(node: Node) -> Finding | None:
    def is_bare(part: Node) -> bool:
        return isinstance(part, Apply) and part.head == "log" and len(part.args) == 1

    if not contains(node, is_bare):
        return None
    return Finding(Code.LOG, "a bare log has no one base", "write \\ln or \\log_{10}")


def _optional_unit(node: Node, policy: MathPolicy) -> Finding | None:
    if policy.units is not UnitPolicy.BY_REFERENCE:
        return None
    if not isinstance(node, Quantity) or not node.unit:
        return None
    message = "a candidate without the unit will be accepted"
    return Finding(Code.UNITS_OPTIONAL, message, "set units to REQUIRE if the unit matters")


def _percent(node: Node, policy: MathPolicy) -> Finding | None:
    if policy.percent is not PercentPolicy.BY_REFERENCE:
        return None
    if not isinstance(node, Quantity) or not node.percent:
        return None
    message = "the same figure without the percent sign will be accepted"
    return Finding(Code.PERCENT, message, "set percent to EXACT if the sign matters")
