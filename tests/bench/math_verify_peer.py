"""The peer: Math-Verify as its users call it, in a process of its own.

``python -m tests.bench.math_verify_peer`` reads rows from standard input, warms up on the first of
them, scores the others once, and prints its CPU seconds and verdicts as JSON. Default settings, one
process, the main thread, where its time limits work.
"""

import json
import subprocess
import sys
import time

WARM_UP = 100


def measure(rows):
    """(CPU seconds, verdicts) of Math-Verify on all but the first `WARM_UP` rows."""
    given = json.dumps([(row.completion, row.reference) for row in rows])
    command = [sys.executable, "-m", "tests.bench.math_verify_peer"]
    done = subprocess.run(command, input=given.encode(), stdout=subprocess.PIPE, check=True)
    answer = json.loads(done.stdout)
    return answer["seconds"], answer["verdicts"]


def main():
    # Loaded here alone: the other benchmarks' processes stay free of it.
    from math_verify import parse, verify

    def is_right(completion, reference):
        return bool(verify(parse(reference), parse(completion)))

    rows = json.load(sys.stdin)
    for completion, reference in rows[:WARM_UP]:
        is_right(completion, reference)
    start = time.process_time()
    verdicts = [is_right(completion, reference) for completion, reference in rows[WARM_UP:]]
    seconds = time.process_time() - start
    json.dump({"seconds": seconds, "verdicts": verdicts}, sys.stdout)


if __name__ == "__main__":
    main()
