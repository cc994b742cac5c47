"""What happens around every call: errors become statuses, and the call is logged and counted."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import grpc
import structlog
from google.protobuf.message import DecodeError

from verifier.caller import CURRENT_CALLER
from verifier.errors import InputError, OverloadedError, Refusal, VerifierError
from verifier.server.audit import CallRecord, count_items
from verifier.server.parts import check_parts
from verifier.server.status import status_of
from verifier.server.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from verifier.access import Quotas
    from verifier.metrics import Metrics

_log = structlog.get_logger("verifier.calls")

# Health and reflection are asked every few seconds by machines: counted, but not worth a line each.
_QUIET_SERVICES = ("/grpc.health.", "/grpc.reflection.")

Context = grpc.aio.ServicerContext[Any, Any]


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Wraps every handler.

    Args:
        metrics: told of every call's method, status and duration.
        quotas: how much each caller may send. Single messages beyond it are refused, streams are
            read more slowly.
    """

    def __init__(self, metrics: Metrics, quotas: Quotas) -> None:
        self._metrics = metrics
        self._quotas = quotas

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
        parts = (self._watch_unary, self._watch_stream, _tolerant)
        return wrap(handler, *(partial(part, method=method) for part in parts))

    def _watch_unary(self, behaviour: Any, method: str) -> Any:
        async def watched(received: _Received, context: Context) -> Any:
            async with self._watch(method, context) as record:
                request = _read(received, record)
                caller = CURRENT_CALLER.get()
                try:
                    self._quotas.take(caller, record.items)
                    return await behaviour(request, context)
                except OverloadedError as error:
                    if error.reason is not Refusal.RATE:
                        self._quotas.give_back(caller, record.items)
                    raise

        return watched

    def _watch_stream(self, behaviour: Any, method: str) -> Any:
        async def watched(
            received: AsyncIterator[_Received], context: Context
        ) -> AsyncIterator[Any]:
            async with self._watch(method, context) as record:
                async for response in behaviour(self._admitted(received, record), context):
                    yield response

        return watched

    async def _admitted(
        self, received: AsyncIterator[_Received], record: CallRecord
    ) -> AsyncIterator[Any]:
        """The messages of a stream, no faster than the caller's quota allows."""
        async for one in received:
            before = record.items
            request = _read(one, record)
            await self._quotas.wait(CURRENT_CALLER.get(), record.items - before)
            yield request

    @asynccontextmanager
    async def _watch(self, method: str, context: Context) -> AsyncIterator[CallRecord]:
        start = time.perf_counter()
        # Asked for now: once a call is cancelled its native half is gone, and grpcio 1.85 answers
        # this question with a segmentation fault.
        record = CallRecord(method, context.peer(), CURRENT_CALLER.get().name)
        code, message = grpc.StatusCode.OK, ""
        try:
            yield record
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
            record.write(self._metrics, code, time.perf_counter() - start, message)


class _Received(NamedTuple):
    """One message off the wire.

    Attributes:
        request: it, or why it cannot be read: an error raised where it is read would become
            UNKNOWN, not our status.
        size: in bytes.
    """

    request: Any
    size: int


def _tolerant(deserialize: Callable[[bytes], Any], method: str) -> Callable[[bytes], _Received]:
    def read(data: bytes) -> _Received:
        try:
            check_parts(data, method)
            return _Received(deserialize(data), len(data))
        except (DecodeError, InputError) as error:
            return _Received(error, len(data))

    return read


def _read(received: _Received, record: CallRecord) -> Any:
    """The message, once the call's line has counted it.

    Raises:
        InputError: it is none.
    """
    record.bytes += received.size
    if isinstance(received.request, DecodeError):
        raise InputError(f"is not a message of this call: {received.request}")
    if isinstance(received.request, InputError):
        raise received.request
    record.items += count_items(received.request)
    return received.request
