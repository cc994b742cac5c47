"""What holds of comparing outputs and values and of finding programs, whatever the input."""

import contextlib
import json
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import ANY_TEXT

from verifier.errors import InputError
from verifier.programs.checkers.table import CHECKERS, DEFAULT_TOLERANCE
from verifier.programs.closeness import read_decimal
from verifier.programs.extraction import find_program
from verifier.programs.values import mismatch, parse_expected

# Bytes that look like outputs: numbers and what only resembles them, white space of every kind.
PIECES = st.lists(
    st.sampled_from(
        [
            *(b"%d" % digit for digit in range(10)),
            *(b"+", b"-", b".", b"e", b"E", b"_", b"x", b",", b"nan", b"inf", b"0x1f", b"YES"),
            *(b" ", b"\n", b"\r\n", b"\r", b"\t", b"\x0b", b"\x0c", b"\x1c", b"\0", b"\xff"),
            *("３".encode(), "\u00a0".encode(), "é".encode(), b"1.5", b"1e5"),
        ]
    ),
    max_size=30,
).map(b"".join)
OUTPUTS = st.binary(max_size=200) | PIECES
INTEGERS = st.integers(-(10**60), 10**60)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=20).map(
    lambda parts: b" ".join(parts).split()
)
SPACES = st.lists(st.sampled_from([b" ", b"\t", b"\n", b"\r\n"]), min_size=1).map(b"".join)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | FLOATS | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
MARKDOWN = st.lists(
    st.sampled_from(
        [
            *("```", "````", "~~~", "`", "python", "py", "text", "cpp", "{.", "}", "\n", "\r\n"),
            *(" ", "    ", "\t", "def f(x):", "class f", "    return x", "x", "=", "f", "\0"),
            *("<think>", "</think>", "<answer>", "</answer>"),
        ]
    ),
    max_size=30,
).map("".join)


def check(name, actual, expected):
    return CHECKERS[name](actual, expected, DEFAULT_TOLERANCE)


@given(OUTPUTS, OUTPUTS)
@pytest.mark.parametrize("name", CHECKERS)
def test_no_bytes_raise_and_messages_are_short_and_printable(name, actual, expected):
    said = check(name, actual, expected)
    assert said is None or (0 < len(said) <= 200 and said.isprintable())


@given(OUTPUTS)
@pytest.mark.parametrize("name", CHECKERS)
def test_an_output_matches_itself_with_either_line_end(name, output):
    output = output.replace(b"\r", b"")
    assert check(name, output, output) is None
    assert check(name, output.replace(b"\n", b"\r\n"), output) is None
    assert check(name, output, output.replace(b"\n", b"\r\n")) is None


@given(WORDS, SPACES, SPACES)
@pytest.mark.parametrize("name", ["tokens", "float", "ignore_case"])
def test_white_space_between_tokens_does_not_count(name, words, space, edge):
    assume(words)
    assert check(name, edge + space.join(words) + edge, b" ".join(words)) is None


@given(WORDS, st.data())
@pytest.mark.parametrize("name", ["tokens", "float", "ignore_case"])
def test_a_token_more_or_less_never_matches(name, words, data):
    assume(words)
    index = data.draw(st.integers(0, len(words) - 1))
    fewer = words[:index] + words[index + 1 :]
    assert check(name, b" ".join(fewer), b" ".join(words))
    assert check(name, b" ".join(words), b" ".join(fewer))


@given(INTEGERS, INTEGERS)
@pytest.mark.parametrize("name", ["tokens", "ignore_case", "exact", "unordered_lines"])
def test_integers_match_exactly_when_equal(name, actual, expected):
    said = check(name, b"%d\n" % actual, b"%d\n" % expected)
    assert (said is None) is (actual == expected)


@given(FLOATS)
@pytest.mark.parametrize("name", ["tokens", "float"])
def test_a_float_matches_however_it_is_written(name, value):
    for written in (f"{value!r}", f"{value:.17e}", f"{value:+.20g}"):
        assert check(name, written.encode(), f"{value:.17e}".encode()) is None


@given(FLOATS, FLOATS)
def test_floats_match_when_within_the_tolerance(actual, expected):
    off = abs(actual - expected) / max(1.0, abs(expected))
    assume(not 0.99 < off / DEFAULT_TOLERANCE < 1.01)
    said = check("tokens", repr(actual).encode(), f"{expected:.17e}".encode())
    assert (said is None) is (off < DEFAULT_TOLERANCE)


@given(st.lists(st.binary(max_size=6)), st.randoms())
def test_lines_match_in_any_order(lines, random):
    shuffled = random.sample(lines, len(lines))
    assert check("unordered_lines", b"\n".join(shuffled), b"\n".join(lines)) is None


@given(OUTPUTS, OUTPUTS)
def test_what_exact_accepts_is_accepted_by_all(actual, expected):
    if check("exact", actual, expected) is None:
        assert [check(name, actual, expected) for name in CHECKERS] == [None] * len(CHECKERS)


@given(PIECES | st.binary(max_size=20))
def test_a_decimal_number_is_what_python_reads_without_its_extras(token):
    value = read_decimal(token)
    assert value is None or (math.isfinite(value) and value == float(token))
    assert value is None or not set(token) - set(b"0123456789+-.eE")


@given(JSON_VALUES)
def test_a_value_matches_its_own_json(value):
    assert mismatch(value, parse_expected(json.dumps(value)), 0.0) is None


@given(JSON_VALUES, JSON_VALUES)
def test_values_that_match_are_equal_and_messages_are_short(actual, expected):
    said = mismatch(actual, parse_expected(json.dumps(expected)), 0.0)
    assert said is None or (0 < len(said) <= 200 and said.isprintable())
    if said is None:
        assert actual == expected


@given(ANY_TEXT)
def test_reading_an_expected_value_raises_input_errors_only(text):
    with contextlib.suppress(InputError):
        parse_expected(text)


@given(ANY_TEXT | MARKDOWN, ANY_TEXT | MARKDOWN, st.sampled_from(["python", "cpp", "other"]))
def test_no_completion_raises_and_a_program_is_never_blank(completion, prompt, language):
    program = find_program(completion, language, prompt, "f")
    assert program is None or program.strip()


@given(MARKDOWN)
def test_a_program_in_a_fence_is_found_whatever_stands_before(text):
    assume("think>" not in text and "answer>" not in text)
    program = "def f(x):\n    return x\n"
    fence = "`" * 200  # longer than any in the text, so that it closes whatever that opened
    completion = f"{text.replace('~', '')}\n\n{fence}\n\n{fence}python\n{program}{fence}\n"
    assert find_program(completion, "python") == program
