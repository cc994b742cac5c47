"""The peer: Math-Verify as its users call it, in a process of its own.

Default settings, one process, the main thread, where its time limits work. It warms up on rows of
their own and then sees each row for the first time. An answer without any delimiter, unless it is a
plain number, is put between dollar signs: it takes nothing else for LaTeX.
"""

import re
import time

from tests.bench.side_process import WARM_UP, serve_rows

_DELIMITERS = ("$", "\\(", "\\[", "\\boxed")
_PLAIN = re.compile(r"-?[0-9][0-9.,]*%?")
_MAX_BARE = 300  # characters; what is longer is a whole completion and goes as it is


def _delimited(text):
    bare = "\n" not in text and len(text) <= _MAX_BARE and not _PLAIN.fullmatch(text)
    return f"${text}$" if bare and not any(one in text for one in _DELIMITERS) else text


def measure(rows):
    # Loaded here alone: the other benchmarks' processes stay free of it.
    from math_verify import parse, verify

    def is_right(completion, reference):
        return bool(verify(parse(_delimited(reference)), parse(_delimited(completion))))

    for completion, reference in rows[:WARM_UP]:
        is_right(completion, reference)
    start = time.process_time()
    said, waits = [], []
    for completion, reference in rows[WARM_UP:]:
        began = time.perf_counter()
        said.append(is_right(completion, reference))
        waits.append(time.perf_counter() - began)
    seconds = time.process_time() - start
    return {"rows": len(said), "seconds": seconds, "waits": waits, "said": said}


if __name__ == "__main__":
    serve_rows(measure)
