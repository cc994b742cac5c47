"""The handler that the tests of worker processes run."""

import json
import os
from itertools import count

hoard = []


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
        "hoard": lambda: str(len(hoard.append(b"x" * (200 << 20)) or hoard)).encode(),
        "exit once": exit_once,
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


def exit_once():
    """Dies, unless a worker has died of it in this folder before."""
    try:
        os.close(os.open(os.environ["UNIT_WORKER_MARK"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return b"alive"
    os._exit(3)
