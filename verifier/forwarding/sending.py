"""One call to another deployment, and what becomes of its items when it fails.

Each call is a short stream of one message: results come back as they finish, so that no item waits
for a slow neighbour that it never saw, nor loses its verdict to that neighbour's deadline.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any, Final

import grpc

from verifier.client.batches import duration
from verifier.convert.results import result_from_proto
from verifier.elsewhere import Elsewhere
from verifier.errors import InputError
from verifier.forwarding.failures import (
    PASSING,
    REPLIES,
    explanation,
    is_full,
    is_too_large,
    pushback_seconds,
    reason_of,
)
from verifier.types import Reason, Verdict
from verifier.v1 import service_pb2

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.deadline import Deadline
    from verifier.forwarding.batch import Batch
    from verifier.forwarding.connection import Connection
    from verifier.forwarding.outbox import Outbox
    from verifier.forwarding.partner import Partner
    from verifier.metrics.forwarding import ForwardCounts
    from verifier.v1 import result_pb2

# Calls that carry one item before it is given up. gRPC repeats each of them by itself as long as
# nothing came back, so the later ones are for replicas that die in mid-call.
_ATTEMPTS: Final = 3
_LEAST_SECONDS: Final = 0.001  # gRPC takes no call without time


class Sender:
    """Makes calls, and settles their items.

    Args:
        connection: the way.
        partner: what is known of the other side; told of what it says.
        counts: told of every call.
        stub: of the channel, once it is open.
    """

    def __init__(
        self,
        connection: Connection,
        partner: Partner,
        counts: ForwardCounts,
        stub: Callable[[], Any],
    ) -> None:
        self._connection = connection
        self._partner = partner
        self._counts = counts
        self._stub = stub

    async def send(self, batch: Batch, outbox: Outbox) -> None:
        """Makes one call; afterwards each of its items is settled, or back in `outbox`.

        Raises:
            asyncio.CancelledError: nobody waits for any of them any longer.
        """
        was_reachable, answers = self._counts.reachable, self._partner.answers
        code = grpc.StatusCode.CANCELLED
        try:
            await self._call(batch, outbox)
            code = grpc.StatusCode.OK
        except grpc.aio.AioRpcError as error:
            code = error.code()
            # Not if nothing has been heard of it lately: gRPC itself has asked several times.
            again = was_reachable or self._partner.answers != answers
            self._failed(batch, error, outbox, again=again)
        except asyncio.CancelledError:
            self._give_up(batch, Reason.BACKEND_UNAVAILABLE, "the service is about to end")
            raise
        except Exception as error:  # noqa: BLE001 - attributed, and never a hang
            code = grpc.StatusCode.UNKNOWN
            self._give_up(batch, Reason.INTERNAL, f"the call failed: {type(error).__name__}")
        else:
            self._give_up(batch, Reason.INTERNAL, f"{self._connection.target} sent no result")
        finally:
            self._counts.calls[code.name] += 1

    async def _call(self, batch: Batch, outbox: Outbox) -> None:
        metadata = self._connection.metadata(
            batch.kind.hops, (parcel.caller for parcel in batch.parcels)
        )
        call = self._stub().ScoreStream(
            iter((_request(batch),)), timeout=seconds_until(batch.deadline), metadata=metadata
        )
        try:
            async for response in call:
                if not batch.answered:
                    batch.answered = True
                    self._partner.has_answered()
                    outbox.resume()
                for message in response.results:
                    self._take(batch, message)
        finally:
            call.cancel()

    def _take(self, batch: Batch, message: result_pb2.ScoreResult) -> None:
        place = int(message.id) if message.id.isascii() and message.id.isdigit() else -1
        if not 0 <= place < len(batch.parcels) or batch.parcels[place].gone:
            return  # nobody waits for it
        try:
            outcome = self._outcome(message)
        except (InputError, ValueError) as error:
            target = self._connection.target
            outcome = self._unscored(Reason.INTERNAL, f"{target} sent no result of ours: {error}")
        batch.open -= 1
        batch.parcels[place].settle(outcome)

    def _outcome(self, message: result_pb2.ScoreResult) -> Elsewhere:
        """A result as the outcome of a verifier here.

        Raises:
            InputError: it is in words that this version does not know.
            ValueError: it contradicts itself.
        """
        result = result_from_proto(message)
        decider = self._partner.heard_of(result.verifier)
        return Elsewhere(
            result.verdict,
            result.reason,
            result.reward,
            result.message,
            result.detail,
            decider,
            max(result.work_seconds, 0.0) if math.isfinite(result.work_seconds) else 0.0,
        )

    def _failed(
        self, batch: Batch, error: grpc.aio.AioRpcError, outbox: Outbox, *, again: bool
    ) -> None:
        words = explanation(error, self._connection)
        if is_full(error):
            self._wait(batch, pushback_seconds(error), words, outbox)
            return
        outbox.resume()  # whatever it is, it is not full
        if is_too_large(error) and len(batch.parcels) > 1:
            for parcel in batch.unanswered():
                parcel.part()
                outbox.put(parcel)
            return
        if error.code() in PASSING:
            if error.code() not in REPLIES:
                self._partner.is_silent(words)
            if again:
                self._send_again(batch, reason_of(error), words, outbox)
                return
        self._give_up(batch, reason_of(error), words)

    def _send_again(self, batch: Batch, reason: Reason, words: str, outbox: Outbox) -> None:
        """The call broke off: others may do better with its items."""
        for parcel in batch.unanswered():
            if parcel.attempts >= _ATTEMPTS:
                parcel.settle(self._unscored(reason, words))
                continue
            if parcel.attempts == _ATTEMPTS - 1:
                parcel.part()  # one of them may be what breaks every call that it is in
            outbox.put(parcel)

    def _wait(self, batch: Batch, seconds: float, words: str, outbox: Outbox) -> None:
        """The other side is full: those that have the time come again."""
        outbox.pause(seconds)
        for parcel in batch.unanswered():
            if parcel.deadline.remaining() > seconds:
                parcel.attempts -= 1  # to be full is no failure
                outbox.put(parcel)
            else:
                parcel.settle(self._unscored(Reason.OVERLOADED, words))

    def _give_up(self, batch: Batch, reason: Reason, words: str) -> None:
        for parcel in batch.unanswered():
            parcel.settle(self._unscored(reason, words))

    def _unscored(self, reason: Reason, words: str) -> Elsewhere:
        return Elsewhere(Verdict.UNSCORED, reason, None, words, verifier=self._partner.id)


def seconds_until(deadline: Deadline) -> float | None:
    """The same as a call's timeout."""
    left = deadline.remaining()
    return None if math.isinf(left) else max(left, _LEAST_SECONDS)


def _request(batch: Batch) -> service_pb2.ScoreStreamRequest:
    request = service_pb2.ScoreStreamRequest()
    if batch.kind.work_limit_seconds is not None:
        request.work_limit.CopyFrom(duration(batch.kind.work_limit_seconds))
    for place, parcel in enumerate(batch.parcels):
        parcel.message.id = str(place)
        request.items.append(parcel.message)
    return request
