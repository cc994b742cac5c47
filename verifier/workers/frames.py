"""The framing both ends speak: four bytes of length, then the payload."""

from __future__ import annotations

import struct

HEADER = struct.Struct(">I")
MAX_FRAME_BYTES = 64 * 1024 * 1024  # what a call may carry at most, as on the wire

# The first byte of a worker's frame.
READY = b"!"  # loaded, waiting for the first call
DONE = b"+"  # the answer follows
FAILED = b"-"  # the handler raised; its words follow


def pack(payload: bytes) -> bytes:
    """A frame around `payload`.

    Raises:
        ValueError: the payload is larger than a frame may be.
    """
    if len(payload) > MAX_FRAME_BYTES:
        raise ValueError(f"{len(payload)} bytes do not fit a frame of {MAX_FRAME_BYTES}")
    return HEADER.pack(len(payload)) + payload
