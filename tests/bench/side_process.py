"""A measurement in a process of its own, so that none inherits another's heap, caches or imports.

The module that is run calls `serve_rows`; whoever wants its figures calls `start` and `answer`.
"""

import json
import subprocess
import sys

WARM_UP = 100  # rows that load whatever is loaded on first use, before any clock starts


def start(module, rows):
    given = json.dumps([(row.completion, row.reference) for row in rows])
    process = subprocess.Popen(
        [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.stdin.write(given.encode())
    process.stdin.close()
    return process


def answer(process):
    """The figures by name.

    Raises:
        SystemExit: the process failed; what it said stands on standard error.
    """
    with process:
        printed = process.stdout.read()
    if process.returncode:
        raise SystemExit(f"a measurement ended with {process.returncode}")
    return json.loads(printed)


def serve_rows(measure):
    """Hands the rows on standard input to `measure` and prints what it returns."""
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
