"""What the end of a run says of a test."""

import signal

import pytest

from sandbox.execution import Execution, Isolation, Limits, Status
from verifier.programs.endings import ending, failure, told
from verifier.types import Reason, Verdict

LIMITS = Limits(
    cpu_seconds=1.5, wall_seconds=9, memory_bytes=64 * 1024**2, output_bytes=77, processes=5
)


def execution(status=Status.EXITED, exit_code=0, number=None, stderr=b""):
    return Execution(
        *(status, exit_code, number, b"out", stderr, b""), *(0.25, 0.5, 0.0, 4096, Isolation.FULL)
    )


def test_a_good_end_says_nothing():
    assert failure(execution(), LIMITS) is None
    assert failure(execution(stderr=b"warning: odd\n"), LIMITS) is None


@pytest.mark.parametrize(
    ("ran", "verdict", "reason", "words"),
    [
        (
            execution(Status.CPU_LIMIT, None),
            *(Verdict.INCORRECT, Reason.TIME_LIMIT_EXCEEDED, "more than 1.5 s of CPU time"),
        ),
        (
            execution(Status.WALL_LIMIT, None),
            *(Verdict.UNSCORED, Reason.TIME_LIMIT_EXCEEDED, "after 9 s on the clock"),
        ),
        (
            execution(Status.MEMORY_LIMIT, None, 9),
            *(Verdict.INCORRECT, Reason.MEMORY_LIMIT_EXCEEDED, "more than 64 MiB"),
        ),
        (
            execution(Status.OUTPUT_LIMIT),
            *(Verdict.INCORRECT, Reason.OUTPUT_LIMIT_EXCEEDED, "more than 77 bytes"),
        ),
        (
            execution(Status.PROCESS_LIMIT, 1),
            *(Verdict.INCORRECT, Reason.PROCESS_LIMIT_EXCEEDED, "more than 5 processes"),
        ),
        (
            execution(Status.FILE_LIMIT, 1),
            *(Verdict.INCORRECT, Reason.FILE_LIMIT_EXCEEDED, "bytes to files"),
        ),
        (
            execution(exit_code=3),
            *(Verdict.INCORRECT, Reason.RUNTIME_ERROR, "exit code 3"),
        ),
        (
            execution(Status.SIGNALLED, None, signal.SIGSEGV),
            *(Verdict.INCORRECT, Reason.RUNTIME_ERROR, "killed by SIGSEGV"),
        ),
        (
            execution(Status.SIGNALLED, None, 50),
            *(Verdict.INCORRECT, Reason.RUNTIME_ERROR, "killed by signal 50"),
        ),
    ],
)
def test_a_bad_end_has_its_own_reason(ran, verdict, reason, words):
    outcome = failure(ran, LIMITS)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert words in outcome.message
    assert (outcome.cpu_seconds, outcome.wall_seconds, outcome.memory_bytes) == (0.25, 0.5, 4096)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_an_outcome(status):
    outcome = failure(execution(status, 1), LIMITS)
    assert outcome.verdict is not Verdict.CORRECT
    assert outcome.message


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.EXITED])
def test_a_limit_that_was_met_is_a_failure_whatever_the_exit_code(status):
    assert failure(execution(status, 0), LIMITS) is not None


@pytest.mark.parametrize(
    ("stderr", "last"),
    [
        (b"Traceback ...\n  File\nValueError: no\n", "ValueError: no"),
        (b"first\n\n  \n\t\n", "first"),
        (b"", ""),
        (b"\n \n", ""),
        (b"\xff\xfe broken", "\ufffd\ufffd broken"),
        (b"only", "only"),
    ],
)
def test_the_last_words_are_told(stderr, last):
    said = ending(execution(exit_code=1, stderr=stderr), LIMITS)
    assert said == (f"exit code 1: {last}" if last else "exit code 1")


def test_the_last_words_stand_behind_a_limit_too():
    said = ending(execution(Status.MEMORY_LIMIT, 1, stderr=b"MemoryError\n"), LIMITS)
    assert said == "used more than 64 MiB of memory: MemoryError"


def test_a_message_is_short():
    outcome = told(execution(), Verdict.INCORRECT, Reason.WRONG_ANSWER, "x" * 5000)
    assert len(outcome.message) == 400
    assert len(failure(execution(exit_code=1, stderr=b"y" * 8192), LIMITS).message) == 400
