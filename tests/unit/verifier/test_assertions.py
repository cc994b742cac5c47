import json
import math

import pytest
from case_rows import case_rows

from sandbox.jail import data
from verifier.programs.assertions import (
    entry_point_of,
    setup_is_plain,
    take_apart,
    take_apart_program,
)
from verifier.programs.evidence import Missing, Raised, Returned, holds, read_line

ROWS = case_rows("code/assertions")


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_case(row):
    parts = take_apart(row["assertion"], row["entry_point"])
    if row["calls"] is None:
        assert parts is None
        return
    assert [[call.target, [*call.args], dict(call.kwargs)] for call in parts.calls] == row["calls"]
    outcomes = [read_line(json.dumps(outcome).encode()) for outcome in row["outcomes"]]
    failure = holds(parts, outcomes)
    assert (failure is None) is row["holds"], failure
    if failure is not None:
        assert 0 < len(failure.message) <= 200


def failure_of(assertion, *outcomes):
    return holds(take_apart(assertion, "f"), outcomes)


def test_a_message_says_call_value_and_expectation():
    failure = failure_of("assert f(1) == [2]", Returned([3]))
    assert failure.message == "f(1) returned [3], expected [2]"
    assert failure.outcome is None


def test_a_message_of_another_assert_says_what_is_not_true():
    failure = failure_of("assert abs(f(1) - 2) < 1", Returned(5))
    assert failure.message == "f(1) returned 5: not true that abs(f(1) - 2) < 1"


def test_a_failure_says_which_assert_and_what_became_of_the_call():
    two = "assert f(1) == 1\nassert f(2) == 2"
    raised = Raised("ValueError", "no\ud800")
    failure = failure_of(two, Returned(1), raised)
    assert (failure.check, failure.outcome) == (1, raised)
    assert failure.message == "f(2) raised ValueError: no\\ud800"
    failure = failure_of(two)
    assert (failure.check, failure.outcome) == (0, Missing())
    assert failure.message == "f(1) was not answered: the program ended"


@pytest.mark.parametrize(
    "value",
    [
        *("x" * 10**6, 1 << 10**6, [0] * 10**6, {1: "\n" * 1000}, b"a" * 10**6, bytearray(10**6)),
        *("\ud800" * 100, "\n\0", [[[[[[[[1]]]]]]]], data.Iterated([0] * 1000), data.Array([0])),
        *(math.nan, {"\ud800"}, frozenset(range(1000))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_message_is_short_and_fit_for_the_wire_whatever_came_back(value):
    for assertion in ("assert f('é' * 9999) == 1", "assert f(1) > {}", "assert not f(1)"):
        failure = failure_of(assertion, Returned(value))
        if failure is not None:
            assert len(failure.message.encode()) <= 600
            assert len(failure.message) <= 200
            assert failure.message.isprintable()


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"1", b"[]", b"{}", b'{"value": 1, "more": 2}', b'{"opaque": 1}', b'{"value": {}}'),
        *(b'{"raised": "E"}', b'{"raised": "E", "message": 1}', b'{"value": NaN}', b"\xff"),
        b'{"value": {"ref": 1, "type": "x"}}',
    ],
)
def test_a_forged_line_is_refused(line):
    with pytest.raises(ValueError):
        read_line(line)


PROGRAM = """
import math
from typing import List
METADATA = {"author": "someone"}

def check(candidate):
    '''Some asserts.'''
    assert True, "always holds"
    eps = 1e-6
    words = ("a", "b")
    assert candidate(words, [1]) == 2, "message"
    assert abs(candidate(-1) - math.sqrt(2)) < eps
    assert True

check(f)
"""


def test_a_program_is_taken_apart_assert_by_assert():
    first, second = take_apart_program(PROGRAM, "f")
    assert [(call.target, call.args) for call in (*first.calls, *second.calls)] == [
        ("f", ({"tuple": ["a", "b"]}, [1])),
        ("f", (-1,)),
    ]
    assert holds(first, [Returned(2)]) is None
    assert holds(second, [Returned(1.41421356)]) is None
    assert holds(second, [Returned(1.4)]) is not None


@pytest.mark.parametrize(
    "program",
    [
        *("", "x = 1", "def check(candidate): pass", "def check(candidate):\n    assert True"),
        "def check(candidate):\n    x = [1]\n    assert candidate(x) == 1\n    assert x == [1]",
        "def check(candidate):\n    x = [1]\n    assert candidate(x) == x",
        "def check(candidate):\n    candidate = len\n    assert candidate([]) == 0",
        "def check(candidate):\n    for x in (1, 2):\n        assert candidate(x) == x",
        "def check(candidate, other):\n    assert candidate(1) == 1",
        "def check(candidate=len):\n    assert candidate(1) == 1",
        "import os\ndef check(candidate):\n    assert candidate(1) == 1",
        "x = open('f')\ndef check(candidate):\n    assert candidate(1) == 1",
        "@len\ndef check(candidate):\n    assert candidate(1) == 1",
        "def check(candidate):\n    assert candidate(1) == 1\ncheck(f, 2)",
        "def check(candidate):\n    assert candidate(1) == 1\ndef check(candidate):\n    pass",
        "def check(candidate):\n    assert False",
        "def check(candidate):\n    assert candidate(1) == x\n    x = 1",
        "def check(:",
    ],
)
def test_another_program_is_not_taken_apart(program):
    assert take_apart_program(program, "f") is None


def test_a_deep_test_is_not_taken_apart():
    assert take_apart(f"assert f({'[' * 5000}{']' * 5000}) == 1", "f") is None
    assert take_apart(f"assert f({'-' * 50_000}1) == 1", "f") is None


@pytest.mark.parametrize(
    ("setup", "plain"),
    [
        *(("", True), ("import math", True), ("from typing import List, Dict\n# note", True)),
        *(("import math as m", False), ("import os", False), ("x = 1", False), ("import", False)),
        *(("root = Node(1)", False), ("from .math import x", False)),
    ],
)
def test_plain_setup_is_imports_of_plain_modules(setup, plain):
    assert setup_is_plain(setup) is plain


@pytest.mark.parametrize(
    ("assertions", "name"),
    [
        (["assert f(1) == 1", "assert f(2) == g(3)"], "f"),
        (["assert sorted(f(1)) == sorted([1])"], "f"),
        (["assert sum(1, 2) == 3", "assert sum(len([]), 2) == 2"], "sum"),
        (["assert 1"], ""),
        (["assert (", "assert f(1)"], "f"),
        ([], ""),
    ],
)
def test_the_entry_point_is_what_most_asserts_call(assertions, name):
    assert entry_point_of(assertions) == name
