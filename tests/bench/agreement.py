"""The same answer everywhere: whatever the path, the order and the company of a row.

This decides: should two paths differ, the run ends with exit code 1. Agreement with the rows'
labels is only counted and shown.
"""

import asyncio
import random
from collections import Counter

from tests.bench.service import serving
from tests.bench.table import Table
from verifier.client import AsyncClient
from verifier.engine import Engine, EngineLimits
from verifier.registry import Registry, builtin
from verifier.types import Verdict


def _said(results):
    return {result.id: (result.verdict, result.reward, result.reason) for result in results}


async def _in_process(items, batch_items=None):
    size = batch_items or len(items)
    async with Engine(Registry(builtin()), EngineLimits(cache_entries=0)) as engine:
        parts = [items[place : place + size] for place in range(0, len(items), size)]
        return _said([result for part in parts for result in await engine.score(part)])


async def _over_unary(server, items, batch_items):
    async with AsyncClient(server.target, batch_items=batch_items, concurrency=16) as client:
        return _said(await client.score(items))


async def _over_stream(server, items):
    async def rows():
        for item in items:
            yield item

    async with AsyncClient(server.target) as client:
        return _said([result async for result in client.stream(rows())])


def run(rows):
    """(tables, problems): problems name rows that paths disagree on."""
    items = rows.items()
    shuffled = random.Random(7).sample(items, len(items))
    first = asyncio.run(_in_process(items))
    with serving() as server:
        others = {
            "in process, one by one": asyncio.run(_in_process(items, 1)),
            "in process, shuffled, batches of 7": asyncio.run(_in_process(shuffled, 7)),
            "gRPC, batches of 64": asyncio.run(_over_unary(server, items, 64)),
            "gRPC, shuffled, batches of 1000, now cached": asyncio.run(
                _over_unary(server, shuffled, 1000)
            ),
            "gRPC, one by one": asyncio.run(_over_unary(server, shuffled[: len(items) // 8], 1)),
            "gRPC, stream, shuffled": asyncio.run(_over_stream(server, shuffled)),
        }
    same = Table(
        "The same row, the same result",
        "Rows whose verdict, reward and reason equal those of one batch in process.",
        ("path", "rows", "equal", "different"),
    )
    problems = []
    for path, said in others.items():
        different = [name for name in said if said[name] != first[name]]
        problems += [f"{path}: {name}: {said[name]} is not {first[name]}" for name in different]
        same.add(path, len(said), len(said) - len(different), len(different))
    return [same, _labels(rows, items, first)], problems


def _labels(rows, items, said):
    counts = Counter()
    for item, row in zip(items, rows.rows, strict=True):
        verdict = said[item.id][0]
        agrees = verdict is (Verdict.CORRECT if row.right else Verdict.INCORRECT)
        counts["unscored" if verdict is Verdict.UNSCORED else agrees] += 1
        if not agrees:
            print(f"label {row.right}, {said[item.id]}: {row.reference!r}: {row.completion!r}")
    table = Table(
        "Agreement with the labels",
        "Every disagreement is printed above the tables when the benchmark runs.",
        ("rows", "agree", "disagree", "unscored"),
    )
    table.add(len(items), counts[True], counts[False], counts["unscored"])
    return table
