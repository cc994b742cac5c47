"""What a failed call to another deployment means: for its items, and for whoever relays a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import grpc

from verifier.errors import InputError, OverloadedError, ServiceError
from verifier.types import Reason

if TYPE_CHECKING:
    from verifier.errors import VerifierError
    from verifier.forwarding.connection import Connection

_Code = grpc.StatusCode

_PUSHBACK_KEY: Final = "grpc-retry-pushback-ms"  # gRPC's own name for when to come back
_RETRY_SECONDS: Final = 1.0  # where a full deployment does not say
_MAX_RETRY_SECONDS: Final = 30.0  # whatever it says
# The core's words for a message beyond the receiver's bound, whose status is a full queue's.
_TOO_LARGE: Final = "larger than max"

_REFUSED: Final = frozenset({_Code.UNAUTHENTICATED, _Code.PERMISSION_DENIED})
# What another call may mend: on another replica, or once this one is back.
PASSING: Final = frozenset({_Code.UNAVAILABLE, _Code.CANCELLED, _Code.UNKNOWN, _Code.INTERNAL})
# Of them, those that somebody there has said.
REPLIES: Final = frozenset({_Code.UNKNOWN, _Code.INTERNAL})
_REASONS: Final = {
    _Code.DEADLINE_EXCEEDED: Reason.DEADLINE,
    _Code.RESOURCE_EXHAUSTED: Reason.OVERLOADED,
    _Code.UNKNOWN: Reason.INTERNAL,
    _Code.INTERNAL: Reason.INTERNAL,
}


def is_too_large(error: grpc.aio.AioRpcError) -> bool:
    """Whether a message was larger than the other side, or this one, takes."""
    return error.code() is _Code.RESOURCE_EXHAUSTED and _TOO_LARGE in (error.details() or "")


def is_full(error: grpc.aio.AioRpcError) -> bool:
    """Whether the other side has no room now, and asks to be called again."""
    return error.code() is _Code.RESOURCE_EXHAUSTED and not is_too_large(error)


def pushback_seconds(error: grpc.aio.AioRpcError) -> float:
    """When a full deployment is to be called again."""
    for key, value in error.trailing_metadata() or ():
        if key == _PUSHBACK_KEY and str(value).isascii() and str(value).isdigit():
            return min(int(value) / 1000, _MAX_RETRY_SECONDS)
    return _RETRY_SECONDS


def reason_of(error: grpc.aio.AioRpcError) -> Reason:
    """Why the items of a call that failed for good have no verdict."""
    if is_too_large(error):
        return Reason.INVALID_INPUT
    return _REASONS.get(error.code(), Reason.BACKEND_UNAVAILABLE)


def explanation(error: grpc.aio.AioRpcError, connection: Connection) -> str:
    """The same for people; it names the key to look at where that is ours."""
    code, details = error.code(), error.details() or ""
    what = f"{connection.target}: {code.name}" + (f": {details}" if details else "")
    if code in _REFUSED:
        return f"{what} (look at {connection.token_key})"
    return what


def relayed(error: grpc.aio.AioRpcError, connection: Connection) -> VerifierError:
    """The error with which a call fails that was passed on whole."""
    code, words = error.code(), explanation(error, connection)
    if is_full(error):
        return OverloadedError(words, retry_after_seconds=pushback_seconds(error))
    if code is _Code.INVALID_ARGUMENT:
        return InputError(error.details() or code.name)
    if code in _REFUSED:  # this service's token is meant, and never the caller's
        code = _Code.FAILED_PRECONDITION
    elif code is _Code.CANCELLED:
        code = _Code.UNAVAILABLE
    return ServiceError(words, code=code.name)
