"""Standard input to standard output: one process per case, its output compared out here."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final

from sandbox.builds import BuildFailure
from sandbox.execution import Limits
from verifier.programs.checkers.table import CHECKERS, DEFAULT_TOLERANCE
from verifier.programs.endings import failure, told
from verifier.types import Reason, TestOutcome, Verdict

if TYPE_CHECKING:
    from sandbox.execution import Execution
    from verifier.programs.subject import Subject
    from verifier.types import CheckerProgram, StdioCase, StdioTests

# Of a checker program; it is trusted, but what it reads is not.
_CHECKER_LIMITS: Final = Limits(cpu_seconds=10.0, wall_seconds=40.0)
_LONG: Final = 200_000  # bytes; comparing more would keep the event loop from everybody else
_ACCEPT: Final = b"accept"
_REJECT: Final = b"reject"


async def run(subject: Subject, tests: StdioTests) -> list[TestOutcome]:
    """One outcome per case, in order.

    Raises:
        SandboxError: the sandbox failed.
        LookupError: the checker program's language cannot be run here.
    """
    outcomes: list[TestOutcome] = []
    for case in tests.cases:
        outcomes.append(await _one(subject, tests, case))
        if subject.decided(outcomes[-1]):
            break
    return subject.cut(outcomes, len(tests.cases))


async def _one(subject: Subject, tests: StdioTests, case: StdioCase) -> TestOutcome:
    stdin = case.stdin.encode("utf-8", "surrogatepass")
    ran = await subject.sandbox.run(subject.program, stdin, subject.limits, subject.started)
    failed = failure(ran, subject.limits)
    if failed is not None:
        return failed
    if tests.checker_program is not None:
        return await _asked(subject, tests.checker_program, case, ran)
    tolerance = DEFAULT_TOLERANCE if tests.tolerance is None else tests.tolerance
    checker = CHECKERS[tests.checker]
    expected = case.expected_stdout.encode("utf-8", "surrogatepass")
    if len(ran.stdout) + len(expected) > _LONG:
        problem = await asyncio.to_thread(checker, ran.stdout, expected, tolerance)
    else:
        problem = checker(ran.stdout, expected, tolerance)
    if problem is None:
        return told(ran, Verdict.CORRECT, Reason.ALL_TESTS_PASSED, "")
    return told(ran, Verdict.INCORRECT, Reason.WRONG_ANSWER, problem)


async def _asked(
    subject: Subject, checker: CheckerProgram, case: StdioCase, ran: Execution
) -> TestOutcome:
    """What a checker program says of the output. Failing, it says nothing of the program."""
    prepared = await subject.sandbox.prepare(checker.language, checker.source, subject.started)
    if isinstance(prepared, BuildFailure):
        message = f"the checker program cannot be compiled: {prepared.message}"
        return told(ran, Verdict.UNSCORED, Reason.INVALID_INPUT, message)
    question = {
        "stdin": case.stdin,
        "expected_stdout": case.expected_stdout,
        "stdout": ran.stdout.decode("utf-8", "replace"),
    }
    stdin = json.dumps(question).encode()
    said = await subject.sandbox.run(prepared, stdin, _CHECKER_LIMITS, subject.started)
    words = said.stdout.split(None, 1)
    failed = failure(said, _CHECKER_LIMITS)
    if failed is not None or not words or words[0] not in (_ACCEPT, _REJECT):
        why = failed.message if failed is not None else "it printed neither accept nor reject"
        message = f"the checker program failed: {why}"
        return told(ran, Verdict.UNSCORED, Reason.UNDECIDED, message)
    if words[0] == _ACCEPT:
        return told(ran, Verdict.CORRECT, Reason.ALL_TESTS_PASSED, "")
    why = said.stdout.decode("utf-8", "replace").strip()
    return told(ran, Verdict.INCORRECT, Reason.WRONG_ANSWER, why)
