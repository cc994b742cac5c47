"""The engine on mathematical rows in a process of its own, every row seen for the first time.

CPU seconds include the workers in which SymPy runs, and their start.
"""

import asyncio
import os

from tests.bench import cpu
from tests.bench.side_process import WARM_UP, serve_rows
from verifier.engine import Engine, EngineLimits
from verifier.observers import Observer
from verifier.registry import Registry, builtin
from verifier.types import Item, MathTask

_BATCH = 64  # as many as the command line hands over at once


class _Continued(Observer):
    """Counts the rows that were left to SymPy."""

    count = 0

    def continued(self, verifier):
        self.count += 1


def _said(result):
    method = getattr(result.detail, "method", None)
    return result.verdict.value, result.reason.value, method.value if method else ""


async def _measure(rows):
    items = [
        Item(f"row-{number}", completion, MathTask((reference,)))
        for number, (completion, reference) in enumerate(rows)
    ]
    rest = items[WARM_UP:]
    continued = _Continued()
    async with Engine(Registry(builtin()), EngineLimits(cache_entries=0), (continued,)) as engine:
        await engine.score(items[:WARM_UP])
        continued.count = 0
        began = cpu.of_process(os.getpid())
        results = []
        for place in range(0, len(rest), _BATCH):
            results += await engine.score(rest[place : place + _BATCH])
        seconds = cpu.of_process(os.getpid()) - began
    return {
        "rows": len(rest),
        "seconds": seconds,
        "waits": [result.work_seconds for result in results],
        "said": list(map(_said, results)),
        "continued": continued.count,
    }


def measure(rows):
    return asyncio.run(_measure(rows))


if __name__ == "__main__":
    serve_rows(measure)
