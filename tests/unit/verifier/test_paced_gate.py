"""Turns at the event loop: so much inline work, then rounds for everybody else."""

import asyncio
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.admission import PacedGate
from verifier.caller import Caller

ANN, BOB = Caller("ann"), Caller("bob")
BUSY_SECONDS = 0.001  # of a round in which somebody has work


async def rounds_until(turn):
    """How many rounds of the loop pass until somebody has a turn, while each round has work."""
    rounds = 0
    while not turn.done():
        time.sleep(BUSY_SECONDS)  # noqa: ASYNC251 - that is the work
        await asyncio.sleep(0)
        rounds += 1
    return rounds


async def test_within_the_time_nobody_waits_for_even_a_round():
    gate = PacedGate(1.0)
    for _ in range(9):
        assert gate.try_enter(ANN, 0.1)
        gate.leave()
    assert gate.taken == 0


async def test_after_it_others_have_rounds_and_then_it_goes_on():
    gate = PacedGate(1.0)
    assert gate.try_enter(ANN, 1.0)
    gate.leave()
    assert not gate.try_enter(ANN, 0.1)
    turn = asyncio.create_task(gate.enter(ANN, 0.1))
    assert 4 <= await rounds_until(turn) <= 7, "four of the pause, and those of two tasks' wakes"
    assert gate.try_enter(BOB, 0.1), "there is time again"


async def test_a_loop_without_other_work_hardly_pauses():
    gate = PacedGate(1.0, clock=lambda: 0.0)  # no round takes any time
    gate.try_enter(ANN, 1.0)
    turn, rounds = asyncio.create_task(gate.enter(ANN, 0.1)), 0
    while not turn.done():
        await asyncio.sleep(0)
        rounds += 1
    assert rounds <= 4


async def test_what_took_longer_than_was_thought_brings_the_pause_forward():
    gate = PacedGate(1.0)
    gate.try_enter(ANN, 0.1)
    gate.correct(0.1, 1.5)
    assert not gate.try_enter(BOB, 0.1)
    gate.leave()
    await asyncio.wait_for(gate.enter(BOB, 0.1), 5)


async def test_as_many_go_on_as_there_is_time_for():
    gate, order = PacedGate(1.0), []

    async def take(number):
        await gate.enter(ANN, 0.25)
        order.append((number, rounds[0]))
        gate.leave()

    async def count():
        while True:
            time.sleep(BUSY_SECONDS)  # noqa: ASYNC251 - each round has work
            await asyncio.sleep(0)
            rounds[0] += 1

    rounds = [0]
    gate.try_enter(BOB, 1.0)
    counting = asyncio.create_task(count())
    await asyncio.gather(*(take(number) for number in range(12)))
    counting.cancel()
    assert [number for number, _ in order] == list(range(12)), "first come, first served"
    assert len({at for _, at in order}) == 3, "four of a quarter of a second in each of three turns"


async def test_callers_take_turns():
    gate, order = PacedGate(1.0), []

    async def take(caller):
        await gate.enter(caller, 1.0)
        order.append(caller.name)
        gate.leave()

    gate.try_enter(ANN, 1.0)
    await asyncio.gather(*(take(ANN) for _ in range(50)), take(BOB))
    assert order.index("bob") <= 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.0, 2.0)), max_size=40),
    st.integers(0, 2**32),
)
async def test_nobody_is_lost_whoever_gives_up(takers, seed):
    gate, chance, done = PacedGate(1.0), random.Random(seed), []

    async def take(name, cost):
        await gate.enter(Caller(name), cost)
        gate.leave()
        gate.correct(cost, chance.random())
        done.append(name)

    tasks = [asyncio.create_task(take(*one)) for one in takers]
    gone = set()
    for task in tasks:
        if chance.random() < 0.3:
            await asyncio.sleep(0)
            if task.cancel():
                gone.add(task)
    await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 20)
    assert len(done) == sum(not task.cancelled() for task in tasks)
    assert (gate.taken, gate.waiting) == (0, 0)


@pytest.mark.parametrize("rounds", range(8))
async def test_whoever_is_cancelled_in_any_round_holds_nothing(rounds):
    gate = PacedGate(1.0)
    gate.try_enter(ANN, 1.0)
    gate.leave()
    turn = asyncio.create_task(gate.enter(ANN, 0.1))
    for _ in range(rounds):
        time.sleep(BUSY_SECONDS)  # noqa: ASYNC251 - each round has work
        await asyncio.sleep(0)
    entered = turn.done()
    turn.cancel()
    await asyncio.wait([turn])
    assert gate.taken == int(entered)
