"""How much work one comparison may cost in all, however many comparers share it.

Every layer has bounds of its own; this one bounds their sum. It counts steps and no time, so that
the same answer gets the same verdict on any machine under any load.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from verifier.mathematics.limits import MAX_WORK
from verifier.mathematics.syntax import TooComplexError

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Meter(threading.local):
    """What the comparison on this thread may still spend; None outside of one."""

    left: int | None = None


_METER = _Meter()


@contextmanager
def metered() -> Iterator[None]:
    """Bounds the work of one comparison; one inside another shares its bound."""
    if _METER.left is not None:
        yield
        return
    _METER.left = MAX_WORK
    try:
        yield
    finally:
        _METER.left = None


def spend(steps: int) -> None:
    """Counts work of the comparison at hand, if there is one.

    Raises:
        TooComplexError: it has cost all it may, and goes on raising until the comparison ends.
    """
    if _METER.left is None:
        return
    _METER.left -= steps
    if _METER.left < 0:
        raise TooComplexError("too much work")
