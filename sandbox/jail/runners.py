"""What a forked child does once it is confined: one function per way of running a program.

`ready` is called before the powers are gone and returns what is to be called after.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.jail import calls, checks, in_process, native, script

if TYPE_CHECKING:
    from collections.abc import Callable


def ready(request: dict[str, Any]) -> Callable[[list[int]], int]:
    """The function for the request's "runner"; it takes the descriptors from 3 on."""
    return _RUNNERS[request["runner"]]


def _script(own: list[int]) -> int:
    return script.run(_read(own[0]))


def _calls(own: list[int]) -> int:
    return calls.perform(json.loads(_read(own[0])), own[1])


def _serve(own: list[int]) -> int:
    return calls.serve(json.loads(_read(own[0])), own[1])


def _check(own: list[int]) -> int:
    return checks.check(json.loads(_read(own[0])), own[2], own[1])


def _in_process(own: list[int]) -> int:
    return in_process.check(json.loads(_read(own[0])), own[1])


def _native(own: list[int]) -> int:
    return native.run(json.loads(_read(own[0])), own[1:])


def _compile(own: list[int]) -> int:
    return native.build(json.loads(_read(own[0])), own[1])


_RUNNERS: dict[str, Callable[[list[int]], int]] = {
    "script": _script,
    "calls": _calls,
    "serve": _serve,
    "check": _check,
    "in_process": _in_process,
    "native": _native,
    "build": _compile,
}


def _read(descriptor: int) -> bytes:
    """All of the payload, whose descriptor is closed then."""
    with open(descriptor, "rb") as file:
        return file.read()
