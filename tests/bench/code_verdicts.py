"""Verdicts on programs whose label is known, and the same verdicts under load."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace

from msgspec import structs

from tests.bench.code_paths import SETTINGS
from tests.bench.table import Table
from verifier.engine import Engine, EngineLimits
from verifier.outcome.code import CodeSettings
from verifier.registry import BuiltinSettings, Registry, builtin
from verifier.types import Verdict

_TIMES = 8  # as much to do as there are cores
_CORES = len(os.sched_getaffinity(0))


async def _score(items, settings, passes=1):
    """For each pass the results; a remark makes every pass's programs new to the verifier."""
    verifiers = builtin(BuiltinSettings(code=CodeSettings(settings)))
    async with Engine(Registry(verifiers), EngineLimits(cache_entries=0)) as engine:
        return [
            await engine.score([_marked(item, number) for item in items])
            for number in range(passes)
        ]


def _marked(item, number):
    if not item.completion.strip():
        return item
    return structs.replace(item, completion=f"{item.completion}\n# {number}")


def labels(classes):
    """The table of agreement; prints every program whose verdict is not its label."""
    table = Table(
        "Code: agreement with the labels",
        "Real programs through the engine. Every disagreement is printed above the tables when "
        "the benchmark runs.",
        (
            "programs",
            "count",
            "agree",
            "wrong CORRECT",
            "wrong INCORRECT",
            "unscored",
            "in process",
        ),
    )
    for name, rows in classes.items():
        (results,) = asyncio.run(_score([row.item for row in rows], SETTINGS))
        counts = Counter()
        for row, result in zip(rows, results, strict=True):
            agrees = result.verdict is (Verdict.CORRECT if row.right else Verdict.INCORRECT)
            counts["agree" if agrees else result.verdict] += 1
            assurance = getattr(result.detail, "assurance", None)
            counts["in process"] += assurance is not None and assurance.value == "IN_PROCESS"
            if not agrees:
                print(
                    f"{name}: {row.item.id}: label {row.right}: {result.verdict.value} "
                    f"{result.reason.value}: {result.message[:200]!r}"
                )
        table.add(
            *(name, len(rows), counts["agree"], counts[Verdict.CORRECT]),
            *(counts[Verdict.INCORRECT], counts[Verdict.UNSCORED], counts["in process"]),
        )
    return table


@contextmanager
def _busy():
    """As many processes that only compute as are eight for each core."""
    command = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(command) for _ in range(_TIMES * _CORES)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def under_load(rows, passes):
    """(table, problems): every program's verdict and reason, alone and at eight-fold load."""
    items = [row.item for row in rows]
    crowded = replace(SETTINGS, slots=_TIMES * _CORES)
    measured = {"alone": asyncio.run(_score(items, SETTINGS, passes))}
    with _busy():
        name = f"beside {_TIMES} processes for each core that only compute"
        measured[name] = asyncio.run(_score(items, SETTINGS, passes))
    measured[f"{_TIMES} programs for each core at once"] = asyncio.run(
        _score(items, crowded, passes)
    )
    table = Table(
        "Code: the same program, the same verdict",
        f"Verdict and reason of every program in {passes} passes of each kind, against its first.",
        ("load", "verdicts", "equal", "different", "unscored"),
    )
    first = [(one.verdict, one.reason) for one in measured["alone"][0]]
    problems = []
    for load, runs in measured.items():
        said = [
            (item.id, wanted, (one.verdict, one.reason))
            for results in runs
            for item, wanted, one in zip(items, first, results, strict=True)
        ]
        other = [f"{load}: {name}: {got} is not {want}" for name, want, got in said if got != want]
        problems += other
        unscored = sum(got[0] is Verdict.UNSCORED for _, _, got in said)
        table.add(load, len(said), len(said) - len(other), len(other), unscored)
    return table, problems
