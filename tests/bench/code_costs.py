"""What the parts of running a program cost: its stages, imports, languages, start-up and memory."""

import asyncio
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from statistics import median, quantiles

from sandbox import box, jail_process
from sandbox.box import Sandbox
from sandbox.canaries import strongest
from sandbox.execution import Limits
from tests.bench.code_paths import SETTINGS, Meter, jail_seconds
from tests.bench.table import Table, milli
from verifier.engine import Engine, EngineLimits
from verifier.outcome.code import CodeSettings
from verifier.programs.shapes import assertions
from verifier.registry import BuiltinSettings, Registry, builtin

_RUNS = 15
_AGED = 300  # programs after which a slot's memory is looked at again
_TRIAL = "import {0}\nprint({0}.__name__)\n"
_USUAL = ("json", "re", "collections", "dataclasses", "random", "datetime", "decimal", "statistics")
_PACKAGES = ("numpy", "sympy", "sortedcontainers", "networkx")
_EVERY = "all of these"
_WIDE = Limits(cpu_seconds=30.0, wall_seconds=120.0)


# --------------------------------------------------------------------------------------- stages


class _Stages:
    """Seconds of each stage, by name, one figure for each time that it was passed."""

    def __init__(self):
        self.seconds = defaultdict(list)

    @contextmanager
    def watching(self):
        """Takes the time at the seams between the stages, from outside."""
        fork, execute, holds = jail_process.Jail.fork, box.execute, assertions.holds

        async def timed_fork(jail, *given):
            with self._timed("fork"):
                return await fork(jail, *given)

        async def timed_execute(*given, **named):
            began = time.perf_counter()
            rans = await execute(*given, **named)
            self.seconds["in the slot"].append(time.perf_counter() - began)
            self.seconds["queue wait"].append(rans[0].queue_seconds)
            self.seconds["run"].append(rans[0].wall_seconds)
            return rans

        def timed_holds(*given):
            with self._timed("compare"):
                return holds(*given)

        jail_process.Jail.fork, box.execute, assertions.holds = (
            timed_fork,
            timed_execute,
            timed_holds,
        )
        try:
            yield self
        finally:
            jail_process.Jail.fork, box.execute, assertions.holds = fork, execute, holds

    @contextmanager
    def _timed(self, name):
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name].append(time.perf_counter() - began)


async def _staged(problems, *, together):
    verifiers = builtin(BuiltinSettings(code=CodeSettings(SETTINGS)))
    async with Engine(Registry(verifiers), EngineLimits(cache_entries=0)) as engine:
        await engine.score([one.item("warm") for one in problems])
        items = [one.item(f"staged {together}") for one in problems]
        with _Stages().watching() as stages:
            if together:
                results = await engine.score(items)
            else:
                results = [result for one in items for result in await engine.score([one])]
        stages.seconds["all of it, queue left out"] = [one.work_seconds for one in results]
    return stages.seconds


def stages(problems):
    """The table of stages; wall milliseconds."""
    table = Table(
        "Code: where the time of a program goes",
        "Through the engine, tests taken apart before; wall milliseconds per program. `fork` is "
        "from the request to the zygote to the new process, `run` from there to its end, `in the "
        "slot` both with what is prepared before and read after them. `compare` is all of a "
        "program's asserts. One at a time, and all handed over at once.",
        ("stage", "p50", "p99", "p50, all at once", "p99, all at once"),
    )
    alone = asyncio.run(_staged(problems, together=False))
    together = asyncio.run(_staged(problems, together=True))
    for name in (
        "queue wait",
        "fork",
        "run",
        "in the slot",
        "compare",
        "all of it, queue left out",
    ):
        cells = []
        for measured in (alone, together):
            cuts = quantiles(measured[name], n=100)
            cells += [f"{cuts[49] * 1e3:,.3f}", f"{cuts[98] * 1e3:,.3f}"]
        table.add(name, *cells)
    return table


# -------------------------------------------------------------------------------------- imports


async def _imports(names, settings):
    """Wall and CPU seconds of a program that imports each and prints, medians by name."""
    sources = {name: _TRIAL.format(name) for name in names}
    sources[_EVERY] = "".join(sources.values())
    sandbox = Sandbox(settings)
    await sandbox.start()
    try:
        found = {}
        for name, source in sources.items():
            program = await sandbox.prepare("python", source)
            rans = [await sandbox.run(program, b"", _WIDE) for _ in range(_RUNS)]
            if all(ran.succeeded for ran in rans):
                found[name] = tuple(
                    median(getattr(ran, key) for ran in rans)
                    for key in ("wall_seconds", "cpu_seconds")
                )
        return found
    finally:
        await sandbox.close()


def imports():
    """Time to first output with and without warm imports."""
    table = Table(
        "Code: time to first output",
        f"A program that imports a module and prints its name, in a jail that had imported it "
        f"before, and in one that had imported nothing; median of {_RUNS}, wall and CPU "
        "milliseconds from its fork. The packages are what the settings name, if they are there.",
        ("import", "wall, warm", "wall, cold", "CPU, warm", "CPU, cold"),
    )
    for names in (_USUAL, _PACKAGES):
        extra = names if names is _PACKAGES else ()
        warm = asyncio.run(_imports(names, replace(SETTINGS, warm=(*SETTINGS.warm, *extra))))
        cold = asyncio.run(_imports(names, replace(SETTINGS, warm=())))
        for name in warm:
            if name in cold:
                pairs = zip(warm[name], cold[name], strict=True)
                table.add(name, *(milli(value) for pair in pairs for value in pair))
    return table


# ------------------------------------------------------------------------------------ languages


async def _languages():
    found = {}
    sandbox = Sandbox(SETTINGS)
    await sandbox.start()
    try:
        for name, language in sandbox.languages.items():
            if language.missing():
                continue
            builds, rans = [], []
            for number in range(_RUNS // 3):
                source = language.self_test.source + "\n" * (number + 1)  # not built before
                with Meter(sandbox) as meter:
                    program = await sandbox.prepare(name, source)
                builds.append((meter.wall, meter.jails))
                rans.append(await sandbox.run(program, b"20\n", _WIDE))
                if rans[-1].stdout.strip() != b"41":
                    raise SystemExit(f"{name} does not work: {rans[-1]}")
            found[await sandbox.version(language)] = (
                *(median(column) for column in zip(*builds, strict=True)),
                median(ran.wall_seconds for ran in rans),
                median(ran.cpu_seconds for ran in rans),
                median(ran.memory_bytes for ran in rans),
            )
    finally:
        await sandbox.close()
    return found


def languages():
    """What compiling and running costs in each language that is here."""
    table = Table(
        "Code: languages",
        f"A program that reads a number and prints one; median of {_RUNS // 3}, milliseconds. "
        "Compiled once for each source; later runs pay for the run alone.",
        ("language", "compile, wall", "compile, CPU", "run, wall", "run, CPU", "run, MB"),
    )
    for name, (*seconds, size) in asyncio.run(_languages()).items():
        table.add(name, *map(milli, seconds), f"{size / 1e6:.1f}")
    return table


# -------------------------------------------------------------------------- start-up and memory


async def _starting(problems):
    sandbox = Sandbox(SETTINGS)
    began = time.perf_counter()
    found = await strongest(sandbox._jails)
    tried = time.perf_counter()
    await sandbox.pool.start(found.isolation)
    ready = time.perf_counter()
    try:
        slots = len(sandbox.pool._slots)
        figures = {
            "canaries, wall ms": milli(tried - began),
            f"jails of {slots} slots, wall ms": milli(ready - tried),
            "one jail until it is warm, CPU ms": milli(jail_seconds(sandbox) / slots),
        }

        def megabytes():
            sizes = [slot.jail.cgroup.memory_bytes() for slot in sandbox.pool._slots]
            return f"{sum(sizes) / len(sizes) / 1e6:.1f}"

        figures["an idle slot, MB"] = megabytes()
        program = await sandbox.prepare("python", problems[0].program)
        await asyncio.gather(*(sandbox.run(program, b"", Limits()) for _ in range(_AGED * slots)))
        figures[f"an idle slot after {_AGED} programs, MB"] = megabytes()
    finally:
        await sandbox.close()
    return figures


def starting(problems):
    """Start-up and memory."""
    table = Table(
        "Code: start-up and memory of the sandbox",
        "The canaries decide the isolation level, then every slot gets its jail. Memory is what "
        "the slot's cgroup counts: nsjail, the zygote and the kernel's part.",
        ("what", "figure"),
    )
    for name, value in asyncio.run(_starting(problems)).items():
        table.add(name, value)
    return table
