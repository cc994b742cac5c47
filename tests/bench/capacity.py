"""What one item of each class costs a real service on loopback, for the table of `planning`.

Every class is sent to one service with its cache off: a warm-up, then rounds of items that were
never sent before. Seconds of work are what the service itself reports, queueing left out. CPU is
that of the front process, and that of all processes below it, programs that have ended included.
"""

import asyncio
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, quantiles

import psutil

from tests.bench.judge import _serving as judge_backend
from tests.bench.rows import generate
from tests.bench.table import Table, micro, milli
from tests.program import Program
from verifier.client import AsyncClient
from verifier.planning.fitting import fit_front, variation
from verifier.types import Verdict

_SIZES = {1: 600, 16: 4_800, 64: 12_800, 256: 25_600}
_CONCURRENCY = 8
_WARM_UP = 64


def run(rounds):
    """The tables: the way in and out, the classes, memory."""
    with judge_backend() as url, _service(url) as server:
        idle = _memory(server)
        front, fitted = _front(server, rounds)
        classes = _classes(server, rounds)
        memory = _memory_table(idle, _memory(server))
    return [front, fitted, classes, memory]


@contextmanager
def _service(url):
    config = [
        "[engine]\ncache_entries = 0",
        "[judge]\ncache_entries = 0",
        f'[judge.backends.bench]\nkind = "openai"\nbase_url = "{url}"\nmodel = "judge"',
        "concurrency = 64",
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "capacity.toml"
        path.write_text("\n".join(config) + "\n", encoding="utf-8")
        server = Program("").serve("--config", path)
        try:
            yield server
        finally:
            server.stop()


def _front_cpu(server):
    """CPU seconds of the serving process, its children left out."""
    return time.clock_gettime(~server.process.pid << 3 | 2)


@dataclass(frozen=True)
class _Seen:
    """One round: results; CPU seconds of the front, below it and of the client; wall seconds."""

    results: list
    front: float
    below: float
    client: float
    wall: float


def _below_cpu(server):
    """CPU seconds of all processes below the serving one, in hundredths, ended ones included."""
    total = 0.0
    for child in psutil.Process(server.process.pid).children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


async def _score(server, items, batch_items, concurrency=_CONCURRENCY):
    client = AsyncClient(server.target, batch_items=batch_items, concurrency=concurrency)
    async with client:
        await client.score(items[:_WARM_UP])
        began, used, below = time.perf_counter(), _front_cpu(server), _below_cpu(server)
        own = time.process_time()
        results = await client.score(items[_WARM_UP:])
        return _Seen(
            results,
            _front_cpu(server) - used,
            _below_cpu(server) - below,
            time.process_time() - own,
            time.perf_counter() - began,
        )


def _front(server, rounds):
    """The cost of an item's way in and out by the size of its call."""
    table = Table(
        "Capacity: the way in and out",
        f"A text of a few words with an exact answer, {_CONCURRENCY} calls at once, over gRPC on "
        f"loopback; median and least of {rounds} rounds. CPU of the serving process and of the "
        "client, microseconds an item.",
        ("items a call", "server", "server, least", "client", "items/s by the clock"),
    )
    medians, leasts = {}, {}
    numbers = iter(range(10**9))
    for size, count in _SIZES.items():
        measured = []
        for _ in range(rounds):
            items = [_text(next(numbers)) for _ in range(count + _WARM_UP)]
            measured.append(asyncio.run(_score(server, items, size)))
        served = [one.front / count for one in measured]
        own = median(one.client / count for one in measured)
        rate = median(count / one.wall for one in measured)
        medians[size], leasts[size] = median(served), min(served)
        figures = (micro(medians[size]), micro(leasts[size]), micro(own), f"{rate:,.0f}")
        table.add(size, *figures)
    fitted = Table(
        "Capacity: the same as a cost of each call and of each item",
        "Least squares over the sizes, microseconds of the serving process.",
        ("figure", "of the medians", "of the least"),
    )
    first, second = fit_front(medians), fit_front(leasts)
    fitted.add("a call", micro(first.seconds_per_call), micro(second.seconds_per_call))
    fitted.add("an item", micro(first.seconds_per_item), micro(second.seconds_per_item))
    return table, fitted


def _classes(server, rounds):
    table = Table(
        "Capacity: work of each class",
        f"No item twice; median of {rounds} rounds, and the least of the means. Work is what the "
        "service reports, milliseconds; variation is standard deviation over mean. CPU "
        "milliseconds an item, the way in and out included: of the serving process, and of all "
        "processes below it.",
        (
            *("class", "sent", "items a round", "mean ms", "least ms", "variation", "p99 ms"),
            *("CPU, front", "CPU, below", "unscored"),
        ),
    )
    numbers = iter(range(10**9))
    for name, (make, count, at_once) in _CLASSES.items():
        size = 64 if at_once is None else 1
        measured = []
        for _ in range(rounds):
            items = [make(next(numbers)) for _ in range(count + _WARM_UP)]
            seen = _score(server, items, size, at_once or _CONCURRENCY)
            measured.append(asyncio.run(seen))
        sent = f"{_CONCURRENCY} calls of {size}" if at_once is None else f"{at_once} at once"
        table.add(name, sent, count, *_class_cells(measured, count))
    return table


def _class_cells(measured, count):
    times = [
        [one.work_seconds for one in seen.results if one.verdict is not Verdict.UNSCORED]
        for seen in measured
    ]
    unscored = sum(count - len(some) for some in times)
    times = [some for some in times if len(some) > 1]
    if not times:
        return ("", "", "", "", "", "", unscored)
    means = [fmean(some) for some in times]
    return (
        _short(median(means)),
        _short(min(means)),
        f"{median(variation(some) for some in times):.2f}",
        _short(median(quantiles(some, n=100)[98] for some in times)),
        milli(median(seen.front / count for seen in measured)),
        milli(median(seen.below / count for seen in measured)),
        unscored,
    )


def _short(seconds):
    return milli(seconds) if seconds > 1e-3 else f"{seconds * 1e3:.4f}"


# ----------------------------------------------------------------------------------------- rows


def _text(number):
    task = {"reference_answers": ["yes"], "mode": "exact"}
    return {"completion": f"perhaps {number}", "text": task}


_MATH = [(row.completion, row.reference) for row in generate(2_000)]


def _math(number):
    completion, reference = _MATH[number % len(_MATH)]
    return {
        "prompt": f"Question {number}.",
        "completion": completion,
        "math": {"reference_answers": [reference]},
    }


def _symbolic(number):
    factor = number + 2
    pairs = (
        (f"{factor}(x-1)e^x + C", rf"\int {factor} x e^x dx"),
        (rf"\frac{{{factor}\pi^2}}{{6}}", rf"\sum_{{n=1}}^\infty \frac{{{factor}}}{{n^2}}"),
        (rf"{factor}\sin^2 x", rf"\int {2 * factor} \sin x \cos x dx"),
    )
    value, reference = pairs[number % len(pairs)]
    return {
        "completion": rf"It is \boxed{{{value}}}.",
        "math": {"reference_answers": [reference]},
    }


def _format(number):
    thought = f"First we look at {number}, then at what is left of it. " * 20
    return {
        "completion": f"<think>{thought}</think>\n<answer>{number}</answer>",
        "format": {"rules": [{"think_answer": {}}, {"repetition": {}}]},
    }


def _code(number):
    program = f"n = int(input())\nprint(sum(range(n)) + {number})"
    cases = [
        {"stdin": f"{n}\n", "expected_stdout": f"{n * (n - 1) // 2 + number}\n"} for n in (3, 50)
    ]
    return {"completion": f"```python\n{program}\n```", "code": {"stdio": {"cases": cases}}}


def _process(number):
    a, b, c = number % 9 + 1, number // 9 % 9 + 1, number // 81 % 9 + 1
    product = b * c
    # White space means nothing to the model, and to a cache it makes another text.
    steps = f"{b}*{c}={product}:{a}+{product};{a}+{product}={a + product}:{a + product}"
    return {"prompt": f"{a}+{b}*{c}", "completion": steps + " " * (number // 729), "process": {}}


def _judge(number):
    return {
        "prompt": "Add the numbers.",
        "completion": f"{number}: the sum is right.",
        "judge": {"template": "yes_no", "threshold": 0.5, "backend": "bench"},
    }


# How to make an item, how many a round, and how many are sent at once by themselves: as many as
# there are places, so that work is not waiting for another's; None for calls of 64.
_CLASSES = {
    "math, inline": (_math, 6_400, None),
    "math, SymPy in a worker": (_symbolic, 128, 2),
    "text": (_text, 6_400, None),
    "format, two rules on 1 KB": (_format, 3_200, None),
    "code, python, two tests": (_code, 192, 2),
    "process, embedded": (_process, 320, 1),
    "process, embedded, in batches": (_process, 640, None),
    "judge, a backend of 100 ms": (_judge, 640, 32),
}


# --------------------------------------------------------------------------------------- memory


def _memory(server):
    """Resident bytes: of the front process, and of its children by kind."""
    process = psutil.Process(server.process.pid)
    kinds = {"front process": [process.memory_info().rss]}
    for child in process.children(recursive=True):
        try:
            kinds.setdefault(_kind(child), []).append(child.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return kinds


def _kind(process):
    line = " ".join(process.cmdline())
    if "nsjail" in process.name() or "nsjail" in line:
        return "nsjail"
    return "zygote in a jail" if "worker" not in line else "worker"


def _memory_table(idle, after):
    table = Table(
        "Capacity: memory of a replica",
        "Resident, MB of each process of a kind; pages that processes share count in each.",
        ("process", "how many", "MB, started", "how many then", "MB, after all classes"),
    )
    for kind in {**idle, **after}:
        cells = []
        for some in (idle.get(kind, []), after.get(kind, [])):
            cells += [len(some), f"{fmean(some) / 1e6:.1f}" if some else ""]
        table.add(kind, *cells)
    return table
