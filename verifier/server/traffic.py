"""Counts open calls and the bytes of their messages; once per call and message, never per item."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import grpc

from verifier.server.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from verifier.metrics.traffic import TrafficMetrics

    Context = grpc.aio.ServicerContext[Any, Any]


class TrafficInterceptor(grpc.aio.ServerInterceptor):
    """Wraps every handler of the service; health and reflection are left as they are.

    Args:
        traffic: told of calls and bytes.
        service: the full name of the service whose methods are counted.
    """

    def __init__(self, traffic: TrafficMetrics, service: str) -> None:
        self._traffic = traffic
        self._prefix = f"/{service}/"

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Replaces the handler by one that is counted."""
        handler = await continuation(handler_call_details)
        path, method = handler_call_details.method, ""
        if path.startswith(self._prefix):
            method = path.removeprefix(self._prefix)
        if handler is None or not self._traffic.knows(method):
            return handler
        parts = (self._counted_unary, self._counted_stream, self._reader, self._writer)
        return wrap(handler, *(partial(part, method=method) for part in parts))

    def _counted_unary(self, behaviour: Any, method: str) -> Any:
        async def counted(request: Any, context: Context) -> Any:
            self._traffic.opened(method)
            try:
                return await behaviour(request, context)
            finally:
                self._traffic.closed(method)

        return counted

    def _counted_stream(self, behaviour: Any, method: str) -> Any:
        async def counted(requests: Any, context: Context) -> AsyncIterator[Any]:
            self._traffic.opened(method)
            try:
                async for response in behaviour(requests, context):
                    yield response
            finally:
                self._traffic.closed(method)

        return counted

    def _reader(self, deserialize: Callable[[bytes], Any], method: str) -> Callable[[bytes], Any]:
        def read(data: bytes) -> Any:
            self._traffic.received(method, len(data))
            return deserialize(data)

        return read

    def _writer(self, serialize: Callable[[Any], bytes], method: str) -> Callable[[Any], bytes]:
        def write(message: Any) -> bytes:
            data = serialize(message)
            self._traffic.sent(method, len(data))
            return data

        return write
