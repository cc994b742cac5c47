"""The engine in a process of its own: rows seen for the first time, again, and from the cache."""

import asyncio
import time
from statistics import median

from tests.bench.side_process import WARM_UP, serve_rows
from verifier.engine import Engine, EngineLimits
from verifier.registry import Registry, builtin
from verifier.types import Item, MathTask

ROLLOUTS = 8  # of one prompt, all saying the same
_AGAIN = 5  # passes, of which the median counts
_SHARE_CACHED = 4  # every fourth row is enough, eight times over


async def _seconds(engine, items):
    start = time.process_time()
    await engine.score(items)
    return time.process_time() - start


async def _measure(rows):
    items = [
        Item(f"row-{number}", completion, MathTask((reference,)))
        for number, (completion, reference) in enumerate(rows)
    ]
    rest = items[WARM_UP:]
    repeated = [item for item in rest[::_SHARE_CACHED] for _ in range(ROLLOUTS)]
    async with Engine(Registry(builtin()), EngineLimits(cache_entries=0)) as engine:
        await engine.score(items[:WARM_UP])
        first = await _seconds(engine, rest)
        again = median([await _seconds(engine, rest) for _ in range(_AGAIN)])
    async with Engine(Registry(builtin())) as engine:
        cached = await _seconds(engine, repeated)
    return {
        "first": first / len(rest),
        "again": again / len(rest),
        "cached": cached / len(repeated),
    }


def measure(rows):
    return asyncio.run(_measure(rows))


if __name__ == "__main__":
    serve_rows(measure)
