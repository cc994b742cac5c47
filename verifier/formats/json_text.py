"""The rule ``json``: the completion, or its last fenced JSON block, is JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from verifier.answers.thinking import hide_thinking
from verifier.format_rules import JsonRule, RuleOutcome
from verifier.formats.fenced import closed_blocks

if TYPE_CHECKING:
    from verifier.types import Item

NAME: Final = "json"

MAX_DEPTH: Final = 200
"""Arrays and objects inside each other; RFC 8259 (9) lets a reader set such a bound."""

_MAX_DIGITS: Final = 4_000  # of a whole number that becomes one; Python refuses 4,300
_LABELS: Final = ("json", "")
_NESTED: Final = (dict, list)  # made once: a union in the loop would be made each time


@dataclass(frozen=True, slots=True)
class JsonFound:
    """What a completion holds.

    Attributes:
        problem: why that is no JSON, or none was found; empty if it is JSON.
        value: as Python has it; a number beyond a float's range, or of more than 4,000 digits, is
            infinite.
    """

    problem: str
    value: Any = None


def json_text(_rule: JsonRule, item: Item) -> RuleOutcome:
    """Is the completion JSON?

    | Completion, its thinking part and the white space around it left out | What must be JSON |
    |----------------------------------------------------------------------|-------------------|
    | is JSON                                                              | all of it         |
    | has closed fenced blocks labelled ``json``, or without a label       | the last of them  |

    JSON is RFC 8259's: any value, not only objects; no NaN or Infinity, no comments, no trailing
    commas, nothing behind the value. Names may occur twice, and numbers may be of any size. More
    than 200 arrays and objects inside each other are refused.

    Args:
        _rule: no parameters.
        item: its completion is read in linear time.

    Returns:
        The message says what is wrong, and at which character of what was read.
    """
    found = find_json(item.completion)
    return RuleOutcome(NAME, passed=not found.problem, message=found.problem)


def find_json(completion: str) -> JsonFound:
    """Reads the JSON that a completion hands in; see `json_text`.

    Args:
        completion: any text; raises on none, and takes linear time.
    """
    shown = hide_thinking(completion)
    whole = _read(shown.strip())
    if not whole.problem:
        return whole
    blocks, _ = closed_blocks(shown)
    text = next((block.text for block in reversed(blocks) if block.language in _LABELS), None)
    if text is None:
        return whole
    found = _read(text.strip())
    return JsonFound(f"the last block is {found.problem}") if found.problem else found


def _read(text: str) -> JsonFound:
    if not text:
        return JsonFound("no JSON: there is nothing")
    try:
        parse_int = _whole_number if _may_be_long(text) else None
        value = json.loads(text, parse_int=parse_int, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        # The library's own advice on byte order marks is for programs.
        said = "byte order mark" if text.startswith("\ufeff") else error.msg.removesuffix(" at")
        said = said[:1].lower() + said[1:]
        return JsonFound(f"no JSON: {said} at character {error.pos + 1}")
    except _ConstantError as error:
        return JsonFound(f"no JSON: {error} is not a number")
    except RecursionError:
        return _too_deep()
    # Only what opens so many may be too deep; the count also sees brackets in strings.
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deep(value):
        return _too_deep()
    return JsonFound("", value)


class _ConstantError(Exception):
    """NaN or Infinity."""


def _refuse(constant: str) -> NoReturn:
    raise _ConstantError(constant)


def _may_be_long(text: str) -> bool:
    """Tells whether a number may have too many digits: no other needs a function of our own."""
    part = _MAX_DIGITS // 2  # so many digits would fill one of the parts
    return any(text[at : at + part].isdigit() for at in range(0, len(text), part))


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)


def _too_deep() -> JsonFound:
    return JsonFound(f"nested too deep: more than {MAX_DEPTH} arrays and objects inside each other")


def _is_deep(value: object) -> bool:
    """Tells whether arrays and objects are nested above the bound, level by level."""
    level = [value] if isinstance(value, _NESTED) else []
    for _ in range(MAX_DEPTH):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, _NESTED)
        ]
    return bool(level)
