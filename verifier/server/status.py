"""Which error becomes which gRPC status: one table, so that callers can rely on it."""

from __future__ import annotations

import grpc

from verifier.errors import InputError, OverloadedError, VerifierError

PUSHBACK_KEY = "grpc-retry-pushback-ms"  # gRPC clients with a retry policy obey it by themselves


class DrainingError(VerifierError):
    """The service is shutting down and has stopped taking work on this stream."""


class NotYetError(VerifierError):
    """A part of the contract that this version does not have."""


_CODES: tuple[tuple[type[VerifierError], grpc.StatusCode], ...] = (
    (InputError, grpc.StatusCode.INVALID_ARGUMENT),
    (OverloadedError, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (DrainingError, grpc.StatusCode.UNAVAILABLE),
    (NotYetError, grpc.StatusCode.UNIMPLEMENTED),
)

Status = tuple[grpc.StatusCode, str, tuple[tuple[str, str], ...]]


def status_of(error: VerifierError) -> Status:
    """Code, message and trailing metadata for an error that fails a whole call."""
    trailers: tuple[tuple[str, str], ...] = ()
    if isinstance(error, OverloadedError):
        trailers = ((PUSHBACK_KEY, str(round(error.retry_after_seconds * 1000))),)
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code, str(error), trailers
    return grpc.StatusCode.INTERNAL, str(error), trailers
