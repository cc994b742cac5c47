"""The verifier ``format``: does the completion obey all of these rules?"""

from __future__ import annotations

from typing import Final

from verifier.formats.table import RULES
from verifier.types import (
    BoxedRule,
    FormatDetail,
    FormatRule,
    FormatTask,
    Item,
    Outcome,
    Reason,
    RuleOutcome,
    SelfTest,
    Task,
    ThinkAnswerRule,
    UnsupportedRule,
    Verdict,
)

_NOT_SUPPORTED: Final = "not in this version"


class FormatVerifier:
    """Form only: whether the answer in it is right is for another verifier to say.

    | Rules                         | Outcome                                        |
    |-------------------------------|------------------------------------------------|
    | all hold                      | CORRECT / FORMAT_OK, reward 1                  |
    | one does not                  | INCORRECT / FORMAT_VIOLATION, reward 0         |
    | one is not in this version    | UNSCORED / UNSUPPORTED, whatever the others say|
    | none asked for                | UNSCORED / INVALID_INPUT                       |

    The detail lists every rule in the order asked; the message is the first violation.
    """

    name = "format"
    version = "1"
    task_type: type[Task] = FormatTask
    description = "Says whether a completion has the form asked for, by named rules."
    self_test: SelfTest = (
        (
            Item("tags", "<think>a</think><answer>b</answer>", FormatTask((ThinkAnswerRule(),))),
            Verdict.CORRECT,
        ),
        (Item("no tags", "b", FormatTask((ThinkAnswerRule(),))), Verdict.INCORRECT),
        (Item("box", r"\boxed{1}", FormatTask((BoxedRule(),))), Verdict.CORRECT),
        (Item("no such rule", "1", FormatTask((UnsupportedRule("x"),))), Verdict.UNSCORED),
    )
    members: tuple[str, ...] = tuple(name for name, _ in RULES.values())

    def verify(self, item: Item) -> Outcome:
        """Scores one completion; inline, linear in its length, raises on no text.

        Raises:
            TypeError: the item's task is not a `FormatTask`.
        """
        task = item.task
        if not isinstance(task, FormatTask):
            raise TypeError(f"format cannot score a {type(task).__name__}")
        if not task.rules:
            return Outcome.unscored(
                Reason.INVALID_INPUT, "format.rules is empty: name at least one rule"
            )
        rules = tuple(_applied(rule, item.completion) for rule in task.rules)
        detail = FormatDetail(rules)
        unknown = [rule.name for rule in task.rules if isinstance(rule, UnsupportedRule)]
        if unknown:
            return Outcome.unscored(
                Reason.UNSUPPORTED,
                f"format rule {unknown[0]} is {_NOT_SUPPORTED}; "
                f"supported: {', '.join(self.members)}",
                detail,
            )
        broken = next((rule for rule in rules if not rule.passed), None)
        if broken is not None:
            message = f"{broken.name}: {broken.message}"
            return Outcome.incorrect(Reason.FORMAT_VIOLATION, message, detail)
        return Outcome.correct(
            Reason.FORMAT_OK, f"obeys {', '.join(rule.name for rule in rules)}", detail
        )


def _applied(rule: FormatRule, completion: str) -> RuleOutcome:
    if isinstance(rule, UnsupportedRule):
        return RuleOutcome(rule.name, passed=False, message=_NOT_SUPPORTED)
    _, apply = RULES[type(rule)]
    return apply(rule, completion)
