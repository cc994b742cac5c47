"""Whose fault a failure is: the one place that turns an exception into a reason.

Verifiers raise plain errors. Each is attributed to the boundary it came from, and each makes its
item UNSCORED: nothing that goes wrong in here says anything about the completion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.errors import (
    BackendError,
    InputError,
    SandboxError,
    WorkerDiedError,
    WorkerFailedError,
    WorkLimitError,
)
from verifier.types import InvalidTask, Outcome, PluginTask, Reason

if TYPE_CHECKING:
    from verifier.types import Task

_MAX_MESSAGE = 300  # characters; an error may quote a whole completion

# The first match decides, so subclasses stand before their bases.
_BOUNDARIES: tuple[tuple[type[BaseException], Reason, str], ...] = (
    (InputError, Reason.INVALID_INPUT, ""),
    (WorkLimitError, Reason.UNDECIDED, ""),
    (WorkerFailedError, Reason.INTERNAL, ""),
    (WorkerDiedError, Reason.INTERNAL, ""),
    (SandboxError, Reason.SANDBOX_UNAVAILABLE, ""),
    (BackendError, Reason.BACKEND_UNAVAILABLE, ""),
    (MemoryError, Reason.INTERNAL, "the verifier ran out of memory"),
    (RecursionError, Reason.INTERNAL, "the verifier recursed too deep"),
)


def attribute(error: BaseException) -> Outcome:
    """The UNSCORED outcome that tells whose fault `error` is."""
    if isinstance(error, ModuleNotFoundError):
        message = (
            f"{error}: this deployment lacks what the task takes; models take the extra `models`"
        )
        return Outcome.unscored(Reason.UNSUPPORTED, message)
    for kind, reason, message in _BOUNDARIES:
        if isinstance(error, kind):
            return Outcome.unscored(reason, message or shorten(str(error)))
    return Outcome.unscored(
        Reason.INTERNAL, f"the verifier failed: {type(error).__name__}: {shorten(str(error))}"
    )


def no_verifier(task: Task) -> Outcome:
    """The outcome of an item whose task nobody answers."""
    if isinstance(task, InvalidTask):
        return Outcome.unscored(Reason.INVALID_INPUT, task.problem)
    if isinstance(task, PluginTask):
        return Outcome.unscored(
            Reason.UNSUPPORTED,
            f"no plugin named {task.name!r} is installed; `verifier-cli list` shows which are",
        )
    return Outcome.unscored(Reason.UNSUPPORTED, f"no verifier answers {type(task).__name__}")


def out_of_time(*, started: bool) -> Outcome:
    """The outcome of an item whose time ran out, before or after its verifier had started."""
    where = "before a verdict" if started else "while waiting, before the verifier started"
    return Outcome.unscored(Reason.DEADLINE, f"time ran out {where}")


def overloaded(lane: str, seconds: float) -> Outcome:
    """The outcome of an item before which too much work is in line."""
    message = f"about {seconds:.3g} s of {lane} are in line"
    return Outcome.unscored(Reason.OVERLOADED, message)


def shorten(text: str) -> str:
    """`text`, cut in the middle if it is too long for a message."""
    if len(text) <= _MAX_MESSAGE:
        return text
    half = _MAX_MESSAGE // 2
    return f"{text[:half]} … {text[-half:]}"
