"""Every kind of answer: what is equal, and the near misses that are not."""

import pytest
from math_kinds import KINDS, Scorer, is_right, rows_of

from verifier.types import MathPolicy, Preset, Verdict

ROWS = [row for kind in KINDS for row in rows_of(kind)]


@pytest.fixture(scope="module")
def scorer():
    """One verifier for all rows."""
    with Scorer() as made:
        yield made


def test_no_id_occurs_in_two_kinds():
    assert len({row["id"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_golden_answer_gets_its_verdict(row, scorer):
    assert is_right(row, scorer.verdict_of(row)), row["why"]


@pytest.mark.parametrize("preset", [Preset.STRICT, Preset.DEFAULT, Preset.LENIENT])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "hostile"])
def test_every_reference_equals_itself(kind, preset, scorer):
    policy = MathPolicy(preset=preset)
    references = dict.fromkeys(row["reference"] for row in rows_of(kind))
    same = {ref: {"id": ref, "reference": ref, "candidate": ref} for ref in references}
    refused = [
        ref for ref in references if scorer.verdict_of(same[ref], policy) is not Verdict.CORRECT
    ]
    assert refused == []
