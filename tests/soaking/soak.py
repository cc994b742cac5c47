"""The soak: load on every path while everything breaks, and what is left to say afterwards."""

import asyncio
import itertools
import random
import time
from collections import Counter
from dataclasses import dataclass, field

import psutil
from program import wait_until
from soaking.faults import FAULTS, PARTS, REPLICAS, Lane
from soaking.load import Load
from soaking.progress import told
from soaking.rows import steps_pool
from soaking.tally import Tally
from soaking.world import World

from verifier.client import AsyncClient

_SETTLE_SECONDS = 30
_WARM_SECONDS = 120
_LEFT = {"log", "torchinductor_root"}  # in the scratch; torch leaves an empty folder


@dataclass(slots=True)
class Soak:
    """What happened.

    Attributes:
        tally: of the items.
        strikes: faults that happened.
        explained: UNSCORED items by fault and reason.
        seconds: how long the load lasted.
        missing: faults and paths that this machine could not have.
        failures: what verifiers logged as failures, by kind of error.
        drains: seconds that each drained replica took to end.
    """

    tally: Tally
    strikes: list
    missing: list
    explained: Counter = field(default_factory=Counter)
    failures: Counter = field(default_factory=Counter)
    drains: list = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is asked, and what breaks meanwhile.

    Attributes:
        items: at least this many are asked.
        seed: of rows, order of faults, and times.
        limit_seconds: after which nothing more is asked, whatever was reached.
        pause: range of seconds between two faults of a lane.
        rounds: how often each fault strikes; 0 for as often as there is time.
        steps: whether the reward model is asked, which takes seconds to load at every start.
        faults: which.
    """

    items: int
    seed: int
    limit_seconds: float
    pause: tuple = (0.3, 1.0)
    rounds: int = 1
    steps: bool = True
    faults: tuple = FAULTS


async def soak(world, plan):
    """Runs load and faults side by side; returns what happened.

    The world is whole again, and its replicas have been drained, at the end.
    """
    steps = steps_pool(plan.seed) if plan.steps else ()
    await asyncio.gather(*(warm(replica, steps[:2]) for replica in world.replicas))
    done = Soak(Tally(), [], sorted(set(world.missing)))
    load = Load(world.paths, done.tally, plan.seed, steps=steps, without=world.without)
    loading = asyncio.create_task(load.run())
    lanes = [Lane(world, lane, done.strikes) for lane in (REPLICAS, PARTS)]
    breaking = [asyncio.create_task(_break(lane, plan)) for lane in lanes]
    tally = done.tally

    def far():
        return f"{tally.items:,} of {plan.items:,} items, {tally.problem_count} problems"

    try:
        async with told(far):
            await _until_enough(plan, tally, loading, breaking)
        for lane in lanes:
            lane.over = True
        await asyncio.gather(*breaking)  # each mends what it broke, while there is load
    finally:
        load.enough.set()
        await loading
    done.seconds = time.monotonic() - done.tally.began
    explain(done)
    await asyncio.to_thread(_settle, world, done)
    return done


async def _until_enough(plan, tally, loading, breaking):
    ends = time.monotonic() + plan.limit_seconds
    while time.monotonic() < ends:
        asked = tally.items >= plan.items
        if asked and (not plan.rounds or all(task.done() for task in breaking)):
            return
        if loading.done() or any(task.done() and task.exception() for task in breaking):
            return
        await asyncio.wait((loading,), timeout=0.2)


async def warm(replica, steps):
    """Has its model loaded before anything is measured."""
    async with AsyncClient(replica.target, timeout_seconds=_WARM_SECONDS) as client:
        results = await client.score([known.row for known in steps])
    assert all(result.reward is not None for result in results), results


async def _break(lane, plan):
    rng = random.Random(f"{plan.seed} {lane.name}")
    faults = [fault for fault in plan.faults if fault.lane == lane.name]
    for _ in range(plan.rounds) if plan.rounds else itertools.count():
        if lane.over or not faults:
            return
        rng.shuffle(faults)
        await lane.strike_all(faults, rng, plan.pause)


def explain(done):
    for one in done.tally.unscored:
        causes = [strike for strike in done.strikes if strike.explains(one)]
        if causes:
            done.explained[causes[-1].fault.name, one.reason] += 1
        else:
            on = sorted(strike.fault.name for strike in done.strikes if strike.covers(one))
            done.tally.problem(f"no fault explains {one}; on at the time: {on}")


def _settle(world, done):
    """With the load gone nothing is left inside; drained, nothing is left at all."""
    for number, replica in enumerate(world.replicas):
        try:
            wait_until(
                lambda one=replica: one.metric("verifier_inside_items") == 0, _SETTLE_SECONDS
            )
        except AssertionError:
            done.tally.problem(f"replica {number}: items stay inside after the load has ended")
        family = replica.family()
        if (code := replica.terminate()) != 0:
            done.tally.problem(f"replica {number}: ended with {code}: {replica.tail()}")
        _, alive = psutil.wait_procs(family, timeout=_SETTLE_SECONDS)
        if alive:
            done.tally.problem(f"replica {number}: processes stay: {alive}")
        done.drains += replica.drains
        left = {path.name for path in replica.scratch.iterdir()} - _LEFT
        if left:
            done.tally.problem(f"replica {number}: files stay: {sorted(left)[:10]}")
        _read_log(replica, done)


def _read_log(replica, done):
    struck = any(strike.fault.name == "disk full" for strike in done.strikes)
    for event in replica.events():
        if isinstance(event, str):
            if not struck:  # a full disk tears lines
                done.tally.problem(f"a line of the log is no event: {event[:300]}")
        elif event.get("level") in {"error", "critical"}:
            words = str(event.get("exception", "")).strip().splitlines()
            done.failures[event.get("event"), words[-1][:100] if words else ""] += 1


def run(plan, **options):
    """A soak in a world of its own, made with `options`."""
    with World(**options) as world:
        return asyncio.run(soak(world, plan))
