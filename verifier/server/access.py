"""Who may call what: found out before any message is read.

A caller is told by its token, else by the client certificate of its connection, else, where neither
is asked for, by the host that it calls from. Health is open to all, because probes and balancers
carry no token; everything else needs a role, by a table that a test holds against the contract.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import grpc

from verifier.access.names import clean_name, host_of
from verifier.caller import CURRENT_CALLER, Caller, Role
from verifier.errors import AccessError, ForbiddenError, UnknownCallerError
from verifier.server.audit import UNKNOWN_METHOD, CallRecord
from verifier.server.status import status_of
from verifier.v1 import service_pb2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from verifier.access import TokenBook, WatchedFiles
    from verifier.metrics import Metrics

    Context = grpc.aio.ServicerContext[Any, Any]

_SERVICE: Final = service_pb2.DESCRIPTOR.services_by_name["VerifierService"].full_name

# None: any caller that is known.
METHOD_ROLES: Final[Mapping[str, Role | None]] = {
    f"/{_SERVICE}/Score": Role.SCORE,
    f"/{_SERVICE}/ScoreStream": Role.SCORE,
    f"/{_SERVICE}/ScoreSteps": Role.SCORE,
    f"/{_SERVICE}/Select": Role.SCORE,
    f"/{_SERVICE}/Judge": Role.JUDGE,
    f"/{_SERVICE}/ListVerifiers": None,
}
OPEN_METHODS: Final = frozenset({"/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch"})

_SCHEME: Final = "bearer"


class CallerFinder:
    """Tells who a caller is by what it shows.

    Args:
        book: the token file; None: there is none.
        certificates: whether connections carry client certificates. Without a token file, each of
            them has every role, since our own authority has signed it.
        clock: of seconds since 1970.
    """

    def __init__(
        self,
        book: WatchedFiles[TokenBook] | None = None,
        *,
        certificates: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._book = book
        self._certificates = certificates
        self._clock = clock

    @property
    def is_open(self) -> bool:
        """Whether anybody who can reach the port may call."""
        return self._book is None and not self._certificates

    def by_headers(self, authorizations: Sequence[str]) -> Caller:
        """The caller that the ``authorization`` headers of a call name.

        Raises:
            UnknownCallerError: there is not exactly one, or it holds no token that is known here.
        """
        if len(authorizations) > 1:
            raise UnknownCallerError("there is more than one authorization")
        scheme, _, token = "".join(authorizations).partition(" ")
        if self._book is None or scheme.lower() != _SCHEME or not token.strip():
            raise UnknownCallerError("a token is needed: authorization: Bearer TOKEN")
        return self._book.current.by_token(token.strip(), self._clock())

    def by_metadata(self, metadata: Any) -> Caller | None:
        """The caller that a call's metadata name; None where its connection has to tell.

        Raises:
            UnknownCallerError: there is no token and nothing else to go by, or it is not known.
        """
        if self._book is None:
            return None
        headers = [str(value) for key, value in metadata or () if key == "authorization"]
        if not headers and self._certificates:
            return None
        return self.by_headers(headers)

    def by_connection(self, context: Context) -> Caller:
        """The caller at the other end of a connection.

        Raises:
            AccessError: its certificate gives it no rights here.
        """
        if not self._certificates:
            return Caller(host_of(context.peer()))
        shown = context.auth_context().get("x509_common_name", ())
        names = [name.decode(errors="replace") for name in shown]
        if self._book is not None:
            return self._book.current.by_certificate(names, self._clock())
        if not names:
            raise ForbiddenError("the certificate has no common name")
        return Caller(clean_name(names[0]))


class AccessInterceptor(grpc.aio.ServerInterceptor):
    """Refuses who may not call; must stand before all other interceptors.

    gRPC runs interceptors and handler of a call in one task, so what is set here as the current
    caller is seen by the handler and by all tasks that it starts, and by no other call.

    Args:
        finder: tells who calls.
        metrics: told of refusals.
    """

    def __init__(self, finder: CallerFinder, metrics: Metrics) -> None:
        self._finder = finder
        self._metrics = metrics

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Lets the handler through, or puts one in its place that refuses."""
        method = handler_call_details.method
        if method in OPEN_METHODS or (self._finder.is_open and method not in METHOD_ROLES):
            return await continuation(handler_call_details)
        caller = None
        try:
            caller = self._finder.by_metadata(handler_call_details.invocation_metadata)
            if caller is not None:
                check_method(method, caller)
        except AccessError as error:
            return self._refusing(method, error, caller)
        if caller is not None:
            CURRENT_CALLER.set(caller)
            return await continuation(handler_call_details)
        handler = await continuation(handler_call_details)
        if handler is not None and self._finder.is_open and handler.unary_unary is not None:
            return self._named(handler)
        return self._gated(handler, method)

    def _named(self, handler: Any) -> Any:
        """A handler of single messages, for whoever calls."""

        async def named(request: Any, context: Context) -> Any:
            CURRENT_CALLER.set(self._finder.by_connection(context))
            return await handler.unary_unary(request, context)

        return grpc.unary_unary_rpc_method_handler(
            named, handler.request_deserializer, handler.response_serializer
        )

    def _gated(self, handler: Any, method: str) -> Any:
        """A handler that asks the connection who calls, before it reads anything.

        Only handlers of streams are called before a message is read, so it is always one: on the
        wire, a single message and a stream of one are the same.
        """

        async def gated(requests: Any, context: Context) -> AsyncIterator[Any]:
            caller = None
            try:
                caller = self._finder.by_connection(context)
                if not self._finder.is_open:
                    check_method(method, caller)
            except AccessError as error:
                await self._refuse(method, error, context, caller)
                raise  # not reached: refusing ends the call
            CURRENT_CALLER.set(caller)
            async for response in _as_stream(handler)(requests, context):
                yield response

        return grpc.stream_stream_rpc_method_handler(
            gated,
            handler and handler.request_deserializer,
            handler and handler.response_serializer,
        )

    def _refusing(self, method: str, error: AccessError, caller: Caller | None) -> Any:
        """A handler that reads nothing and refuses."""

        async def refusing(_requests: Any, context: Context) -> AsyncIterator[Any]:
            await self._refuse(method, error, context, caller)
            yield b""  # not reached; makes this a stream

        return grpc.stream_stream_rpc_method_handler(refusing)

    async def _refuse(
        self, method: str, error: AccessError, context: Context, caller: Caller | None
    ) -> None:
        known = method if method in METHOD_ROLES else UNKNOWN_METHOD
        code, message, _ = status_of(error)
        record = CallRecord(known, context.peer(), caller.name if caller else "")
        record.write(self._metrics, code, 0.0, message)
        await context.abort(code, message)


def check_method(method: str, caller: Caller) -> None:
    """Refuses a method that is not in the table, or that needs a role which the caller lacks.

    Raises:
        ForbiddenError: it is so.
    """
    if method not in METHOD_ROLES:
        raise ForbiddenError("callers have no such method")
    need_role(caller, METHOD_ROLES[method])


def need_role(caller: Caller, role: Role | None) -> None:
    """Refuses a caller that lacks a role.

    Raises:
        ForbiddenError: it does.
    """
    if role is not None and role not in caller.roles:
        raise ForbiddenError(f"{caller.name} does not have the role {role.value.lower()!r}")


def _as_stream(handler: Any) -> Any:
    """The behaviour of a handler, as one of streams."""
    if handler.stream_stream is not None:
        return handler.stream_stream

    async def one(requests: AsyncIterator[Any], context: Context) -> AsyncIterator[Any]:
        async for request in requests:
            yield await handler.unary_unary(request, context)
            return
        await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the call has no message")

    return one
