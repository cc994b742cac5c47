"""Calls of one function: JSON arguments go in, data comes out and is compared out here."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sandbox.jail.data import encode
from sandbox.jail.kinds import Array
from verifier.programs.answers import Answered, ask
from verifier.programs.checkers.table import DEFAULT_TOLERANCE
from verifier.programs.evidence import Raised
from verifier.programs.values import mismatch, parse_expected
from verifier.types import Reason, TestOutcome, Verdict

if TYPE_CHECKING:
    from verifier.programs.answers import Answer
    from verifier.programs.subject import Subject
    from verifier.types import FunctionTests

_REMEMBERED: Final = 256  # tests read: those of the prompts of a training step


async def run(subject: Subject, tests: FunctionTests) -> list[TestOutcome]:
    """One outcome per case, in order.

    Raises:
        SandboxError: the sandbox failed.
        InputError: arguments or an expected value that are no JSON.
    """
    calls, expected = _read(tests)
    tolerance = DEFAULT_TOLERANCE if tests.tolerance is None else tests.tolerance
    answers = await ask(subject, calls)
    outcomes = [
        _judged(answer, wanted, tolerance)
        for answer, wanted in zip(answers, expected, strict=False)
    ]
    return subject.cut(outcomes, len(tests.cases))


@lru_cache(_REMEMBERED)
def _read(tests: FunctionTests) -> tuple[list[dict[str, object]], list[object]]:
    """The calls, and what each must return."""
    expected = [parse_expected(case.expected_json) for case in tests.cases]
    return [_call(tests.entry_point, case.args_json) for case in tests.cases], expected


def _call(entry_point: str, args_json: str) -> dict[str, object]:
    arguments = parse_expected(args_json, field="args_json")
    return {"target": entry_point, "args": encode(arguments), "kwargs": {}}


def _judged(answer: Answer, expected: object, tolerance: float) -> TestOutcome:
    if not isinstance(answer, Answered):
        return answer
    given = answer.outcome
    if isinstance(given, Raised):
        message = f"raised {given.type_name}: {given.message}"
        return answer.told(Verdict.INCORRECT, Reason.RUNTIME_ERROR, message)
    value = given.value.items if isinstance(given.value, Array) else given.value
    problem = mismatch(value, expected, tolerance)
    if problem is None:
        return answer.told(Verdict.CORRECT, Reason.ALL_TESTS_PASSED, "")
    return answer.told(Verdict.INCORRECT, Reason.WRONG_ANSWER, problem)
