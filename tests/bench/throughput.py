"""Rows per CPU-second: in process, over gRPC and as a whole command, beside Math-Verify.

Every round measures every path once, so that a busy machine slows them all alike; ratios are taken
within a round and the median of the rounds is shown. Both ends are the same everywhere: from `Item`
objects to `Result` objects; for the command, from a file to a file.
"""

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import cpu, side_process
from tests.bench.in_process import ROLLOUTS
from tests.bench.service import serving
from tests.bench.side_process import WARM_UP
from tests.bench.table import Table, micro, rate, share, spread, times
from verifier.client import AsyncClient, Client

_PEER_ROWS = 400
_FEW = 8  # paths that are slow call by call get every eighth row
_PASSES = 3  # over all rows for the others, so that a measurement lasts a second
_PEER, _FIRST, _AGAIN = "Math-Verify, in process", "in process", "in process, again"


@dataclass(frozen=True)
class _Cost:
    """CPU seconds per row: of the process that asks, and of the one that serves."""

    own: float
    other: float | None = None

    @property
    def total(self):
        return self.own + (self.other or 0.0)


async def _unary(server, items, batch_items, concurrency, passes=1):
    client = AsyncClient(server.target, batch_items=batch_items, concurrency=concurrency)
    async with client:
        await client.score(items[:WARM_UP])
        with cpu.Meter(server.process.pid) as meter:
            for _ in range(passes):
                await client.score(items)
    scored = passes * len(items)
    return _Cost(meter.own / scored, meter.other / scored)


def _unary_threads(server, items):
    with Client(server.target) as client:
        client.score(items[:WARM_UP])
        with cpu.Meter(server.process.pid) as meter:
            client.score(items)
    return _Cost(meter.own / len(items), meter.other / len(items))


async def _stream(server, items):
    async def rows(chosen):
        for item in chosen:
            yield item

    async with AsyncClient(server.target) as client:
        async for _ in client.stream(rows(items[:WARM_UP])):
            pass
        with cpu.Meter(server.process.pid) as meter:
            async for _ in client.stream(rows(items)):
                pass
    return _Cost(meter.own / len(items), meter.other / len(items))


def _command(path, rows, environment):
    """The whole process, from the interpreter's start to its end."""
    return _Cost(cpu.of_score(path, environment) / len(rows.rows))


def _in_process(rows):
    """Alone, then as many at once as there are cores, as client and server are."""
    module = "tests.bench.in_process"
    alone = side_process.answer(side_process.start(module, rows.rows))
    started = [side_process.start(module, rows.rows) for _ in range(os.cpu_count() or 1)]
    together = [side_process.answer(process)["again"] for process in started]
    return {
        _FIRST: _Cost(alone["first"]),
        _AGAIN: _Cost(alone["again"]),
        "in process, again, on every core at once": _Cost(sum(together) / len(together)),
        f"in process, cached, {ROLLOUTS} equal rollouts": _Cost(alone["cached"]),
    }


def _peer(rows):
    chosen = rows.sample(_PEER_ROWS + WARM_UP)
    said = side_process.answer(side_process.start("tests.bench.math_verify_peer", chosen))
    return _Cost(said["seconds"] / said["rows"])


def _round(rows, server, path, environment):
    """The cost of every path, by name."""
    items = rows.items()
    few = items[::_FEW]
    return {
        **_in_process(rows),
        "gRPC, unary 64": asyncio.run(_unary(server, items, 64, 8, _PASSES)),
        "gRPC, unary 64, client for threads": _unary_threads(server, items),
        "gRPC, unary 1024": asyncio.run(_unary(server, items, 1024, 2, _PASSES)),
        "gRPC, unary 1, 32 at once": asyncio.run(_unary(server, few, 1, 32)),
        "gRPC, stream": asyncio.run(_stream(server, few)),
        "verifier-cli score, file to file": _command(path, rows, environment),
        _PEER: _peer(rows),
    }


def run(rows, rounds):
    """The table of all paths."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(cache=False) as server,
        cpu.compiled() as environment,
    ):
        path = Path(folder) / "rows.jsonl"
        rows.write(path)
        cpu.of_score(path, environment)
        measured = [_round(rows, server, path, environment) for _ in range(rounds)]
    table = Table(
        "Throughput",
        f"CPU time per row, client and server together, and its inverse; median of {rounds} "
        f"rounds, ratios with their range. Math-Verify scores {_PEER_ROWS} of the same rows after "
        f"a warm-up of {WARM_UP}; like the first row here, it has not seen them before. Shares are "
        "of the second row, which has, as has the service; the last column leaves the client out.",
        (
            *("path", "rows per CPU-second", "x Math-Verify", "share of in process"),
            *("us per row", "client", "server", "server's share"),
        ),
    )
    for name in measured[0]:
        table.add(name, *_cells(name, measured))
    return [table]


def _cells(name, measured):
    costs = [one[name] for one in measured]
    total = median(cost.total for cost in costs)
    against_peer = [one[_PEER].total / one[name].total for one in measured]
    of_again = [one[_AGAIN].total / one[name].total for one in measured]
    cells = [rate(1 / total), spread(times, against_peer), spread(share, of_again), micro(total)]
    if costs[0].other is None:
        return (*cells, "", "", "")
    of_server = [one[_AGAIN].total / one[name].other for one in measured]
    own, other = (median(getattr(cost, part) for cost in costs) for part in ("own", "other"))
    return (*cells, micro(own), micro(other), spread(share, of_server))
