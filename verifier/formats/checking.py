"""All rules of a task on one completion, within bounds of work."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from verifier.errors import InputError, WorkLimitError
from verifier.format_rules import JsonSchemaRule, LengthRule, RegexRule
from verifier.formats import json_schema, length, regex
from verifier.formats.bounds import WHOLE, Bounds
from verifier.formats.lengths import NO_TOKENIZERS, Tokenizers
from verifier.formats.table import RULES
from verifier.types import FormatDetail, FormatTask, Item, Outcome, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verifier.format_rules import RuleOutcome

    Rules = Mapping[type, tuple[str, Callable[[Any, Item], RuleOutcome]]]


class Checker:
    """Says what the rules say.

    Args:
        tokenizers: those of the configuration.
        bounds: of the work on one completion.
    """

    def __init__(self, tokenizers: Tokenizers = NO_TOKENIZERS, bounds: Bounds = WHOLE) -> None:
        self._bounds = bounds
        # The rules that need more than their parameters and the item.
        self._rules: Rules = {
            **RULES,
            LengthRule: (
                length.NAME,
                partial(length.length, tokenizers=tokenizers, bounds=bounds),
            ),
            RegexRule: (regex.NAME, partial(regex.regex, bounds=bounds)),
            JsonSchemaRule: (json_schema.NAME, partial(json_schema.json_schema, bounds=bounds)),
        }

    def check(self, task: FormatTask, item: Item) -> Outcome:
        """The outcome of all rules together; see `verifier.outcome.format`.

        Raises:
            WorkLimitError: a bound was reached.
        """
        if not task.rules:
            return Outcome.unscored(
                Reason.INVALID_INPUT, "format.rules is empty: name at least one rule"
            )
        self._bounds.check_length(item)
        said: list[RuleOutcome] = []
        for rule in task.rules:
            name, apply = self._rules[type(rule)]
            try:
                said.append(apply(rule, item))
            except InputError as error:
                return Outcome.unscored(Reason.INVALID_INPUT, f"format.rules: {error}")
            except WorkLimitError as error:
                raise WorkLimitError(f"{name}: {error}") from None
        return _judged(tuple(said))

    def settle(self, task: FormatTask, item: Item) -> Outcome:
        """The same, UNSCORED / UNDECIDED if a bound was reached."""
        try:
            return self.check(task, item)
        except WorkLimitError as error:
            return Outcome.unscored(Reason.UNDECIDED, str(error))


def _judged(said: tuple[RuleOutcome, ...]) -> Outcome:
    detail = FormatDetail(said)
    # What only holds or does not comes first: a score beside it is worth nothing if it is broken.
    broken = [rule for rule in said if not rule.passed]
    broken.sort(key=lambda rule: rule.score is not None)
    message = f"{broken[0].name}: {broken[0].message}" if broken else ""
    if broken and broken[0].score is None:
        return Outcome.incorrect(Reason.FORMAT_VIOLATION, message, detail)
    scores = [rule.score for rule in said if rule.score is not None]
    message = message or f"obeys {', '.join(rule.name for rule in said)}"
    if not scores:
        return Outcome.correct(Reason.FORMAT_OK, message, detail)
    reason = Reason.FORMAT_VIOLATION if broken else Reason.FORMAT_OK
    return Outcome(Verdict.SCORED, reason, sum(scores) / len(scores), message, detail)
