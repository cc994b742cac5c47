"""The gate: refuses calls before their messages are read, when too much is inside already.

gRPC reads and decodes a message before the engine can see what is in it. What bounds memory,
whatever is sent, must therefore stand before: calls, bytes of messages, memory of this process.
"""

from __future__ import annotations

import asyncio
import ctypes
import resource
import time
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import grpc

from verifier.admission import FairGate
from verifier.caller import CURRENT_CALLER
from verifier.errors import OverloadedError, Refusal
from verifier.server.audit import CallRecord
from verifier.server.status import status_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from verifier.admission import Admission
    from verifier.config.admission import AdmissionConfig
    from verifier.metrics import Metrics

    Context = grpc.aio.ServicerContext[Any, Any]
    _Received = tuple[Any, int]  # a message, and its bytes

_LOOK_SECONDS: Final = 0.05  # between two looks at this process's memory
_TRIM_SECONDS: Final = 10.0  # between two attempts to give freed memory back
_PAUSE_SECONDS: Final = 0.02  # between two looks of a stream whether there is room again
_ARRIVAL_SECONDS: Final = 10.0  # after which a message that has not come is no longer waited for
_TURNS: Final = 4  # messages read at once by those that take turns
_PAGE_BYTES: Final = resource.getpagesize()


def resident_bytes() -> int:
    """Memory of this process that is in use now; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0


class Room:
    """What is inside, and whether there is room for more.

    The first call is always let in: memory that a busy hour left fragmented must not close the
    service for good.

    Args:
        limits: the bounds.
        admission: of the items; a full one takes no call, either.
        resident: memory of this process, in bytes.
        clock: seconds that only ever grow.

    Attributes:
        calls: inside.
        bytes: of the messages inside.
        arrivals: of calls whose message is on its way.
    """

    def __init__(
        self,
        limits: AdmissionConfig,
        admission: Admission,
        resident: Callable[[], int] = resident_bytes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.calls = 0
        self.bytes = 0
        self.arrivals = Arrivals(limits.max_arriving, clock)
        self._limits = limits
        self._admission = admission
        self._resident = resident
        self._clock = clock
        self._seen = 0
        self._look_at = 0.0
        self._trim_at = 0.0

    def check(self, *, stream: bool = False) -> None:
        """Refuses a call when there is no room for it.

        Args:
            stream: whether it is one, which waits for room among the items rather than be refused.

        Raises:
            OverloadedError: it is so.
        """
        if not self.calls:
            return
        if self.calls >= self._limits.max_calls:
            message = f"{self.calls} calls are inside, at most {self._limits.max_calls} fit"
            raise self._admission.refusal(message, Refusal.CALLS)
        if self._admission.full and not stream:
            most = self._admission.limits.items
            message = f"the queue holds {self._admission.inside} of {most} items"
            raise self._admission.refusal(message, Refusal.ITEMS)
        if (found := self._too_much()) is not None:
            raise self._admission.refusal(found[1], found[0])

    async def wait(self) -> None:
        """Returns when there is room for another message of a stream that is inside."""
        # Polled, since nobody tells when memory of the process falls; asked once a message.
        while self.bytes and self._too_much() is not None:  # noqa: ASYNC110
            await asyncio.sleep(_PAUSE_SECONDS)

    def _too_much(self) -> tuple[Refusal, str] | None:
        """What of the memory there is too much, in a word and in words."""
        limits = self._limits
        if self.bytes >= limits.max_bytes:
            return Refusal.BYTES, f"messages of {self.bytes} bytes are inside"
        if limits.memory_bytes and self._memory() >= limits.memory_bytes:
            return Refusal.MEMORY, f"the process holds {self._seen} bytes of memory"
        return None

    def _memory(self) -> int:
        now = self._clock()
        if now >= self._look_at:
            self._look_at = now + _LOOK_SECONDS
            self._seen = self._resident()
            if self._seen >= self._limits.memory_bytes and now >= self._trim_at:
                self._trim_at = now + _TRIM_SECONDS
                _trim()
        return self._seen


class Arrivals:
    """Calls that have begun and whose message has not come yet.

    gRPC takes in whole messages before it asks anybody. It takes in only as much as flow control
    lets it while nobody reads; but to read late costs a fifth of a millisecond a call. So calls are
    read one after the other only while many of them are arriving.

    Args:
        many: calls that may arrive at once before they have to take turns, >= 1.
        clock: seconds that only ever grow.

    Attributes:
        turns: of those that take turns.
    """

    def __init__(self, many: int, clock: Callable[[], float]) -> None:
        self.turns = FairGate(_TURNS)
        self._many = many
        self._clock = clock
        self._expected: OrderedDict[object, float] = OrderedDict()

    def expect(self) -> object | None:
        """Counts a call whose message is read at once; None if it has to wait for its turn."""
        oldest = self._clock() - _ARRIVAL_SECONDS
        while self._expected and next(iter(self._expected.values())) < oldest:
            self._expected.popitem(last=False)  # its caller has gone, or sends very slowly
        if len(self._expected) >= self._many:
            return None
        arrival = object()
        self._expected[arrival] = self._clock()
        return arrival

    def came(self, arrival: object) -> None:
        """Its message is here."""
        self._expected.pop(arrival, None)


class GateInterceptor(grpc.aio.ServerInterceptor):
    """Counts calls and their bytes, and refuses those for which there is no room.

    Args:
        room: what is inside.
        metrics: told of refusals; a call refused unread counts as one item.
        service: full name of the service whose calls are counted; others are always let in.
    """

    def __init__(self, room: Room, metrics: Metrics, service: str) -> None:
        self._room = room
        self._metrics = metrics
        self._prefix = f"/{service}/"

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Lets the handler through, counted, or puts one in its place that refuses."""
        method = handler_call_details.method
        handler = await continuation(handler_call_details)
        if handler is None or not method.startswith(self._prefix):
            return handler
        try:
            self._room.check(stream=handler.stream_stream is not None)
        except OverloadedError as error:
            self._metrics.refused(1, error.reason)
            return self._refusing(method, error)
        if handler.unary_unary is not None:
            arrival = self._room.arrivals.expect()
            return self._in_turn(handler) if arrival is None else self._at_once(handler, arrival)
        return grpc.stream_stream_rpc_method_handler(
            self._counted_stream(handler.stream_stream),
            handler.request_deserializer,
            handler.response_serializer,
        )

    def _refusing(self, method: str, error: OverloadedError) -> Any:
        """A handler that reads nothing and refuses.

        Only handlers of streams are called before a message is read, so it is always one: on the
        wire, a single message and a stream of one are the same.
        """

        async def refusing(_requests: Any, context: Context) -> AsyncIterator[Any]:
            code, message, trailers = status_of(error)
            record = CallRecord(method, context.peer(), CURRENT_CALLER.get().name)
            record.write(self._metrics, code, 0.0, message)
            await context.abort(code, message, trailers)
            yield b""  # type: ignore[unreachable]  # makes this a stream

        return grpc.stream_stream_rpc_method_handler(refusing)

    def _at_once(self, handler: Any, arrival: object) -> Any:
        """A handler of single messages, whose bytes count until it has answered."""

        async def at_once(received: _Received, context: Context) -> Any:
            self._room.arrivals.came(arrival)
            return await self._inside(handler.unary_unary, received, context)

        return grpc.unary_unary_rpc_method_handler(
            at_once, _sized(handler.request_deserializer), handler.response_serializer
        )

    def _in_turn(self, handler: Any) -> Any:
        """The same, but its message is read when it is this caller's turn."""
        turns = self._room.arrivals.turns

        async def in_turn(requests: AsyncIterator[_Received], context: Context) -> Any:
            await turns.enter(CURRENT_CALLER.get(), 1.0)
            try:
                received = await anext(requests, None)
            finally:
                turns.leave()
            if received is None:
                await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the call has no message")
            else:
                yield await self._inside(handler.unary_unary, received, context)

        return grpc.stream_stream_rpc_method_handler(
            in_turn, _sized(handler.request_deserializer), handler.response_serializer
        )

    async def _inside(self, behaviour: Any, received: _Received, context: Context) -> Any:
        """The answer to a message, which is counted meanwhile."""
        request, size = received
        room = self._room
        room.calls += 1
        room.bytes += size
        try:
            return await behaviour(request, context)
        finally:
            room.calls -= 1
            room.bytes -= size

    def _counted_stream(self, behaviour: Any) -> Any:
        """A handler of streams; whoever reads its messages counts their bytes."""
        room = self._room

        async def counted(requests: Any, context: Context) -> AsyncIterator[Any]:
            room.calls += 1
            try:
                async for response in behaviour(requests, context):
                    yield response
            finally:
                room.calls -= 1

        return counted


def _sized(deserialize: Callable[[bytes], Any]) -> Callable[[bytes], _Received]:
    return lambda data: (deserialize(data), len(data))


def _trim() -> None:
    """Gives memory that was freed back to the system, where the C library can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
