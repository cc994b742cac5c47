"""The drivers of a jail in forked children, without a jail: for programs that do no harm."""

import json
import os
import socket
import sys
import traceback

from sandbox.jail import calls, checks, data, in_process, warmth


def call(target, *args, **kwargs):
    """One call as `calls.perform` reads it."""
    named = {name: data.encode(value) for name, value in kwargs.items()}
    return {"target": target, "args": [data.encode(value) for value in args], "kwargs": named}


def performed(source, *wanted):
    """The exit code, and what the line of each call says."""
    results, code = _results(lambda fd: calls.perform({"source": source, "calls": wanted}, fd))
    if results:  # nothing at all where the submission could not be loaded
        assert results[0] == {"loaded": True}
    return code, results[1:]


def returned(source, *wanted):
    """What the calls returned, decoded."""
    code, lines = performed(source, *wanted)
    assert code == 0
    return [data.decode(line["value"]) for line in lines]


def checked(source, *assertions, setup="", program="", entry_point=""):
    """The lines of tests whose subject is another process."""
    ours, theirs = socket.socketpair()
    with ours, theirs:

        def serve():
            ours.close()
            return calls.serve({"source": source}, theirs.fileno())

        return _checked(ours, theirs, serve, payload(assertions, setup, program, entry_point))


def checked_against(answer, *assertions, entry_point="f"):
    """The lines of tests whose subject is a function from channel to exit code: a forger."""
    ours, theirs = socket.socketpair()
    with ours, theirs:

        def serve():
            ours.close()
            answer(theirs)
            return 0

        return _checked(ours, theirs, serve, payload(assertions, "", "", entry_point))


def checked_in_process(source, *assertions, setup="", program="", entry_point=""):
    """The exit code, and the lines of tests in one process with their subject."""
    asked = {"source": source, **payload(assertions, setup, program, entry_point)}
    lines, code = _results(lambda fd: in_process.check(asked, fd))
    return code, lines


def payload(assertions, setup, program, entry_point):
    return {
        "setup": setup,
        "assertions": list(assertions),
        "program": program,
        "entry_point": entry_point,
    }


def _checked(ours, theirs, serve, asked):
    subject = _child(serve)
    theirs.close()
    lines, code = _results(lambda fd: checks.check(asked, ours.fileno(), fd))
    ours.close()
    _ended(subject)
    assert code == 0
    return lines


def _results(driver):
    reading, writing = os.pipe()
    child = _child(lambda: driver(writing))
    os.close(writing)
    with os.fdopen(reading, "rb") as results:
        lines = results.read().splitlines()
    code = _ended(child)
    return [json.loads(line) for line in lines], code


def _child(driver):
    child = os.fork()
    if child:
        return child
    code = 70
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    warmth.renew_streams()
    ours = [sys.modules.pop(name) for name in warmth.own_modules()]
    try:
        code = driver()
    except SystemExit as stop:
        code = stop.code
    except BaseException:  # noqa: BLE001 - a child of pytest must not live on
        traceback.print_exc()
    finally:
        del ours
        os._exit(code)


def _ended(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
