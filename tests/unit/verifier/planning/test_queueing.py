"""Formulas against figures that were worked out by hand or stand in books."""

import itertools
import math
import random
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated.service import draw

from verifier.planning.bursts import Burst, Queued
from verifier.planning.queueing import Station, erlang_b, erlang_c, fair_shares
from verifier.planning.service_time import Piece, ServiceTime

PIECES = {
    "constant": Piece(0.2, 0.0),
    "typical": Piece(0.05, 1.0),
    "cut off": Piece(0.05, 3.0, 0.4),
    "late": Piece(0.05, 1.0, 2.0, 0.1),
    "all late": Piece(0.05, 1.0, 2.0, 1.0),
}


def of(*pieces):
    return ServiceTime(tuple((1.0, piece) for piece in pieces))


# ------------------------------------------------------------------------------------------ times


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_moments_and_tails_are_those_of_what_is_drawn(piece):
    chance = random.Random(7)
    drawn = [draw(piece, chance) for _ in range(40_000)]
    mean, time = fmean(drawn), of(piece)
    assert time.mean() == pytest.approx(mean, rel=0.03)
    squares = fmean(one**2 for one in drawn)
    assert piece.second_moment() == pytest.approx(squares, rel=0.08)
    for x in (0.01, 0.1, 0.3, 1.0):
        assert time.longer(x) == pytest.approx(fmean(one > x for one in drawn), abs=0.02)
        beyond = fmean(max(one - x, 0.0) for one in drawn)
        assert time.excess(x) == pytest.approx(beyond, rel=0.06, abs=0.001)


def test_a_mix_weighs_its_parts():
    time = ServiceTime(((3.0, Piece(1.0, 0.0)), (1.0, Piece(5.0, 0.0))))
    assert time.mean() == pytest.approx(2.0)
    assert time.squared_variation() == pytest.approx(0.75)
    assert time.quantile(0.74) == pytest.approx(1.0, rel=1e-6)
    assert time.quantile(0.76) == pytest.approx(5.0, rel=1e-6)


def test_a_share_at_the_limit_can_be_changed():
    time = of(PIECES["late"], Piece(0.1, 0.0))
    assert time.limit_share() == pytest.approx(0.05)
    assert time.with_limit_share(0.2).limit_share() == pytest.approx(0.2)


def test_the_longest_of_many_is_about_what_is_drawn():
    chance, time = random.Random(3), of(PIECES["typical"])
    longest = fmean(max(draw(PIECES["typical"], chance) for _ in range(64)) for _ in range(400))
    assert time.mean_of_longest(64) == pytest.approx(longest, rel=0.15)


# ----------------------------------------------------------------------------------------- queues


@pytest.mark.parametrize(
    ("places", "load", "blocked", "waiting"),
    [(1, 0.5, 1 / 3, 0.5), (2, 1.0, 0.2, 1 / 3), (3, 2.0, 4 / 19, 4 / 9)],
    ids=str,
)
def test_erlang_by_hand(places, load, blocked, waiting):
    assert erlang_b(places, load) == pytest.approx(blocked)
    assert erlang_c(places, load) == pytest.approx(waiting)


def test_an_overload_makes_everybody_wait_for_ever():
    station = Station(2, 30.0, of(Piece(0.1, 1.0)))
    assert station.utilisation == pytest.approx(1.5)
    assert station.waiting_share() == 1.0
    assert station.mean_wait() == math.inf


def test_an_overload_refuses_what_does_not_fit_whatever_the_bound():
    for bound in (1.0, 100.0, 1e6):
        share = Station(2, 30.0, of(Piece(0.1, 1.0))).refused_share(bound)
        assert share == pytest.approx(1 / 3, abs=0.002)


def test_a_bound_without_end_refuses_nobody_who_could_be_served():
    assert Station(2, 18.0, of(Piece(0.1, 1.0))).refused_share(1e6) == pytest.approx(0.0)


def test_refusals_do_not_jump_where_the_load_is_one():
    shares = [Station(3, rate, of(Piece(0.1, 1.0))).refused_share(0.5) for rate in (29.9, 30, 30.1)]
    assert shares == sorted(shares)
    assert shares[2] - shares[0] < 0.01


@given(st.integers(1, 64), st.floats(0.01, 0.99), st.floats(0.0, 4.0), st.floats(0.5, 0.999))
def test_waits_grow_with_the_share_asked_for_and_with_the_load(places, busy, variation, share):
    time = of(Piece(1.0, variation))
    station = Station(places, busy * places, time)
    assert 0.0 <= station.waiting_share() <= 1.0
    assert station.wait_quantile(share) <= station.wait_quantile(0.9999)
    more = Station(places, min(busy * 1.01, 0.995) * places, time)
    assert station.mean_wait() <= more.mean_wait() * (1 + 1e-9)


# ----------------------------------------------------------------------------------------- bursts


def test_a_burst_of_one_item_takes_what_the_item_takes():
    time = of(PIECES["typical"])
    for share in (0.5, 0.99):
        assert Burst(1, time, 4, 3).over(share) == pytest.approx(time.quantile(share), rel=0.1)


def test_a_burst_of_equal_pieces_takes_their_rounds_and_not_much_more():
    taken = Burst(1_000, of(Piece(0.1, 0.0)), 10, 10).over(0.99)
    assert 1.0 <= taken <= 1.1


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 3_000),
    st.sampled_from(list(PIECES.values())),
    st.integers(1, 32),
    st.integers(1, 20),
)
def test_a_burst_takes_no_less_than_half_of_its_work_spread_over_all_places(
    pieces, piece, places, replicas
):
    burst = Burst(pieces, of(piece), places, replicas)
    half, most = burst.over(0.5), burst.over(0.99)
    assert half <= most * (1 + 1e-6)
    # 99 of 100 bursts take more than half of their mean work, spread over all places.
    assert most >= 0.5 * pieces * of(piece).mean() / (places * replicas)
    assert sum(weight for weight, _ in burst._cases) == pytest.approx(1.0, abs=0.02)


def test_one_trainer_finds_nothing_before_its_burst():
    burst = Burst(64, of(PIECES["typical"]), 4, 1)
    assert Queued(burst, 1, 0.7).over(0.99) == burst.over(0.99)


def test_two_periodic_bursts_meet_as_often_as_counting_says():
    """With two trainers, one finds the other at work for its share of the time."""
    from verifier.planning.bursts import _ahead, _more_waiting

    assert _more_waiting(1, 4.0, 0.0) == pytest.approx(0.25)
    assert _more_waiting(1, 4.0, 0.5) == pytest.approx(0.125)
    law = _ahead(1, 4.0)
    assert sum(weight for weight, _ in law) == pytest.approx(1.0)
    assert sum(weight * bursts for weight, bursts in law) == pytest.approx(0.125, abs=0.01)


def test_what_periodic_bursts_find_agrees_with_drawing_their_phases():
    from verifier.planning.bursts import _more_waiting

    sources, period, chance = 6, 9.0, random.Random(11)
    found = []
    for _ in range(20_000):
        # The work at moment 0 is what was left by the bursts since the last idle moment.
        came = sorted(chance.uniform(-period, 0.0) for _ in range(sources))
        left, last = 0.0, -2 * period
        for at in itertools.chain((one - period for one in came), came):
            left, last = max(left - (at - last), 0.0) + 1.0, at
        found.append(max(left + last, 0.0))
    for x in (0.0, 0.5, 1.0, 2.0):
        seen = fmean(one > x for one in found)
        assert _more_waiting(sources, period, x) == pytest.approx(seen, abs=0.015)


# --------------------------------------------------------------------------------------- fairness


@pytest.mark.parametrize(
    ("capacity", "wanted", "weights", "given_"),
    [
        (10, {"a": 3, "b": 4}, {}, {"a": 3, "b": 4}),
        (10, {"a": 2, "b": 100}, {}, {"a": 2, "b": 8}),
        (12, {"a": 100, "b": 100}, {"a": 2.0}, {"a": 8, "b": 4}),
        (12, {"a": 100, "b": 100, "c": 1}, {"a": 2.0}, {"a": 22 / 3, "b": 11 / 3, "c": 1}),
        (0, {"a": 1}, {}, {"a": 0}),
        (5, {}, {}, {}),
        (5, {"a": 0, "b": 9}, {}, {"a": 0, "b": 5}),
    ],
    ids=["room for all", "one is small", "weights", "weights and one small", "none", "nobody", "0"],
)
def test_a_capacity_is_divided_by_weights_among_those_who_want_more(
    capacity, wanted, weights, given_
):
    assert fair_shares(capacity, wanted, weights) == pytest.approx(given_)


@given(
    st.floats(0.1, 100.0),
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0.0, 100.0), max_size=6),
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 10.0), max_size=6),
)
def test_nobody_gets_less_than_the_smaller_of_his_wish_and_his_share(capacity, wanted, weights):
    shares = fair_shares(capacity, wanted, weights)
    assert sum(shares.values()) == pytest.approx(min(capacity, sum(wanted.values())))
    total = sum(weights.get(name, 1.0) for name in wanted)
    for name, share in shares.items():
        own = capacity * weights.get(name, 1.0) / total
        assert share >= min(wanted[name], own) * (1 - 1e-9)
