"""The verifier of programs: golden rows, every line of its table, rewards, checkers, assertions."""

import json

import pytest
import pytest_asyncio
from case_rows import case_rows
from jails import skip_without_jails

from sandbox.execution import Limits
from sandbox.settings import SandboxSettings
from verifier.convert.items import item_from_proto
from verifier.convert.rows import row_to_proto
from verifier.engine import Engine
from verifier.outcome.code import CodeSettings, CodeVerifier
from verifier.registry import Registry
from verifier.types import (
    AssertionTests,
    Assurance,
    CheckerProgram,
    CodeLimits,
    CodeTask,
    FunctionCase,
    FunctionTests,
    Item,
    MathTask,
    Reason,
    RewardMode,
    StdioCase,
    StdioTests,
    Verdict,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROWS = case_rows("code")
ONE_SLOT = CodeSettings(SandboxSettings(slots=1))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def verifier():
    made = CodeVerifier(ONE_SLOT)
    await made.start()
    if made.isolation.startswith("unavailable"):
        skip_without_jails(made.isolation)
    yield made
    await made.close()


async def verify(verifier, completion, task, prompt=""):
    return await verifier.verify(Item("id", completion, task, prompt), lambda: None)


def stdio(*cases, **tests):
    return StdioTests(tuple(StdioCase(*case) for case in cases), **tests)


def function(*cases, name="f"):
    return FunctionTests(name, tuple(FunctionCase(*case) for case in cases))


def reasons(outcome):
    return [test.reason for test in outcome.detail.tests]


# The five first integers, of which the program knows the ones up to its `n`.
KNOWS = "n = int(input())\nprint(n if n < {} else 0)"
FIVE = stdio(*((f"{n}\n", f"{n}\n") for n in range(1, 6)))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
async def test_golden_row_gets_its_verdict(verifier, row):
    sent = {key: row[key] for key in ("id", "completion", "prompt", "code") if key in row}
    item = item_from_proto(row_to_proto(json.dumps(sent).encode()), row["id"])
    outcome = await verifier.verify(item, lambda: None)
    found = (outcome.verdict.value, outcome.reason.value, outcome.reward)
    assert found == (row["verdict"], row["reason"], row["reward"]), outcome


async def test_a_right_program_says_what_it_ran_in(verifier):
    outcome = await verify(verifier, KNOWS.format(9), CodeTask(stdio=FIVE))
    detail = outcome.detail
    assert outcome.message == "passed 5 of 5 tests"
    assert (detail.passed, detail.total, len(detail.tests)) == (5, 5, 5)
    assert detail.isolation == verifier.isolation
    assert detail.assurance is Assurance.SEPARATE
    assert detail.language.startswith("python 3.")
    assert all(test.cpu_seconds > 0 and test.wall_seconds > 0 for test in detail.tests)


async def test_a_wrong_program_says_which_test_it_failed_first(verifier):
    outcome = await verify(verifier, KNOWS.format(4), CodeTask(stdio=FIVE))
    assert outcome.message.startswith("passed 3 of 5 tests; test 4: ")
    assert reasons(outcome) == [Reason.ALL_TESTS_PASSED] * 3 + [Reason.WRONG_ANSWER] * 2
    assert (outcome.reward, outcome.detail.passed) == (0.0, 3)


async def test_all_tests_are_run_unless_the_first_failure_is_to_stop(verifier):
    task = CodeTask(stdio=FIVE, stop_at_first_failure=True)
    outcome = await verify(verifier, KNOWS.format(3), task)
    assert reasons(outcome) == [
        *(Reason.ALL_TESTS_PASSED, Reason.ALL_TESTS_PASSED, Reason.WRONG_ANSWER),
        *(Reason.NOT_RUN, Reason.NOT_RUN),
    ]
    assert [test.verdict for test in outcome.detail.tests[3:]] == [Verdict.UNSCORED] * 2
    assert (outcome.verdict, outcome.reward) == (Verdict.INCORRECT, 0.0)
    assert outcome.detail.total == 5


async def test_tests_that_were_left_out_count_as_not_passed(verifier):
    task = CodeTask(stdio=FIVE, stop_at_first_failure=True, reward_mode=RewardMode.FRACTION)
    outcome = await verify(verifier, KNOWS.format(3), task)
    assert outcome.reward == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("known", "weights", "reward"),
    [
        (9, (), 1.0),
        (4, (), 0.6),
        (1, (), 0.0),
        (4, (1, 1, 1, 1, 1), 0.6),
        (4, (0, 0, 0, 1, 1), 0.0),
        (4, (5, 0, 0, 5, 0), 0.5),
        (2, (1e-3, 1, 1, 1, 1), 1e-3 / 4.001),
    ],
)
async def test_a_fraction_is_what_passed_by_weight(verifier, known, weights, reward):
    task = CodeTask(
        stdio=FIVE, reward_mode=RewardMode.FRACTION, test_weights=tuple(map(float, weights))
    )
    outcome = await verify(verifier, KNOWS.format(known), task)
    assert outcome.reward == pytest.approx(reward)
    assert (outcome.verdict is Verdict.CORRECT) == (known == 9)


SPINS = "n = int(input())\nwhile n == 2: pass\nprint(n)"


async def test_where_all_must_pass_the_first_time_out_is_the_last_test(verifier):
    task = CodeTask(stdio=FIVE, limits=CodeLimits(cpu_seconds=0.2))
    outcome = await verify(verifier, SPINS, task)
    assert outcome.reason is Reason.TIME_LIMIT_EXCEEDED
    assert reasons(outcome)[:3] == [
        *(Reason.ALL_TESTS_PASSED, Reason.TIME_LIMIT_EXCEEDED, Reason.NOT_RUN)
    ]


async def test_where_a_fraction_counts_the_tests_after_a_time_out_are_run(verifier):
    task = CodeTask(stdio=FIVE, limits=CodeLimits(cpu_seconds=0.2), reward_mode=RewardMode.FRACTION)
    outcome = await verify(verifier, SPINS, task)
    assert Reason.NOT_RUN not in reasons(outcome)
    assert outcome.reward == pytest.approx(0.8)


WAITS = (
    "import time\nn = int(input())\ntime.sleep(1000 if n == 2 else 0)\nprint(n if n != 1 else {})"
)


@pytest.mark.parametrize(
    ("mode", "first", "verdict"),
    [
        (RewardMode.ALL_PASS, 1, Verdict.UNSCORED),
        (RewardMode.ALL_PASS, 7, Verdict.INCORRECT),
        (RewardMode.FRACTION, 1, Verdict.UNSCORED),
        (RewardMode.FRACTION, 7, Verdict.UNSCORED),
    ],
)
async def test_a_test_that_could_not_be_decided_decides_if_it_matters(
    verifier, mode, first, verdict
):
    task = CodeTask(
        stdio=stdio(("1", "1"), ("2", "2")), reward_mode=mode, limits=CodeLimits(wall_seconds=0.3)
    )
    outcome = await verify(verifier, WAITS.format(first), task)
    assert outcome.verdict is verdict
    assert (outcome.reward is None) == (verdict is Verdict.UNSCORED)
    if verdict is Verdict.UNSCORED:
        assert outcome.reason is Reason.TIME_LIMIT_EXCEEDED
    assert reasons(outcome)[1] is Reason.TIME_LIMIT_EXCEEDED


async def test_the_tasks_limits_stand_before_the_verifiers():
    from verifier.outcome.code import _limits

    defaults = Limits(cpu_seconds=2.0, wall_seconds=9.0, processes=7)
    assert _limits(CodeTask(), defaults) == defaults
    given = CodeTask(limits=CodeLimits(memory_bytes=5, processes=1, wall_seconds=4.0))
    limits = _limits(given, defaults)
    assert (limits.memory_bytes, limits.processes, limits.wall_seconds) == (5, 1, 4.0)
    assert (limits.cpu_seconds, limits.output_bytes) == (2.0, defaults.output_bytes)
    longer = _limits(CodeTask(limits=CodeLimits(cpu_seconds=60.0)), defaults)
    assert longer.wall_seconds > longer.cpu_seconds, "the clock must not stop what may work"
    both = _limits(CodeTask(limits=CodeLimits(cpu_seconds=60.0, wall_seconds=1.0)), defaults)
    assert both.wall_seconds == 1.0


# ------------------------------------------------------------------------------- checker programs

ANY_ORDER = """
import json, sys
question = json.load(sys.stdin)
assert set(question) == {"stdin", "expected_stdout", "stdout"}
same = sorted(question["stdout"].split()) == sorted(question["expected_stdout"].split())
print("accept" if same else "reject: other words")
"""


@pytest.mark.parametrize(
    ("checker", "printed", "verdict", "reason", "words"),
    [
        (ANY_ORDER, "b a", Verdict.CORRECT, Reason.ALL_TESTS_PASSED, ""),
        (ANY_ORDER, "b b", Verdict.INCORRECT, Reason.WRONG_ANSWER, ""),
        ("print('reject', 'too long')", "a", Verdict.INCORRECT, Reason.WRONG_ANSWER, "too long"),
        ("print('  accept\\nreject')", "a", Verdict.CORRECT, Reason.ALL_TESTS_PASSED, ""),
        ("1 / 0", "a", Verdict.UNSCORED, Reason.UNDECIDED, "ZeroDivisionError"),
        ("print('accept')\n1 / 0", "a", Verdict.UNSCORED, Reason.UNDECIDED, "failed"),
        ("pass", "a", Verdict.UNSCORED, Reason.UNDECIDED, "neither accept nor reject"),
        ("print('accepted')", "a", Verdict.UNSCORED, Reason.UNDECIDED, "neither"),
        ("print('ACCEPT')", "a", Verdict.UNSCORED, Reason.UNDECIDED, "neither"),
    ],
)
async def test_a_checker_program_decides(verifier, checker, printed, verdict, reason, words):
    # One that stops at a colon is a word of its own.
    checker = checker.replace("reject: other", "reject other")
    tests = stdio(("in", "a b"), checker_program=CheckerProgram("python", checker))
    outcome = await verify(verifier, f"print({printed!r})", CodeTask(stdio=tests))
    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert words in outcome.message


async def test_a_checker_program_in_a_language_that_nobody_runs(verifier):
    tests = stdio(("in", "a b"), checker_program=CheckerProgram("apl", "x"))
    outcome = await verify(verifier, "print(1)", CodeTask(stdio=tests))
    assert (outcome.verdict, outcome.reason) == (Verdict.UNSCORED, Reason.UNSUPPORTED)


async def test_a_failed_program_is_not_shown_to_the_checker(verifier):
    tests = stdio(("in", "a"), checker_program=CheckerProgram("python", "print('accept')"))
    outcome = await verify(verifier, "print('a')\n1 / 0", CodeTask(stdio=tests))
    assert (outcome.verdict, outcome.reason) == (Verdict.INCORRECT, Reason.RUNTIME_ERROR)


# ------------------------------------------------------------------------------------- assertions

# Passes a function of its own to the tested one: that cannot cross.
NEEDS_A_FUNCTION = AssertionTests(
    "apply", program="def check(candidate):\n    assert candidate(lambda x: x + 1, 3) == 4\n"
)
APPLY = "def apply(f, x):\n    return f(x)"


async def test_assertions_that_cannot_be_kept_apart_are_unscored(verifier):
    outcome = await verify(verifier, APPLY, CodeTask(assertions=NEEDS_A_FUNCTION))
    assert (outcome.verdict, outcome.reason) == (Verdict.UNSCORED, Reason.UNSUPPORTED)
    assert "allow_in_process" in outcome.message
    assert outcome.detail.assurance is Assurance.SEPARATE


@pytest.mark.parametrize(("program", "right"), [(APPLY, True), (APPLY + " + 1", False)])
async def test_allowed_they_run_in_process_and_say_so(verifier, program, right):
    from msgspec import structs

    tests = structs.replace(NEEDS_A_FUNCTION, allow_in_process=True)
    outcome = await verify(verifier, program, CodeTask(assertions=tests))
    assert outcome.verdict is (Verdict.CORRECT if right else Verdict.INCORRECT)
    assert outcome.detail.assurance is Assurance.IN_PROCESS


async def test_allowing_it_does_not_weaken_what_can_be_kept_apart(verifier):
    for program in (
        "def check(candidate):\n    assert candidate(1) == 1\n",
        "def check(candidate):\n    for n in range(3):\n        assert candidate(n) == n\n",
    ):
        tests = AssertionTests("f", program=program, allow_in_process=True)
        outcome = await verify(verifier, "def f(x):\n    return x", CodeTask(assertions=tests))
        assert outcome.verdict is Verdict.CORRECT
        assert outcome.detail.assurance is Assurance.SEPARATE


async def test_a_test_that_is_no_python_says_nothing_of_the_program(verifier):
    tests = AssertionTests("f", assertions=("assert f(1) ==",))
    outcome = await verify(verifier, "def f(x):\n    return x", CodeTask(assertions=tests))
    assert (outcome.verdict, outcome.reason) == (Verdict.UNSCORED, Reason.INVALID_INPUT)


# --------------------------------------------------------------------------- what cannot be tested


@pytest.mark.parametrize(
    "task",
    [
        CodeTask("apl", stdio=FIVE),
        CodeTask("cpp", function=function(("[1]", "1"))),
        CodeTask("cpp", assertions=AssertionTests("f", assertions=("assert f(1) == 1",))),
        CodeTask(),
    ],
)
async def test_what_is_not_supported_is_unscored(verifier, task):
    outcome = await verify(verifier, "x", task)
    assert (outcome.verdict, outcome.reason) == (Verdict.UNSCORED, Reason.UNSUPPORTED)
    assert outcome.message


@pytest.mark.parametrize(
    ("task", "total"),
    [
        (CodeTask(stdio=FIVE), 5),
        (CodeTask(function=function(("[1]", "1"))), 1),
        (CodeTask(assertions=AssertionTests("f", "", ("assert f(1)",), "def check(c): pass")), 2),
    ],
)
async def test_no_program_is_a_wrong_answer(verifier, task, total):
    for completion in ("", "  \n", "<think>print(1)</think>", "```text\n1\n```"):
        outcome = await verify(verifier, completion, task)
        assert (outcome.verdict, outcome.reason) == (Verdict.INCORRECT, Reason.NO_ANSWER)
        assert (outcome.detail.passed, outcome.detail.total) == (0, total)


async def test_a_program_that_cannot_be_compiled_is_a_wrong_answer(verifier):
    if not any(name == "cpp" for name in verifier.members):
        pytest.skip("no compiler here")
    outcome = await verify(verifier, "int main() { return }", CodeTask("cpp", stdio=FIVE))
    assert (outcome.verdict, outcome.reason) == (Verdict.INCORRECT, Reason.COMPILE_ERROR)
    assert "error" in outcome.message
    assert (outcome.detail.passed, outcome.detail.total) == (0, 5)


async def test_another_task_is_a_mistake_of_the_caller(verifier):
    with pytest.raises(TypeError, match="MathTask"):
        await verify(verifier, "x", MathTask(("1",)))


@pytest.mark.parametrize("bad", [("[1", "1"), ("[1]", "NaN"), ("[1]", "")])
async def test_cases_that_are_no_json_are_the_callers(verifier, bad):
    async with Engine(Registry([CodeVerifier(ONE_SLOT)])) as engine:
        (result,) = await engine.score(
            [Item("id", "def f(x): return x", CodeTask(function=function(bad)))]
        )
    assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.INVALID_INPUT)


async def test_its_own_samples_get_their_verdicts(verifier):
    for item, verdict in verifier.self_test[:2]:
        assert (await verifier.verify(item, lambda: None)).verdict is verdict


@pytest.mark.parametrize(("more", "verdict"), [(0, Verdict.CORRECT), (1, Verdict.INCORRECT)])
async def test_integers_of_any_size_are_compared_exactly(verifier, more, verdict):
    digits = "7" * 6000  # more than Python reads or writes of itself
    expected = digits[:-1] + str(7 + more)
    row = {"entry_point": "f", "cases": [{"args_json": f"[{digits}]", "expected_json": expected}]}
    sent = {"completion": "def f(n): return n + 1 - 1", "code": {"function": row}}
    item = item_from_proto(row_to_proto(json.dumps(sent).encode()), "long")
    outcome = await verifier.verify(item, lambda: None)
    assert outcome.verdict is verdict, outcome.message
