"""A worker's side: loads one handler, then answers calls until the parent hangs up.

Run as ``python -m verifier.workers.child MODULE:FACTORY ARGUMENT MEMORY_BYTES CPU_SECONDS`` with a
socket as standard input. The factory is called once with the argument and returns the handler, a
function from bytes to bytes. A call that uses more CPU seconds than that, if they are not 0, is
ended by the kernel together with this process, even in the middle of C code.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from verifier.workers.frames import DONE, FAILED, HEADER, READY, pack

if TYPE_CHECKING:
    from collections.abc import Callable

    Handler = Callable[[bytes], bytes]

_PR_SET_PDEATHSIG = 1  # from linux/prctl.h
_MAX_ERROR = 2000  # characters of an exception's text worth carrying


def main() -> None:
    """Serves until the parent closes the socket."""
    target, argument, memory_bytes, cpu_seconds = sys.argv[1:5]
    _die_with_parent()
    limit = int(memory_bytes)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    channel = _take_standard_input()
    try:
        handler = _load(target, argument)
    except Exception as error:  # noqa: BLE001 - a handler's import may raise anything
        channel.sendall(pack(FAILED + _describe(error)))
        return
    channel.sendall(pack(READY))
    while (call := _receive(channel)) is not None:
        # Nothing handles SIGPROF, so the timer ends the process whatever the handler is doing.
        signal.setitimer(signal.ITIMER_PROF, float(cpu_seconds))
        try:
            answer = pack(DONE + handler(call))
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything; the parent is told
            answer = pack(FAILED + _describe(error))
        signal.setitimer(signal.ITIMER_PROF, 0)
        channel.sendall(answer)


def _die_with_parent() -> None:
    """Asks the kernel to kill this process when the parent dies, however it dies."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle


def _take_standard_input() -> socket.socket:
    """Moves the socket away from descriptor 0, so that a handler reading stdin gets nothing."""
    channel = socket.socket(fileno=os.dup(0))
    channel.setblocking(True)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    return channel


def _load(target: str, argument: str) -> Handler:
    module, _, name = target.partition(":")
    handler: Handler = getattr(import_module(module), name)(argument)
    return handler


def _receive(channel: socket.socket) -> bytes | None:
    header = _read(channel, HEADER.size)
    return None if header is None else _read(channel, HEADER.unpack(header)[0])


def _read(channel: socket.socket, size: int) -> bytes | None:
    parts = []
    while size:
        part = channel.recv(min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _describe(error: BaseException) -> bytes:
    return f"{type(error).__name__}: {error}"[:_MAX_ERROR].encode("utf-8", "replace")


if __name__ == "__main__":
    main()
