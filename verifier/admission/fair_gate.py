"""Who is next where there are fewer places than takers: weighted fair queueing.

Start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996). Everything that waits carries a start
tag in virtual time: the later of now and the end of what its caller asked for before. The smallest
tag is next. So a caller with ten thousand items in line holds up a caller with one by the items
that have a place already, not by those in line, and over time callers get shares by their weights.
"""

from __future__ import annotations

import asyncio
import heapq
from itertools import count
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from verifier.caller import Caller

_LEAST_COST: Final = 1e-9  # of anything: what costs nothing would never move its caller's tag

_MOST_CALLERS: Final = 1024  # remembered; those whose turn has passed are forgotten beyond


class FairGate:
    """A number of places. Belongs to one event loop.

    Args:
        places: that may be taken at once, >= 1.

    Attributes:
        speed: seconds of work in a second with all places taken, as a first guess.
        taken: places that are.
        waiting: takers in line.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self.speed = float(places)
        self.taken = 0
        self.waiting = 0
        self._now = 0.0  # virtual time: the start tag of whoever got a place last
        self._ends: dict[str, float] = {}  # by caller: the end of what it asked for
        self._line: list[tuple[float, int, asyncio.Future[None], float]] = []  # with its cost
        self._order = count()

    def try_enter(self, caller: Caller, cost: float) -> bool:
        """Takes a place if there is one now; whether it did. See `enter`."""
        if self.taken >= self.places:
            return False
        self.taken += 1
        self._now = self._tag(caller, cost)
        return True

    async def enter(self, caller: Caller, cost: float) -> None:
        """Takes a place, now or when it is this caller's turn. `leave` gives it back.

        Args:
            caller: by whose name and weight its turn comes.
            cost: of what it is going to do, in any unit, if it is the same for all.

        Raises:
            asyncio.CancelledError: given up while waiting; no place is held then.
        """
        if self.try_enter(caller, cost):
            return
        start = self._tag(caller, cost)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._line, (start, next(self._order), turn, cost))
        self.waiting += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()  # the place came in the same moment
            raise
        finally:
            self.waiting -= 1

    def push_in(self) -> None:
        """Takes a place whether or not there is one, for what is done at once."""
        self.taken += 1

    def leave(self) -> None:
        """Gives a place to whoever is next."""
        while self._line and self.taken <= self.places:
            start, _, turn, _ = heapq.heappop(self._line)
            if not turn.done():
                self._now = start
                turn.set_result(None)
                return
        self.taken -= 1
        if not self.taken:
            self._forget()

    def _forget(self) -> None:
        """Nobody is here: who had how much does not matter any longer."""
        self._ends.clear()
        self._now = 0.0

    def _tag(self, caller: Caller, cost: float) -> float:
        """Where this request starts in virtual time."""
        start = max(self._now, self._ends.get(caller.name, 0.0))
        self._ends[caller.name] = start + max(cost, _LEAST_COST) / caller.weight
        if len(self._ends) > _MOST_CALLERS:
            self._ends = {name: end for name, end in self._ends.items() if end > self._now}
        return start
