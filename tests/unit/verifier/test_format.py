"""The golden table of the format verifier, and what a table cannot say."""

import pytest
from case_rows import case_rows

from verifier.formats.table import RULES
from verifier.outcome.format import FormatVerifier
from verifier.types import (
    BoxedRule,
    FormatTask,
    Item,
    RuleOutcome,
    TextTask,
    ThinkAnswerRule,
    UnsupportedRule,
)

ROWS = case_rows("format")
BY_NAME = {name: rule_type for rule_type, (name, _) in RULES.items()}


def outcome_of(completion, *rules):
    return FormatVerifier().verify(Item("id", completion, FormatTask(rules)))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_golden_row_gets_its_verdict(row):
    rules = [BY_NAME[name]() if name in BY_NAME else UnsupportedRule(name) for name in row["rules"]]
    outcome = outcome_of(row["completion"], *rules)
    assert (outcome.verdict.value, outcome.reason.value) == (row["verdict"], row["reason"])
    if "message" in row:
        assert outcome.message == row["message"]


def test_detail_lists_every_rule_in_the_order_asked():
    outcome = outcome_of(r"\boxed{4}", ThinkAnswerRule(), BoxedRule(), UnsupportedRule("length"))
    assert outcome.detail.rules == (
        RuleOutcome("think_answer", passed=False, message="no <think>"),
        RuleOutcome("boxed", passed=True),
        RuleOutcome("length", passed=False, message="not in this version"),
    )


def test_members_are_the_names_of_the_rules():
    assert FormatVerifier.members == ("think_answer", "boxed")


def test_a_task_of_another_verifier_is_a_programming_error():
    with pytest.raises(TypeError, match="TextTask"):
        FormatVerifier().verify(Item("id", "x", TextTask(("x",))))
