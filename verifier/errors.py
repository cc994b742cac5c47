"""Errors a caller may meet.

The tree:

    VerifierError
    ├── InputError            the caller's input cannot be used; says where and how to mend it
    ├── ConfigError           the configuration cannot be used; names file and key
    ├── OverloadedError       the queue is full; carries when to try again
    ├── AccessError           the caller may not do this
    │   ├── UnknownCallerError    it did not show who it is
    │   └── ForbiddenError        it is known, and has not the role
    ├── ServiceError          the service could not be reached or refused the call
    ├── WorkLimitError        a check reached the bound of its work without an answer
    └── BoundaryError         something a verifier depends on failed: the engine names a reason
        ├── WorkerDiedError       a worker process died in mid-call
        ├── WorkerFailedError     the handler in a worker process raised
        ├── SandboxError          untrusted programs cannot be run now
        └── BackendError          a model or judge backend is down

What happens *inside* scoring one completion is no exception: it is a `Result` with the verdict
UNSCORED and a reason, so that one bad item never costs its neighbours theirs.
"""

from __future__ import annotations

from verifier.word import Word


class Refusal(Word):
    """What there was too much of, when a call was refused for now."""

    ITEMS = "ITEMS"  # inside, of all callers
    CALLER_ITEMS = "CALLER_ITEMS"  # inside, of this caller
    QUEUE_SECONDS = "QUEUE_SECONDS"  # of work in line
    DEADLINE = "DEADLINE"  # work in line, so that the call's deadline cannot be met
    CALLS = "CALLS"  # inside
    BYTES = "BYTES"  # of messages inside
    MEMORY = "MEMORY"  # of the process
    RATE = "RATE"  # items per second of this caller


class VerifierError(Exception):
    """Base of every error this package raises on purpose."""


class InputError(VerifierError):
    """An input that cannot be scored.

    Args:
        message: what is wrong and what would be right.
        field: dotted path of the offending field, as the row spells it: ``math.policy.units``.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field


class ConfigError(VerifierError):
    """A configuration that cannot be used."""


class OverloadedError(VerifierError):
    """The queue is full.

    Args:
        message: how full, of what.
        retry_after_seconds: when there will likely be room.
        reason: of what, as a word.
    """

    def __init__(
        self, message: str, *, retry_after_seconds: float, reason: Refusal = Refusal.ITEMS
    ) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
        self.reason = reason


class AccessError(VerifierError):
    """The caller may not do what it asks for."""


class UnknownCallerError(AccessError):
    """The caller did not show who it is: no token, a wrong one, or an expired one."""


class ForbiddenError(AccessError):
    """The caller is known and does not have the role that the call needs."""


class ServiceError(VerifierError):
    """A call to a running service failed as a whole.

    Args:
        message: what the service or the transport said.
        code: the gRPC status code's name, e.g. ``UNAVAILABLE``.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class WorkLimitError(VerifierError):
    """A check reached the bound of its work without an answer."""


class BoundaryError(VerifierError):
    """Something a verifier depends on failed."""


class WorkerDiedError(BoundaryError):
    """A worker process died in mid-call."""


class WorkerFailedError(BoundaryError):
    """The handler in a worker process raised."""


class SandboxError(BoundaryError):
    """Untrusted programs cannot be run now."""


class BackendError(BoundaryError):
    """A model or judge backend is down."""
