"""The handler that the tests of worker processes run."""

import json
import os
import time
from itertools import count
from pathlib import Path

hoard = []


def make(argument):
    """A handler that does what it is asked, good or bad."""
    if argument == "broken":
        raise ImportError("no such model")
    if argument == "held":
        first_or_held()
    calls = count(1)
    vices = {
        "pid": lambda: str(os.getpid()).encode(),
        "wait and pid": wait_and_pid,
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


def first_or_held():
    """Loads at once for the first worker of a folder; others wait until somebody lets them."""
    folder = Path(os.environ["UNIT_WORKER_MARK"])
    try:
        (folder / "first").touch(exist_ok=False)
    except FileExistsError:
        while not (folder / "let").exists():
            time.sleep(0.01)


def wait_and_pid():
    while not (Path(os.environ["UNIT_WORKER_MARK"]) / "go").exists():
        time.sleep(0.01)
    return str(os.getpid()).encode()


def exit_once():
    """Dies, unless a worker has died of it in this folder before."""
    try:
        (Path(os.environ["UNIT_WORKER_MARK"]) / "exited").touch(exist_ok=False)
    except FileExistsError:
        return b"alive"
    os._exit(3)
