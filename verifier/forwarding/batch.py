"""Items on their way to another deployment: each alone, and those that one call carries."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, NamedTuple

from verifier.deadline import NEVER, Deadline

if TYPE_CHECKING:
    from verifier.terms import Terms
    from verifier.types import Outcome
    from verifier.v1 import item_pb2


class Kind(NamedTuple):
    """What items of one call have in common.

    Attributes:
        work_limit_seconds: upper bound on the work of each; None for the verifier's own.
        hops: how often they were handed on before.
        patience: the time that is left for them, to a factor of two: a call ends with its latest
            deadline, and what has gone by then should not be worked on for long. None: unbounded.
        alone: another number for each item that has to travel alone.
    """

    work_limit_seconds: float | None
    hops: int
    patience: int | None
    alone: int = 0


class Parcel:
    """One item on its way.

    Args:
        message: ready to be sent but for its id, which is the other side's business alone.
        terms: of the call that it came with.
        caller: whose it is.
        hops: how often it was handed on before.

    Attributes:
        size: of the message, in bytes.
        answer: its outcome, once there is one.
        attempts: calls that have carried it.
        batch: the call that carries it now.
        since: when it began to wait for one, on the loop's clock.
    """

    __slots__ = (
        *("answer", "attempts", "batch", "caller", "deadline", "kind", "message", "since"),
        "size",
    )

    def __init__(self, message: item_pb2.ScoreItem, terms: Terms, caller: str, hops: int) -> None:
        self.message = message
        self.size = message.ByteSize()
        self.deadline = terms.deadline
        self.caller = caller
        self.kind = Kind(terms.work_limit_seconds, hops, _patience(terms.deadline))
        self.answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.attempts = 0
        self.batch: Batch | None = None
        self.since = 0.0

    @property
    def gone(self) -> bool:
        """Whether nobody waits for its outcome any longer."""
        return self.answer.done()

    def part(self) -> None:
        """Has it travel alone from now on."""
        self.kind = self.kind._replace(alone=id(self))

    def settle(self, outcome: Outcome) -> None:
        """Tells its outcome to whoever still waits."""
        if not self.answer.done():
            self.answer.set_result(outcome)


class Batch:
    """The items of one call.

    Args:
        parcels: at least one, all of one kind.

    Attributes:
        parcels: the same; an item's id on the way is its place among them.
        open: how many of them have no outcome and are waited for.
        answered: whether anything came back.
        task: makes the call.
    """

    def __init__(self, parcels: list[Parcel]) -> None:
        self.parcels = parcels
        self.open = len(parcels)
        self.answered = False
        self.task: asyncio.Task[None] | None = None
        for parcel in parcels:
            parcel.batch = self
            parcel.attempts += 1

    @property
    def kind(self) -> Kind:
        """What its items have in common."""
        return self.parcels[0].kind

    @property
    def deadline(self) -> Deadline:
        """That of its latest item."""
        latest = max(parcel.deadline.at for parcel in self.parcels)
        return NEVER if math.isinf(latest) else Deadline(latest)

    def unanswered(self) -> list[Parcel]:
        """Those that are still waited for."""
        return [parcel for parcel in self.parcels if not parcel.gone]

    def leave(self) -> None:
        """One of its items is no longer waited for. Without any, the call is cancelled."""
        self.open -= 1
        if not self.open and self.task is not None:
            self.task.cancel()


def _patience(deadline: Deadline) -> int | None:
    if deadline is NEVER or math.isinf(deadline.at):
        return None
    return math.frexp(max(deadline.remaining(), 0.001))[1]
