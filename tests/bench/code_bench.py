"""Code: programs per CPU-second beside the peers, what the parts cost, and whether it is right."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from statistics import median

from tests.bench import code_costs, code_peers, code_rows, code_verdicts
from tests.bench.table import Table, milli, rate, spread, times

_ENGINE = "engine, tests seen for the first time"
_AGAIN = "engine, end to end"
_CALLS = "sandbox alone"
_TARGETS = {code_peers.JAIL: 5, code_peers.LOOP: 4}
_LOAD_PASSES = 2


def run(folder, rounds):
    """(tables, problems): problems name programs whose verdict changed under load."""
    problems, origin = code_rows.problems(folder)
    classes = code_rows.labelled(folder)
    same, flips = code_verdicts.under_load(
        classes.get("HumanEval, real outputs") or classes["our own, right and wrong"],
        _LOAD_PASSES,
    )
    return [
        _speed(problems, origin, rounds),
        code_costs.stages(problems),
        code_costs.imports(),
        code_costs.languages(),
        code_costs.starting(problems),
        code_verdicts.labels(classes),
        same,
    ], flips


def _measured(name, problems):
    """What one way of running programs says, from a process of its own."""
    command = [sys.executable, "-m", "tests.bench.code_paths", name]
    given = json.dumps([asdict(one) for one in problems]).encode()
    ran = subprocess.run(command, input=given, stdout=subprocess.PIPE, check=False)
    if ran.returncode:
        raise SystemExit(f"the measurement of {name!r} ended with {ran.returncode}")
    return json.loads(ran.stdout)


def _round(problems):
    engine = _measured("engine", problems)
    ours = {_AGAIN: engine["again"], _ENGINE: engine["first"]}
    ours[_CALLS] = _measured("calls", problems)["calls"]
    peers = {name: _measured(name, problems)["peer"] for name in code_peers.names()}
    return ours | peers


def _cost(figures):
    return figures["own"] + figures["jails"]


def _speed(problems, origin, rounds):
    measured = [_round(problems) for _ in range(rounds)]
    table = Table(
        "Code: programs per CPU-second",
        f"{origin}, each run on its tests; median of {rounds} rounds, ratios within a round with "
        "their range. CPU time of everything: the measuring process, the children it waited for, "
        "and for ours the jails' cgroups. Peers run program and tests in one process, as many at "
        f"once as there are cores ({len(os.sched_getaffinity(0))}). The aims: "
        + ", ".join(f"{target} times {name!r}" for name, target in _TARGETS.items())
        + ", and 150 programs per CPU-second.",
        (
            *("path", "programs per CPU-second", "CPU ms", "of it in jails", "passed"),
            "x this is the engine",
        ),
    )
    for name in measured[0]:
        runs = [one[name] for one in measured]
        ratios = [_cost(one[name]) / _cost(one[_AGAIN]) for one in measured]
        table.add(
            *(name, rate(1 / median(map(_cost, runs))), milli(median(map(_cost, runs)))),
            milli(median(one["jails"] for one in runs)) if runs[0]["jails"] else "",
            f"{runs[0]['right']} of {runs[0]['programs']}",
            spread(times, ratios),
        )
    return table
