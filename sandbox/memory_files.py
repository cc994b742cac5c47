"""Files in memory that carry what goes into a program and what comes out of it."""

from __future__ import annotations

import fcntl
import os
from typing import Final

_SEALS: Final = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK


def sealed(name: str, content: bytes) -> int:
    """A file that nobody can change any more, read from its beginning."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
    return descriptor


def empty(name: str) -> int:
    """A file to be written."""
    return os.memfd_create(name, os.MFD_CLOEXEC)


def size(descriptor: int) -> int:
    """Bytes written so far."""
    return os.fstat(descriptor).st_size


def beginning(descriptor: int, limit: int) -> tuple[bytes, bool]:
    """At most `limit` bytes from the beginning, and whether there are more."""
    written = size(descriptor)
    return os.pread(descriptor, min(written, limit), 0) if written else b"", written > limit


def end(descriptor: int, kept: int, limit: int) -> tuple[bytes, bool]:
    """The last `kept` bytes, and whether there are more than `limit` in all."""
    written = size(descriptor)
    last = os.pread(descriptor, kept, max(written - kept, 0)) if written else b""
    return last, written > limit
