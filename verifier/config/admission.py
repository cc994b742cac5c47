"""``[admission]``: how much may wait, by what it costs and whose it is."""

from __future__ import annotations

import msgspec


class AdmissionConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[admission]``: how much may wait, beside ``engine.max_queued_items``.

    Attributes:
        queue_seconds: seconds that an item may wait in line for one kind of work (what is decided
            inline, ``code``, ``judge`` and so on), as estimated for 99 of 100; beyond it, calls
            that need that kind are refused.
        max_calls: calls inside at once; one more is refused before its message is read.
        max_arriving: calls whose message is on its way at once; further ones are read a few at a
            time, callers taking turns. With ``server.max_message_bytes`` it bounds what may come
            in unasked.
        max_bytes: bytes of the messages inside; beyond it, calls are refused before they are read.
        memory_bytes: resident memory of this process beyond which calls are refused before they
            are read; 0: no bound.
        caller_items: items of one caller inside at once, where its token has no bound of its own;
            0: no bound but the one for all.
    """

    queue_seconds: float = 600.0
    max_calls: int = 4096
    max_arriving: int = 64
    max_bytes: int = 1024**3
    memory_bytes: int = 0
    caller_items: int = 0
