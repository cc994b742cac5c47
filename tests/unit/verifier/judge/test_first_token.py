"""From the likeliest first tokens to how likely each label was."""

from math import exp, inf, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.completions.chat_answers import Likely, Place
from verifier.judge.backends.first_token import label_chances

GRADES = ("1", "2", "3", "4", "5")
YES_NO = ("Yes", "No")
TWO = ("Correct", "Correctly")
LONG = ("Supported", "Partly", "Unsupported")


def place(written, **chances):
    """A token that was written, and others with their probabilities."""
    return Place(written, log(0.5), tuple(Likely(t, log(p)) for t, p in chances.items()))


def found(labels, *places):
    return {label: exp(chance) for label, chance in label_chances(labels, places)}


def likely(*tokens):
    return Place(tokens[0][0], None, tuple(Likely(token, log(p)) for token, p in tokens))


SPLIT = {"Unsupported": 0.5, "Supported": 0.3, "Partly": 0.1}
QUOTED = [('"Yes', 0.5), ("“No”", 0.25), ("`no`", 0.1)]
ROWS = [
    (YES_NO, [("Yes", 0.7), ("No", 0.2)], {"Yes": 0.7, "No": 0.2}, "plain"),
    (YES_NO, [("No", 0.7), ("Yes", 0.2)], {"Yes": 0.2, "No": 0.7}, "in the labels' order"),
    (YES_NO, [(" yes", 0.7), ("YES", 0.1)], {"Yes": 0.8}, "case and space do not matter"),
    (YES_NO, [("▁Yes", 0.5), ("ĠNo", 0.25)], {"Yes": 0.5, "No": 0.25}, "raw tokens"),
    (YES_NO, QUOTED, {"Yes": 0.5, "No": 0.35}, "quotes"),
    (YES_NO, [("Maybe", 0.9)], {}, "something else"),
    (YES_NO, [("Y", 0.5), ("Ye", 0.2), ("N", 0.1)], {"Yes": 0.7, "No": 0.1}, "beginnings"),
    (YES_NO, [("Yes", 0.5), ("Yess", 0.2), ("Now", 0.1)], {"Yes": 0.5}, "more than a label"),
    (LONG, [("Un", 0.5), ("Supp", 0.3), ("P", 0.1)], SPLIT, "labels of several tokens"),
    (TWO, [("Corr", 0.5), ("Correct", 0.3)], {"Correct": 0.3}, "the beginning of two labels"),
    (("1", "10"), [("1", 0.6), ("10", 0.2)], {"1": 0.6, "10": 0.2}, "a label begins another"),
    (GRADES, [("4", 0.6), ("5", 0.3), ("４", 0.05)], {"4": 0.6, "5": 0.3}, "grades"),
    (("Straße", "Weg"), [("STRASSE", 0.5), ("stra", 0.2)], {"Straße": 0.7}, "case folded"),
    (YES_NO, [("", 0.5), (" ", 0.3), ("Yes", 0.2)], {}, "the written token is empty"),
]


@pytest.mark.parametrize(
    ("labels", "tokens", "expected"), [row[:3] for row in ROWS], ids=[row[3] for row in ROWS]
)
def test_tokens_speak_for_labels(labels, tokens, expected):
    chances = found(labels, likely(*tokens))

    assert list(chances) == [label for label in labels if label in expected]
    assert all(isclose(chances[label], p) for label, p in expected.items())


def test_white_space_and_quotes_before_the_label_do_not_decide():
    places = [place("\n\n", Yes=0.4), place(' "', No=0.9), place("Yes", Yes=0.8, No=0.1)]

    assert found(YES_NO, *places) == pytest.approx({"Yes": 0.8, "No": 0.1})


def test_later_tokens_do_not_decide():
    assert found(YES_NO, place("I", I=0.9), place("Yes", Yes=0.9)) == {}


def test_what_was_written_counts_even_if_it_was_not_likely():
    """A sampled token need not be among the likeliest; and it counts but once."""
    assert found(YES_NO, place("No", Yes=0.45)) == pytest.approx({"Yes": 0.45, "No": 0.5})
    assert found(YES_NO, Place("No", log(0.3), None)) == pytest.approx({"No": 0.3})
    assert found(YES_NO, place("No", No=0.5)) == pytest.approx({"No": 0.5})


def test_without_probabilities_there_is_nothing():
    assert label_chances(YES_NO, ()) == ()
    assert label_chances(YES_NO, [Place("Yes", None, (Likely("No", None),))]) == ()


def test_rounding_does_not_make_more_than_certain_but_nonsense_stays_nonsense():
    rounded = Place("Yes", 0.0, (Likely("Yes", 0.0), Likely(" Yes", -9.0)))
    nonsense = Place("Yes", 3.0, (Likely("Yes", 3.0),))

    assert label_chances(YES_NO, [rounded]) == (("Yes", 0.0),)
    assert label_chances(YES_NO, [nonsense]) == (("Yes", 3.0),)


@given(
    st.lists(st.text(min_size=1), min_size=2, max_size=5, unique_by=str.casefold),
    st.lists(st.tuples(st.text(), st.floats(-1e6, 0)), min_size=1, max_size=20),
)
def test_whatever_the_tokens_are_no_more_than_all_their_probability_is_given_out(labels, tokens):
    top = tuple(Likely(token, chance) for token, chance in tokens)
    chances = label_chances(labels, [Place(tokens[0][0], tokens[0][1], top)])

    assert {label for label, _ in chances} <= set(labels)
    total = sum(exp(chance) for _, chance in tokens)
    # What adds up to more than certain stays so, for whoever reads it to refuse.
    assert all(-inf < chance <= max(log(total), 0.0) + 1e-9 for _, chance in chances if total)
    assert sum(exp(chance) for _, chance in chances) <= total * (1 + 1e-9)
