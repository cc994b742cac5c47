"""Every kind of answer: what is equal, and the near misses that are not."""

import pytest
from math_kinds import KINDS, Scorer, is_right, rows_of

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
