"""The golden tables of the checkers, those of docs/code.md, and what a table cannot say."""

import json
from pathlib import Path

import pytest
from case_rows import case_rows

from verifier.programs.checkers.table import CHECKERS, DEFAULT, DEFAULT_TOLERANCE

ROWS = [(name, row) for name in CHECKERS for row in case_rows(f"code/{name}")]
TEXT = (Path(__file__).parents[3] / "docs" / "code.md").read_text("utf-8")
LONG = 1 << 17  # bytes; a quadratic step would show

# What hostile programs print: each is one kind of trouble, none of it may raise or go on and on.
HOSTILE = {
    "nothing": b"",
    "nul": b"\0" * LONG,
    "blanks": b" " * LONG,
    "newlines": b"\n" * LONG,
    "blank-lines": b" \n" * (LONG // 2),
    "carriage-returns": b"\r" * LONG,
    "tokens": b"1 " * (LONG // 2),
    "floats": b"1.5 " * (LONG // 4),
    "digits": b"1" * LONG,
    "digits-and-more": b"1" * LONG + b"x",
    "digits-and-signs": b"1" * LONG + b"--",
    "decimals": b"1." + b"1" * LONG,
    "exponent": b"1e" + b"9" * LONG,
    "tie": b"9007199254740993." + b"0" * LONG + b"1",
    "signs": b"+" * LONG,
    "no-utf8": b"\xff\xfe" * (LONG // 2),
    "lines": b"".join(b"%d\n" % number for number in range(20_000)),
    "small": b"1.5",
    "escapes": b"\x1b[31m\xe2\x80\xae\n",
}


def actual_of(row):
    return bytes.fromhex(row["actual_hex"]) if "actual_hex" in row else row["actual"].encode()


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{name}-{row['id']}" for name, row in ROWS])
def test_golden_row_matches_or_not(name, row):
    tolerance = row.get("tolerance", DEFAULT_TOLERANCE)
    said = CHECKERS[name](actual_of(row), row["expected"].encode(), tolerance)
    assert (said is None) is row["matches"], said


@pytest.mark.parametrize("name", CHECKERS)
def test_at_least_half_of_the_golden_rows_do_not_match(name):
    rows = [row for checker, row in ROWS if checker == name]
    assert 2 * sum(row["matches"] for row in rows) <= len(rows)


def doc_rows():
    head = "| checker | expected | accepted | refused |"
    lines = TEXT.splitlines()
    for line in lines[lines.index(head) + 2 :]:
        if not line.startswith("| "):
            return
        name, *outputs = (cell.strip("`") for cell in line.strip("| ").split(" | "))
        yield name, *map(json.loads, outputs)


@pytest.mark.parametrize(("name", "expected", "accepted", "refused"), list(doc_rows()))
def test_documented_example_holds(name, expected, accepted, refused):
    check = CHECKERS[name]
    assert check(accepted.encode(), expected.encode(), DEFAULT_TOLERANCE) is None
    assert check(refused.encode(), expected.encode(), DEFAULT_TOLERANCE) is not None


def test_every_checker_is_documented_and_the_default_exists():
    assert {name for name, *_ in doc_rows()} == set(CHECKERS)
    assert DEFAULT in CHECKERS


@pytest.mark.parametrize("name", CHECKERS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_output_gets_a_short_printable_message_or_matches_itself(name, kind):
    check = CHECKERS[name]
    output = HOSTILE[kind]
    assert check(output, output, DEFAULT_TOLERANCE) is None
    for expected in HOSTILE.values():
        said = check(output, expected, DEFAULT_TOLERANCE)
        assert said is None or (0 < len(said) <= 200 and said.isprintable())


@pytest.mark.parametrize(
    ("name", "actual", "expected", "said"),
    [
        ("tokens", b"1 2\n3 4\n", b"1 2\n3 5\n", 'line 2, token 2: expected "5", got "4"'),
        ("tokens", b"1\n2\n3\n4", b"1 2\n3 5\n", 'line 2, token 2: expected "5", got "4"'),
        ("tokens", b"1", b"1\n2", 'line 2, token 1: expected "2", the output has ended'),
        ("tokens", b"1\n2 3", b"1 2", 'line 2, token 2: the output should have ended, got "3"'),
        ("tokens", b"", b"x", 'line 1, token 1: expected "x", the output has ended'),
        ("tokens", b"3\x001", b"31", 'line 1, token 1: expected "31", got "3\\x001"'),
        ("tokens", b"\xff", "é".encode(), 'line 1, token 1: expected "é", got "\\xff"'),
        ("float", b"3 x", b"3 4", 'line 1, token 2: expected "4", got "x"'),
        ("ignore_case", b"Yes NO", b"YES Maybe", 'line 1, token 2: expected "Maybe", got "NO"'),
        ("exact", b"1 2\n3  4", b"1 2\n3 4", 'line 2, byte 3: expected "4", got " 4"'),
        ("exact", b"1", b"1\n\n", 'line 1, byte 2: expected "\\n", the output has ended'),
        ("exact", b"1 ", b"1", 'line 1, byte 2: the output should have ended, got " "'),
        (
            "unordered_lines",
            b"b\na\na\n",
            b"a\nb\nb\n",
            '1 missing of "b" (expected, line 2), 1 too many of "a"',
        ),
        (
            "unordered_lines",
            b"a\n\n",
            b"a\nb\n",
            "expected 2 lines, got 1 line, blank ones not counted",
        ),
    ],
)
def test_a_message_says_where_and_what(name, actual, expected, said):
    assert CHECKERS[name](actual, expected, DEFAULT_TOLERANCE) == said


def test_a_long_token_is_quoted_in_part():
    said = CHECKERS["tokens"](b"a" * LONG, b"b" * LONG, DEFAULT_TOLERANCE)
    assert said == f'line 1, token 1: expected "{"b" * 40}…", got "{"a" * 40}…"'
