"""Assertions: taken apart into calls wherever possible, else run in a jail of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sandbox.execution import Status
from verifier.programs.answers import Answered, ask
from verifier.programs.assertions import (
    entry_point_of,
    helpers_in,
    setup_is_plain,
    take_apart,
    take_apart_program,
)
from verifier.programs.endings import failure, told
from verifier.programs.evidence import Raised, holds
from verifier.types import Assurance, Reason, TestOutcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.execution import Execution
    from verifier.programs.answers import Answer
    from verifier.programs.assertions import Parts
    from verifier.programs.subject import Subject
    from verifier.types import AssertionTests

_LIMITS: Final = frozenset(Status) - {Status.EXITED, Status.SIGNALLED}
_REMEMBERED: Final = 4096  # tests taken apart: those of the prompts of a few training steps


@dataclass(frozen=True, slots=True)
class Judged:
    """What the assertions say.

    Attributes:
        outcomes: one per test, in order.
        assurance: whether the program could reach what decided.
    """

    outcomes: list[TestOutcome]
    assurance: Assurance = Assurance.SEPARATE


async def run(subject: Subject, tests: AssertionTests) -> Judged:
    """One outcome per assertion, in order, and one more for the program.

    Raises:
        SandboxError: the sandbox failed.
    """
    apart = _taken_apart(tests, helpers_in(subject.prompt, tests.entry_point))
    if apart is not None:
        return Judged(await _compared(subject, apart))
    lines, rans = await _checked(subject, tests)
    if any("unreachable" in line for line in lines) and tests.allow_in_process:
        payload = {"source": subject.program.source, **_payload(tests, helpers="")}
        ran = await subject.sandbox.check_in_process(payload, subject.limits, subject.started)
        outcomes = _told_of_all(subject, tests, _lines(ran), [ran])
        return Judged(outcomes, Assurance.IN_PROCESS)
    return Judged(_told_of_all(subject, tests, lines, rans))


# ---------------------------------------------------------------------------------- taken apart


@lru_cache(_REMEMBERED)
def _taken_apart(tests: AssertionTests, helpers: str) -> tuple[tuple[Parts, ...], ...] | None:
    """For each test its parts; None if one cannot be taken apart, or calls a helper."""
    if not setup_is_plain(tests.setup):
        return None
    entry_point = tests.entry_point or entry_point_of(tests.assertions)
    apart: list[tuple[Parts, ...]] = []
    for assertion in tests.assertions:
        parts = take_apart(assertion, entry_point)
        if parts is None:
            return None
        apart.append((parts,))
    if tests.program.strip():
        program = take_apart_program(tests.program, entry_point)
        if program is None:
            return None
        apart.append(program)
    called = {call.target for test in apart for parts in test for call in parts.calls}
    if any(f" {name}(" in helpers for name in called - {entry_point}):
        return None
    return tuple(apart)


async def _compared(subject: Subject, apart: Sequence[Sequence[Parts]]) -> list[TestOutcome]:
    """Asks for everything at once, and compares test by test."""
    calls = [call.payload() for test in apart for parts in test for call in parts.calls]
    answers = await ask(subject, calls)
    outcomes: list[TestOutcome] = []
    first = 0
    for test in apart:
        if first > len(answers) or (first == len(answers) and first < len(calls)):
            break  # what came before took so long that this was not asked for
        outcome, first = _test(test, answers, first)
        outcomes.append(outcome)
    return subject.cut(outcomes, len(apart))


def _test(test: Sequence[Parts], answers: Sequence[Answer], first: int) -> tuple[TestOutcome, int]:
    """The outcome of one test, and where the next one's answers begin."""
    after = first + sum(len(parts.calls) for parts in test)
    given = answers[first:after]
    answered = [answer for answer in given if isinstance(answer, Answered)]
    for parts in test:
        own = answers[first : first + len(parts.calls)]
        first += len(parts.calls)
        for answer in own:
            if isinstance(answer, TestOutcome):
                return answer, after
        found = holds(parts, [answer.outcome for answer in own if isinstance(answer, Answered)])
        if found is not None:
            reason = (
                Reason.RUNTIME_ERROR if isinstance(found.outcome, Raised) else Reason.WRONG_ANSWER
            )
            return _of(answered, Verdict.INCORRECT, reason, found.message), after
    return _of(answered, Verdict.CORRECT, Reason.ALL_TESTS_PASSED, ""), after


def _of(
    answered: Sequence[Answered], verdict: Verdict, reason: Reason, message: str
) -> TestOutcome:
    """An outcome with the time of the calls that it rests on; some rest on none."""
    if not answered:
        return TestOutcome(verdict, reason, message=message)
    return answered[-1].told(verdict, reason, message, len(answered))


# ------------------------------------------------------------------------------ in a second jail


def _payload(tests: AssertionTests, *, helpers: str) -> dict[str, object]:
    return {
        "setup": f"{helpers}\n{tests.setup}" if helpers else tests.setup,
        "assertions": list(tests.assertions),
        "program": tests.program if tests.program.strip() else "",
        "entry_point": tests.entry_point,
    }


async def _checked(
    subject: Subject, tests: AssertionTests
) -> tuple[list[dict[str, object]], list[Execution]]:
    """The lines of the second jail, and the runs that explain those that lack."""
    tester, candidate = await subject.sandbox.check(
        subject.program.source,
        _payload(tests, helpers=helpers_in(subject.prompt, tests.entry_point)),
        subject.limits,
        subject.started,
    )
    if candidate.status is Status.EXITED and candidate.exit_code != 0:
        return [], [candidate]  # it could not be loaded, or ended itself
    return _lines(tester), [tester, candidate]


def _lines(ran: Execution) -> list[dict[str, object]]:
    """What the tests wrote; up to the first that is no line of theirs."""
    lines: list[dict[str, object]] = []
    for text in ran.results.splitlines():
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            break
        if not isinstance(line, dict):
            break
        lines.append(line)
    return lines


def _told_of_all(
    subject: Subject,
    tests: AssertionTests,
    lines: Sequence[dict[str, object]],
    rans: Sequence[Execution],
) -> list[TestOutcome]:
    total = tests.count
    over = failure(rans[-1], subject.limits) if rans[-1].status in _LIMITS else None
    outcomes = [
        over if over is not None and line.get("raised") == "ProtocolError" else _told(line, rans[0])
        for line in lines[:total]
    ]
    if len(outcomes) < total:
        outcomes += [_lost(subject, rans)] * (total - len(outcomes))
    return subject.cut(outcomes, total)


def _told(line: dict[str, object], ran: Execution) -> TestOutcome:
    """The outcome that one line of the tests' jail stands for."""
    match line:
        case {"passed": True}:
            return told(ran, Verdict.CORRECT, Reason.ALL_TESTS_PASSED, "")
        case {"failed": message, "line": source}:
            text = f"{source}: {message}" if message else str(source)
            return told(ran, Verdict.INCORRECT, Reason.WRONG_ANSWER, text)
        case {
            "raised": "SyntaxError" | "IndentationError" | "TabError",
            "message": message,
            "by": "test",
        }:
            return told(ran, Verdict.UNSCORED, Reason.INVALID_INPUT, f"the test: {message}")
        case {"raised": name, "message": message}:
            return told(ran, Verdict.INCORRECT, Reason.RUNTIME_ERROR, f"raised {name}: {message}")
        case {"unreachable": why}:
            text = f"{why}; allow_in_process would run it in one process with the program"
            return told(ran, Verdict.UNSCORED, Reason.UNSUPPORTED, text)
        case _:
            return told(ran, Verdict.UNSCORED, Reason.INTERNAL, "the tests wrote no line of theirs")


def _lost(subject: Subject, rans: Sequence[Execution]) -> TestOutcome:
    """The outcome of tests that were not heard of: the run met a limit, or was ended."""
    for ran in rans:
        if ran.status is not Status.SIGNALLED:
            failed = failure(ran, subject.limits)
            if failed is not None:
                return failed
    message = "the tests ended before their end"
    return told(rans[0], Verdict.INCORRECT, Reason.RUNTIME_ERROR, message)
