"""The first process of a program's namespaces: an executable of a few instructions."""

import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from program import wait_until

from sandbox.jail import init

MACHINES = {"x86_64": 62, "aarch64": 183}

# Makes a pid namespace, starts init in it, and has another process in it try to end init.
INSIDE = """
import os, signal, sys
from sandbox.jail import init, kernel
kernel.unshare(0x10000000 | kernel.NEW_PIDS)
first = init.start(init.executable())
other = os.fork()
if other == 0:
    assert os.getpid() == 2
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL, signal.SIGUSR1):
        os.kill(1, number)
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(other, 0)[1]) == 7
print("alive" if os.waitpid(first, os.WNOHANG) == (0, 0) else "dead")
orphan = os.fork()
if orphan == 0:
    signal.pause()
os.kill(first, signal.SIGKILL)  # from outside of the namespace
print("orphan ended by", os.WTERMSIG(os.waitpid(orphan, 0)[1]))
os.waitpid(first, 0)
"""


@pytest.mark.parametrize("machine", MACHINES)
def test_it_is_an_executable_of_one_segment(machine):
    image = init.image(machine)
    ident, kind, number, version, entry = struct.unpack_from("<16sHHIQ", image)
    assert ident == b"\x7fELF\x02\x01\x01" + bytes(9)
    assert (kind, number, version) == (2, MACHINES[machine], 1)
    at, _, _, own_size, entry_size, count = struct.unpack_from("<QQIHHH", image, 32)
    assert (own_size, entry_size, count) == (64, 56, 1)
    kind, flags, offset, address, _, in_file, in_memory, align = struct.unpack_from(
        "<IIQQQQQQ", image, at
    )
    assert (kind, flags, offset) == (1, 5, 0), "loaded from the beginning, read and executed"
    assert in_file == in_memory == len(image)
    assert address % align == 0
    assert address <= entry < address + len(image)
    assert len(image) < 4096, "one page"


@pytest.mark.parametrize("machine", MACHINES)
def test_its_last_instruction_goes_back_to_its_first(machine):
    code = init.image(machine)[120:]
    if machine == "x86_64":
        opcode, distance = struct.unpack("<Bb", code[-2:])
        assert (opcode, distance) == (0xEB, -len(code))
    else:
        word = struct.unpack("<I", code[-4:])[0]
        assert word >> 26 == 0b000101
        assert (word & 0x3FF_FFFF) - (1 << 26) == -(len(code) // 4 - 1)


def test_there_is_none_for_an_unknown_machine():
    with pytest.raises(OSError, match="riscv64"):
        init.image("riscv64")


def test_it_waits_without_using_time_or_holding_anything():
    path = init.executable()
    pid = init.start(path)
    try:
        process = psutil.Process(pid)
        wait_until(lambda: process.status() == psutil.STATUS_SLEEPING)
        assert process.cpu_times().user < 0.5
        held = {file.readlink().name for file in Path(f"/proc/{pid}/fd").iterdir()}
        assert not any("init" in name for name in held), "the file in memory that it came from"
        assert process.memory_info().rss < 1_000_000
        assert process.environ() == {}
    finally:
        os.kill(pid, signal.SIGKILL)
        assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
        os.close(int(path.rpartition("/")[2]))


def test_nothing_in_its_namespace_ends_it_and_all_ends_with_it():
    done = subprocess.run(
        [sys.executable, "-c", INSIDE], capture_output=True, text=True, timeout=60, check=False
    )
    if "unshare" in done.stderr:
        pytest.skip(f"no namespace can be made here: {done.stderr.splitlines()[-1]}")
    assert done.stdout.splitlines() == ["alive", "orphan ended by 9"], done.stderr
