"""The zygote: a warmed interpreter in a jail that forks each program into namespaces of its own.

It reads nothing of what it runs: source and inputs come as descriptors that only the forked child
opens, so no program finds in its memory what an earlier one was. A request names one program, or
two that talk to each other; the answer to it carries a descriptor of each one's namespaces, by
which the other side can end them. When one has ended, its report is written to its own pipe.

    zygote ──┬─ init (pid 1 of new namespaces, waits for ever)
             └─ fork ── program (pid 2: scratch, /proc, confinement, then its own code)
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
from array import array
from typing import TYPE_CHECKING, Any, Final, NoReturn

from sandbox.jail import confinement, init, kernel, runners
from sandbox.jail.report import REPORT

if TYPE_CHECKING:
    from sandbox.jail.warmth import Warmth

_MAX_REQUEST: Final = 65_536  # bytes
_MAX_DESCRIPTORS: Final = 24
_SCRATCH_FLAGS: Final = kernel.NO_SUID | kernel.NO_DEVICES
_PROC_FLAGS: Final = kernel.NO_SUID | kernel.NO_DEVICES | kernel.NO_EXECUTION
_INODES: Final = 20_000


def main(config: dict[str, Any], control: socket.socket, warmth: Warmth) -> NoReturn:
    """Serves until the other side hangs up.

    Args:
        control: the socket to it.
        warmth: what programs have in common.
        config: "warm" modules to import, "packages" folders to import from, "namespaces" whether
            each program gets its own, "filter" and "own_filter" seccomp programs in hexadecimal
            digits or None.
    """
    sys.path[:] = [*(path for path in sys.path if path), *config["packages"]]
    warmth.spread(config["warm"])
    control.set_inheritable(False)
    kernel.set_dumpable(False)
    nursery = _Nursery() if config["namespaces"] else None
    if nursery is None:
        kernel.become_reaper()
    confinement.prepare(config)
    gc.collect()
    gc.freeze()
    gc.disable()
    control.send(
        json.dumps({"version": sys.version.split()[0], "missing": warmth.missing}).encode()
    )
    while True:
        request, descriptors = _receive(control)
        if not request:
            os._exit(0)
        # Whatever fails in here ends the jail: half a request is none.
        _serve(json.loads(request), descriptors, config, (control, nursery, warmth))


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """A request with its descriptors.

    They are close-on-exec: init must hold none of them, or nobody who waits for an end would see
    it. `socket.recv_fds` has a parameter for that, and ignores it.
    """
    found = array("i")
    room = socket.CMSG_LEN(_MAX_DESCRIPTORS * found.itemsize)
    request, extra, _, _ = control.recvmsg(_MAX_REQUEST, room, socket.MSG_CMSG_CLOEXEC)
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
    return request, list(found)


class _Nursery:
    """Makes namespaces in which the next child will live."""

    def __init__(self) -> None:
        self._init = init.executable()
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def open(self) -> int:
        """From here on children are born in a new pid namespace; its first process."""
        kernel.unshare(kernel.NEW_PIDS)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # inherited: the kernel reaps its orphans
        try:
            return init.start(self._init)
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def close(self) -> None:
        """Children are born in this process's own namespace again."""
        kernel.enter(self._own, kernel.NEW_PIDS)


class _Program:
    """One program that was forked."""

    def __init__(self, report: int) -> None:
        self._report = report
        self._pid = 0
        self._first = 0  # init's process number; the program's own where there is no init
        self._handle = -1

    def announce(self, first: int, control: socket.socket) -> None:
        """Tells by which process it can be ended; before it is forked, if that is another.

        What is done while the program lives costs more: all memory is shared then.
        """
        self._first = first
        self._handle = os.pidfd_open(first)
        socket.send_fds(control, [b"\1"], [self._handle])

    def forked(self, pid: int, control: socket.socket) -> None:
        """Remembers its process number."""
        self._pid = pid
        if not self._first:
            self.announce(pid, control)

    def wait(self, control: socket.socket) -> None:
        """Waits for its end, ends what it left behind, and reports.

        If whoever asked for it goes first, so do it and the jail.
        """
        own = os.pidfd_open(self._pid)
        waiting = select.poll()
        waiting.register(own, select.POLLIN)
        waiting.register(control, 0)  # that it hangs up is told unasked
        if any(descriptor != own for descriptor, _ in waiting.poll()):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os._exit(0)
        os.close(own)
        _, status, used = os.wait4(self._pid, 0)
        if self._first != self._pid:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.waitpid(self._first, 0)
        else:
            confinement.kill_descendants()
        line = REPORT.pack(status, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
        with contextlib.suppress(BrokenPipeError):  # whoever asked has gone
            os.write(self._report, line)
        os.close(self._report)
        os.close(self._handle)


def _serve(
    requests: list[dict[str, Any]],
    descriptors: list[int],
    config: dict[str, Any],
    own: tuple[socket.socket, _Nursery | None, Warmth],
) -> None:
    """Forks the programs asked for, and stays until all have ended."""
    control, nursery, warmth = own
    programs = []
    for request in requests:
        given = [descriptors[index] for index in request["descriptors"]]
        program = _Program(given.pop())
        programs.append(program)
        if nursery is not None:
            program.announce(nursery.open(), control)
        pid = os.fork()
        if pid == 0:
            control.close()
            _become(request, given, config, warmth)
        program.forked(pid, control)
        if nursery is not None:
            nursery.close()
    kept = {request["descriptors"][-1] for request in requests}
    for index, descriptor in enumerate(descriptors):
        if index not in kept:
            os.close(descriptor)
    for program in programs:
        program.wait(control)
    if nursery is None:  # there is one scratch for all
        confinement.empty(requests[0]["scratch"])


def _become(
    request: dict[str, Any], given: list[int], config: dict[str, Any], warmth: Warmth
) -> NoReturn:
    """Readies the namespaces, gives up every power, and becomes the program."""
    code = 127
    try:
        if config["namespaces"]:
            kernel.unshare(kernel.NEW_MOUNTS | kernel.NEW_IPC)
            size = b"size=%d,nr_inodes=%d,mode=1777" % (request["file_bytes"], _INODES)
            kernel.mount(b"tmpfs", b"/tmp", _SCRATCH_FLAGS, size)
            kernel.mount(b"proc", b"/proc", _PROC_FLAGS)
        else:
            os.setsid()
        own = confinement.place(given)
        run = runners.ready(request)
        confinement.confine(request, config)
        ours = warmth.take()
        gc.enable()  # of what the program makes; the warm heap is frozen, and costs nothing
        code = run(own)
        del ours
    except BaseException as error:  # noqa: BLE001 - nothing may return into the zygote's loop
        os.write(2, f"sandbox: {type(error).__name__}: {error}\n".encode())
    os._exit(code)
