"""A bound on how often an item is handed on, for deployments that point at each other in a ring."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, NoReturn

import grpc

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

HOPS_KEY: Final = "x-verifier-hops"
CALLER_KEY: Final = "x-verifier-caller"
MAX_HOPS: Final = 3  # a front, a front of a region, and what works: nobody needs more
_TOO_MANY: Final = (
    f"handed on more than {MAX_HOPS} times: the tables [forward.TASK] of these deployments form a "
    "ring"
)

# Set around each call that was handed on, and read where its items are handed on again.
CURRENT_HOPS: Final[ContextVar[int]] = ContextVar("hops", default=0)
# Whose items such a call carries, in the words of whoever handed it on: for logs and nothing else.
ON_BEHALF_OF: Final[ContextVar[str]] = ContextVar("on_behalf_of", default="")


class HopInterceptor(grpc.aio.ServerInterceptor):
    """Refuses calls that were handed on too often, with FAILED_PRECONDITION."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Remembers the number of hops for the handler, which runs in this very task."""
        metadata = handler_call_details.invocation_metadata or ()
        hops = _hops(metadata)
        if hops > MAX_HOPS:
            return grpc.stream_stream_rpc_method_handler(_refuse)
        if hops:
            CURRENT_HOPS.set(hops)
            named = (value for key, value in metadata if key == CALLER_KEY)
            ON_BEHALF_OF.set(str(next(named, "")))
        return await continuation(handler_call_details)


def _hops(metadata: Any) -> int:
    """As many as the metadata say; what says something else has come too far already."""
    for key, value in metadata:
        if key == HOPS_KEY:
            return int(value) if str(value).isascii() and str(value).isdigit() else MAX_HOPS + 1
    return 0


async def _refuse(_requests: Any, context: Any) -> AsyncIterator[NoReturn]:
    await context.abort(grpc.StatusCode.FAILED_PRECONDITION, _TOO_MANY)
    yield  # type: ignore[misc]  # never reached: it makes this a stream
