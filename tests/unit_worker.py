"""The handler that the tests of worker processes run."""

import json
import os


def make(argument):
    """A handler that does what it is asked, good or bad."""
    if argument == "broken":
        raise ImportError("no such model")

    def handle(call):
        asked = json.loads(call)
        if asked == "pid":
            return str(os.getpid()).encode()
        if asked == "memory":
            bytearray(1 << 34)
        if asked == "huge":
            return bytes(65 << 20)
        if asked == "count":
            handle.calls += 1
            return str(handle.calls).encode()
        if asked == "spin":  # in C code that no signal handler of Python could interrupt
            return bytes(sum(range(10**15)))
        if asked == "exit":
            os._exit(3)
        if asked == "fork":
            if os.fork() == 0:
                while True:
                    pass
            return b""
        return call

    handle.calls = 0
    return handle
