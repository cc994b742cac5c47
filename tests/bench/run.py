"""``make bench``: runs every benchmark, prints its tables and writes them to RESULTS.md.

Timing never decides: the exit code is 1 only if the same row got different results on different
paths. Every figure stands beside a peer that was measured in the same run.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import (
    agreement,
    capacity,
    code_bench,
    format_rules,
    hostile,
    judge,
    latency,
    machine,
    mathematics,
    memory,
    reward_models,
    simulation,
    startup,
    throughput,
)
from tests.bench.rows import load

_RESULTS = Path(__file__).with_name("RESULTS.md")


def main():
    arguments = _parser().parse_args()
    rows = load(arguments.data, arguments.rows)
    benchmarks = {
        "agreement": lambda: agreement.run(rows),
        "throughput": lambda: (throughput.run(rows, arguments.rounds), []),
        "mathematics": lambda: (mathematics.run(arguments.data), []),
        "hostile": lambda: (hostile.run(), []),
        "format_rules": lambda: (format_rules.run(arguments.rounds), []),
        "code": lambda: code_bench.run(arguments.data, arguments.rounds),
        "reward_models": lambda: reward_models.run(arguments.rounds),
        "judge": lambda: (judge.run(arguments.rounds), []),
        "capacity": lambda: (capacity.run(arguments.rounds), []),
        "simulation": lambda: simulation.run(arguments.rounds),
        "latency": lambda: (latency.run(rows), []),
        "memory": lambda: (memory.run(rows), []),
        "startup": lambda: (startup.run(), []),
    }
    parts, problems = [], []
    for name in arguments.only or benchmarks:
        tables, found = benchmarks[name]()
        problems += found
        for table in tables:
            parts.append(table.markdown())
            print(parts[-1], flush=True)
    if not (arguments.no_write or arguments.only):
        _RESULTS.write_text("\n".join([_heading(arguments, rows), *parts]), encoding="utf-8")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _parser():
    parser = argparse.ArgumentParser(prog="make bench", description="Runs the benchmarks.")
    parser.add_argument("--data", default="", help="folder with math/ and code/")
    parser.add_argument("--rows", type=int, default=0, help="at most so many rows; 0 for all")
    parser.add_argument("--rounds", type=int, default=5, help="of the benchmarks of speed")
    parser.add_argument("--no-write", action="store_true", help="leave RESULTS.md as it is")
    names = (
        "agreement",
        "throughput",
        "mathematics",
        "hostile",
        "code",
        "format_rules",
        "reward_models",
        "judge",
        "capacity",
        "simulation",
        "latency",
        "memory",
        "startup",
    )
    parser.add_argument("--only", action="append", choices=names, help="one; does not write")
    return parser


def _heading(arguments, rows):
    given = " DATA=<folder>" if arguments.data else ""
    return "\n".join(
        [
            "# Benchmark results",
            "",
            f"- Command: `make bench{given}`",
            f"- Date: {datetime.now(UTC):%Y-%m-%d}",
            f"- Machine: {machine.describe()}",
            f"- Rows: {rows.origin}",
            "",
            "Compare ratios: peers ran on the same machine in the same run. Rates are its own.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
