"""One span for each call, which continues the caller's trace."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import grpc
from opentelemetry.context import attach
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from verifier.server.wrapping import wrap
from verifier.trace_parent import HEADER
from verifier.tracing.spans import CALL, CallSpans

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from opentelemetry.context import Context as TraceContext
    from opentelemetry.trace import Span, Tracer

    Context = grpc.aio.ServicerContext[Any, Any]

# Health and reflection are asked every few seconds by machines.
_QUIET_SERVICES: Final = ("/grpc.health.", "/grpc.reflection.")
# What the conventions of OpenTelemetry call an error of the server; the rest is the caller's.
_ERRORS: Final = frozenset(
    {
        *(grpc.StatusCode.UNKNOWN, grpc.StatusCode.DEADLINE_EXCEEDED),
        *(grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.INTERNAL),
        *(grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DATA_LOSS),
    }
)


class TracingInterceptor(grpc.aio.ServerInterceptor):
    """Wraps every handler. Who may not call is refused before it, and leaves no span.

    Args:
        tracer: makes the spans.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._propagator = TraceContextTextMapPropagator()

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Replaces the handler by one that is traced."""
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or method.startswith(_QUIET_SERVICES):
            return handler
        parts = (self._traced_unary, self._traced_stream)
        return wrap(handler, *(partial(part, method=method) for part in parts))

    def _traced_unary(self, behaviour: Any, method: str) -> Any:
        async def traced(request: Any, context: Context) -> Any:
            with _Traced(self._begin(method, context), self._tracer, context, unary=True):
                return await behaviour(request, context)

        return traced

    def _traced_stream(self, behaviour: Any, method: str) -> Any:
        async def traced(requests: Any, context: Context) -> AsyncIterator[Any]:
            with _Traced(self._begin(method, context), self._tracer, context, unary=False):
                async for response in behaviour(requests, context):
                    yield response

        return traced

    def _begin(self, method: str, context: Context) -> Span:
        """The call's own span, below the caller's if the caller has one."""
        return self._tracer.start_span(
            method.removeprefix("/"),
            self._caller(context),
            kind=SpanKind.SERVER,
            attributes={"rpc.system.name": "grpc", "rpc.method": method.removeprefix("/")},
        )

    def _caller(self, context: Context) -> TraceContext:
        """The caller's own span. Its ``tracestate`` is left: it may hold anything at all."""
        for key, value in context.invocation_metadata() or ():
            if key == HEADER and isinstance(value, str):
                return self._propagator.extract({HEADER: value})
        return self._propagator.extract({})


class _Traced:
    """A call while its span is open.

    What is set in the context of the call's task is not set back: the task ends with the call, and
    a stream that is broken off ends in another context than it began in.
    """

    def __init__(self, span: Span, tracer: Tracer, context: Context, *, unary: bool) -> None:
        self._span = span
        self._context = context
        self._call: CallSpans | None = None
        if span.is_recording():
            self._call = CallSpans(tracer, span, unary=unary)

    def __enter__(self) -> None:
        attach(set_span_in_context(self._span))
        CALL.set(self._call)

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if self._call is not None:
            self._call.end()
            code = _code(self._context, error)
            self._span.set_attribute("rpc.response.status_code", code.name)
            if code in _ERRORS:
                self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()


def _code(context: Context, error: BaseException | None) -> grpc.StatusCode:
    """How the call ended."""
    if isinstance(error, (asyncio.CancelledError, GeneratorExit)):
        return grpc.StatusCode.CANCELLED
    code: Any = context.code()  # None where nobody set any
    if isinstance(code, grpc.StatusCode):
        return code
    return grpc.StatusCode.OK if error is None else grpc.StatusCode.UNKNOWN
