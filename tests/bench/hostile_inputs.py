"""The engine on one hostile row after the other, each in a process forked for it alone.

A forked process has everything loaded, and its peak of memory starts at what it has.
"""

import asyncio
import json
import os
import resource
import time

from tests.bench.side_process import serve_rows
from verifier.engine import Engine, EngineLimits
from verifier.observers import Observer
from verifier.registry import Registry, builtin
from verifier.types import Item, MathTask

# Whatever is loaded on first use is loaded: polynomials, numbers with error bounds.
_WARM_UP = (
    Item("polynomial", r"\boxed{(x+1)^2}", MathTask(("x^2+2x+1",))),
    Item("number", r"\boxed{\sqrt{2}+\sin(1)}", MathTask((r"\sqrt{2}+\cos(1)",))),
    Item("inequality", r"\boxed{x^2 > 2}", MathTask((r"x > \sqrt{2}",))),
)


class _Continued(Observer):
    count = 0

    def continued(self, verifier):
        self.count += 1


async def _score(item):
    continued = _Continued()
    async with Engine(Registry(builtin()), EngineLimits(cache_entries=0), (continued,)) as engine:
        await engine.score(_WARM_UP)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        (result,) = await engine.score([item])
        ms = (time.perf_counter() - began) * 1e3
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {
        "ms": ms,
        "megabytes": grown * 1024 / 1e6,
        "said": f"{result.verdict.value} {result.reason.value}",
        "continued": continued.count,
    }


def _in_fork(item):
    """What `_score` says, from a child of our own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, json.dumps(asyncio.run(_score(item))).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if not said:
        raise SystemExit(f"a hostile input ended its process: {status}")
    return json.loads(said)


def measure(rows):
    asyncio.run(_score(_WARM_UP[0]))
    return [
        _in_fork(Item(f"row-{number}", completion, MathTask((reference,))))
        for number, (completion, reference) in enumerate(rows)
    ]


if __name__ == "__main__":
    serve_rows(measure)
