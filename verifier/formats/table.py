"""The table of format rules: one line per rule."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from verifier.formats import boxed, think_answer
from verifier.types import BoxedRule, RuleOutcome, ThinkAnswerRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Any stands for the key's own type: a rule's function takes that rule and the completion.
RULES: Final[Mapping[type, tuple[str, Callable[[Any, str], RuleOutcome]]]] = MappingProxyType(
    {
        ThinkAnswerRule: (think_answer.NAME, think_answer.think_answer),
        BoxedRule: (boxed.NAME, boxed.boxed),
    }
)
"""From a rule's type to its name in rows and its function."""
