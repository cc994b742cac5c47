"""A caller that asks for minutes of work and is killed: ``python doomed_client.py TARGET``."""

import sys

from verifier.client import Client


def rows(count=200):
    """Programs that sleep."""
    for number in range(count):
        program = f"import time\ntime.sleep(20)\nprint({number})"
        case = {"stdin": "", "expected_stdout": f"{number}\n"}
        task = {"stdio": {"cases": [case]}, "limits": {"wall_seconds": 60}}
        yield {"completion": f"```python\n{program}\n```", "code": task}


if __name__ == "__main__":
    with Client(sys.argv[1], timeout_seconds=300, batch_items=8) as client:
        client.score(rows())
