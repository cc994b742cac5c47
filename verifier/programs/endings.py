"""What the end of a run says of a test, before anything it wrote is looked at."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final

from sandbox.execution import Execution, Status
from verifier.types import Reason, TestOutcome, Verdict

if TYPE_CHECKING:
    from sandbox.execution import Limits

_MAX_MESSAGE: Final = 400  # characters
_MIB: Final = 1024**2

_OVER: Final = {
    Status.CPU_LIMIT: Reason.TIME_LIMIT_EXCEEDED,
    Status.MEMORY_LIMIT: Reason.MEMORY_LIMIT_EXCEEDED,
    Status.OUTPUT_LIMIT: Reason.OUTPUT_LIMIT_EXCEEDED,
    Status.PROCESS_LIMIT: Reason.PROCESS_LIMIT_EXCEEDED,
    Status.FILE_LIMIT: Reason.FILE_LIMIT_EXCEEDED,
}


def failure(ran: Execution, limits: Limits) -> TestOutcome | None:
    """The outcome of a test whose run did not end well; None if it did.

    | The run                                   | Outcome                              |
    |-------------------------------------------|--------------------------------------|
    | ended by itself with exit code 0          | None                                 |
    | used more CPU time than allowed           | INCORRECT / TIME_LIMIT_EXCEEDED      |
    | was stopped by the clock, twice           | UNSCORED / TIME_LIMIT_EXCEEDED       |
    | met the limit of memory, output, …        | INCORRECT / …_LIMIT_EXCEEDED         |
    | ended otherwise                           | INCORRECT / RUNTIME_ERROR            |

    Args:
        ran: the run.
        limits: it had.
    """
    if ran.succeeded:
        return None
    if ran.status is Status.WALL_LIMIT:
        message = (
            f"stopped after {limits.wall_seconds:g} s on the clock, twice, having used "
            f"{ran.cpu_seconds:.2f} s of CPU time: it waits, or the machine is too busy"
        )
        return told(ran, Verdict.UNSCORED, Reason.TIME_LIMIT_EXCEEDED, message)
    reason = _OVER.get(ran.status, Reason.RUNTIME_ERROR)
    return told(ran, Verdict.INCORRECT, reason, ending(ran, limits))


def told(ran: Execution, verdict: Verdict, reason: Reason, message: str) -> TestOutcome:
    """An outcome with the run's measurements."""
    return TestOutcome(
        verdict,
        reason,
        ran.cpu_seconds,
        ran.wall_seconds,
        ran.memory_bytes,
        message[:_MAX_MESSAGE],
    )


def ending(ran: Execution, limits: Limits) -> str:
    """How a run ended, in words."""
    over = {
        Status.CPU_LIMIT: f"used more than {limits.cpu_seconds:g} s of CPU time",
        Status.MEMORY_LIMIT: f"used more than {limits.memory_bytes / _MIB:.0f} MiB of memory",
        Status.OUTPUT_LIMIT: f"wrote more than {limits.output_bytes} bytes",
        Status.PROCESS_LIMIT: f"started more than {limits.processes} processes or threads",
        Status.FILE_LIMIT: f"wrote more than {limits.file_bytes} bytes to files",
    }
    last = _last_words(ran)
    if ran.status in over:
        return over[ran.status] + (f": {last}" if last else "")
    how = f"exit code {ran.exit_code}"
    if ran.signal is not None:
        how = f"killed by {_signal_name(ran.signal)}"
    return f"{how}: {last}" if last else how


def _last_words(ran: Execution) -> str:
    """The last line that is not blank on standard error."""
    lines = ran.stderr.decode("utf-8", "replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
