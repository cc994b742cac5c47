"""Whose fault a failure is: the one place that turns an exception into a reason.

Verifiers raise plain errors. Each is attributed to the boundary it came from, and each makes its
item UNSCORED: nothing that goes wrong in here says anything about the completion.
"""

from __future__ import annotations

from verifier.errors import (
    BackendError,
    InputError,
    SandboxError,
    WorkerDiedError,
    WorkerFailedError,
)
from verifier.types import Outcome, Reason

_MAX_MESSAGE = 300  # characters; an error may quote a whole completion

# The first match decides, so subclasses stand before their bases.
_BOUNDARIES: tuple[tuple[type[BaseException], Reason, str], ...] = (
    (InputError, Reason.INVALID_INPUT, ""),
    (WorkerFailedError, Reason.INTERNAL, ""),
    (WorkerDiedError, Reason.INTERNAL, ""),
    (SandboxError, Reason.SANDBOX_UNAVAILABLE, ""),
    (BackendError, Reason.BACKEND_UNAVAILABLE, ""),
    (MemoryError, Reason.INTERNAL, "the verifier ran out of memory"),
    (RecursionError, Reason.INTERNAL, "the verifier recursed too deep"),
)


def attribute(error: BaseException) -> Outcome:
    """The UNSCORED outcome that tells whose fault `error` is."""
    for kind, reason, message in _BOUNDARIES:
        if isinstance(error, kind):
            return Outcome.unscored(reason, message or shorten(str(error)))
    return Outcome.unscored(
        Reason.INTERNAL, f"the verifier failed: {type(error).__name__}: {shorten(str(error))}"
    )


def shorten(text: str) -> str:
    """`text`, cut in the middle if it is too long for a message."""
    if len(text) <= _MAX_MESSAGE:
        return text
    half = _MAX_MESSAGE // 2
    return f"{text[:half]} … {text[-half:]}"
