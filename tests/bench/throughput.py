"""Rows per CPU-second: in process, over gRPC and as a whole command, beside Math-Verify.

Every round measures every path once, so that a busy machine slows them all alike; ratios are taken
within a round and the median of the rounds is shown. Both ends are the same everywhere: from `Item`
objects to `Result` objects; for the command, from a file to a file.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.bench import cpu
from tests.bench.math_verify_peer import WARM_UP, measure
from tests.bench.service import serving
from tests.bench.table import Table, micro, rate, times
from verifier.client import AsyncClient, Client
from verifier.engine import Engine, EngineLimits
from verifier.registry import Registry, builtin

PEER_ROWS = 400
_REPEATS = 8  # rollouts of one prompt that say the same
_PEER, _IN_PROCESS = "Math-Verify, in process", "in process"


async def in_process(items, cache_entries=0):
    engine = Engine(Registry(builtin()), EngineLimits(cache_entries=cache_entries))
    async with engine:
        # A few rows load what is loaded on first use; the cache, if any, does not know the others.
        await engine.score(items[:WARM_UP])
        with cpu.Meter() as meter:
            await engine.score(items)
    return meter


async def over_unary(server, items, batch_items, concurrency):
    client = AsyncClient(server.target, batch_items=batch_items, concurrency=concurrency)
    async with client:
        await client.score(items[:WARM_UP])
        with cpu.Meter(server.process.pid) as meter:
            await client.score(items)
    return meter


def over_unary_threads(server, items):
    with Client(server.target) as client:
        client.score(items[:WARM_UP])
        with cpu.Meter(server.process.pid) as meter:
            client.score(items)
    return meter


async def over_stream(server, items):
    async def rows(chosen):
        for item in chosen:
            yield item

    async with AsyncClient(server.target) as client:
        async for _ in client.stream(rows(items[:WARM_UP])):
            pass
        with cpu.Meter(server.process.pid) as meter:
            async for _ in client.stream(rows(items)):
                pass
    return meter


def command(path):
    """The whole process, from the interpreter's start to its end."""
    meter = cpu.Meter()
    line = [sys.executable, "-m", "verifier.cli.main", "score", str(path), "--summary", "none"]
    meter.own, meter.wall, _ = cpu.of_command([*line, "-o", f"{path}.scores", "--force"])
    return meter


class _Round:
    """One round: for each path, (rows, meter)."""

    def __init__(self, rows, server, path):
        items = rows.items()
        few = items[: max(1, len(items) // 4)]  # for paths that are slow call by call
        cached = [item for item in few for _ in range(_REPEATS)]
        self.measured = {
            _IN_PROCESS: (len(items), asyncio.run(in_process(items))),
            f"in process, cache on, every row {_REPEATS} times": (
                len(cached),
                asyncio.run(in_process(cached, cache_entries=50_000)),
            ),
            "gRPC, unary 64": (len(items), asyncio.run(over_unary(server, items, 64, 8))),
            "gRPC, unary 64, client for threads": (len(items), over_unary_threads(server, items)),
            "gRPC, stream": (len(few), asyncio.run(over_stream(server, few))),
            "gRPC, unary 1": (len(few), asyncio.run(over_unary(server, few, 1, 32))),
            "command, file to file": (len(items), command(path)),
            _PEER: self._peer(rows),
        }

    @staticmethod
    def _peer(rows):
        chosen = rows.sample(PEER_ROWS + WARM_UP)
        meter = cpu.Meter()
        meter.own, verdicts = measure(chosen)
        return len(verdicts), meter

    def per_row(self, path):
        count, meter = self.measured[path]
        return meter.total / count


def run(rows, rounds):
    """The table of all paths."""
    with tempfile.TemporaryDirectory() as folder, serving(cache=False) as server:
        path = Path(folder) / "rows.jsonl"
        rows.write(path)
        measured = [_Round(rows, server, path) for _ in range(rounds)]
    table = Table(
        "Throughput",
        f"CPU time per row and its inverse, client and server together; median of {rounds} rounds. "
        f"Math-Verify scores {PEER_ROWS} of the same rows after a warm-up of {WARM_UP}. No result "
        "comes from a cache unless the row says so.",
        (
            *("path", "rows per CPU-second", "x Math-Verify", "share of in process"),
            *("us per row", "of it client", "of it server"),
        ),
    )
    for name in measured[0].measured:
        table.add(name, *_cells(name, measured))
    return [table]


def _cells(name, measured):
    per_row = median(one.per_row(name) for one in measured)
    against = {
        peer: median(one.per_row(peer) / one.per_row(name) for one in measured)
        for peer in (_PEER, _IN_PROCESS)
    }
    parts = [
        [getattr(meter, part) / count for count, meter in (one.measured[name] for one in measured)]
        for part in ("own", "other")
    ]
    over_wire = name.startswith("gRPC")
    return (
        rate(1 / per_row),
        times(against[_PEER]),
        f"{against[_IN_PROCESS]:.0%}"
        if against[_IN_PROCESS] >= 0.1
        else f"{against[_IN_PROCESS]:.1%}",
        micro(per_row),
        *(micro(median(part)) if over_wire else "" for part in parts),
    )
