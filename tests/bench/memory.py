"""Resident memory of the serving process: at the start, after much work, with a full cache."""

import asyncio

import psutil

from tests.bench.service import serving
from tests.bench.table import Table
from verifier.client import AsyncClient
from verifier.types import Item

_LIMIT_MB = 150
_CACHE_FILLS = 55_000  # distinct rows: more than the default cache keeps
_BIG_BATCH = 16_000


def _distinct(items, count):
    for number in range(count):
        item = items[number % len(items)]
        yield Item(f"distinct-{number}", item.completion, item.task, f"question {number}")


async def _score(server, items, batch_items):
    async with AsyncClient(server.target, batch_items=batch_items) as client:
        await client.score(items)


def run(rows):
    items = rows.items()
    with serving() as server:
        process = psutil.Process(server.process.pid)
        steps = [("at the start", _resident(process))]
        asyncio.run(_score(server, items, 64))
        steps.append((f"after {len(items):,} rows in batches of 64", _resident(process)))
        asyncio.run(_score(server, _distinct(items, _CACHE_FILLS), 64))
        steps.append((f"after {_CACHE_FILLS:,} distinct rows, cache full", _resident(process)))
        asyncio.run(_score(server, _distinct(items, _BIG_BATCH), _BIG_BATCH))
        steps.append((f"after a batch of {_BIG_BATCH:,}", _resident(process)))
    table = Table(
        "Memory of the serving process",
        f"Resident, with its children, no models; the aim is to stay under {_LIMIT_MB} MB.",
        ("moment", "MB", "share of the aim"),
    )
    for moment, size in steps:
        table.add(moment, f"{size / 1e6:.0f}", f"{size / 1e6 / _LIMIT_MB:.0%}")
    return [table]


def _resident(process):
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))
