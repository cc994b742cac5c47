"""Orders: what is shown where, and what rankings of several orders say together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.judge.orders import Ranking, arrangements, combine

COUNTS = st.integers(2, 9)
SEEDS = st.integers(0, 2**31 - 1)


@st.composite
def several_rankings(draw, most=7):
    count = draw(COUNTS)
    return draw(st.lists(st.permutations(range(count)), min_size=1, max_size=most))


# ------------------------------------------------------------------------ what is shown where


@given(COUNTS, SEEDS)
def test_every_pair_is_shown_both_ways_round(count, seed):
    first, second = arrangements(count, seed)
    assert sorted(first) == list(range(count))
    assert second == first[::-1]


@given(COUNTS, SEEDS)
def test_same_seed_shows_the_same_orders(count, seed):
    assert arrangements(count, seed) == arrangements(count, seed)


def test_orders_of_a_seed_stay_what_they_are():
    # Recorded seeds must go on meaning the same orders.
    assert arrangements(2, 0) == ((0, 1), (1, 0))
    assert arrangements(5, 7) == ((4, 0, 3, 1, 2), (2, 1, 3, 0, 4))


def test_seeds_differ():
    assert len({arrangements(6, seed) for seed in range(50)}) > 30


def test_nothing_and_one_are_shown_as_they_are():
    assert arrangements(0, 1) == ((), ())
    assert arrangements(1, 1) == ((0,), (0,))


# ------------------------------------------------------------------------ put together


@pytest.mark.parametrize(
    ("rankings", "expected", "why"),
    [
        ([(0, 1)], Ranking((0, 1), (1.0, 0.0), 0), "one vote, one order"),
        ([(1, 0), (1, 0)], Ranking((1, 0), (0.0, 1.0), 0), "both orders agree"),
        ([(0, 1), (1, 0)], Ranking((0, 1), (0.5, 0.5), 1), "the orders disagree: a tie"),
        ([(2, 0, 1)] * 2, Ranking((2, 0, 1), (0.5, 0.0, 1.0), 0), "a list both orders agree on"),
        (
            [(0, 1, 2), (0, 2, 1)],
            Ranking((0, 1, 2), (1.0, 0.25, 0.25), 1),
            "one pair of three disagrees; of equals the first stands first",
        ),
        ([(0, 1), (0, 1), (1, 0)], Ranking((0, 1), (1.0, 0.0), 1), "two votes against one"),
        ([(0, 1), (0, 1), (1, 0), (1, 0)], Ranking((0, 1), (0.5, 0.5), 1), "two against two"),
        (
            [(0, 1, 2), (1, 2, 0), (2, 0, 1)],
            Ranking((0, 1, 2), (0.5, 0.5, 0.5), 3),
            "Condorcet's circle: each beats one and loses to one",
        ),
        (
            [(0, 1, 2, 3), (3, 0, 1, 2)],
            Ranking((0, 1, 3, 2), (2.5 / 3, 1.5 / 3, 0.5 / 3, 1.5 / 3), 3),
            "from last to first is three ties, however far it went",
        ),
    ],
)
def test_rankings_are_put_together_pair_by_pair(rankings, expected, why):
    found = combine(rankings)
    assert found.order == expected.order, why
    assert found.scores == pytest.approx(expected.scores), why
    assert found.disagreements == expected.disagreements, why


@pytest.mark.parametrize(
    "rankings",
    [[], [()], [(0,)], [(0, 0)], [(1, 2)], [(0, 1), (0, 1, 2)], [(0, 1), (0, 2)], [(0, 1), (0,)]],
)
def test_what_is_no_ranking_of_the_same_completions_is_refused(rankings):
    with pytest.raises(ValueError, match="same two or more"):
        combine(rankings)


@given(COUNTS, SEEDS)
def test_judge_that_likes_what_stands_first_finds_nothing_but_ties(count, seed):
    found = combine(arrangements(count, seed))
    assert found.scores == (0.5,) * count
    assert found.order == tuple(range(count))
    assert found.disagreements == count * (count - 1) // 2


@given(COUNTS.flatmap(lambda count: st.permutations(range(count))), SEEDS, st.integers(1, 5))
def test_judge_that_is_consistent_is_believed(truth, seed, votes):
    places = {index: place for place, index in enumerate(truth)}
    shown = [order for order in arrangements(len(truth), seed) for _ in range(votes)]
    found = combine([sorted(order, key=places.__getitem__) for order in shown])
    others = len(truth) - 1
    assert found.order == tuple(truth)
    assert found.disagreements == 0
    for index, place in places.items():
        assert found.scores[index] == pytest.approx((others - place) / others)


@given(several_rankings())
def test_scores_are_shares_that_make_half_of_all_pairs(rankings):
    found = combine(rankings)
    count = len(found.scores)
    assert all(0 <= score <= 1 for score in found.scores)
    assert sum(found.scores) == pytest.approx(count / 2)
    assert 0 <= found.disagreements <= count * (count - 1) // 2
    assert [found.scores[index] for index in found.order] == sorted(found.scores, reverse=True)


@given(several_rankings(), st.randoms(use_true_random=False))
def test_other_names_for_the_completions_permute_the_result(rankings, random):
    count = len(rankings[0])
    renamed = list(range(count))
    random.shuffle(renamed)
    found = combine(rankings)
    other = combine([[renamed[index] for index in ranking] for ranking in rankings])
    assert [other.scores[renamed[index]] for index in range(count)] == list(found.scores)
    assert other.disagreements == found.disagreements


@given(several_rankings(), st.randoms(use_true_random=False))
def test_order_of_the_votes_does_not_matter(rankings, random):
    shuffled = list(rankings)
    random.shuffle(shuffled)
    assert combine(shuffled) == combine(rankings)


@given(several_rankings())
def test_rankings_turned_round_turn_the_scores_round(rankings):
    found = combine(rankings)
    turned = combine([ranking[::-1] for ranking in rankings])
    assert turned.scores == pytest.approx([1 - score for score in found.scores])
    assert turned.disagreements == found.disagreements
