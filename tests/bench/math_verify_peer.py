"""The peer: Math-Verify as its users call it, in a process of its own.

Default settings, one process, the main thread, where its time limits work. It warms up on rows of
their own and then sees each row for the first time.
"""

import time

from tests.bench.side_process import WARM_UP, serve_rows


def measure(rows):
    # Loaded here alone: the other benchmarks' processes stay free of it.
    from math_verify import parse, verify

    def is_right(completion, reference):
        return bool(verify(parse(reference), parse(completion)))

    for completion, reference in rows[:WARM_UP]:
        is_right(completion, reference)
    start = time.process_time()
    right = [is_right(completion, reference) for completion, reference in rows[WARM_UP:]]
    return {"rows": len(right), "seconds": time.process_time() - start, "right": sum(right)}


if __name__ == "__main__":
    serve_rows(measure)
