"""The first process of a program's namespaces: a program of two instructions that waits for ever.

With it the program under test is no pid 1, whose signals have other meanings, and killing it ends
everything in the namespace at once, whatever that forked, detached or double-forked. It ignores its
children's deaths, so the kernel reaps orphans. Forking the warm interpreter for so little would
cost as much as the program itself; this takes one page.
"""

from __future__ import annotations

import os
import platform
import signal
import struct
from typing import Final

_LOAD_AT: Final = 0x400000
_HEADER: Final = struct.Struct("<16sHHIQQQIHHHHHH")  # Elf64_Ehdr
_SEGMENT: Final = struct.Struct("<IIQQQQQQ")  # Elf64_Phdr
_START: Final = _HEADER.size + _SEGMENT.size
_IDENT: Final = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")  # 64 bits, little-endian
_READ_EXECUTE: Final = 5
_CODE: Final = {
    # machine: (its number in ELF, code)
    "x86_64": (
        62,
        (
            b"\xb8\x22\x00\x00\x00"  # mov eax, 34 (pause)
            b"\x0f\x05"  # syscall
            b"\xeb\xf7"  # jmp to the beginning
        ),
    ),
    "aarch64": (
        183,
        (
            b"\x00\x00\x80\xd2\x01\x00\x80\xd2\x02\x00\x80\xd2\x03\x00\x80\xd2"  # x0..x3 = 0
            b"\x04\x00\x80\xd2\x28\x09\x80\xd2"  # x4 = 0, x8 = 73 (ppoll)
            b"\x01\x00\x00\xd4"  # svc 0
            b"\xf9\xff\xff\x17"  # b to the beginning
        ),
    ),
}


def image(machine: str = "") -> bytes:
    """The program, as an ELF executable.

    Args:
        machine: as `platform.machine` names it; by default this one.

    Raises:
        OSError: there is none for this machine.
    """
    known = _CODE.get(machine or platform.machine())
    if known is None:
        raise OSError(f"no init for {machine or platform.machine()}")
    number, code = known
    size = _START + len(code)
    entry = _LOAD_AT + _START
    header = _HEADER.pack(
        _IDENT, 2, number, 1, entry, _HEADER.size, 0, 0, _HEADER.size, _SEGMENT.size, 1, 0, 0, 0
    )
    segment = _SEGMENT.pack(1, _READ_EXECUTE, 0, _LOAD_AT, _LOAD_AT, size, size, 0x1000)
    return header + segment + code


def executable() -> str:
    """Puts the program into memory; the path by which this process can start it."""
    writable = os.memfd_create("init", os.MFD_CLOEXEC)
    os.write(writable, image())
    readable = os.open(f"/proc/self/fd/{writable}", os.O_RDONLY | os.O_CLOEXEC)
    os.close(writable)
    return f"/proc/self/fd/{readable}"


def start(path: str) -> int:
    """Starts it; its process number. It holds no descriptor, nor any memory of ours."""
    return os.posix_spawn(path, ["init"], {}, setsigdef=[signal.SIGINT])
