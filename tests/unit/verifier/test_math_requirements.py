"""What presets and switches ask of a candidate whatever it is worth; and how presets nest."""

import pytest
from math_kinds import KINDS, Scorer, rows_of

from verifier.mathematics.kinds.requirements import fold_case, lacks_required
from verifier.mathematics.lexing.numerals import CommaStyle
from verifier.mathematics.reading.answer import read_answer
from verifier.types import AssignmentPolicy, ConstantPolicy, MathPolicy, Preset, Verdict

NAMES = MathPolicy(assignments=AssignmentPolicy.REQUIRE).effective()
CONSTANTS = MathPolicy(integration_constant=ConstantPolicy.REQUIRE).effective()


def read(text):
    return read_answer(text, CommaStyle.THOUSANDS, lenient=False)


@pytest.fixture(scope="module")
def scorer():
    """One verifier for all rows."""
    with Scorer() as made:
        yield made


@pytest.mark.parametrize(
    ("candidate", "reference", "lacks"),
    [
        ("5", "x=5", True),
        ("x=5", "x=5", False),
        ("5=x", "x=5", False),
        ("y=5", "x=5", True),
        ("x=5", "5", False),
        ("(1,2)", "(x,y)=(1,2)", True),
        ("x=1, y=2", "(x,y)=(1,2)", False),
        ("(x,y)=(1,2)", "x=1, y=2", False),
        ("x=1, 2", "x=1, y=2", True),
        ("x+1", "f(x)=x+1", True),
        ("f(t)=t+1", "f(x)=x+1", False),
        ("2x-y=0", "y=2x", False),
        ("5", "x+2=7", False),
    ],
)
def test_name_of_the_reference_is_required(candidate, reference, lacks):
    assert lacks_required(read(candidate), read(reference), NAMES) is lacks


@pytest.mark.parametrize(
    ("candidate", "reference", "lacks"),
    [
        ("x^2", "x^2+C", True),
        ("x^2+C", "x^2+C", False),
        ("x^2+K", "x^2+C", False),
        ("x^2+c_1", "x^2+C", False),
        ("F(x)=x^2", "F(x)=x^2+C", True),
        ("x^2", "x^2", False),
        ("x^2+C", "x^2", False),
        ("x", "x+C", True),
        ("x", "x+y", False),
        ("a+b", "a+b", False),
        ("5", "C", False),
    ],
)
def test_constant_of_the_reference_is_required(candidate, reference, lacks):
    assert lacks_required(read(candidate), read(reference), CONSTANTS) is lacks


@pytest.mark.parametrize(
    ("candidate", "reference"),
    [("5", "x=5"), ("x^2", "x^2+C"), ("x+1", "f(x)=x+1")],
)
def test_default_requires_nothing(candidate, reference):
    policy = MathPolicy().effective()
    assert not lacks_required(read(candidate), read(reference), policy)


@pytest.mark.parametrize(
    ("candidate", "reference", "same"),
    [
        ("X+1", "x+1", True),
        ("F(x)", "f(X)", True),
        ("P(3,4)", "(3,4)", False),
        ("A_1+B", "a_1+b", True),
        ("X-x", "x-x", False),
        ("X-x", "0", False),
        ("E", "e", False),
        ("I", "i", False),
        ("\\Delta", "\\delta", False),
    ],
)
def test_case_is_folded_where_that_merges_nothing(candidate, reference, same):
    one, other = fold_case(read(candidate), read(reference))
    assert (one == other) is same


def test_names_that_the_reference_does_not_have_keep_their_case():
    candidate, reference = read("P(3,4)"), read("(3,4)")
    assert fold_case(candidate, reference) == (candidate, reference)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_preset_accepts_the_next_more_lenient_one_accepts(kind, scorer):
    presets = [MathPolicy(preset=preset) for preset in (Preset.STRICT, Preset.DEFAULT)]
    lenient = MathPolicy(preset=Preset.LENIENT)
    for row in rows_of(kind):
        strict, default = (scorer.verdict_of(row, policy) for policy in presets)
        if strict is Verdict.CORRECT:
            assert default is Verdict.CORRECT, row["id"]
        if default is Verdict.CORRECT:
            assert scorer.verdict_of(row, lenient) is Verdict.CORRECT, row["id"]
