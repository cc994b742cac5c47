"""What is said of reference answers before training."""

import pytest
from hypothesis import given
from math_kinds import KINDS, rows_of
from strategies import ANY_TEXT, NOTATION

from verifier.mathematics.compare import compare
from verifier.mathematics.hygiene import Code, examine
from verifier.mathematics.verdicts import Match
from verifier.types import MathPolicy, PercentPolicy, Preset, UnitPolicy


def codes_of(reference, **options):
    return [finding.code for finding in examine(reference, **options)]


@pytest.mark.parametrize(
    "reference",
    [
        *("42", "-17", "0.5", "\\frac{3}{4}", "1,234,567", "10,\\!080", "x^2+1", "\\{1, 2\\}"),
        *("(2, 1)", "(1, 2]", "(1, \\infty)", "x > 1", "\\pm 3", "5m", "\\log_2 x", "\\ln x"),
        *("C", "\\text{(C)}", "\\text{no solution}", "\\emptyset", "True", "DNE", "204_5"),
    ],
)
def test_clear_reference_is_left_alone(reference):
    assert codes_of(reference) == []


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("", Code.EMPTY),
        (" \n", Code.EMPTY),
        ("x <", Code.UNREADABLE),
        ("\\frac{1", Code.UNREADABLE),
        ("?", Code.UNREADABLE),
        ("Monday", Code.TEXT_ONLY),
        ("\\text{Evelyn}", Code.TEXT_ONLY),
        ("The integral equals $x$, where $Z$ is normal", Code.TEXT_ONLY),
        ("1,234", Code.COMMA),
        ("$-12,000$", Code.COMMA),
        ("\\{1,234\\}", Code.COMMA),
        ("3,14", Code.COMMA),
        ("(1,2)", Code.INTERVAL),
        ("[0, 5]", Code.INTERVAL),
        ("5 m", Code.UNIT),
        ("12:30", Code.CLOCK),
        ("\\log x", Code.LOG),
        ("2 + \\log\\frac{1}{x}", Code.LOG),
        ("5 \\text{ cm}", Code.UNITS_OPTIONAL),
        ("\\$40", Code.UNITS_OPTIONAL),
        ("35\\%", Code.PERCENT),
    ],
)
def test_reference_gets_its_finding(reference, code):
    (finding,) = examine(reference)
    assert finding.code is code
    assert finding.message
    assert finding.suggestion


@pytest.mark.parametrize(
    ("reference", "prompt"),
    [
        ("(1,2)", "Solve the inequality."),
        ("(1,2)", "Find the vertex of the parabola."),
        ("12:30", "At what time do they meet?"),
        ("12:30", "What is the ratio of cats to dogs?"),
    ],
)
def test_prompt_may_settle_how_an_answer_is_meant(reference, prompt):
    assert codes_of(reference, prompt=prompt) == []


@pytest.mark.parametrize(
    ("reference", "policy"),
    [
        ("35\\%", MathPolicy(percent=PercentPolicy.EXACT)),
        ("5 \\text{ cm}", MathPolicy(units=UnitPolicy.REQUIRE)),
        ("5 \\text{ cm}", MathPolicy(preset=Preset.STRICT)),
        ("35\\%", MathPolicy(preset=Preset.LENIENT)),
    ],
)
def test_what_the_policy_settles_is_not_said(reference, policy):
    assert codes_of(reference, policy=policy) == []


def test_suggestion_for_a_comma_shows_both_readings():
    (finding,) = examine("1,234")
    assert finding.suggestion == "write 1234 or 1, 234"


IN_WORDS = ("Monday", "August", "\\forall", "①")  # compared as text, and said to be


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"hostile", "words"}])
def test_references_of_the_golden_answers_can_be_scored(kind):
    references = dict.fromkeys(row["reference"] for row in rows_of(kind))
    bad = [ref for ref in references if any(finding.is_problem for finding in examine(ref))]
    assert [ref for ref in bad if not any(word in ref for word in IN_WORDS)] == []


@given(ANY_TEXT | NOTATION)
def test_any_text_is_examined_and_what_passes_equals_itself(text):
    findings = examine(text)
    if not any(finding.is_problem for finding in findings):
        assert compare(text, text, MathPolicy()).match is Match.EQUAL
