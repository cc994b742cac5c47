"""Which error becomes which gRPC status: one table, so that callers can rely on it."""

from __future__ import annotations

import grpc

from verifier.errors import (
    ForbiddenError,
    InputError,
    OverloadedError,
    ServiceError,
    UnknownCallerError,
    VerifierError,
)

PUSHBACK_KEY = "grpc-retry-pushback-ms"  # gRPC clients with a retry policy obey it by themselves


class DrainingError(VerifierError):
    """The service is shutting down and has stopped taking work on this stream."""


class NotYetError(VerifierError):
    """A part of the contract that this version does not have."""


_CODES: tuple[tuple[type[VerifierError], grpc.StatusCode], ...] = (
    (InputError, grpc.StatusCode.INVALID_ARGUMENT),
    (OverloadedError, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (UnknownCallerError, grpc.StatusCode.UNAUTHENTICATED),
    (ForbiddenError, grpc.StatusCode.PERMISSION_DENIED),
    (DrainingError, grpc.StatusCode.UNAVAILABLE),
    (NotYetError, grpc.StatusCode.UNIMPLEMENTED),
)

Status = tuple[grpc.StatusCode, str, tuple[tuple[str, str], ...]]


def status_of(error: VerifierError) -> Status:
    """Code, message and trailing metadata for an error that fails a whole call."""
    trailers: tuple[tuple[str, str], ...] = ()
    if isinstance(error, OverloadedError):
        trailers = ((PUSHBACK_KEY, str(round(error.retry_after_seconds * 1000))),)
    if isinstance(error, ServiceError):  # of another deployment, which was asked in our place
        return grpc.StatusCode[error.code], str(error), trailers
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code, str(error), trailers
    return grpc.StatusCode.INTERNAL, str(error), trailers
