"""Signs, orders and tolerances of real constants, and the table of written digits."""

from fractions import Fraction

import pytest

from verifier.mathematics.exact.numbers import compare_numbers
from verifier.mathematics.kinds.values import compare_values
from verifier.mathematics.lexing.numerals import CommaStyle
from verifier.mathematics.numeric.constants import is_near, order, sign
from verifier.mathematics.reading.answer import read_answer
from verifier.mathematics.syntax import Apply, Number, Symbol
from verifier.types import MathPolicy, Method

INFINITY = Symbol("infty")
MINUS_INFINITY = Apply("neg", (INFINITY,))


def tree_of(text):
    return read_answer(text, CommaStyle.THOUSANDS, lenient=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("-3", -1),
        (r"\sqrt2 - 1", 1),
        (r"\sqrt2 - \sqrt3", -1),
        (r"\sqrt8 - 2\sqrt2", 0),
        (r"10^{-300}\pi", 1),
        (r"\sqrt2 + 10^{-400} - \sqrt2", 1),
        (r"\log 2 - 1", -1),  # by either base
        (r"\log 5 - 1", None),  # log 5 is 0.7 or 1.6
        (r"\sqrt{5+2\sqrt6} - \sqrt2 - \sqrt3", None),  # zero, but exact algebra cannot show it
        ("x", None),
        ("i", None),
        (r"\sqrt{-2}", None),
        (r"\frac10", None),
        ("1, 2", None),
    ],
)
def test_sign_is_proven_or_none(text, expected):
    assert sign(tree_of(text)) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (tree_of(r"\pi"), tree_of("22/7"), -1),
        (tree_of(r"\sqrt2"), tree_of("1.41"), 1),
        (tree_of("1/2"), tree_of("0.5"), 0),
        (tree_of("x"), tree_of("x"), 0),
        (tree_of("x"), tree_of("y"), None),
        (MINUS_INFINITY, tree_of(r"-9^{9^{9}}"), -1),
        (INFINITY, tree_of(r"\pi"), 1),
        (INFINITY, INFINITY, 0),
        (MINUS_INFINITY, INFINITY, -1),
        (INFINITY, tree_of("i"), None),
        (INFINITY, tree_of("1, 2"), None),
        (tree_of("9^{9^{9}}"), tree_of("9^{9^{8}}"), 1),
        (tree_of("9^{9^{9^9}}"), tree_of("4"), None),
    ],
)
def test_order_is_proven_or_none(left, right, expected):
    assert order(left, right) == expected
    assert order(right, left) == (None if expected is None else -expected)


@pytest.mark.parametrize(
    ("candidate", "reference", "relative", "absolute", "expected"),
    [
        (r"\sqrt2", "1.4", "0.05", "0", True),
        (r"\sqrt2", "1.3", "0.05", "0", False),
        (r"\sqrt2", "1.41", "0", "0.005", True),
        ("3+4i", "3+4.01i", "0.01", "0", True),
        ("3+4i", "3-4i", "0.01", "0", False),
        (r"\log 2", "0.301", "0", "0.0005", True),
        ("x", "1", "1", "1", None),
        ("1/3", "0.5", "0", "1/6", None),  # on the edge, which the binary digits of 1/3 cannot tell
    ],
)
def test_nearness_is_proven_or_none(candidate, reference, relative, absolute, expected):
    tolerances = Fraction(relative), Fraction(absolute)
    assert is_near(tree_of(candidate), tree_of(reference), *tolerances) is expected


@pytest.mark.parametrize(
    ("candidate", "reference", "method"),
    [
        ("2/6", "1/3", Method.EXACT),
        ("2.50", "2.5", Method.EXACT),
        # no finite decimal: five digits, rounded correctly
        ("2.6667", "8/3", Method.TOLERANCE),
        ("0.33333", "1/3", Method.TOLERANCE),
        ("0.3333333333", "1/3", Method.TOLERANCE),
        ("2.667", "8/3", None),
        ("2.6666", "8/3", None),
        ("0.333", "1/3", None),
        ("0.31250001", "5/16", None),
        ("5.99999", "6", None),
        # as a double is printed
        ("8.333333333333334", "25/3", Method.TOLERANCE),
        ("8.333333333343334", "25/3", None),
        ("0.30000000000000004", "3/10", Method.TOLERANCE),
        # the reference was rounded, the candidate less so
        ("3.14159", "3.14", Method.TOLERANCE),
        ("2.718", "2.72", Method.TOLERANCE),
        ("3.146", "3.14", None),
        ("3.1", "3.14", None),
        # the reference was rounded, the candidate is exact
        ("1/3", "0.33", Method.TOLERANCE),
        ("100/3", "33.3", Method.TOLERANCE),
        ("2/3", "0.66", None),
        # a short reference is exact for decimals
        ("0.333", "0.33", None),
        ("0.005", "0.01", None),
        ("12.54", "12.5", None),
        ("0.54", "0.5", None),
        ("1/150", "0.01", None),
        ("1/3", "0.3", None),
    ],
)
def test_written_digits_decide(candidate, reference, method):
    assert compare_numbers(tree_of(candidate), tree_of(reference), MathPolicy()) is method


@pytest.mark.parametrize(
    ("candidate", "reference", "match", "method"),
    [
        (r"\sqrt2", "1.41", "equal", Method.TOLERANCE),
        (r"\sqrt3", "1.41", "different", Method.NUMERIC),
        (r"\ln 2", "0.693", "equal", Method.TOLERANCE),
        ("1.4142135623730951", r"\sqrt2", "equal", Method.TOLERANCE),
        ("1.41421356", r"\sqrt2", "different", None),
        ("0.693147", r"\ln 2", "different", Method.NUMERIC),
        (r"\sqrt{5+2\sqrt6}", r"\sqrt2+\sqrt3", "equal", Method.NUMERIC),
        (r"\sin^2 x + \cos^2 x", "1", "equal", Method.NUMERIC),
        ("9^{9^{9^9}}", "4", "different", Method.NUMERIC),
        (r"\infty", "5", "different", Method.STRUCTURAL),
        (r"-\infty", r"\infty", "different", Method.STRUCTURAL),
        (r"\frac{1}{x-x}", "4", "different", Method.STRUCTURAL),
    ],
)
def test_values_name_what_decided(candidate, reference, match, method):
    outcome = compare_values(tree_of(candidate), tree_of(reference), MathPolicy())
    assert outcome.match.value == match
    assert method is None or outcome.method is method


def test_a_given_tolerance_replaces_the_digits():
    policy = MathPolicy(relative_tolerance=0.01)
    assert compare_numbers(Number(101), Number(100), policy) is Method.TOLERANCE
    assert compare_numbers(Number(102), Number(100), policy) is None
