"""Admission: who is let in, who is told to come back, and who is next."""

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.admission import Admission, AdmissionLimits, FairGate, Lane
from verifier.caller import Caller
from verifier.deadline import Deadline
from verifier.errors import OverloadedError, Refusal

ANN, BOB, EVE = (Caller(name) for name in ("ann", "bob", "eve"))


def admission(chance=0.5, **limits):
    return Admission(AdmissionLimits(**limits), chance=lambda: chance)


# ------------------------------------------------------------------------------------- by items


@pytest.mark.parametrize(
    ("inside", "caller", "items", "reason", "why"),
    [
        ([], ANN, 1000, None, "no later moment would suit it better"),
        ([(ANN, 60)], ANN, 40, None, "it fits"),
        ([(ANN, 60)], ANN, 41, Refusal.ITEMS, "one too many"),
        ([(ANN, 60)], BOB, 41, Refusal.ITEMS, "whoever it is"),
        ([(ANN, 95)], BOB, 5, None, "the last of the room, for one who has nothing inside"),
        ([(ANN, 60), (BOB, 5)], ANN, 30, None, "within four times what is left"),
        ([(ANN, 70), (BOB, 10)], ANN, 20, Refusal.CALLER_ITEMS, "beside others, not the last"),
        ([(ANN, 70), (BOB, 10)], BOB, 20, None, "who has little may"),
        ([(EVE, 1)], ANN, 100, Refusal.ITEMS, "not even a call that will never fit"),
    ],
)
def test_room_is_kept_for_whoever_comes(inside, caller, items, reason, why):
    control = admission(items=100)
    held = [control.admit(*one) for one in inside]
    for one in held:
        one.__enter__()
    if reason is None:
        with control.admit(caller, items):
            assert control.inside == items + sum(number for _, number in inside), why
    else:
        with pytest.raises(OverloadedError) as refused, control.admit(caller, items):
            pass
        assert refused.value.reason is reason, why
    for one in held:
        one.__exit__(None, None, None)
    assert control.inside == 0
    assert not control.by_caller


@pytest.mark.parametrize(("caller", "configured"), [(Caller("capped", max_items=10), 0), (ANN, 10)])
def test_one_caller_is_held_to_its_own_bound(caller, configured):
    control = admission(items=1000, caller_items=configured)
    with control.admit(caller, 8):
        with pytest.raises(OverloadedError) as refused, control.admit(caller, 3):
            pass
        assert refused.value.reason is Refusal.CALLER_ITEMS
        assert caller.name in str(refused.value)
        with control.admit(caller, 2), control.admit(BOB if configured == 0 else caller, 0):
            pass


def test_retries_are_spread_around_what_is_left_to_do():
    spread = [admission(chance).refusal("", Refusal.ITEMS, 2.0) for chance in (0.0, 0.5, 0.999)]
    assert [round(one.retry_after_seconds, 2) for one in spread] == [1.0, 2.0, 3.0]
    assert admission().refusal("", Refusal.ITEMS, 1e9).retry_after_seconds == 5.0
    assert admission().refusal("", Refusal.ITEMS, 0.0).retry_after_seconds == 0.05


# ------------------------------------------------------------------------------------- by seconds


def busy(item_seconds=2.0, places=1, **inside):
    """A lane whose places are all taken."""
    lane = Lane("code", places)
    lane.worked(1, item_seconds)
    lane.gate.taken = places
    for name, items in inside.items():
        lane.join(Caller(name), items)
    return lane


@pytest.mark.parametrize(
    ("lane", "caller", "seconds", "why"),
    [
        (Lane("code", 1), ANN, 0.0, "nothing was measured yet: nobody is refused on a guess"),
        (busy(ann=10), ANN, 20.0, "behind its own"),
        (busy(ann=10), BOB, 4.0, "one turn for each of two callers"),
        (busy(ann=10, eve=10), BOB, 6.0, "one turn for each of three"),
        (busy(ann=10), Caller("bob", weight=9.0), 1.0 + 11 / 9 - 1, "a heavier one's turn is soon"),
        (busy(ann=1), BOB, 2.0, "no longer than everything that is inside"),
        (busy(ann=10, places=5), ANN, 4.0, "five at a time"),
    ],
)
def test_the_wait_is_told_from_what_was_measured(lane, caller, seconds, why):
    expected = 2.0 * (1 + 9) / 9 if caller.weight > 1 else seconds
    assert lane.queue_seconds(caller) == pytest.approx(expected), why


def test_a_free_place_is_not_waited_for():
    lane = busy(ann=1, places=4)
    lane.gate.taken = 1
    assert lane.queue_seconds(BOB) == 0.0


def test_a_call_whose_work_cannot_begin_in_time_is_refused_at_once():
    lane = busy(ann=100)
    control = admission()
    with (
        pytest.raises(OverloadedError) as refused,
        control.admit(ANN, 1, {lane: 1}, Deadline.after(5)),
    ):
        pass
    assert refused.value.reason is Refusal.DEADLINE
    with control.admit(BOB, 1, {lane: 1}, Deadline.after(10)):
        pass  # its turn comes soon
    quick = Lane("inline", 1)
    with control.admit(ANN, 2, {lane: 1, quick: 1}, Deadline.after(5)):
        pass  # a part in time is worth more than nothing


def test_a_line_that_is_too_long_takes_nobody_else():
    lane = busy(ann=1000)
    with (
        pytest.raises(OverloadedError) as refused,
        admission(queue_seconds=60).admit(ANN, 1, {lane: 1}),
    ):
        pass
    assert refused.value.reason is Refusal.QUEUE_SECONDS
    assert "code" in str(refused.value)


def test_the_speed_of_a_full_lane_is_learned():
    now = [0.0]
    lane = Lane("judge", 64, clock=lambda: now[0])
    lane.gate.waiting = 1
    for _ in range(400):  # of 64 at a time, a rate limit lets eight work
        now[0] += 0.1
        lane.worked(1, 0.8)
    assert lane.speed == pytest.approx(8.0, rel=0.05)
    assert lane.item_seconds == pytest.approx(0.8)


def test_the_margin_settles_where_one_item_in_a_hundred_waits_longer_than_was_promised():
    rng, lane = random.Random(1), Lane("code", 1)
    late = 0
    for number in range(60_000):
        seconds = rng.lognormvariate(0.0, 0.5)  # told was 1 s, the median; 99 in 100 are below 3.2
        late += number >= 10_000 and seconds > lane.margin
        lane.waited(1.0, seconds)
    assert late / 50_000 == pytest.approx(0.01, rel=0.2)
    assert lane.margin == pytest.approx(3.2, abs=0.5)


def test_a_margin_stays_within_its_bounds():
    lane = Lane("code", 1)
    for _ in range(1000):
        lane.waited(1.0, 100.0)
    assert lane.margin == 4.0, "a bad minute does not close the lane"
    for _ in range(10_000):
        lane.waited(1.0, 0.0)
    assert lane.margin == 1.0, "and is forgotten"


def test_a_line_that_proved_slower_than_it_looked_is_closed_sooner():
    lane = busy(ann=15)  # 30 s by the mean
    control = admission(queue_seconds=60)
    with control.admit(ANN, 1, {lane: 1}):
        pass
    for _ in range(40):
        control.waited(lane, told=30.0, seconds=100.0)
    with pytest.raises(OverloadedError) as refused, control.admit(ANN, 1, {lane: 1}):
        pass
    assert refused.value.reason is Refusal.QUEUE_SECONDS
    with admission().admit(ANN, 1, {lane: 1}, Deadline.after(35)):
        pass  # a deadline goes by the mean: what may be in time is worth a try


def test_lines_far_below_the_bound_teach_no_margin():
    lane, control = Lane("code", 1), admission(queue_seconds=60)
    for _ in range(100):
        control.waited(lane, told=0.1, seconds=9.0)
    assert lane.margin == Lane("code", 1).margin


def test_a_lane_with_free_places_teaches_nothing_of_its_speed():
    now = [0.0]
    lane = Lane("judge", 64, clock=lambda: now[0])
    for _ in range(100):
        now[0] += 10.0
        lane.worked(1, 0.8)
    assert lane.speed == 64.0


def test_a_lane_forgets_callers_that_have_gone():
    lane = Lane("code", 2)
    lane.join(ANN, 3)
    lane.part(ANN, 1)
    lane.part(BOB, 0)
    lane.part(ANN, 2)
    assert not lane.inside
    assert lane.queue_seconds(ANN) == 0.0


# ------------------------------------------------------------------------------------- by turns


async def served(places, line):
    """In which order takers of one place get it; `line` of (caller, cost)."""
    gate, order = FairGate(places), []

    async def take(caller, cost):
        await gate.enter(caller, cost)
        order.append(caller.name)
        await asyncio.sleep(0)
        gate.leave()

    await asyncio.gather(*(take(*one) for one in line))
    assert (gate.taken, gate.waiting) == (0, 0)
    return order


async def test_a_caller_with_one_item_does_not_wait_behind_a_thousand():
    order = await served(1, [(ANN, 1.0)] * 1000 + [(BOB, 1.0)])
    assert order.index("bob") <= 2


async def test_within_a_caller_first_come_is_first_served():
    gate, order = FairGate(1), []

    async def take(number):
        await gate.enter(ANN, 1.0)
        order.append(number)
        gate.leave()

    await asyncio.gather(*(take(number) for number in range(50)))
    assert order == list(range(50))


@pytest.mark.parametrize(("weight", "share"), [(1.0, 0.5), (3.0, 0.75), (0.25, 0.2)])
async def test_shares_follow_weights(weight, share):
    heavy = Caller("heavy", weight=weight)
    order = await served(1, [(heavy, 1.0)] * 400 + [(BOB, 1.0)] * 400)
    first = order[:200]
    assert first.count("heavy") / 200 == pytest.approx(share, abs=0.03)


async def test_who_asks_for_more_gets_fewer_turns():
    order = await served(1, [(ANN, 4.0)] * 200 + [(BOB, 1.0)] * 200)
    assert order[:100].count("bob") == pytest.approx(80, abs=4)


async def test_a_place_given_to_one_who_has_gone_goes_to_the_next():
    gate = FairGate(1)
    await gate.enter(ANN, 1.0)
    gone, stays = (asyncio.create_task(gate.enter(one, 1.0)) for one in (BOB, EVE))
    await asyncio.sleep(0)
    gate.leave()
    gone.cancel()
    await asyncio.wait_for(stays, 5)
    gate.leave()
    await asyncio.gather(gone, return_exceptions=True)
    assert (gate.taken, gate.waiting) == (0, 0)


async def test_pushing_in_takes_a_place_that_is_given_back_before_others_come():
    gate = FairGate(1)
    await gate.enter(ANN, 1.0)
    waits = asyncio.create_task(gate.enter(BOB, 1.0))
    await asyncio.sleep(0)
    gate.push_in()
    gate.leave()
    await asyncio.sleep(0)
    assert not waits.done()
    gate.leave()
    await asyncio.wait_for(waits, 5)
    gate.leave()
    assert gate.taken == 0


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from("abcdef"), st.floats(0.0, 9.0)), max_size=60),
    st.integers(0, 2**32),
)
async def test_nothing_is_lost_and_no_more_are_in_than_places(places, takers, seed):
    gate, chance, most = FairGate(places), random.Random(seed), [0]

    async def take(name, cost):
        await gate.enter(Caller(name), cost)
        try:
            most[0] = max(most[0], gate.taken)
            for _ in range(chance.randrange(3)):
                await asyncio.sleep(0)
        finally:
            gate.leave()
        return True

    tasks = [asyncio.create_task(take(*one)) for one in takers]
    for task in tasks:
        if chance.random() < 0.3:
            await asyncio.sleep(0)
            task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(one is True or isinstance(one, asyncio.CancelledError) for one in done)
    assert most[0] <= places
    assert (gate.taken, gate.waiting, gate._ends) == (0, 0, {}) or not takers
