"""From the policy's names to the program that the kernel runs at every system call.

Classic BPF over `struct seccomp_data` (linux/seccomp.h): number at 0, architecture at 4, arguments
from 16 on, eight bytes each. See seccomp(2).
"""

from __future__ import annotations

import platform
import struct
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

_POLICY: Final = files("sandbox") / "policy"
_INSTRUCTION: Final = struct.Struct("=HBBI")
_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_FROM: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_JUMP_SET: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_ERRNO: Final = 0x00050000
_EPERM: Final = 1
_ENOSYS: Final = 38
_ARCHITECTURES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NUMBER_AT: Final = 0
_ARCHITECTURE_AT: Final = 4
_ARGUMENTS_AT: Final = 16
_FARTHEST: Final = 255  # instructions that a jump can skip

_Line = tuple[int, int, int, int]


class PolicyError(Exception):
    """The policy cannot be turned into a filter on this machine."""


@cache
def program_filter(machine: str = "") -> bytes:
    """The filter of programs under test.

    Args:
        machine: as `platform.machine` names it; by default this one.

    Returns:
        BPF instructions, eight bytes each.

    Raises:
        PolicyError: an unknown architecture, or a name that no architecture has.
    """
    return assemble(_policy("program.toml"), machine or platform.machine())


@cache
def zygote_filter(machine: str = "") -> bytes:
    """The filter of the process that forks them: theirs, and what it needs to lock them in.

    Raises:
        PolicyError: as above.
    """
    policy = _policy("program.toml")
    del policy["refuse"]
    return assemble(policy | _policy("zygote.toml"), machine or platform.machine())


def _policy(name: str) -> dict[str, Any]:
    return tomllib.loads((_POLICY / name).read_text(encoding="utf-8"))


def assemble(policy: dict[str, Any], machine: str) -> bytes:
    """The filter for a policy: lists of names under any key, and "refuse" for bits of arguments.

    Raises:
        PolicyError: an unknown architecture, or a name that no architecture has.
    """
    if machine not in _ARCHITECTURES:
        raise PolicyError(f"no table of system calls for {machine}; known: x86_64, aarch64")
    known = call_numbers(machine)
    refused = policy.get("refuse", [])
    names = [name for key, group in policy.items() if key != "refuse" for name in group]
    unknown = [name for name in (*names, *(rule["call"] for rule in refused)) if name not in known]
    if unknown:
        raise PolicyError(f"the policy names system calls that do not exist: {unknown}")
    special = {rule["call"] for rule in refused}
    numbers = {known[name] for name in names if name not in special}
    lines: list[_Line] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    for rule in refused:
        number = known[rule["call"]]
        if number is not None:
            lines += _argument_rule(number, rule)
    lines += _search(_edges({number for number in numbers if number is not None}), inside=False)
    return b"".join(_INSTRUCTION.pack(*line) for line in lines)


def _edges(numbers: set[int]) -> list[int]:
    """Where runs of consecutive numbers begin, and the first number after each, in order."""
    return sorted({*numbers} ^ {number + 1 for number in numbers})


def _search(edges: list[int], *, inside: bool) -> list[_Line]:
    """A binary search: the kernel tries every number when the filter is installed, so depth counts.

    Args:
        edges: of runs of allowed numbers, in order.
        inside: whether what is below the first edge is allowed.

    Raises:
        PolicyError: the policy is too long for one jump.
    """
    if not edges:
        return [(_RETURN, 0, 0, _ALLOW if inside else _ERRNO | _ENOSYS)]
    middle = len(edges) // 2
    below = _search(edges[:middle], inside=inside)
    above = _search(edges[middle + 1 :], inside=inside ^ (middle % 2 == 0))
    if len(below) > _FARTHEST:
        raise PolicyError("the policy has too many gaps between its system calls")
    return [(_JUMP_FROM, len(below), 0, edges[middle]), *below, *above]


def _argument_rule(number: int, rule: dict[str, Any]) -> list[_Line]:
    """This call is allowed unless the argument has one of the bits."""
    return [
        (_JUMP_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * rule["argument"]),  # the lower half, little-endian
        (_JUMP_SET, 0, 1, rule["bits"]),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


@cache
def call_numbers(machine: str) -> dict[str, int | None]:
    """Number of each system call by name; None where this architecture has no such call."""
    table = (_POLICY / "syscalls.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in table if line and not line.startswith("#")]
    column = rows[0].index(machine)
    return {row[0]: None if row[column] == "-" else int(row[column]) for row in rows[1:]}
