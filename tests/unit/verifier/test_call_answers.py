"""Calls and their answers: which runs it takes, and what is said of calls that gave nothing."""

import json

import pytest

from sandbox.execution import Execution, Isolation, Limits, Status
from verifier.programs.answers import ask
from verifier.programs.evidence import Raised
from verifier.programs.subject import Subject
from verifier.types import CodeTask, Reason, RewardMode, TestOutcome, Verdict

LOADED = b'{"loaded":true}\n'
LIMITS = Limits(cpu_seconds=2.0)


def execution(results, status=Status.EXITED, exit_code=0, stderr=b"", number=None):
    return Execution(
        *(status, exit_code, number, b"", stderr, results), *(0.6, 0.9, 0.0, 1, Isolation.FULL)
    )


def values(*given):
    return LOADED + b"".join(b'{"value":%s}\n' % json.dumps(value).encode() for value in given)


class Jails:
    """A sandbox that answers as it is told, and remembers what was asked."""

    def __init__(self, *runs):
        self._runs = list(runs)
        self.asked = []

    async def call(self, payload, limits, started):
        self.asked.append([call["target"] for call in payload["calls"]])
        return self._runs.pop(0)


class Program:
    source = "pass"


async def asked(calls, *runs, mode=RewardMode.FRACTION, stop=False):
    jails = Jails(*runs)
    task = CodeTask(reward_mode=mode, stop_at_first_failure=stop)
    subject = Subject(jails, Program(), task, LIMITS, prompt="", started=lambda: None)
    answers = await ask(subject, [{"target": name, "args": [], "kwargs": {}} for name in calls])
    return answers, ["".join(names) for names in jails.asked]


def brief(answers):
    """Values and exceptions' names as they are, and reasons of what was lost."""
    words = []
    for answer in answers:
        if isinstance(answer, TestOutcome):
            words.append(answer.reason)
        elif isinstance(answer.outcome, Raised):
            words.append(answer.outcome.type_name)
        else:
            words.append(answer.outcome.value)
    return words


async def test_all_calls_take_one_run():
    answers, runs = await asked("abc", execution(values(1, 2, 3)))
    assert brief(answers) == [1, 2, 3]
    assert runs == ["abc"]
    assert all(answer.calls == 3 for answer in answers)


async def test_a_run_is_shared_evenly():
    (first, _, _), _ = await asked("abc", execution(values(1, 2, 3)))
    outcome = first.told(Verdict.CORRECT, Reason.ALL_TESTS_PASSED, "")
    assert outcome.cpu_seconds == pytest.approx(0.2)
    assert outcome.wall_seconds == pytest.approx(0.3)


async def test_a_call_that_ends_the_program_costs_its_neighbours_nothing():
    died = execution(values(1), exit_code=3)
    alone = execution(LOADED, exit_code=3, stderr=b"gone\n")
    answers, runs = await asked("abcd", died, alone, execution(values(3, 4)))
    assert brief(answers) == [1, Reason.RUNTIME_ERROR, 3, 4]
    assert runs == ["abcd", "bcd", "cd"]
    assert answers[1].message == "the program ended during the call: exit code 3: gone"


async def test_a_call_that_fails_in_company_and_not_alone_is_answered():
    late = execution(values(1), Status.CPU_LIMIT, None)
    answers, runs = await asked("ab", late, execution(values(2)))
    assert brief(answers) == [1, 2]
    assert runs == ["ab", "b"]


async def test_an_answer_that_came_alone_and_too_late_is_none():
    late = execution(values(1), Status.CPU_LIMIT, None)
    answers, _ = await asked("a", late)
    assert brief(answers) == [Reason.TIME_LIMIT_EXCEEDED]


async def test_where_all_must_pass_the_first_that_takes_too_long_decides():
    over = execution(LOADED, Status.CPU_LIMIT, None)
    answers, runs = await asked("abc", over, mode=RewardMode.ALL_PASS)
    assert brief(answers) == [Reason.TIME_LIMIT_EXCEEDED]
    assert runs == ["abc"]


async def test_where_passed_tests_count_the_others_are_asked_for():
    over = execution(LOADED, Status.CPU_LIMIT, None)
    answers, runs = await asked("ab", over, execution(values(2)))
    assert brief(answers) == [Reason.TIME_LIMIT_EXCEEDED, 2]
    assert runs == ["ab", "b"]


async def test_a_call_that_exits_well_has_still_answered_nothing():
    answers, _ = await asked("a", execution(LOADED))
    assert brief(answers) == [Reason.RUNTIME_ERROR]
    assert "exit code 0" in answers[0].message


@pytest.mark.parametrize(
    ("ran", "reason"),
    [
        (execution(b"", exit_code=1, stderr=b"SyntaxError: bad\n"), Reason.RUNTIME_ERROR),
        (execution(b"", exit_code=0), Reason.RUNTIME_ERROR),
        (execution(b"", Status.MEMORY_LIMIT, None, number=9), Reason.MEMORY_LIMIT_EXCEEDED),
        (execution(b"", Status.CPU_LIMIT, None), Reason.TIME_LIMIT_EXCEEDED),
        (execution(b'{"value":1}\n{"value":2}\n'), Reason.RUNTIME_ERROR),
        (execution(b"\n" + LOADED + b'{"value":1}\n'), Reason.RUNTIME_ERROR),
    ],
)
async def test_a_program_that_was_never_loaded_fails_every_call_with_one_run(ran, reason):
    answers, runs = await asked("abc", ran)
    assert brief(answers) == [reason] * 3
    assert runs == ["abc"]


async def test_a_wall_limit_says_nothing_of_the_program():
    (answer, *_), _ = await asked("a", execution(LOADED, Status.WALL_LIMIT, None))
    assert (answer.verdict, answer.reason) == (Verdict.UNSCORED, Reason.TIME_LIMIT_EXCEEDED)


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[",
        b"1",
        b'{"value":NaN}',
        b'{"value":1,"passed":true}',
        b'{"passed":true}',
        b'{"raised":1,"message":2}',
        b'{"value":{"int":"zz"}}',
        b"\xff",
        b'{"loaded":true}',
        b"[" * 100_000,
        b'{"value":' + b"[" * 100_000,
    ],
)
async def test_a_line_that_is_none_is_an_exception_of_that_call(line):
    answers, runs = await asked("ab", execution(LOADED + line + b'\n{"value":2}\n'))
    assert brief(answers) == ["ProtocolError", 2]
    assert runs == ["ab"]


async def test_lines_beyond_the_calls_are_nobodys():
    answers, _ = await asked("a", execution(values(1, 2, 3)))
    assert brief(answers) == [1]


async def test_a_line_cut_short_by_the_end_is_no_answer_of_a_later_call():
    over = (Status.MEMORY_LIMIT, None, b"", 9)
    cut, alone = execution(values(1) + b'{"value":2', *over), execution(LOADED, *over)
    answers, runs = await asked("ab", cut, alone)
    assert brief(answers) == [1, Reason.MEMORY_LIMIT_EXCEEDED]
    assert runs == ["ab", "b"]


async def test_stopping_at_the_first_failure_asks_for_no_more():
    died = execution(LOADED, exit_code=1)
    answers, runs = await asked("abc", died, stop=True)
    assert brief(answers) == [Reason.RUNTIME_ERROR]
    assert runs == ["abc"]


async def test_no_calls_take_no_run():
    assert await asked("") == ([], [])
