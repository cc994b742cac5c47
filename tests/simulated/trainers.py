"""Trainers that send bursts to a simulated service, with our client's retries; and what came of it.

A client has so many calls in flight, tries a call five times, waits as it was told or longer each
time, and gives up retrying while more than a third of its attempts fail, as gRPC's throttle does.
"""

import math
import random
from dataclasses import dataclass, field

import simpy

from .service import Replica, Service, draw

ATTEMPTS = 5
_FIRST_BACKOFF, _MAX_BACKOFF = 0.1, 5.0
_MAX_TOKENS, _TOKEN_RATIO = 100.0, 0.5


@dataclass
class Outcomes:
    """What a simulation saw; times in seconds."""

    waits: list = field(default_factory=list)  # of items, from the replica's door to a place
    bursts: list = field(default_factory=list)  # from the first item to the last answer
    items: int = 0
    unscored: int = 0
    attempts: int = 0  # calls that came to a replica
    refused: int = 0  # of those
    lost: int = 0  # calls that a crash took

    @property
    def refused_share(self):
        return self.refused / max(self.attempts, 1)


@dataclass(frozen=True)
class Setting:
    """One simulated load on one simulated service."""

    piece: object
    places: int = 1
    replicas: int = 1
    rate: float = 0.0  # of single items at random; 0: bursts
    trainers: int = 1
    burst: int = 0
    every: float = 0.0
    batch_items: int = 64
    concurrency: float = math.inf
    attempts: int = ATTEMPTS
    loop_seconds: float = 0.0
    queue_seconds: float = math.inf
    fair: bool = False
    up_seconds: float = math.inf
    restart_seconds: float = 10.0
    rolling_seconds: float = 0.0


class _Client:
    """Sends calls, again if they fail."""

    def __init__(self, env, service, setting, outcomes, random):
        self._env, self._service, self._setting = env, service, setting
        self._outcomes, self._random = outcomes, random
        self._tokens = _MAX_TOKENS
        self._permits = (
            None
            if setting.concurrency == math.inf
            else simpy.Resource(env, capacity=int(setting.concurrency))
        )

    def call(self, seconds, caller):
        """A process: one call of items that take so many seconds."""
        if self._permits is None:
            yield from self._attempts(seconds, caller)
            return
        with self._permits.request() as permit:
            yield permit
            yield from self._attempts(seconds, caller)

    def _attempts(self, seconds, caller):
        backoff = _FIRST_BACKOFF
        for attempt in range(self._setting.attempts):
            pushback = yield from self._attempt(seconds, caller)
            if pushback is None:
                return
            self._tokens = max(self._tokens - 1, 0.0)
            if self._tokens <= _MAX_TOKENS / 2 or attempt == self._setting.attempts - 1:
                break
            if pushback == 0.0:
                pushback = self._random.uniform(0.8, 1.2) * backoff
                backoff = min(2 * backoff, _MAX_BACKOFF)
            yield self._env.timeout(pushback)
        self._outcomes.unscored += len(seconds)

    def _attempt(self, seconds, caller):
        """None if the call was answered, else seconds to wait: 0 where nobody said how long."""
        outcomes = self._outcomes
        replica = self._service.next_replica()
        if replica is None:
            return 0.0
        outcomes.attempts += 1
        pushback = replica.admit()
        if pushback is not None:
            outcomes.refused += 1
            return pushback * self._random.uniform(0.5, 1.5)
        call = replica.score(seconds, caller)
        if not (yield call.ended):
            outcomes.lost += 1
            return 0.0
        self._tokens = min(self._tokens + _TOKEN_RATIO, _MAX_TOKENS)
        outcomes.waits += call.waits
        return None


def simulate(setting, seed, items):
    """Runs until so many items were sent and answered.

    Args:
        setting: what is simulated.
        seed: of everything random.
        items: how many in all; the first tenth is left out of the outcomes.
    """
    chance = random.Random(seed)
    env = simpy.Environment()
    service = Service(env, lambda: _replica(env, setting), setting.replicas)
    if setting.up_seconds < math.inf:
        service.fail(random.Random(seed + 1), setting.up_seconds, setting.restart_seconds)
    if setting.rolling_seconds:
        service.roll(setting.rolling_seconds, 30.0, setting.restart_seconds)
    warm_up, outcomes = Outcomes(), Outcomes()
    ended = env.process(_send(env, service, setting, chance, items, (warm_up, outcomes)))
    env.run(until=ended)
    return outcomes


def _replica(env, setting):
    return Replica(
        env,
        setting.piece,
        setting.places,
        loop_seconds=setting.loop_seconds,
        queue_seconds=setting.queue_seconds,
        fair=setting.fair,
    )


def _send(env, service, setting, chance, items, outcomes):
    if setting.rate:
        yield from _singles(env, service, setting, chance, items, outcomes)
        return
    each = max(math.ceil(items / setting.trainers / setting.burst), 2)
    trainers = [
        env.process(_trainer(env, service, setting, chance, (name, each), outcomes))
        for name in range(setting.trainers)
    ]
    yield env.all_of(trainers)


def _singles(env, service, setting, chance, items, outcomes):
    clients = [_Client(env, service, setting, one, chance) for one in outcomes]
    calls = []
    for number in range(items):
        yield env.timeout(chance.expovariate(setting.rate))
        counted = number >= items // 10
        outcomes[counted].items += 1
        work = [draw(setting.piece, chance)]
        calls.append(env.process(clients[counted].call(work, "anybody")))
        if len(calls) > 10_000:
            calls = [call for call in calls if call.is_alive]
    yield env.all_of(calls)


def _trainer(env, service, setting, chance, which, outcomes):
    """Bursts with one period and a phase of its own; never two at once."""
    name, bursts = which
    clients = [_Client(env, service, setting, one, chance) for one in outcomes]
    began = chance.uniform(0.0, setting.every)
    for number in range(bursts):
        yield env.timeout(max(began + number * setting.every - env.now, 0.0))
        counted = number >= bursts / 10
        outcomes[counted].items += setting.burst
        start = env.now
        work = [draw(setting.piece, chance) for _ in range(setting.burst)]
        calls = [
            env.process(clients[counted].call(work[at : at + setting.batch_items], name))
            for at in range(0, len(work), setting.batch_items)
        ]
        yield env.all_of(calls)
        outcomes[counted].bursts.append(env.now - start)


def quantile(values, share):
    """The value that this share of the others does not pass."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
