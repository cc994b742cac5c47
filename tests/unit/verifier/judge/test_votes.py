"""Votes: their mean, and how far they differ."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.judge.votes import entropy, mean

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


def test_no_votes_have_no_mean():
    with pytest.raises(ValueError, match="no votes"):
        mean([])


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
