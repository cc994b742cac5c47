"""Five times what a replica can do: what it still does, how late, and how well it stays.

First its peak is measured by callers who wait for each answer, then calls leave five times as often
by the clock. Callers are processes of their own on the same machine and take a share of its CPU,
in both parts the same.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from soaking.flatness import Samples
from soaking.replicas import TESTS
from soaking.world import World

FACTOR = 5
QUEUE_SECONDS = 2.0
DEADLINE_SECONDS = 10.0
SLOTS = 4  # two a core: between the steps of a program its slot waits for the busy event loop
CONFIG = f"""
[engine]
cache_entries = 0

[admission]
queue_seconds = {QUEUE_SECONDS}
"""
_CALLERS = 2
_TRUE_REASONS = {"DEADLINE", "OVERLOADED"}
_HEALTH_SECONDS = 10.0  # what a probe waits: three times what a cluster's does, as others run here


@dataclass(slots=True)
class Part:
    """The calls of one part.

    Attributes:
        calls: as `caller` wrote them.
        seconds: how long calls were made.
    """

    calls: list
    seconds: float

    @property
    def answered(self):
        return [call for call in self.calls if call["code"] == "OK"]

    @property
    def goodput(self):
        """Items with their right verdict, per second."""
        return sum(call["scored"] for call in self.calls) / self.seconds

    def late(self, share):
        """The quantile of the seconds that answered calls took; infinite without any."""
        return _quantile([call["took"] for call in self.answered], share)

    def items_late(self, share):
        """The same of the items in them: from the call's admission to the item's outcome."""
        return _quantile([took for call in self.answered for took in call["items"]], share)

    def waited(self, share):
        """The quantile of the longest wait in each answered call, by kind of row."""
        kinds = sorted({kind for call in self.answered for kind in call["waited"]})
        quantiles = {}
        for kind in kinds:
            waits = [call["waited"][kind] for call in self.answered if kind in call["waited"]]
            quantiles[kind] = _quantile(waits, share)
        return quantiles

    def codes(self):
        return Counter(call["code"] for call in self.calls)

    def unscored(self):
        counts = Counter()
        for call in self.calls:
            counts.update(call["unscored"])
        return counts


@dataclass(slots=True)
class Overload:
    """What came of it.

    Attributes:
        unloaded, peak, overloaded: the parts.
        rate: calls a second that were offered.
        samples: of the replica while it was overloaded.
        probes: answers of health and /readyz, meanwhile; `slowest_probe` in seconds.
    """

    unloaded: Part
    peak: Part
    overloaded: Part
    rate: float
    factor: float
    samples: Samples
    probes: Counter = field(default_factory=Counter)
    slowest_probe: float = 0.0

    def problems(self):
        """What must never be, however fast the machine is."""
        found = []
        for name, part in (("peak", self.peak), ("overload", self.overloaded)):
            if wrong := sum(call["wrong"] for call in part.calls):
                found.append(f"{name}: {wrong} wrong verdicts")
            odd = part.codes().keys() - {"OK", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"}
            if odd:
                found.append(f"{name}: calls ended with {sorted(odd)}")
            refused = [call for call in part.calls if call["code"] == "RESOURCE_EXHAUSTED"]
            if bare := sum(not call["pushback"] for call in refused):
                found.append(f"{name}: {bare} refusals do not say when to come back")
            strange = [one for one in part.unscored() if one.split()[-1] not in _TRUE_REASONS]
            if strange:
                found.append(f"{name}: items UNSCORED for {sorted(strange)}")
        if bad := {probe: n for probe, n in self.probes.items() if probe[1] != "green"}:
            found.append(f"health was not green: {bad}")
        return found


def _quantile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("inf")


def world():
    """One replica that refuses early, and has room for programs."""
    return World(count=1, balancers=False, more=CONFIG, slots=SLOTS)


async def overload(replica, *, seconds, warm_seconds, seed, concurrency=16):
    """Measures a serving replica, and then overloads it for so long."""
    unloaded = await call_for(replica, seed, warm_seconds, concurrency=1, callers=1)
    peak = await call_for(replica, seed + 1, warm_seconds, concurrency=concurrency)
    rate = FACTOR * len(peak.answered) / peak.seconds
    samples, probes = Samples(replica), _Probes(replica)
    watching = [asyncio.create_task(samples.run(0.5)), asyncio.create_task(probes.run())]
    try:
        overloaded = await call_for(
            replica, seed + 2, seconds, rate=rate, deadline=DEADLINE_SECONDS
        )
    finally:
        for task in watching:
            task.cancel()
        for failure in await asyncio.gather(*watching, return_exceptions=True):
            if isinstance(failure, Exception):
                raise failure
    parts = (unloaded, peak, overloaded)
    return Overload(*parts, rate, FACTOR, samples, probes.counts, probes.slowest)


async def call_for(replica, seed, seconds, *, callers=_CALLERS, **plan):
    """Has callers call, side by side; all their calls."""
    began = time.monotonic()
    calls = await asyncio.gather(
        *(
            asyncio.to_thread(
                _run_caller, replica, seed * 100 + number, seconds, _share(plan, callers)
            )
            for number in range(callers)
        )
    )
    together = [call for some in calls for call in some]
    lasted = max((call["sent"] + call["took"] for call in together), default=began) - min(
        (call["sent"] for call in together), default=began
    )
    return Part(together, max(lasted, seconds))


def _share(plan, callers):
    parts = {name: plan[name] / callers for name in ("rate",) if name in plan}
    if "concurrency" in plan:
        parts["concurrency"] = max(plan["concurrency"] // callers, 1)
    return {**plan, **parts}


def _run_caller(replica, seed, seconds, plan):
    plan = {"target": replica.target, "seed": seed, "seconds": seconds, **plan}
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(TESTS))))
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("caller.py")), json.dumps(plan)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        timeout=seconds + 200,
        check=True,
    )
    return json.loads(done.stdout)


class _Probes:
    """Asks after its health as a cluster does, all the time, by both ports."""

    def __init__(self, replica):
        self._replica = replica
        self.counts = Counter()
        self.slowest = 0.0

    async def run(self):
        """Until it is cancelled."""
        async with grpc.aio.insecure_channel(self._replica.target) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            while True:
                probes = {"gRPC": lambda: self._grpc(health), "/readyz": self._ready}
                for name, probe in probes.items():
                    began = time.monotonic()
                    self.counts[name, await probe()] += 1
                    self.slowest = max(self.slowest, time.monotonic() - began)
                await asyncio.sleep(0.2)

    @staticmethod
    async def _grpc(health):
        request = health_pb2.HealthCheckRequest(service="readiness")
        with contextlib.suppress(grpc.aio.AioRpcError):
            answer = await health.Check(request, timeout=_HEALTH_SECONDS)
            if answer.status == health_pb2.HealthCheckResponse.SERVING:
                return "green"
        return "red"

    async def _ready(self):
        status, _ = await asyncio.to_thread(self._replica.get, "/readyz", _HEALTH_SECONDS)
        return "green" if status == 200 else "red"
