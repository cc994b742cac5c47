"""What every handler needs of a call: its items, its results, its time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from verifier.attribution import attribute
from verifier.convert.ids import IdGuard
from verifier.convert.items import item_from_proto
from verifier.convert.results import result_to_proto
from verifier.deadline import NEVER, Deadline
from verifier.errors import InputError
from verifier.types import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    import grpc

    from verifier.types import Item
    from verifier.v1 import item_pb2, service_pb2

Response = TypeVar("Response", "service_pb2.ScoreResponse", "service_pb2.ScoreStreamResponse")

# Time kept back from the caller's deadline to send the answer: a share of what is left, within
# bounds, since partial results in time are worth more than complete ones too late.
_MARGIN_SHARE = 0.1
_MIN_MARGIN_SECONDS = 0.005
_MAX_MARGIN_SECONDS = 0.5

# Messages converted between two chances for others to run; about two milliseconds' worth.
_CONVERT_ITEMS = 256


def check_batch_size(items: int, limit: int) -> None:
    """Refuses a message with more items than one may carry.

    Raises:
        InputError: too many.
    """
    if items > limit:
        raise InputError(f"{items} items in one message, at most {limit} fit", field="items")


async def items_from_proto(
    messages: Sequence[item_pb2.ScoreItem], guard: IdGuard | None = None, first: int = 0
) -> list[Item]:
    """Items off the wire, in order; what cannot be scored stands in its place as such."""
    guard = guard or IdGuard("item")
    items: list[Item] = []
    for number, message in enumerate(messages, first):
        items.append(guard.check(item_from_proto(message, str(number)), number))
        if len(items) % _CONVERT_ITEMS == 0:
            await asyncio.sleep(0)
    return items


async def fill(response: Response, results: Sequence[Result]) -> Response:
    """Puts results into a response, in order; returns it."""
    messages = response.results
    for result in results:
        message = messages.add()
        try:
            result_to_proto(result, message)
        except Exception as error:  # noqa: BLE001 - one result must never cost its neighbours theirs
            message.Clear()
            result_to_proto(_unsendable(result, error), message)
        if len(messages) % _CONVERT_ITEMS == 0:
            await asyncio.sleep(0)
    return response


def _unsendable(result: Result, error: Exception) -> Result:
    outcome = attribute(error)
    return Result(
        result.id, outcome.verdict, outcome.reason, None, outcome.message, verifier=result.verifier
    )


def deadline_of(context: grpc.aio.ServicerContext[Any, Any]) -> Deadline:
    """When the answer must be ready, so that it arrives before the caller's deadline."""
    remaining: float | None = context.time_remaining()  # the stub forgets that it may be None
    if remaining is None:
        return NEVER
    margin = min(max(remaining * _MARGIN_SHARE, _MIN_MARGIN_SECONDS), _MAX_MARGIN_SECONDS)
    return Deadline.after(remaining - margin)


def work_limit_of(
    request: service_pb2.ScoreRequest | service_pb2.ScoreStreamRequest,
) -> float | None:
    """The caller's bound on one item's work, in seconds; None for each verifier's own.

    Raises:
        InputError: not a positive duration.
    """
    if not request.HasField("work_limit"):
        return None
    seconds = request.work_limit.seconds + request.work_limit.nanos / 1e9
    if seconds <= 0:
        raise InputError(f"must be positive, is {seconds:g} s", field="work_limit")
    return seconds
