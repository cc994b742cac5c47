"""Writing to and reading from descriptors that a program may have closed, filled or forged."""

from __future__ import annotations

import struct
from os import read, write  # bound before a program can replace them
from typing import Final

MAX_FRAME_BYTES: Final = 64 * 1024 * 1024
_HEADER: Final = struct.Struct(">I")
_CHUNK: Final = 1 << 20


def write_all(descriptor: int, text: bytes) -> None:
    """Writes all of it.

    Raises:
        OSError: the descriptor is closed.
    """
    left = memoryview(text)
    while left:
        left = left[write(descriptor, left[:_CHUNK]) :]


def write_frame(descriptor: int, text: bytes) -> None:
    """Writes four bytes of length, then the text.

    Raises:
        ValueError: the text is longer than a frame may be.
        OSError: the descriptor is closed.
    """
    if len(text) > MAX_FRAME_BYTES:
        raise ValueError(f"{len(text)} bytes do not fit a frame of {MAX_FRAME_BYTES}")
    write_all(descriptor, _HEADER.pack(len(text)) + text)


def read_frame(descriptor: int) -> bytes | None:
    """The next frame's text; None at the end.

    Raises:
        ValueError: the frame is longer than one may be, or the end came inside it.
        OSError: the descriptor is closed.
    """
    header = _read(descriptor, _HEADER.size)
    if not header:
        return None
    if len(header) < _HEADER.size:
        raise ValueError("the other side ended inside a frame")
    (size,) = _HEADER.unpack(header)
    if size > MAX_FRAME_BYTES:
        raise ValueError(f"a frame of {size} bytes, at most {MAX_FRAME_BYTES} are allowed")
    text = _read(descriptor, size)
    if len(text) < size:
        raise ValueError("the other side ended inside a frame")
    return text


def _read(descriptor: int, size: int) -> bytes:
    parts = []
    while size and (part := read(descriptor, min(size, _CHUNK))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
