"""How long the command takes to say anything: whole processes, on the wall clock."""

import sys
from statistics import median

from tests.bench import cpu
from tests.bench.table import Table, milli, times

_RUNS = 5
_AIM_SECONDS = 0.4
_VERB = (sys.executable, "-m", "verifier.cli.main")
_EMPTY = "an empty Python program"


def run():
    commands = {
        _EMPTY: (sys.executable, "-c", "pass"),
        "verifier-cli --version": (*_VERB, "--version"),
        "verifier-cli list": (*_VERB, "list"),
    }
    measured = {name: [] for name in commands}
    with cpu.compiled() as environment:
        for _ in range(1 + _RUNS):
            for name, command in commands.items():
                measured[name].append(cpu.of_command(command, environment))
    table = Table(
        "Start-up",
        f"Whole processes, their modules compiled before, median of {_RUNS}; the aim for "
        f"`verifier-cli list` is under {_AIM_SECONDS * 1e3:.0f} ms.",
        ("command", "wall ms", "CPU ms", "x empty program"),
    )
    measured = {name: runs[1:] for name, runs in measured.items()}  # the first one compiled
    walls = {name: median(wall for _, wall, _ in runs) for name, runs in measured.items()}
    for name, runs in measured.items():
        used = median(seconds for seconds, _, _ in runs)
        table.add(name, milli(walls[name]), milli(used), times(walls[name] / walls[_EMPTY]))
    return [table]
