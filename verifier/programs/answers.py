"""What calls of a program's functions return: asked of the jail, as few processes as it takes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from msgspec import structs

from sandbox.execution import Status
from verifier.programs.endings import failure, told
from verifier.programs.evidence import Raised, Returned, read_line
from verifier.types import Reason, TestOutcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.execution import Execution
    from verifier.programs.subject import Subject

_LONG: Final = 200_000  # bytes; reading more would keep the event loop from everybody else
_LOADED: Final = b'{"loaded":true}'


@dataclass(frozen=True, slots=True)
class Answered:
    """What a call gave, and the run that it was part of.

    Attributes:
        outcome: the value or the exception.
        ran: the run.
        calls: that it answered.
    """

    outcome: Returned | Raised
    ran: Execution
    calls: int

    def told(self, verdict: Verdict, reason: Reason, message: str, calls: int = 1) -> TestOutcome:
        """The outcome of a test of so many calls; calls in one process share its time evenly."""
        outcome = told(self.ran, verdict, reason, message)
        share = calls / self.calls
        return structs.replace(
            outcome,
            cpu_seconds=outcome.cpu_seconds * share,
            wall_seconds=outcome.wall_seconds * share,
        )


Answer = Answered | TestOutcome
"""What a call gave; or, if it gave nothing, what is said of a test that needs it."""


async def ask(subject: Subject, calls: Sequence[dict[str, object]]) -> list[Answer]:
    """One answer per call, in order; fewer if one took so long that the rest does not matter.

    All calls run in one process. One that ends it is run again in a process of its own, where it
    has all the time there is, and so the calls before it cannot be what it fails for; the calls
    after it go on in a new one.

    Raises:
        SandboxError: the sandbox failed.
    """
    answers: list[Answer] = []
    while len(answers) < len(calls):
        payload = {"source": subject.program.source, "calls": calls[len(answers) :]}
        ran = await subject.sandbox.call(payload, subject.limits, subject.started)
        left = len(calls) - len(answers)
        # Whatever has no newline after it was cut off; more lines than calls are none of ours.
        loaded, *lines = ran.results.split(b"\n", left + 1)[:-1] or [b""]
        if loaded != _LOADED:
            failed = _silent(subject, ran, "the program ended while it was loaded")
            answers += [failed] * left
            break
        got = await _read_all(lines[:left])
        if got and left == 1 and ran.status is Status.CPU_LIMIT:
            got = []  # it answered, but too late
        answers += [Answered(outcome, ran, len(got)) for outcome in got]
        if not got:
            silent = _silent(subject, ran, "the program ended during the call")
            answers.append(silent)
            if subject.decided(silent):
                break
    return answers


async def _read_all(lines: list[bytes]) -> list[Returned | Raised]:
    if sum(map(len, lines)) > _LONG:
        return await asyncio.to_thread(lambda: list(map(_read, lines)))
    return list(map(_read, lines))


def _read(line: bytes) -> Returned | Raised:
    try:
        return read_line(line)
    except ValueError:
        return Raised("ProtocolError", "the program wrote over its own results")


def _silent(subject: Subject, ran: Execution, why: str) -> TestOutcome:
    failed = failure(ran, subject.limits)
    if failed is None:
        return told(ran, Verdict.INCORRECT, Reason.RUNTIME_ERROR, f"{why}, with exit code 0")
    if failed.reason is Reason.RUNTIME_ERROR:
        return structs.replace(failed, message=f"{why}: {failed.message}")
    return failed
