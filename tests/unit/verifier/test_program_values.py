"""The golden table of returned values, and what a table cannot say."""

import ast
from collections import deque
from decimal import Decimal
from fractions import Fraction

import pytest
from case_rows import case_rows

from verifier.errors import InputError
from verifier.programs.checkers.table import DEFAULT_TOLERANCE
from verifier.programs.values import mismatch, parse_expected

ROWS = case_rows("code/values")


def said_of(actual, expected_json, tolerance=DEFAULT_TOLERANCE):
    return mismatch(actual, parse_expected(expected_json), tolerance)


def nested(depth, innermost=0):
    value = innermost
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_golden_row_matches_or_not(row):
    said = said_of(ast.literal_eval(row["actual"]), row["expected_json"])
    assert (said is None) is row["matches"], said


def test_at_least_half_of_the_golden_rows_do_not_match():
    assert 2 * sum(row["matches"] for row in ROWS) <= len(ROWS)


@pytest.mark.parametrize(
    ("actual", "expected_json"),
    [
        (float("nan"), "0.5"),
        (float("nan"), "1"),
        (float("inf"), "1"),
        (frozenset({1}), "[1]"),
        (range(2), "[0, 1]"),
        (deque([1]), "[1]"),
        (iter([1]), "[1]"),
        (Fraction(3), "3"),
        (Fraction(1, 2), "0.5"),
        (Decimal(3), "3"),
        (Decimal("0.5"), "0.5"),
        (bytearray(b"a"), '"a"'),
        ({float("nan"): 1}, '{"nan": 1}'),
        ({10**5000: 1}, '{"1": 1}'),
        (object(), "null"),
    ],
    ids=range(15),
)
def test_what_is_no_json_value_matches_nothing(actual, expected_json):
    assert said_of(actual, expected_json)


@pytest.mark.parametrize(
    ("actual", "expected_json", "said"),
    [
        (4, "3", "expected 3, got 4"),
        ([1, [2, {"a": [3]}]], '[1, [2, {"a": [4]}]]', '[1][1]["a"][0]: expected 4, got 3'),
        ([[1], 2], "[[1], 3]", "[1]: expected 3, got 2"),
        ({1, 2}, "[1, 2]", "expected a list of length 2, got a set of length 2"),
        ([1], "[1, 2]", "expected length 2, got 1"),
        ({"a": 1}, "{}", "expected 0 keys, got 1"),
        ({"b": 1}, '{"a": 1}', 'the key "a" is missing'),
        (True, "1", "expected 1, got true"),
        (None, '"a\\nb"', 'expected "a\\nb", got null'),
        (10**5000, "1", "expected 1, got an integer of 16610 bits"),
        (Fraction(1, 2), "0.5", "expected 0.5, got a value of type Fraction"),
    ],
    ids=range(11),
)
def test_a_message_says_where_and_what(actual, expected_json, said):
    assert said_of(actual, expected_json) == said


def test_a_message_stays_short_however_long_the_path_and_the_values():
    actual, expected = "a" * 10**6, "b" * 10**6
    for _ in range(90):
        actual, expected = {"k" * 1000: actual}, {"k" * 1000: expected}
    said = mismatch(actual, expected, 0.0)
    assert said.startswith("…")
    assert len(said) <= 200


@pytest.mark.parametrize("digits", [4000, 4001, 10**6])
def test_integers_of_any_size_are_read_and_compared_exactly(digits):
    expected = parse_expected("9" * digits)
    assert mismatch(10**digits - 1, expected, 0.0) is None
    assert mismatch(10**digits - 2, expected, 0.0) is not None
    assert mismatch(1 - 10**digits, parse_expected("-" + "9" * digits), 0.0) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no JSON"),
        ("3,", "no JSON"),
        ("[1,]", "no JSON"),
        ("'a'", "no JSON"),
        ("NaN", "NaN is no JSON"),
        ("[Infinity]", "Infinity is no JSON"),
        ("-Infinity", "-Infinity is no JSON"),
        ("1e999", "more than a float can hold"),
        ("-1.0e999999999", "more than a float can hold"),
        ('{"a": 1, "a": 1}', 'the key "a" occurs twice'),
        ('[{"b": 0, "a": {"c": 1, "c": 2}}]', 'the key "c" occurs twice'),
        ("[" * 101 + "]" * 101, "more than 100 levels"),
        ('{"a":' * 101 + "1" + "}" * 101, "more than 100 levels"),
        ("[" * 10**6, "more than 100 levels"),
    ],
    ids=range(14),
)
def test_what_cannot_be_expected_is_an_input_error(text, problem):
    with pytest.raises(InputError, match=problem) as caught:
        parse_expected(text, field="code.function.cases[0].expected_json")
    assert caught.value.field == "code.function.cases[0].expected_json"
    assert len(str(caught.value)) < 300


def test_a_hundred_levels_are_read_and_deeper_values_do_not_match():
    expected = parse_expected("[" * 100 + "0" + "]" * 100)
    assert mismatch(nested(100), expected, 0.0) is None
    assert mismatch(nested(101), expected, 0.0)
    assert mismatch(nested(20_000), expected, 0.0)


def test_depth_costs_no_recursion():
    assert mismatch(nested(20_000), nested(20_000), 0.0) is None
    assert mismatch(nested(20_000), nested(20_000, innermost=1), 0.0)


def test_lone_surrogates_are_compared_and_shown():
    assert said_of("\ud800", '"\\ud800"') is None
    assert said_of("\ud800", '"\\ud801"') == 'expected "\\ud801", got "\\ud800"'
