"""Everything that breaks, one after the other, at times drawn from a seed.

Each fault hits only what the harness started. What it may do to items stands beside it: an item
that comes back UNSCORED for another reason, or while no fault was on that may cause its reason, is
a failure of the service.
"""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from soaking.rows import PROGRAMS

DOOMED = str(Path(__file__).with_name("doomed_client.py"))
REPLICAS, PARTS = "replicas", "parts"  # at most one fault of each at a time
_HOLD_SECONDS = 2.5  # how long what can be held is held
_MIN_READY_SECONDS = (
    3.0  # between two replicas of a rolling restart, for callers to find the new one
)
_QUARANTINED = "not tried again"
_ANYTHING = "*"
_LOST_CALLS = {_ANYTHING: {"BACKEND_UNAVAILABLE"}}
_JAILS = "jails"
_LEFT_ALONE = 15.0  # seconds; a backend that failed often is not asked for ten
_BACK_OFF = 35.0  # seconds; what could not be started is not tried again for up to thirty


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break.

    Attributes:
        name: for the table.
        lane: what it breaks; faults of one lane never overlap.
        strike: does it and mends it; gets the world and a source of chance.
        allowed: reasons of UNSCORED that it makes true, by kind of row; "*" for every kind.
        needs: what the world must not be missing.
        grace_seconds: how long after its end its effects may still come.
    """

    name: str
    lane: str
    strike: Callable
    allowed: dict = field(default_factory=dict)
    needs: str = ""
    grace_seconds: float = 2.0

    def explains(self, kind, reason):
        """Whether a row of this kind may be UNSCORED for this reason because of it."""
        return reason in self.allowed.get(_ANYTHING, ()) or reason in self.allowed.get(kind, ())


@dataclass(slots=True)
class Strike:
    """A fault that happened: when it began and when all was well again."""

    fault: Fault
    began: float
    ended: float = float("inf")

    def explains(self, unscored):
        """Whether an item may be blamed on it."""
        if not self.fault.explains(unscored.kind, unscored.reason):
            return False
        # What broke two workers or jails is held to be their undoing, and so are its repetitions.
        lasting = _QUARANTINED in unscored.message and self.began <= unscored.answered
        return lasting or self.covers(unscored)

    def covers(self, unscored):
        """Whether it was on, or its effects, while the item was on its way."""
        ended = self.ended + self.fault.grace_seconds
        return unscored.sent <= ended and unscored.answered >= self.began


class Lane:
    """Faults of one kind, one after the other.

    Args:
        world: what they break.
        name: of the lane.
        strikes: where each is noted.

    Attributes:
        over: set it, and the fault that is on will be the last.
    """

    def __init__(self, world, name, strikes):
        self.name = name
        self.over = False
        self._world, self._strikes = world, strikes

    async def strike_all(self, faults, rng, pause):
        """Strikes with each in turn, with a pause drawn from the range `pause` before each."""
        for fault in faults:
            if fault.needs and fault.needs in self._world.missing:
                continue
            await asyncio.sleep(rng.uniform(*pause))
            if self.over:
                return
            strike = Strike(fault, time.monotonic())
            self._strikes.append(strike)
            await fault.strike(self._world, rng)
            strike.ended = time.monotonic()


async def _kill_replica(world, rng):
    replica = rng.choice(world.replicas)
    await asyncio.to_thread(replica.kill)
    await asyncio.to_thread(replica.start)


async def _terminate_replica(world, rng):
    await _roll(rng.choice(world.replicas))


async def _rolling_restart(world, rng):
    for replica in world.replicas:
        await _roll(replica)
        await asyncio.sleep(_MIN_READY_SECONDS)


async def _roll(replica):
    code = await asyncio.to_thread(replica.terminate)
    assert code == 0, f"a drained replica ended with {code}: {replica.tail()}"
    await asyncio.to_thread(replica.start)


async def _freeze_replica(world, rng):
    process = psutil.Process(rng.choice(world.replicas).pid)
    process.suspend()
    try:
        await asyncio.sleep(_HOLD_SECONDS)
    finally:
        process.resume()


def _killing(which, times=6):
    """SIGKILL to processes of this kind, whatever they are at."""

    async def strike(world, rng):
        for _ in range(times):
            _signal(rng, _of_one(world, rng, which), signal.SIGKILL)
            await asyncio.sleep(rng.uniform(0.05, 0.5))

    return strike


def _stopping(which):
    """SIGSTOP to one process of this kind, and SIGCONT after a while."""

    async def strike(world, rng):
        stopped = _signal(rng, _of_one(world, rng, which), signal.SIGSTOP)
        await asyncio.sleep(_HOLD_SECONDS)
        if stopped is not None:
            with contextlib.suppress(psutil.Error):
                stopped.send_signal(signal.SIGCONT)

    return strike


def _of_one(world, rng, which):
    """Processes of one replica that serves: one that starts may give up, and is started again."""
    serving = [replica for replica in world.replicas if replica.serving]
    return which(rng.choice(serving)) if serving else []


def _signal(rng, processes, number):
    """Sends a signal to one of them; which one, if any could be reached."""
    if not processes:
        return None
    chosen = rng.choice(processes)
    with contextlib.suppress(psutil.Error):
        chosen.send_signal(number)
        return chosen
    return None


async def _fill_disk(world, rng):
    """A full disk, on which a worker and a jail have to start anew."""
    number = rng.randrange(len(world.replicas))
    disk, replica = world.disks[number], world.replicas[number]
    await asyncio.to_thread(disk.fill)
    try:
        for which in (replica.workers, replica.jails):
            _signal(rng, which() if replica.serving else [], signal.SIGKILL)
            await asyncio.sleep(_HOLD_SECONDS / 2)
    finally:
        disk.empty()


async def _kill_judge(world, rng):
    world.judge.kill()
    await asyncio.sleep(_HOLD_SECONDS)
    await asyncio.to_thread(world.judge.start)


def _judge_that(behaviour):
    async def strike(world, rng):
        await asyncio.to_thread(world.judge.behave, behaviour)
        await asyncio.sleep(_HOLD_SECONDS)
        await asyncio.to_thread(world.judge.behave, "honest")

    return strike


async def _kill_redis(world, rng):
    world.redis.kill()
    await asyncio.sleep(_HOLD_SECONDS)
    await asyncio.to_thread(world.redis.start)


async def _freeze_redis(world, rng):
    world.redis.freeze()
    try:
        await asyncio.sleep(_HOLD_SECONDS)
    finally:
        world.redis.thaw()


async def _jump_clock(world, rng):
    """An hour ahead, a day back, and right again."""
    clock = rng.choice(world.clocks)
    for seconds in (3600, -86_400, 0):
        clock.shift(seconds)
        await asyncio.sleep(_HOLD_SECONDS / 3)


async def _kill_client(world, rng):
    """A caller with minutes of work inside dies; its work must not keep others waiting."""
    target = rng.choice(list(world.paths.values()))
    environment = world.replicas[0].environment | {"LD_PRELOAD": ""}
    client = await asyncio.create_subprocess_exec(sys.executable, DOOMED, target, env=environment)
    try:
        await asyncio.sleep(_HOLD_SECONDS)
    finally:
        with contextlib.suppress(ProcessLookupError):
            client.kill()
        await client.wait()


_WORKED = ("symbolic", "composite", "worker form")
_SYMBOLIC = {kind: {"INTERNAL"} for kind in _WORKED}
_STOPPED = {kind: {"UNDECIDED", "DEADLINE"} for kind in _WORKED}
_PROGRAMS = {kind: {"SANDBOX_UNAVAILABLE", "INTERNAL"} for kind in PROGRAMS}
_JUDGE_GONE = {"judge": {"BACKEND_UNAVAILABLE"}}
_JUDGE_ODD = {"judge": {"BACKEND_UNAVAILABLE", "JUDGE_UNPARSEABLE"}}

FAULTS = (
    Fault("replica SIGKILL", REPLICAS, _kill_replica, _LOST_CALLS),
    Fault("replica SIGTERM", REPLICAS, _terminate_replica),
    Fault("rolling restart", REPLICAS, _rolling_restart),
    Fault("replica frozen", REPLICAS, _freeze_replica),
    Fault("workers SIGKILL", PARTS, _killing(lambda one: one.workers()), _SYMBOLIC, "", _BACK_OFF),
    Fault(
        "zygotes SIGKILL", PARTS, _killing(lambda one: one.zygotes()), _PROGRAMS, _JAILS, _BACK_OFF
    ),
    Fault("jails SIGKILL", PARTS, _killing(lambda one: one.jails()), _PROGRAMS, _JAILS, _BACK_OFF),
    Fault("worker stopped", PARTS, _stopping(lambda one: one.workers()), _STOPPED),
    Fault("zygote stopped", PARTS, _stopping(lambda one: one.zygotes()), {}, _JAILS),
    Fault("disk full", PARTS, _fill_disk, _PROGRAMS | _SYMBOLIC, "a disk to fill", _BACK_OFF),
    Fault("judge dies", PARTS, _kill_judge, _JUDGE_GONE, "", _LEFT_ALONE),
    Fault("judge hangs", PARTS, _judge_that("hang"), _JUDGE_GONE, "", _LEFT_ALONE),
    Fault("judge says garbage", PARTS, _judge_that("garbage"), _JUDGE_ODD, "", _LEFT_ALONE),
    Fault("judge errs", PARTS, _judge_that("errors"), _JUDGE_GONE, "", _LEFT_ALONE),
    Fault("Redis dies", PARTS, _kill_redis, {}, "redis-server"),
    Fault("Redis frozen", PARTS, _freeze_redis, {}, "redis-server"),
    Fault("clock jumps", PARTS, _jump_clock, {}, "a clock to shift"),
    Fault("client killed", PARTS, _kill_client),
)
