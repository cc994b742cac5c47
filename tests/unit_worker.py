"""The handler that the tests of worker processes run."""

import json
import os
from itertools import count


def make(argument):
    """A handler that does what it is asked, good or bad."""
    if argument == "broken":
        raise ImportError("no such model")
    calls = count(1)
    vices = {
        "pid": lambda: str(os.getpid()).encode(),
        "count": lambda: str(next(calls)).encode(),
        "memory": lambda: bytes(1 << 34),
        "huge": lambda: bytes(65 << 20),
        "exit": lambda: os._exit(3),
        "fork": fork,
        # in C code that no signal handler of Python could interrupt
        "spin": lambda: bytes(sum(range(10**15))),
    }

    def handle(call):
        vice = vices.get(json.loads(call))
        return call if vice is None else vice()

    return handle


def fork():
    if os.fork() == 0:
        while True:
            pass
    return b""
