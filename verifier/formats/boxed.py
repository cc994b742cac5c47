r"""The rule ``boxed``: an answer in ``\boxed{…}``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.answers.boxed import box_content
from verifier.answers.thinking import hide_thinking
from verifier.format_rules import BoxedRule, RuleOutcome

if TYPE_CHECKING:
    from verifier.types import Item

NAME: Final = "boxed"

_COMMAND: Final = r"\boxed"
# Also behind another backslash: that is how a completion looks that was escaped once too often.
_BOX: Final = re.compile(r"\\boxed\s*\{")
_MARK: Final = re.compile(r"(\\{1,2}boxed\s*\{)|(\{)|(\})|\\[\\{}]")


def boxed(_rule: BoxedRule, item: Item) -> RuleOutcome:
    r"""Is there at least one ``\boxed{…}`` outside the thinking part, balanced and not blank?

    Escaped braces (``\{``, ``\}``) are text. A box that is never closed does not count; a closed
    one inside it does. ``\boxed 4`` and ``\fbox{4}`` are answers to the verifier ``math``, but not
    this form.

    Args:
        _rule: no parameters.
        item: its completion is read once, left to right.

    Returns:
        The message says what is missing: a box, its closing brace, its content.
    """
    return RuleOutcome(NAME, passed=not (found := _violation(item.completion)), message=found)


def _violation(completion: str) -> str:
    text = hide_thinking(completion)
    first = _BOX.search(text) if _COMMAND in text else None
    if first is None:
        where = " outside the thinking part" if text is not completion else ""
        return rf"no \boxed{{…}}{where}"
    last = text.rfind(_COMMAND)
    content = box_content(text, last) if _BOX.match(text, last) else None
    if content and text[slice(*content)].strip():
        return ""  # as nearly always; the others need not be looked at
    return _closed(text, first.start(), text.rfind("}") + 1)


def _closed(text: str, start: int, end: int) -> str:
    """What is wrong with the boxes whose commands stand from `start` on and end before `end`."""
    open_braces: list[int] = []  # where a box's content begins; 0 for a plain brace
    found = r"\boxed{ is never closed"
    for mark in _MARK.finditer(text, start, end):
        kind = mark.lastindex
        if kind == 1:
            open_braces.append(mark.end())
        elif kind == 2:
            open_braces.append(0)
        elif kind and open_braces and (begin := open_braces.pop()):
            if text[begin : mark.start()].strip():
                return ""
            found = r"empty \boxed{}"
    return found
