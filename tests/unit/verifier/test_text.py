"""The golden table of the text verifier, and what a table cannot say."""

import pytest
from case_rows import case_rows

from verifier.answers.options import options_in
from verifier.outcome.text import TextVerifier
from verifier.types import FormatTask, Item, TextDetail, TextMode, TextTask

ROWS = case_rows("text")


def outcome_of(completion, *references, mode=TextMode.EXACT, threshold=None, prompt=""):
    task = TextTask(references, mode, threshold)
    return TextVerifier().verify(Item("id", completion, task, prompt=prompt))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_golden_row_gets_its_verdict(row):
    outcome = outcome_of(
        row["completion"],
        *row["reference_answers"],
        mode=TextMode[row["mode"].upper()],
        threshold=row.get("threshold"),
        prompt=row.get("prompt", ""),
    )
    assert (outcome.verdict.value, outcome.reason.value) == (row["verdict"], row["reason"])
    if "reward" in row:
        assert outcome.reward == pytest.approx(row["reward"], abs=1e-12)


def test_exact_detail_carries_candidate_and_the_reference_as_written():
    outcome = outcome_of("<answer>Holland.</answer>", "The Netherlands", "holland")
    assert outcome.detail == TextDetail("Holland.", "holland")


def test_choice_detail_carries_the_letter():
    outcome = outcome_of("So it is (c).", "C. Rome", mode=TextMode.CHOICE)
    assert outcome.detail is not None
    assert outcome_of("The answer is b", "(B)", mode=TextMode.CHOICE).detail == TextDetail(
        "B", "(B)"
    )


def test_f1_detail_carries_the_overlap_even_when_zero():
    assert outcome_of("x", "y", mode=TextMode.F1).detail == TextDetail("x", None, 0.0)
    assert outcome_of("x y", "y", mode=TextMode.F1).detail == TextDetail("x y", "y", 2 / 3)


def test_a_long_candidate_is_compared_whole_but_repeated_in_part():
    text = "word " * 5000
    outcome = outcome_of(text, text)
    assert outcome.reward == 1.0
    assert len(outcome.detail.candidate) == 1000
    assert len(outcome.message) < 200


def test_a_task_of_another_verifier_is_a_programming_error():
    with pytest.raises(TypeError, match="FormatTask"):
        TextVerifier().verify(Item("id", "x", FormatTask(())))


@pytest.mark.parametrize(
    ("prompt", "options"),
    [
        ("A. x\nB. y", {"A": "x", "B": "y"}),
        ("(a) x\n(b) y\n(c) z", {"A": "x", "B": "y", "C": "z"}),
        ("**A)** x\n**B)** y", {"A": "x", "B": "y"}),
        ("- A: x\n- B: y", {"A": "x", "B": "y"}),
        ("pick: (A) x (B) y", {"A": "x", "B": "y"}),
        ("A. x", {}),
        ("B. x\nC. y", {}),
        ("A. x\nC. z\nB. y", {"A": "x", "B": "y"}),
        ("", {}),
    ],
)
def test_options_are_read_from_the_prompt(prompt, options):
    assert options_in(prompt) == options
