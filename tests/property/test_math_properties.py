"""What holds of mathematical answers, whatever the numbers and texts."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import ANY_TEXT, EXPRESSIONS, FRACTIONS, INTEGERS, NOTATION, latex_of

from verifier.answers.rules import find_answer
from verifier.mathematics.compare import compare
from verifier.mathematics.verdicts import Match
from verifier.outcome.math import MathVerifier
from verifier.types import Item, MathPolicy, MathTask, Verdict

POLICY = MathPolicy()
WRAPPERS = st.sampled_from(
    ["{}", " {} ", "${}$", "$${}$$", "\\({}\\)", "\\[ {} \\]", "**{}**", "{}.", "\\left({}\\right)"]
)


def match_of(candidate, reference):
    return compare(candidate, reference, POLICY).match


def verdict_of(completion, reference):
    return MathVerifier().verify(Item("id", completion, MathTask((reference,)))).verdict


@given(INTEGERS)
def test_integer_equals_itself(value):
    assert verdict_of(f"\\boxed{{{value}}}", str(value)) is Verdict.CORRECT


@given(FRACTIONS, FRACTIONS)
def test_fractions_are_equal_exactly_if_their_values_are(left, right):
    expected = Match.EQUAL if left == right else Match.DIFFERENT
    assert match_of(latex_of(left), str(right)) is expected


@given(FRACTIONS, FRACTIONS)
def test_comparing_exact_numbers_is_symmetric(left, right):
    assert match_of(str(left), latex_of(right)) is match_of(latex_of(right), str(left))


@given(FRACTIONS, WRAPPERS)
def test_delimiters_and_spaces_change_nothing(value, wrapper):
    assert match_of(wrapper.format(latex_of(value)), str(value)) is Match.EQUAL


@given(INTEGERS)
@pytest.mark.parametrize("separator", [",", "{,}", ",\\!", "\\,", " ", "\u202f"])
def test_grouped_integer_is_the_integer(separator, value):
    assert match_of(f"{value:,}".replace(",", separator), str(value)) is Match.EQUAL


@given(INTEGERS, st.integers(1, 6))
def test_integer_with_zero_decimals_is_the_integer(value, places):
    assert match_of(f"{value}.{'0' * places}", str(value)) is Match.EQUAL


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_printed_float_equals_itself_in_e_notation(value):
    assert match_of(f"{value:.17e}", f"{value:.17e}") is Match.EQUAL


@given(INTEGERS, st.data())
def test_integer_with_one_digit_changed_is_refused(value, data):
    digits = str(abs(value))
    place = data.draw(st.integers(0, len(digits) - 1))
    digit = data.draw(st.sampled_from(string.digits))
    assume(digit != digits[place])
    mutant = digits[:place] + digit + digits[place + 1 :]
    assert match_of(mutant, digits) is Match.DIFFERENT


@given(INTEGERS, st.sampled_from([10, 100, 1000]))
def test_factors_of_ten_are_never_guessed(value, factor):
    assume(value)
    assert match_of(str(value * factor), str(value)) is Match.DIFFERENT
    assert match_of(str(value), str(value * factor)) is Match.DIFFERENT


@given(st.lists(INTEGERS, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_plain_list_equals_any_order_of_itself(values, random):
    shuffled = random.sample(values, len(values))
    assert match_of(", ".join(map(str, shuffled)), ", ".join(map(str, values))) is Match.EQUAL


@given(EXPRESSIONS, EXPRESSIONS)
def test_sums_and_products_commute(left, right):
    assert match_of(f"({left}) + ({right})", f"({right}) + ({left})") is Match.EQUAL
    assert match_of(f"({left}) * ({right})", f"({right}) * ({left})") is Match.EQUAL


@given(EXPRESSIONS, EXPRESSIONS, EXPRESSIONS)
def test_products_distribute_over_sums(a, b, c):
    assert match_of(f"({a})*(({b})+({c}))", f"({a})*({b})+({a})*({c})") is Match.EQUAL


@given(EXPRESSIONS)
def test_adding_one_makes_another_expression(expression):
    assert match_of(f"{expression} + 1", expression) is Match.DIFFERENT


@given(EXPRESSIONS, EXPRESSIONS)
def test_equal_expressions_have_equal_values(left, right):
    point = {"x": 1.3718281828, "y": 0.5946318017, "z": 2.7163412937}
    ours, theirs = (eval(text, {}, point) for text in (left, right))  # noqa: S307 - our own text
    if match_of(left, right) is Match.EQUAL:
        assert ours == pytest.approx(theirs)
    else:
        assert ours != theirs


@given(st.one_of(ANY_TEXT, NOTATION), st.one_of(ANY_TEXT, NOTATION))
def test_any_two_texts_get_an_outcome(completion, reference):
    outcome = MathVerifier().verify(Item("id", completion, MathTask((reference,))))
    assert outcome == MathVerifier().verify(Item("id", completion, MathTask((reference,))))


@given(NOTATION)
def test_any_notation_equals_itself(text):
    assert match_of(text, text) is Match.EQUAL


@given(st.one_of(ANY_TEXT, NOTATION))
def test_found_answer_stands_where_its_span_says(completion):
    found = find_answer(completion)
    if found is not None:
        assert 0 <= found.start < found.end <= len(completion)
        assert found.text == found.text.strip() != ""


@given(NOTATION, NOTATION)
def test_thinking_changes_nothing(thought, completion):
    assume("think>" not in thought + completion)
    plain = find_answer("\n" + completion)
    thoughtful = find_answer(f"<think>{thought}</think>\n{completion}")
    assert (plain and plain.text) == (thoughtful and thoughtful.text)


@given(INTEGERS, INTEGERS, st.integers(0, 5))
def test_the_short_way_for_plain_integers_says_what_the_long_one_says(left, right, zeros):
    """A tolerance of zero changes nothing but the way that is taken."""
    exact = MathPolicy(absolute_tolerance=0.0)
    for candidate in (str(left), str(right), f"{'0' * zeros}{abs(left)}"):
        short = compare(candidate, str(right), POLICY)
        assert short.match is compare(candidate, str(right), exact).match
