"""Rubrics: points met over points to be earned, required criteria, and what has no score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.errors import InputError
from verifier.judge.rubric import check, points, score
from verifier.types import Criterion


def criteria_of(*weights, required=()):
    return [
        Criterion(f"c{place}", weight=weight, required=place in required)
        for place, weight in enumerate(weights)
    ]


@pytest.mark.parametrize(
    ("weights", "scores", "expected", "why"),
    [
        ([5], [1], 1.0, "all of it"),
        ([5], [0], 0.0, "none of it"),
        ([5, 3, 2], [1, 0, 1], 0.7, "7 of 10 points"),
        ([5, -3], [1, 1], 0.4, "what must not be is there: 5 - 3 of 5"),
        ([5, -3], [1, 0], 1.0, "what must not be is not there; it adds nothing to be earned"),
        ([5, -3], [0, 1], 0.0, "below nothing is nothing"),
        ([1, -9], [1, 1], 0.0, "below nothing, by far"),
        ([0, 0], [1, 0], 0.5, "no weight counts as 1"),
        ([0, 3], [1, 0], 0.25, "no weight is 1 beside 3"),
        ([2, 2], [0.5, 0.75], 0.625, "met in part"),
        ([0.1] * 10, [1] * 10, 1.0, "ten times a tenth is the whole, not a rounding less"),
        ([0.1, 0.2], [1, 1], 1.0, "the same where a sum of floats is not what it seems"),
        ([1e308, 1e308], [1, 0], 0.5, "a sum beyond all floats"),
        ([1e308, 5e-324], [0, 1], 0.0, "a share below all floats"),
        ([5e-324, -1e308], [1, 0], 1.0, "as far apart as can be"),
    ],
)
def test_score_is_met_over_earnable(weights, scores, expected, why):
    assert score(criteria_of(*weights), scores) == pytest.approx(expected, abs=1e-15), why


@pytest.mark.parametrize(
    ("scores", "expected", "why"),
    [
        ([1, 1], 1.0, "both"),
        ([0, 1], 0.0, "without the required one the other is worth nothing"),
        ([0.49, 1], 0.0, "fewer than half of the votes"),
        ([0.5, 1], 0.75, "half is enough, and half is what it earns"),
        ([1, 0], 0.5, "the other one is not required"),
    ],
)
def test_whole_is_worth_nothing_without_what_is_required(scores, expected, why):
    assert score(criteria_of(1, 1, required=[0]), scores) == expected, why


@pytest.mark.parametrize("scores", [[None, 1], [1, None], [None, None], [0, None]])
def test_what_was_not_read_leaves_the_whole_without_score(scores):
    assert score(criteria_of(1, 1, required=[0]), scores) is None


@pytest.mark.parametrize(
    ("criteria", "field", "message"),
    [
        ([], "", "nothing to be met"),
        (criteria_of(-1), "", "nothing to be met"),
        (criteria_of(-1, -2), "", "nothing to be met"),
        ([Criterion("")], "[0].name", "unique"),
        ([Criterion("a"), Criterion(" \n")], "[1].name", "unique"),
        ([Criterion("a"), Criterion("b"), Criterion("a")], "[2].name", "unique"),
        (criteria_of(1, float("nan")), "[1].weight", "finite"),
        (criteria_of(float("inf")), "[0].weight", "finite"),
        (criteria_of(1, float("-inf")), "[1].weight", "finite"),
        (criteria_of(1, -1, required=[1]), "[1].required", "negative"),
    ],
)
def test_rubric_without_a_score_is_refused_whatever_is_judged(criteria, field, message):
    for refuse in (check, lambda criteria: score(criteria, [1.0] * len(criteria))):
        with pytest.raises(InputError, match=message) as caught:
            refuse(criteria)
        assert caught.value.field == f"judge.rubric.criteria{field}"


def test_scores_and_criteria_must_be_equally_many():
    with pytest.raises(ValueError, match="argument"):
        score(criteria_of(1, 1), [1.0])


def test_no_weight_counts_as_one_point():
    assert [points(one) for one in criteria_of(0, -0.0, 2.5, -3)] == [1, 1, 2.5, -3]


WEIGHTS = st.floats(-1e300, 1e300)
JUDGED = st.lists(st.tuples(WEIGHTS, st.floats(0, 1)), min_size=1, max_size=8).filter(
    lambda pairs: any(weight >= 0 for weight, _ in pairs)
)


@given(JUDGED)
def test_score_is_a_share(pairs):
    weights, scores = zip(*pairs, strict=True)
    assert 0 <= score(criteria_of(*weights), scores) <= 1


@given(
    st.lists(st.tuples(st.integers(1, 100), st.floats(0, 1)), min_size=1, max_size=8),
    st.integers(-20, 20),
)
def test_unit_of_the_points_does_not_matter(pairs, power):
    weights, scores = zip(*pairs, strict=True)
    scaled = [weight * 2.0**power for weight in weights]
    assert score(criteria_of(*scaled), scores) == score(criteria_of(*weights), scores)


@given(JUDGED, st.data())
def test_more_met_never_scores_less(pairs, data):
    weights, scores = zip(*pairs, strict=True)
    place = data.draw(st.integers(0, len(pairs) - 1))
    better = list(scores)
    better[place] = 0.0 if weights[place] < 0 else 1.0
    criteria = criteria_of(*weights)
    assert score(criteria, better) >= score(criteria, scores)


@given(JUDGED)
def test_all_that_must_be_and_nothing_else_is_worth_one(pairs):
    weights = [weight for weight, _ in pairs]
    ideal = [0.0 if weight < 0 else 1.0 for weight in weights]
    assert score(criteria_of(*weights), ideal) == 1.0
