"""The system calls that Python's standard library lacks: namespaces, mounts, capabilities, seccomp.

Runs inside the jail, in the submissions' interpreter, so the standard library is all there is.
"""

from __future__ import annotations

import ctypes
import os
from typing import Final

NEW_MOUNTS: Final = 0x00020000  # CLONE_NEWNS
NEW_IPC: Final = 0x08000000  # CLONE_NEWIPC
NEW_PIDS: Final = 0x20000000  # CLONE_NEWPID

NO_SUID: Final = 2  # MS_NOSUID
NO_DEVICES: Final = 4  # MS_NODEV
NO_EXECUTION: Final = 8  # MS_NOEXEC

_PR_SET_DUMPABLE: Final = 4
_PR_SET_SECCOMP: Final = 22
_PR_CAPBSET_DROP: Final = 24
_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_CAP_VERSION_3: Final = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))


def unshare(flags: int) -> None:
    """Moves this process (for NEW_PIDS: its future children) into fresh namespaces.

    Raises:
        OSError: the kernel refused.
    """
    _check(_libc.unshare(flags), "unshare")


def enter(descriptor: int, kind: int) -> None:
    """Moves this process (for NEW_PIDS: its future children) into a namespace that exists.

    Raises:
        OSError: the kernel refused.
    """
    _check(_libc.setns(descriptor, kind), "setns")


def mount(kind: bytes, target: bytes, flags: int, options: bytes = b"") -> None:
    """Mounts a fresh file system of `kind` at `target`.

    Raises:
        OSError: the kernel refused.
    """
    result = _libc.mount(b"none", target, kind, ctypes.c_ulong(flags), options)
    _check(result, f"mount {target!r}")


def set_dumpable(dumpable: bool) -> None:  # noqa: FBT001 - the value itself
    """Whether processes of the same user may read this one's memory and files."""
    _prctl(_PR_SET_DUMPABLE, int(dumpable))


def become_reaper() -> None:
    """Orphans among the descendants become children of this process."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def drop_bounding_set() -> None:
    """Gives up the right to ever regain a capability; needs those still at hand."""
    number = 0
    while _libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0) == 0:
        number += 1


def drop_capabilities() -> None:
    """Gives up every capability."""
    header = (ctypes.c_uint32 * 2)(_CAP_VERSION_3, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def forbid_new_privileges() -> None:
    """No program started from here on gains privileges; seccomp asks for it."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def install_filter(program: bytes) -> None:
    """Restricts the system calls of this process and all it starts, for good.

    Args:
        program: a classic BPF program, eight bytes an instruction.

    Raises:
        OSError: the kernel refused.
    """
    given = _Filter(len(program) // 8, program)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(given))


def _prctl(option: int, *values: object) -> None:
    padded = (*values, 0, 0, 0, 0)[:4]
    _check(_libc.prctl(option, *padded), f"prctl {option}")


def _check(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
