"""A handler in another's place: what interceptors do that want to be around a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc

if TYPE_CHECKING:
    from collections.abc import Callable

    # What a handler does, reads or writes with; grpc types none of them.
    Wrapper = Callable[[Any], Any]


def _as_it_is(function: Any) -> Any:
    return function


def wrap(
    handler: Any,
    unary: Wrapper,
    stream: Wrapper,
    read: Wrapper = _as_it_is,
    write: Wrapper = _as_it_is,
) -> Any:
    """A handler of the same kind of calls, whose parts are what these make of the old ones.

    Args:
        handler: of single messages or of streams, as the service has them; others stay as they are.
        unary: wraps the behaviour of one for single messages.
        stream: wraps the behaviour of one for streams.
        read: wraps what reads requests off the wire.
        write: wraps what writes responses.
    """
    if handler.unary_unary is not None:
        return grpc.unary_unary_rpc_method_handler(
            unary(handler.unary_unary),
            read(handler.request_deserializer),
            write(handler.response_serializer),
        )
    if handler.stream_stream is not None:
        return grpc.stream_stream_rpc_method_handler(
            stream(handler.stream_stream),
            read(handler.request_deserializer),
            write(handler.response_serializer),
        )
    return handler
