"""The golden table of the math verifier, and what a table cannot say."""

import pytest
from case_rows import case_rows

from verifier.outcome.math import MathVerifier
from verifier.types import (
    Extraction,
    FormatTask,
    Item,
    MathDetail,
    MathPolicy,
    MathTask,
    Method,
    OrderPolicy,
    PercentPolicy,
    UnitPolicy,
    Verdict,
)

ROWS = case_rows("math")
ENUMS = {"percent": PercentPolicy, "units": UnitPolicy, "order": OrderPolicy}


def outcome_of(completion, *references, policy=None):
    task = MathTask(references, policy or MathPolicy())
    return MathVerifier().verify(Item("id", completion, task))


def policy_of(row):
    options = dict(row.get("policy", {}))
    for name, enum in ENUMS.items():
        if name in options:
            options[name] = enum[options[name]]
    options["extraction"] = tuple(Extraction[name] for name in options.get("extraction", ()))
    return MathPolicy(**options)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_golden_row_gets_its_verdict(row):
    outcome = outcome_of(row["completion"], *row["reference_answers"], policy=policy_of(row))
    assert (outcome.verdict.value, outcome.reason.value) == (row["verdict"], row["reason"])


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_readable_reference_equals_itself(row):
    for reference in filter(str.strip, row["reference_answers"]):
        outcome = outcome_of(f"\\boxed{{{reference}}}", reference)
        assert outcome.verdict is Verdict.CORRECT, outcome.message


def test_detail_carries_candidate_reference_method_rule_and_span():
    outcome = outcome_of("so \\boxed{0.50}", "3", "1/2")
    assert outcome.detail == MathDetail("0.50", "1/2", Method.EXACT, Extraction.BOXED, (10, 14))
    assert outcome.message == "0.50 equals 1/2 (exact)"
    assert outcome.reward == 1.0


def test_detail_of_a_wrong_answer_names_no_reference():
    outcome = outcome_of("so \\boxed{5}", "4")
    assert outcome.detail == MathDetail("5", None, Method.EXACT, Extraction.BOXED, (10, 11))
    assert outcome.message == "5 does not equal 4 (exact)"
    assert outcome.reward == 0.0


def test_detail_of_no_answer_is_empty():
    assert outcome_of("", "4").detail == MathDetail()


def test_long_answers_are_shortened_in_the_message():
    outcome = outcome_of("\\boxed{" + "7" * 500 + "}", "8" * 500)
    assert len(outcome.message) < 200


@pytest.mark.parametrize(
    ("completion", "reference", "method"),
    [
        ("Monday", "monday", Method.TEXT),
        ("1.50", "3/2", Method.EXACT),
        ("3.14159", "3.142", Method.TOLERANCE),
        ("2+x", "x+2", Method.ALGEBRAIC),
        ("\\sec^2 y", "1+\\tan^2 y", Method.NUMERIC),
    ],
)
def test_method_names_the_layer_that_decided(completion, reference, method):
    assert outcome_of(completion, reference).detail.method is method


def test_undecided_has_no_reward():
    outcome = outcome_of("9^{9^{9^{9}}}", "9^{9^{9^{8}}}")
    assert outcome.verdict is Verdict.UNSCORED
    assert outcome.reward is None


def test_another_kind_of_task_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="MathTask"):
        MathVerifier().verify(Item("id", "4", FormatTask(())))
