"""The golden tables of the format rules, one file per rule, read as rows are."""

import pytest
from case_rows import case_rows
from format_rows import IDS, ROWS, item_of

from verifier.format_rules import RULES as WORDS
from verifier.formats.table import RULES
from verifier.outcome.format import FormatVerifier

MIN_ROWS = 8


@pytest.mark.parametrize(("name", "row"), ROWS, ids=IDS)
def test_golden_row(name, row):
    assert list(row["rule"]) == [name]
    assert row["why"]
    outcome = FormatVerifier().verify(item_of(row))
    assert (outcome.verdict.value, outcome.reason.value) == (row["verdict"], row["reason"])
    if "reward" in row:
        assert outcome.reward == pytest.approx(row["reward"], abs=1e-12)
    if "message" in row:
        said = outcome.detail.rules[0].message if outcome.detail else outcome.message
        assert said.removeprefix(f"{name}: ") == row["message"]


def test_every_rule_of_a_row_is_in_the_table_under_its_name():
    assert {word: name for name, word in WORDS.items()} == {
        word: name for word, (name, _) in RULES.items()
    }


@pytest.mark.parametrize("name", WORDS)
def test_every_rule_has_golden_rows_of_both_kinds(name):
    rows = [row for file, row in ROWS if file == name]
    rows += [row for row in case_rows("format") if row["rules"] == [name]]
    assert len(rows) >= MIN_ROWS, f"write at least {MIN_ROWS} rows in tests/cases/formats"
    assert len({row["reason"] for row in rows}) > 1
