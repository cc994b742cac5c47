"""The formulas of `verifier-cli capacity` beside a simulation, and the simulation beside a service.

Seeds are fixed, so that the tables of simulations are the same on every machine. The last tables
are measured: a real service gets single items at random moments and whole bursts; the simulation
gets the same moments and the seconds of work that the service reported, and says what should have
been waited.
"""

import asyncio
import heapq
import os
import random
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean

from tests.bench.table import Table, share
from tests.program import Program
from tests.simulated.service import draw
from tests.simulated.trainers import Setting, quantile, simulate
from verifier.client import AsyncClient
from verifier.planning.load import Aims, Load
from verifier.planning.model import SHARE, Demand, _least, _needed, seconds_of
from verifier.planning.queueing import Station
from verifier.planning.service_time import Piece, ServiceTime
from verifier.types import Verdict

_TESTS = Path(__file__).parents[1]
_KINDS = {
    "typical": Piece(0.05, 1.0),
    "skewed": Piece(0.05, 3.0, 10.0),
    "1% time out": Piece(0.05, 1.0, 10.0, 0.01),
}
_GRID = (  # trainers, items of a burst, busy, replicas, places of each, runs
    (1, 512, 0.3, 2, 4, 40),
    (1, 4096, 0.5, 8, 16, 10),
    (3, 256, 0.6, 2, 4, 16),
    (10, 256, 0.7, 4, 8, 12),
    (100, 64, 0.7, 4, 8, 6),
    (1000, 16, 0.6, 8, 8, 3),
    (1000, 64, 0.8, 16, 16, 1),
)
_BATCH = 8


def run(rounds):
    """All tables; `rounds` of the measured ones. Nothing here is a problem of correctness."""
    tables = [_bursts(), _replicas(), _refusals(), _failures()]
    return tables + [_singles(name, rounds) for name in ("sleeping", "programs")] + [
        _real_bursts(rounds)
    ], []


def _of(piece):
    return ServiceTime(((1.0, piece),))


def _demand(piece, places):
    return Demand("sandbox", "sandbox", places, 1.0, _of(piece), {})


# ------------------------------------------------------------- the formulas beside the simulation


def _bursts():
    table = Table(
        "Capacity: bursts, predicted and simulated",
        "Seconds from a burst's first item to its last answer; trainers with one period and random "
        f"phases, calls of {_BATCH} items, replicas in turns. Work of 50 ms on average at a place: "
        "typical (variation 1), skewed (variation 3, at most 10 s), and typical with one item in a "
        "hundred that runs into a limit of 10 s.",
        (
            *("trainers x items, replicas x places, busy", "work", "bursts", "p50 predicted"),
            *("simulated", "ratio", "p99 predicted", "simulated", "ratio"),
        ),
    )
    for trainers, burst, busy, replicas, places, runs in _GRID:
        for kind, piece in _KINDS.items():
            every = trainers * burst * _of(piece).mean() / (busy * replicas * places)
            setting = Setting(
                piece, places, replicas, 0.0, trainers, burst, every, batch_items=_BATCH
            )
            taken = [
                seconds
                for seed in range(runs)
                for seconds in simulate(setting, seed, 3 * trainers * burst).bursts
            ]
            load = Load(trainers * burst / every, {}, burst, every, batch_items=_BATCH)
            cells = []
            for part in (0.5, SHARE):
                predicted = seconds_of(_demand(piece, places), load, replicas, part)
                seen = quantile(taken, part)
                cells += [f"{predicted:.2f}", f"{seen:.2f}", f"{predicted / seen:.2f}"]
            name = f"{trainers:,} x {burst:,}, {replicas} x {places}, {busy:.0%}"
            table.add(name, kind, f"{len(taken):,}", *cells)
    return table


def _replicas():
    table = Table(
        "Capacity: replicas, predicted and simulated",
        "Replicas of 4 places that answer 99 of 100 bursts within the aim: as planned, the fewest "
        "that do in the simulation, and the share of late bursts with as many as planned.",
        ("trainers x items every s", "work", "aim s", "planned", "simulated", "late"),
    )
    loads = ((1, 1024, 60.0, 5.0), (4, 512, 30.0, 4.0), (40, 64, 30.0, 2.0), (400, 16, 30.0, 1.0))
    for trainers, burst, every, aim in loads:
        for kind in ("typical", "skewed"):
            piece = _KINDS[kind]
            load = Load(trainers * burst / every, {}, burst, every, batch_items=_BATCH)
            planned = _needed(_demand(piece, 4), load, Aims(aim))
            wanted = (trainers, burst, every, aim)
            fewest = next(
                count for count in range(1, 3 * planned) if _late(piece, wanted, count) <= 1 - SHARE
            )
            late = _late(piece, wanted, planned)
            name = f"{trainers:,} x {burst:,} every {every:g}"
            table.add(name, kind, f"{aim:g}", planned, fewest, share(late))
    return table


def _late(piece, wanted, replicas, **more):
    """The share of bursts that take longer than the aim."""
    trainers, burst, every, aim = wanted
    setting = Setting(piece, 4, replicas, 0.0, trainers, burst, every, batch_items=_BATCH, **more)
    taken = [
        seconds
        for seed in range(12 if trainers < 40 else 4)
        for seconds in simulate(setting, seed, 4 * trainers * burst).bursts
    ]
    # An aim that a call by itself does not keep comes on top of what it takes, as in a plan.
    load = Load(trainers * burst / every, {}, burst, every, batch_items=_BATCH)
    least = _least(_demand(piece, 4), load)
    bound = aim + (least if least > aim / 2.0 else 0.0)
    return fmean(seconds > bound for seconds in taken)


def _refusals():
    table = Table(
        "Capacity: refusals, predicted and simulated",
        "Single items at random at 4 places, typical work of 50 ms, nobody let in behind more "
        "than the bound. Retries are those of our client: five attempts as told, none while more "
        "than a third of the attempts fail; so in an overload they win little, and cost little.",
        (
            *("offered load", "bound s", "refused, predicted", "simulated"),
            *("with retries: attempts refused", "items unscored"),
        ),
    )
    piece = _KINDS["typical"]
    for busy, bound in ((0.8, 0.5), (0.95, 0.5), (1.1, 0.5), (1.5, 1.0), (2.0, 1.0), (5.0, 1.0)):
        rate = busy * 4 / piece.seconds
        once = Setting(piece, 4, rate=rate, queue_seconds=bound, attempts=1)
        again = Setting(piece, 4, rate=rate, queue_seconds=bound)
        runs = [simulate(once, seed, 12_000) for seed in range(3)]
        retried = [simulate(again, seed, 12_000) for seed in range(3)]
        table.add(
            f"{busy:.0%}",
            f"{bound:g}",
            share(Station(4, rate, _of(piece)).refused_share(bound)),
            share(fmean(one.refused_share for one in runs)),
            share(fmean(one.refused_share for one in retried)),
            share(fmean(one.unscored / one.items for one in retried)),
        )
    return table


def _failures():
    table = Table(
        "Capacity: crashes and rolling restarts, simulated",
        "One trainer of 256 items every 20 s, typical work, replicas of 4 places, an aim of 3 s. "
        "Crashes are exponential, every replica once in 10 minutes, and take 60 s; rolling "
        "restarts replace one replica each minute, drained. Late: bursts beyond the aim. Unscored: "
        "items that five attempts did not save.",
        ("replicas", "what happens", "bursts", "late", "calls lost", "unscored"),
    )
    piece = _KINDS["typical"]
    load = Load(256 / 20.0, {}, 256, 20.0, batch_items=_BATCH)
    needed = _needed(_demand(piece, 4), load, Aims(3.0))
    happenings = {
        "nothing": {},
        "crashes": {"up_seconds": 600.0, "restart_seconds": 60.0},
        "rolling restarts": {"rolling_seconds": 60.0, "restart_seconds": 20.0},
    }
    for spare in (0, 1, 2):
        for name, more in happenings.items():
            setting = Setting(
                piece, 4, needed + spare, 0.0, 1, 256, 20.0, batch_items=_BATCH, **more
            )
            runs = [simulate(setting, seed, 256 * 60) for seed in range(6)]
            taken = [seconds for one in runs for seconds in one.bursts]
            table.add(
                f"{needed} + {spare}",
                name,
                len(taken),
                share(fmean(seconds > 3.0 for seconds in taken)),
                sum(one.lost for one in runs),
                f"{sum(one.unscored for one in runs)} of {sum(one.items for one in runs):,}",
            )
    return table


# ------------------------------------------------------------------ the simulation beside a service

_SINGLES = 500
_LOADS = (0.5, 0.7, 0.85)
_SLEEP = Piece(0.04, 1.0, 1.0)
_PLACES = 2


def _singles(kind, rounds):
    """Single items at random at three loads."""
    table = Table(
        f"Capacity: a real service and its simulation, {kind}",
        f"{_SINGLES} items one by one at random moments, {_PLACES} places, {rounds} rounds. "
        "Waits in milliseconds: as the service reports them, as the simulation says for the same "
        "moments and the same seconds of work, and by formula from the mean work and its "
        "variation alone. "
        + (
            "The work is sleeping, in two worker processes of a plugin."
            if kind == "sleeping"
            else "The work is a Python program in two slots of the sandbox."
        ),
        (
            *("aimed at", "busy", "mean: service", "simulated", "ratio", "formula"),
            *("p99: service", "simulated", "ratio", "formula"),
        ),
    )
    with _service() as server:
        seconds = asyncio.run(_calibrate(server, kind))
        for busy in _LOADS:
            for round_ in range(rounds):
                rate = busy * _PLACES / seconds
                seen = asyncio.run(_offer(server, kind, rate, round_))
                table.add(f"{busy:.0%}", *_compared(seen))
    return table


def _compared(seen):
    """Cells of one run: (arrived, waited, worked) of each item."""
    seen.sort()
    waits = [waited for _, waited, _ in seen]
    works = [worked for _, _, worked in seen]
    arrivals = [came for came, _, _ in seen]
    simulated = _replayed(arrivals, works, _PLACES)
    rate = len(seen) / (arrivals[-1] - arrivals[0])
    mean = fmean(works)
    variation = (fmean(work**2 for work in works) / mean**2 - 1.0) ** 0.5
    station = Station(_PLACES, rate, _of(Piece(mean, variation)))
    cells = [f"{station.utilisation:.0%}"]
    formulas = (station.mean_wait(), station.wait_quantile(SHARE))
    figures = ((fmean, formulas[0]), (lambda values: quantile(values, SHARE), formulas[1]))
    for figure, formula in figures:
        real, told = figure(waits), figure(simulated)
        cells += [f"{real * 1e3:.1f}", f"{told * 1e3:.1f}"]
        cells += [f"{told / real:.2f}" if real else "", f"{formula * 1e3:.1f}"]
    return cells


def _replayed(arrivals, works, places):
    """What each item waits, first come first served."""
    free, waits = [0.0] * places, []
    for came, work in zip(arrivals, works, strict=True):
        start = max(came, free[0])
        heapq.heapreplace(free, start + work)
        waits.append(start - came)
    return waits


async def _offer(server, kind, rate, seed):
    """Open loop: items are sent when their moment comes, whatever became of the others."""
    chance = random.Random(seed)
    seen = []

    async with AsyncClient(server.target, batch_items=1, concurrency=10_000) as client:
        await client.score([_row(kind, chance, f"warm-{seed}-{rate}")])

        async def one(number):
            came = time.monotonic()
            (result,) = await client.score([_row(kind, chance, f"{seed}-{rate}-{number}")])
            if result.verdict is Verdict.UNSCORED:
                raise SystemExit(f"an item was not scored: {result.reason} {result.message}")
            seen.append((came, result.queue_seconds, result.work_seconds))

        tasks, due = [], time.monotonic()
        for number in range(_SINGLES):
            due += chance.expovariate(rate)
            await asyncio.sleep(max(due - time.monotonic(), 0.0))
            tasks.append(asyncio.create_task(one(number)))
        await asyncio.gather(*tasks)
    return seen


async def _calibrate(server, kind):
    """Mean seconds of work, both places busy."""
    chance = random.Random(0)
    async with AsyncClient(server.target, batch_items=1, concurrency=_PLACES) as client:
        results = await client.score([_row(kind, chance, f"first-{n}") for n in range(100)])
    return fmean(result.work_seconds for result in results[20:])


def _row(kind, chance, name):
    if kind == "sleeping":
        options = {"seconds": draw(_SLEEP, chance)}
        return {"completion": name, "plugin": {"name": "slow", "options": options}}
    # Programs of different length: most short, some ten times as long.
    rounds = int(draw(Piece(60_000, 1.0, 600_000), chance))
    program = f"name = {name!r}\nprint(sum(n % 7 for n in range({rounds})))"
    wanted = sum(n % 7 for n in range(rounds))
    cases = [{"stdin": "", "expected_stdout": f"{wanted}\n"}]
    return {"completion": f"```python\n{program}\n```", "code": {"stdio": {"cases": cases}}}


def _real_bursts(rounds):
    table = Table(
        "Capacity: bursts to a real service, and as predicted",
        f"Sleeping items of 40 ms on average (variation 1), {_PLACES} places, all sent at once in "
        "calls of 8; seconds to the last answer, medians of the rounds. Predicted from the work "
        "that the service reported.",
        ("items", "service", "predicted, p50", "ratio"),
    )
    with _service() as server:
        for items in (64, 256):
            taken, works = [], []
            for round_ in range(max(rounds, 3)):
                seconds, some = asyncio.run(_burst(server, items, round_))
                taken.append(seconds)
                works += some
            mean = fmean(works)
            variation = (fmean(work**2 for work in works) / mean**2 - 1.0) ** 0.5
            load = Load(items / 1000.0, {}, items, 1000.0, batch_items=8)
            demand = _demand(Piece(mean, variation), _PLACES)
            predicted = seconds_of(demand, load, 1, 0.5)
            real = quantile(taken, 0.5)
            table.add(items, f"{real:.2f}", f"{predicted:.2f}", f"{predicted / real:.2f}")
    return table


async def _burst(server, items, seed):
    chance = random.Random(seed)
    rows = [_row("sleeping", chance, f"burst-{items}-{seed}-{n}") for n in range(items)]
    async with AsyncClient(server.target, batch_items=8, concurrency=10_000) as client:
        await client.score(rows[:1])
        began = time.monotonic()
        results = await client.score(rows)
        return time.monotonic() - began, [result.work_seconds for result in results]


@contextmanager
def _service():
    """A service with the plugin that sleeps, two places of each kind, and no cache."""
    with tempfile.TemporaryDirectory() as folder:
        information = Path(folder) / "sample_plugins-1.0.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: sample-plugins\nVersion: 1.0\n", encoding="utf-8"
        )
        (information / "entry_points.txt").write_text(
            "[verifier.plugins]\nslow = sample_plugins:Slow\n", encoding="utf-8"
        )
        config = Path(folder) / "simulation.toml"
        config.write_text(
            f"[engine]\ncache_entries = 0\n[code]\nslots = {_PLACES}\n"
            f"[plugins]\nprocesses = {_PLACES}\nmax_calls = 1000000\n",
            encoding="utf-8",
        )
        server = Program(f"{folder}{os.pathsep}{_TESTS}").serve("--config", config)
        try:
            yield server
        finally:
            server.stop()
