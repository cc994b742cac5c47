"""Turns at the event loop itself: so much work, then everybody else's turn.

What is decided inline keeps the loop while it is decided. gRPC's asyncio server accepts calls one
after the other, each in about four rounds of the loop; if every round were as long as a slice of
inline work, calls would wait to be accepted for seconds, unseen, and could not even be refused.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from typing import TYPE_CHECKING, Final

from verifier.admission.fair_gate import FairGate

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.caller import Caller

_ROUNDS: Final = 4  # of the event loop in a pause, if others have work for them
_IDLE_SECONDS: Final = 0.0003  # a round that takes less had nothing to do


class PacedGate(FairGate):
    """A gate that lets in so many seconds of work, and then pauses for some rounds of the loop.

    Whoever comes while there is time left does not wait, not even for a round. A pause ends early
    when nobody else has anything to do.

    Args:
        seconds: of work between two pauses, > 0.
        clock: seconds that only ever grow.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(1)
        self.speed = 1.0 / _ROUNDS  # on a busy loop; an idle one has no line
        self._seconds = seconds
        self._clock = clock
        self._left = seconds
        self._pausing = False

    def try_enter(self, caller: Caller, cost: float) -> bool:
        """See `FairGate`; the cost is in seconds."""
        if self._pausing:
            return False
        self.taken += 1
        self._now = self._tag(caller, cost)
        self._spend(cost)
        return True

    def leave(self) -> None:
        """The work is done. Who is next is told when there is time again."""
        self.taken -= 1
        if not self.taken and not self._line:
            self._forget()

    def correct(self, cost: float, seconds: float) -> None:
        """What was let in for a cost took so many seconds instead."""
        self._spend(seconds - cost)

    def _spend(self, seconds: float) -> None:
        self._left -= seconds
        if self._left <= 0.0 and not self._pausing:
            self._pausing = True
            asyncio.get_running_loop().call_soon(self._pause, 0, self._clock())

    def _pause(self, rounds: int, since: float) -> None:
        now = self._clock()
        if rounds and (rounds == _ROUNDS or now - since < _IDLE_SECONDS):
            self._go_on()
        else:
            asyncio.get_running_loop().call_soon(self._pause, rounds + 1, now)

    def _go_on(self) -> None:
        """Tells those who are next, as many as there is time for."""
        self._pausing = False
        self._left = self._seconds
        while self._line and not self._pausing:
            start, _, turn, cost = heapq.heappop(self._line)
            if not turn.done():
                self.taken += 1
                self._now = start
                turn.set_result(None)
                self._spend(cost)
