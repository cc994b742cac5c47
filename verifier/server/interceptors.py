"""What happens around every call: errors become statuses, and the call is logged and counted."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import grpc
import structlog
from google.protobuf.message import DecodeError

from verifier.errors import InputError, VerifierError
from verifier.server.status import status_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from verifier.metrics import Metrics

_log = structlog.get_logger("verifier.calls")

# Health and reflection are asked every few seconds by machines: counted, but not worth a line each.
_QUIET_SERVICES = ("/grpc.health.", "/grpc.reflection.")

Context = grpc.aio.ServicerContext[Any, Any]


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Wraps every handler.

    Args:
        metrics: told of every call's method, status and duration.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Replaces the handler by one that is watched."""
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or method.startswith(_QUIET_SERVICES):
            return handler
        if handler.unary_unary is not None:
            return grpc.unary_unary_rpc_method_handler(
                self._watch_unary(handler.unary_unary, method),
                _tolerant(handler.request_deserializer),
                handler.response_serializer,
            )
        if handler.stream_stream is not None:
            return grpc.stream_stream_rpc_method_handler(
                self._watch_stream(handler.stream_stream, method),
                _tolerant(handler.request_deserializer),
                handler.response_serializer,
            )
        return handler

    def _watch_unary(self, behaviour: Any, method: str) -> Any:
        async def watched(request: Any, context: Context) -> Any:
            async with self._watch(method, context):
                return await behaviour(_readable(request), context)

        return watched

    def _watch_stream(self, behaviour: Any, method: str) -> Any:
        async def watched(requests: Any, context: Context) -> AsyncIterator[Any]:
            async with self._watch(method, context):
                async for response in behaviour(_all_readable(requests), context):
                    yield response

        return watched

    @asynccontextmanager
    async def _watch(self, method: str, context: Context) -> AsyncIterator[None]:
        start = time.perf_counter()
        # Asked for now: once a call is cancelled its native half is gone, and grpcio 1.85 answers
        # this question with a segmentation fault.
        peer = context.peer()
        code, message = grpc.StatusCode.OK, ""
        try:
            yield
        except VerifierError as error:
            code, message, trailers = status_of(error)
            await context.abort(code, message, trailers)
        except Exception as error:  # noqa: BLE001 - logged whole; the caller gets its name
            code, message = grpc.StatusCode.INTERNAL, f"{type(error).__name__} in the service"
            _log.exception("call failed", method=method)
            await context.abort(code, message)
        except BaseException:  # cancelled: the caller has gone, or its deadline has passed
            code = grpc.StatusCode.CANCELLED
            raise
        finally:
            seconds = time.perf_counter() - start
            self._metrics.called(method.rpartition("/")[2], code.name, seconds)
            _log.info(
                "call",
                method=method,
                code=code.name,
                seconds=round(seconds, 6),
                peer=peer,
                **({"message": message} if message else {}),
            )


def _tolerant(deserialize: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """A deserialiser that returns its error: one raised there becomes UNKNOWN, not our status."""

    def read(data: bytes) -> Any:
        try:
            return deserialize(data)
        except DecodeError as error:
            return error

    return read


def _readable(request: Any) -> Any:
    if isinstance(request, DecodeError):
        raise InputError(f"is not a message of this call: {request}")
    return request


async def _all_readable(requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        yield _readable(request)
