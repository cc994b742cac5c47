"""Code tasks as they come in: what is refused and by which name, and what an absence stands for."""

import json

import pytest
from msgspec import structs

from verifier.cache import ResultCache, cache_key
from verifier.cli.list import _line
from verifier.convert.checks import check_task
from verifier.convert.items import item_from_proto, item_to_proto
from verifier.convert.results import (
    info_from_proto,
    info_to_proto,
    result_from_proto,
    result_to_proto,
)
from verifier.convert.rows import dict_to_proto, proto_to_row
from verifier.engine import Engine
from verifier.errors import InputError
from verifier.registry import Registry, builtin
from verifier.types import (
    AssertionTests,
    CheckerProgram,
    CodeDetail,
    CodeLimits,
    CodeTask,
    FunctionCase,
    FunctionTests,
    InvalidTask,
    Item,
    Outcome,
    Reason,
    Result,
    RewardMode,
    StdioCase,
    StdioTests,
    TestOutcome,
    Verdict,
    VerifierInfo,
)
from verifier.v1 import code_pb2, result_pb2, verdict_pb2

STDIO = {"cases": [{"stdin": "1\n", "expected_stdout": "2\n"}]}
FUNCTION = {"entry_point": "f", "cases": [{"args_json": "[1]", "expected_json": "2"}]}
ASSERTIONS = {"entry_point": "f", "assertions": ["assert f(1) == 2"]}
CHECK = "def check(candidate):\n    assert candidate(1) == 2\n"


def read(**code):
    """The task of a row."""
    return item_from_proto(dict_to_proto({"completion": "x", "code": code}), "1").task


def call(args="[1]", expected="2"):
    return {"function": {**FUNCTION, "cases": [{"args_json": args, "expected_json": expected}]}}


def test_what_a_row_leaves_out_is_as_by_default():
    assert read(stdio=STDIO) == CodeTask(stdio=StdioTests((StdioCase("1\n", "2\n"),)))
    assert read(function=FUNCTION) == CodeTask(
        function=FunctionTests("f", (FunctionCase("[1]", "2"),))
    )
    assert read(assertions=ASSERTIONS) == CodeTask(
        assertions=AssertionTests("f", assertions=("assert f(1) == 2",))
    )
    assert read(stdio=STDIO).limits == CodeLimits()


def test_an_empty_language_is_python_and_an_empty_checker_is_tokens():
    program = {"source": "print('accept')", "language": ""}
    task = read(language="", stdio={**STDIO, "checker": "", "checker_program": program})
    assert (task.language, task.stdio.checker) == ("python", "tokens")
    assert task.stdio.checker_program == CheckerProgram("python", "print('accept')")


def test_a_language_that_nothing_runs_is_for_the_verifier_to_refuse():
    assert read(language="brainfuck", stdio=STDIO).language == "brainfuck"


def test_what_is_given_arrives():
    limits = {
        "cpu_seconds": 600,
        "wall_seconds": 1800.0,
        "memory_bytes": str(64 * 2**30),
        "output_bytes": 2**28,
        "processes": 1024,
        "stack_bytes": "1",
        "file_bytes": 2**32,
    }
    task = read(
        assertions={
            **ASSERTIONS,
            "setup": "import math",
            "program": CHECK,
            "allow_in_process": True,
        },
        limits=limits,
        reward_mode="fraction",
        stop_at_first_failure=True,
        test_weights=[0, 0.5],
    )
    assert task.limits == CodeLimits(600, 1800, 2**36, 2**28, 1024, 1, 2**32)
    assert task.assertions == AssertionTests(
        "f", "import math", ("assert f(1) == 2",), CHECK, allow_in_process=True
    )
    assert (task.reward_mode, task.test_weights) == (RewardMode.FRACTION, (0.0, 0.5))
    assert task.stop_at_first_failure


REFUSED = [
    ({}, "code: must have exactly one of stdio, function, assertions; has none"),
    ({"stdio": {}}, "code.stdio.cases: must hold at least one case"),
    ({"stdio": {**STDIO, "checker": "fuzzy"}}, "code.stdio.checker: 'fuzzy' is not one of tokens"),
    (
        {"stdio": {**STDIO, "checker": "exact", "checker_program": {"source": "x"}}},
        "code.stdio.checker: 'exact' and checker_program exclude each other",
    ),
    (
        {"stdio": {**STDIO, "checker_program": {"source": " \n"}}},
        "code.stdio.checker_program.source: must not be empty",
    ),
    ({"stdio": {**STDIO, "tolerance": 1}}, "code.stdio.tolerance: must be in [0, 1), is 1.0"),
    ({"stdio": {**STDIO, "tolerance": "NaN"}}, "code.stdio.tolerance: must be in [0, 1), is nan"),
    ({"function": {**FUNCTION, "tolerance": -1}}, "code.function.tolerance: must be in [0, 1)"),
    ({"function": {"entry_point": "f"}}, "code.function.cases: must hold at least one case"),
    ({"function": {"cases": FUNCTION["cases"]}}, "code.function.entry_point: must name"),
    ({"function": {**FUNCTION, "entry_point": "f()"}}, "code.function.entry_point: must be an ide"),
    ({"function": {**FUNCTION, "entry_point": "a..b"}}, "code.function.entry_point: must be an id"),
    ({"function": {**FUNCTION, "entry_point": "f.if"}}, "code.function.entry_point: must be an id"),
    (call(args="1"), "code.function.cases[0].args_json: must be a JSON array"),
    (call(args="[1"), "code.function.cases[0].args_json: is not JSON"),
    (call(args=""), "code.function.cases[0].args_json: is not JSON"),
    (call(args="[" * 9999), "code.function.cases[0].args_json: is nested too deep"),
    (call(expected="NaN"), "code.function.cases[0].expected_json: is not JSON"),
    (call(expected="[1e999]"), "code.function.cases[0].expected_json: is not JSON"),
    (call(expected="(1, 2)"), "code.function.cases[0].expected_json: is not JSON"),
    ({"assertions": {"setup": "x = 1"}}, "code.assertions.assertions: must hold at least one"),
    ({"assertions": {"program": " \n"}}, "code.assertions.assertions: must hold at least one"),
    ({"assertions": {"program": CHECK}}, "code.assertions.entry_point: must name the function"),
    ({"assertions": {**ASSERTIONS, "entry_point": "1f"}}, "code.assertions.entry_point: must be"),
    *(
        ({"stdio": STDIO, "limits": {name: value}}, f"code.limits.{name}: must be in {range_}, is")
        for name, value, range_ in (
            ("cpu_seconds", 0, "(0, 600]"),
            ("cpu_seconds", "NaN", "(0, 600]"),
            ("wall_seconds", 1801, "(0, 1800]"),
            ("memory_bytes", 0, "[1, 68719476736]"),
            ("output_bytes", 2**28 + 1, "[1, 268435456]"),
            ("processes", 1025, "[1, 1024]"),
            ("stack_bytes", -1, "[1, 1073741824]"),
            ("file_bytes", 2**32 + 1, "[1, 4294967296]"),
        )
    ),
    ({"stdio": STDIO, "test_weights": [1]}, "code.test_weights: only reward_mode fraction"),
    ({"stdio": STDIO, "reward_mode": 9}, "code.reward_mode: RewardMode has no value 9"),
]


@pytest.mark.parametrize(("code", "problem"), REFUSED)
def test_what_breaks_a_limit_is_refused_by_name(code, problem):
    task = read(**code)
    assert isinstance(task, InvalidTask)
    assert task.problem.startswith(problem)


@pytest.mark.parametrize(
    ("weights", "problem"),
    [
        ([1, 1, 1], "code.test_weights: must hold one per test, 2 in all, holds 3"),
        ([1, -1], "code.test_weights[1]: must be finite and >= 0, is -1.0"),
        (["Infinity", 1], "code.test_weights[0]: must be finite and >= 0, is inf"),
        (["NaN", 1], "code.test_weights[0]: must be finite"),
        ([0, 0], "code.test_weights: must have a finite sum > 0, have 0.0"),
        ([1e308, 1e308], "code.test_weights: must have a finite sum > 0, have inf"),
    ],
)
def test_weights_are_one_per_test_of_which_a_program_is_one(weights, problem):
    tests = {**ASSERTIONS, "program": CHECK}
    task = read(assertions=tests, reward_mode="fraction", test_weights=weights)
    assert task.problem.startswith(problem)


@pytest.mark.parametrize("program", ["assert f(1) == 2", "def checked(): pass\n", "x = 'check('"])
def test_a_program_that_defines_no_check_needs_no_entry_point(program):
    assert read(assertions={"program": program}).assertions.program == program


@pytest.mark.parametrize("expected", ["1" * 400, '"\\u0000"', " null ", "-0.0", '{"a": [1, {}]}'])
def test_any_json_value_may_be_expected(expected):
    assert read(**call(expected=expected)).function.cases[0].expected_json == expected


def test_two_kinds_of_tests_are_refused_on_the_way_out_too():
    task = CodeTask(stdio=StdioTests((StdioCase(),)), assertions=AssertionTests("f"))
    with pytest.raises(InputError, match="has stdio and assertions"):
        check_task(task)
    with pytest.raises(InputError, match="has stdio and assertions"):
        item_to_proto(Item("1", "x", task))


def test_limits_that_are_not_given_are_absent_on_the_wire():
    task = CodeTask(stdio=StdioTests((StdioCase(),)))
    assert not item_to_proto(Item("1", "x", task)).code.HasField("limits")
    given = structs.replace(task, limits=CodeLimits(memory_bytes=5))
    message = item_to_proto(Item("1", "x", given)).code
    assert (message.limits.memory_bytes, message.limits.HasField("cpu_seconds")) == (5, False)
    assert '"memory_bytes": "5"' in proto_to_row(message)


def test_a_task_can_be_remembered_by_what_it_is():
    cache = ResultCache(4)
    outcome = Outcome.correct(Reason.ALL_TESTS_PASSED)
    first, again = (Item(name, "x", read(stdio=STDIO)) for name in "ab")
    cache.put(cache_key("code/1", first), outcome)
    assert cache.get(cache_key("code/1", again)) is outcome


async def test_without_a_verifier_a_code_task_is_unscored():
    verifiers = [verifier for verifier in builtin() if verifier.task_type is not CodeTask]
    async with Engine(Registry(verifiers)) as engine:
        (result,) = await engine.score([Item("a", "x", read(stdio=STDIO))])
    assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.UNSUPPORTED)
    assert "CodeTask" in result.message


def code_result(**fields):
    return result_pb2.ScoreResult(
        verdict=verdict_pb2.VERDICT_CORRECT,
        reason=verdict_pb2.REASON_ALL_TESTS_PASSED,
        reward=1.0,
        code=code_pb2.CodeDetail(**fields),
    )


def test_an_assurance_newer_than_the_client_counts_as_not_known():
    detail = result_from_proto(code_result(passed=1, total=1, assurance=9)).detail
    assert detail == CodeDetail(1, 1, (), assurance=None)


def test_a_verdict_of_a_test_that_means_nothing_is_refused_rather_than_guessed():
    with pytest.raises(InputError, match=r"^code\.tests\[0\]\.verdict: Verdict has no value 0"):
        result_from_proto(code_result(tests=[code_pb2.TestOutcome()]))


def test_a_message_of_a_test_may_hold_any_text():
    test = TestOutcome(Verdict.INCORRECT, Reason.WRONG_ANSWER, message="got \ud800")
    result = Result("1", Verdict.INCORRECT, Reason.WRONG_ANSWER, 0.0, "", CodeDetail(0, 1, (test,)))
    line = json.loads(proto_to_row(result_to_proto(result)))
    assert line["code"]["tests"][0]["message"] == "got \ufffd"
    assert line["code"]["tests"][0]["memory_bytes"] == "0"


def test_the_isolation_of_a_verifier_arrives():
    info = VerifierInfo("code", "1", "Runs programs.", "async", ("python",), "full")
    assert info_from_proto(info_to_proto(info)) == info


def test_the_list_shows_the_isolation_where_there_is_one():
    info = VerifierInfo("code", "1", "Runs programs.", "async", ("python",), "full")
    assert _line(info).endswith("Runs programs. [python] (isolation: full)")
    assert _line(structs.replace(info, isolation="")).endswith("Runs programs. [python]")


def test_a_registry_tells_the_isolation_of_the_verifiers_that_have_one():
    class Isolated:
        name, version, description, task_type = "code", "1", "Runs programs.", CodeTask
        isolation = "full"

        def verify(self, item):
            raise NotImplementedError

    infos = {info.name: info.isolation for info in Registry([Isolated(), builtin()[1]]).infos()}
    assert infos == {"code": "full", "text": ""}
