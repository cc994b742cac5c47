"""Votes: their mean, their entropy, what most of them say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.judge.votes import entropy, majority, mean

SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=20)
WORDS = st.lists(st.sampled_from([("A",), ("B",), ("C",)]), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.25], 0.25),
        ([0.0, 1.0], 0.5),
        ([1.0, 1.0, 0.0, 0.0, 0.0], 0.4),
        ([0.1] * 3, 0.1),
        ([0.7] * 10, 0.7),
    ],
)
def test_mean_is_exact_where_a_float_can_be(scores, expected):
    assert mean(scores) == expected


def test_no_votes_have_no_mean_and_no_majority():
    with pytest.raises(ValueError, match="no votes"):
        mean([])
    with pytest.raises(ValueError, match="no votes"):
        majority([])


@given(SCORES)
def test_mean_lies_among_the_votes_and_does_not_depend_on_their_order(scores):
    assert min(scores) <= mean(scores) <= max(scores)
    assert mean(scores) == mean(scores[::-1])
    assert mean(scores * 2) == pytest.approx(mean(scores))


@pytest.mark.parametrize(
    ("words", "bits"),
    [
        ("A", 0.0),
        ("AAAA", 0.0),
        ("AB", 1.0),
        ("AABB", 1.0),
        ("ABCD", 2.0),
        ("AAAB", 0.25 * 2 + 0.75 * math.log2(4 / 3)),
        ("", 0.0),
    ],
)
def test_entropy_is_that_of_the_textbook(words, bits):
    assert entropy([(word,) for word in words]) == pytest.approx(bits)


def test_labels_of_all_steps_are_one_saying():
    assert entropy([("right", "wrong"), ("right", "right")]) == 1.0
    assert entropy([("right", "wrong"), ("wrong", "right")]) == 1.0


@given(WORDS)
def test_entropy_is_between_agreement_and_all_different(words):
    found = entropy(words)
    assert 0 <= found <= math.log2(3) + 1e-12
    assert (found == 0) is (len(set(words)) == 1)
    assert entropy(words[::-1]) == pytest.approx(found)


@pytest.mark.parametrize(
    ("words", "expected", "why"),
    [
        ("A", "A", "the only one"),
        ("ABB", "B", "two against one"),
        ("BAAB", "B", "of equals the one that was said first"),
        ("CABAB", "A", "a single voice that came first does not count more"),
    ],
)
def test_majority_is_what_most_say(words, expected, why):
    assert majority([(word,) for word in words]) == (expected,), why


@given(WORDS)
def test_nothing_is_said_more_often_than_the_majority(words):
    assert words.count(majority(words)) == max(map(words.count, words))
