"""What the engine and every trainer rely on, for the verifier that runs programs."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import psutil
import pytest
import pytest_asyncio
from case_rows import CASES, case_rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jails import skip_without_jails

from sandbox.settings import SandboxSettings
from verifier.engine import Engine
from verifier.outcome.code import CodeSettings, CodeVerifier
from verifier.registry import AsyncVerifier, Registry, builtin
from verifier.types import (
    AssertionTests,
    CodeLimits,
    CodeTask,
    FunctionCase,
    FunctionTests,
    Item,
    Reason,
    RewardMode,
    StdioCase,
    StdioTests,
    Verdict,
)

on_one_loop = pytest.mark.asyncio(loop_scope="module")

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
LITTLE = CodeLimits(cpu_seconds=1.0, wall_seconds=20.0, memory_bytes=128 * 1024**2)
DOUBLES = (StdioCase("2", "4"), StdioCase("0", "0"))
RIGHT = "print(2 * int(input()))"
SLEEPS = "import time\ntime.sleep(1000)"
# A right, a wrong, an empty and an odd completion for each shape of tests.
SAMPLES = {
    "stdio": (
        CodeTask(stdio=StdioTests(DOUBLES), limits=LITTLE),
        [RIGHT, "print(4)", "", "print('\ud800')\0"],
    ),
    "function": (
        CodeTask(function=FunctionTests("f", (FunctionCase("[2]", "4"),)), limits=LITTLE),
        ["def f(x): return 2 * x", "def f(x): return x", "", "def f(x): return '\ud800'"],
    ),
    "assertions": (
        CodeTask(assertions=AssertionTests("f", assertions=("assert f(2) == 4",)), limits=LITTLE),
        ["def f(x): return 2 * x", "def f(x): return x", "", "\0def f(x): return 4"],
    ),
    "check": (
        CodeTask(
            assertions=AssertionTests(
                "f", program="def check(c):\n    for n in range(3):\n        assert c(n) == 2 * n\n"
            ),
            limits=LITTLE,
        ),
        ["def f(x): return 2 * x", "def f(x): return x", "", "def f(x): return '\ud800'"],
    ),
}
each_shape = pytest.mark.parametrize("shape", SAMPLES)
TASKS = st.one_of(
    st.builds(
        CodeTask,
        st.sampled_from(["python", "apl", ""]),
        stdio=st.builds(
            StdioTests,
            st.lists(st.builds(StdioCase, ANY_TEXT, ANY_TEXT), min_size=1, max_size=2).map(tuple),
            st.sampled_from(["tokens", "exact", "float", "unordered_lines", "ignore_case"]),
            st.none() | st.floats(0, 0.5),
        ),
        limits=st.just(LITTLE),
        reward_mode=st.sampled_from(RewardMode),
        stop_at_first_failure=st.booleans(),
    ),
    st.builds(
        CodeTask,
        function=st.builds(
            FunctionTests,
            st.sampled_from(["f", "Solution.f", "g.h"]),
            st.just((FunctionCase("[1]", "1"), FunctionCase("[[]]", "{}"))),
        ),
        limits=st.just(LITTLE),
    ),
    st.builds(
        CodeTask,
        assertions=st.builds(
            AssertionTests,
            st.sampled_from(["f", ""]),
            ANY_TEXT,
            st.lists(ANY_TEXT | st.just("assert f(1) == 1"), min_size=1, max_size=2).map(tuple),
            ANY_TEXT,
            st.booleans(),
        ),
        limits=st.just(LITTLE),
    ),
)
PROGRAMS = ANY_TEXT | st.sampled_from(
    [RIGHT, "def f(*a):\n    return a[0]", "1 / 0", "exit(3)", "import os\nos.kill(os.getpid(), 9)"]
)


@asynccontextmanager
async def started():
    made = CodeVerifier(CodeSettings(SandboxSettings(slots=1)))
    await made.start()
    try:
        if made.isolation.startswith("unavailable"):
            skip_without_jails(made.isolation)
        yield made
    finally:
        await made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def verifier():
    async with started() as made:
        yield made


def items_of(shape):
    task, completions = SAMPLES[shape]
    return [Item(str(index), text, task) for index, text in enumerate(completions)]


def nothing():
    pass


def decided(outcome):
    """An outcome without what is measured, which is never twice the same."""
    tests = [(test.verdict, test.reason, test.message) for test in outcome.detail.tests]
    return outcome.verdict, outcome.reason, outcome.reward, outcome.message, tests


def keeps_the_contract(outcome):
    assert isinstance(outcome.verdict, Verdict)
    assert isinstance(outcome.reason, Reason)
    assert (outcome.reward is None) == (outcome.verdict is Verdict.UNSCORED)
    if outcome.verdict is Verdict.CORRECT:
        assert outcome.reward == 1.0
    if outcome.verdict is Verdict.INCORRECT:
        assert 0.0 <= outcome.reward <= 1.0
    assert len(outcome.message) <= 2000
    if outcome.detail is not None:
        assert 0 <= outcome.detail.passed <= outcome.detail.total
        assert len(outcome.detail.tests) in (0, outcome.detail.total)


def test_it_is_built_in_and_says_who_it_is():
    (made,) = [verifier for verifier in builtin() if verifier.name == "code"]
    assert isinstance(made, AsyncVerifier)
    assert made.version
    assert made.description.endswith((".", "?"))
    assert "\n" not in made.description


def test_it_has_golden_rows_of_every_shape_right_and_wrong():
    assert (CASES / "code.jsonl").is_file()
    rows = case_rows("code")
    for shape in ("stdio", "function", "assertions"):
        verdicts = [row["verdict"] for row in rows if shape in row["code"]]
        assert verdicts.count("CORRECT") >= 2, shape
        assert verdicts.count("INCORRECT") >= 2, shape


@on_one_loop
@each_shape
async def test_a_right_and_a_wrong_completion_are_told_apart(verifier, shape):
    right, wrong, empty, odd = [await verifier.verify(i, nothing) for i in items_of(shape)]
    assert right.verdict is Verdict.CORRECT
    assert wrong.verdict is Verdict.INCORRECT
    assert empty.verdict is Verdict.INCORRECT, "no program is a wrong answer, not a failure"
    assert odd.verdict is Verdict.INCORRECT
    for outcome in (right, wrong, empty, odd):
        keeps_the_contract(outcome)


@on_one_loop
async def test_a_second_instance_gives_the_same_outcomes_beside_the_first(verifier):
    async with started() as other:
        for shape in SAMPLES:
            for item in items_of(shape):
                ours = await verifier.verify(item, nothing)
                assert decided(ours) == decided(await other.verify(item, nothing))
    for item in items_of("stdio"):
        keeps_the_contract(await verifier.verify(item, nothing))


@on_one_loop
async def test_many_at_once_get_what_one_gets(verifier):
    items = [item for shape in SAMPLES for item in items_of(shape)]
    alone = [decided(await verifier.verify(item, nothing)) for item in items]
    verifier._remembered().clear()
    found = await asyncio.gather(*(verifier.verify(item, nothing) for item in items * 3))
    assert [decided(outcome) for outcome in found] == alone * 3


@on_one_loop
async def test_outcomes_cannot_be_changed_afterwards(verifier):
    outcome = await verifier.verify(items_of("stdio")[0], nothing)
    with pytest.raises(AttributeError):
        outcome.reward = 0.0
    with pytest.raises(AttributeError):
        outcome.detail.passed = 0


def test_no_text_and_no_task_raises():
    """On a loop of its own, one sandbox for all examples."""
    with asyncio.Runner() as runner:
        made = CodeVerifier(CodeSettings(SandboxSettings(slots=1)))
        runner.run(made.start())
        engine = Engine(Registry([made]))
        if made.isolation.startswith("unavailable"):
            skip_without_jails(made.isolation)

        @settings(
            max_examples=60,
            deadline=timedelta(seconds=60),
            suppress_health_check=[HealthCheck.too_slow],
        )
        @given(PROGRAMS, ANY_TEXT, TASKS)
        def scored(completion, prompt, task):
            (result,) = runner.run(engine.score([Item("id", completion, task, prompt)]))
            keeps_the_contract(result)
            assert result.reason is not Reason.INTERNAL, result.message

        try:
            scored()
        finally:
            runner.run(engine.close())


def below(verifier):
    """Processes in the jails, the zygotes not counted."""
    jails = [slot.jail for slot in verifier.sandbox.pool._slots if slot.jail.usable]
    zygotes = [child for jail in jails for child in psutil.Process(jail._process.pid).children()]
    return [process for zygote in zygotes for process in zygote.children(recursive=True)]


@on_one_loop
@pytest.mark.parametrize("shape", ["stdio", "function", "assertions"])
async def test_cancelled_it_kills_the_program_and_frees_the_slot(verifier, shape):
    task, _ = SAMPLES[shape]
    limits = CodeLimits(wall_seconds=600.0)
    task = CodeTask(
        stdio=task.stdio, function=task.function, assertions=task.assertions, limits=limits
    )
    running = asyncio.create_task(verifier.verify(Item("id", SLEEPS, task), nothing))
    async with asyncio.timeout(60):
        while len(below(verifier)) < 2:
            await asyncio.sleep(0.01)
    processes = below(verifier)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    psutil.wait_procs(processes, timeout=60)
    assert not any(process.is_running() for process in processes)
    assert verifier.sandbox.pool.counts.busy == 0
    again = await verifier.verify(items_of(shape)[0], nothing)
    assert again.verdict is Verdict.CORRECT


@on_one_loop
async def test_one_that_waits_for_its_slot_has_not_started(verifier):
    """So the time it may work does not run while others work."""
    sleeper = Item("id", SLEEPS, CodeTask(stdio=StdioTests(DOUBLES)))
    first = asyncio.create_task(verifier.verify(sleeper, nothing))
    async with asyncio.timeout(60):
        while not verifier.sandbox.pool.counts.busy:
            await asyncio.sleep(0.01)
    said = []
    item = Item("id", RIGHT + "\n# waits", CodeTask(stdio=StdioTests(DOUBLES)))
    second = asyncio.create_task(verifier.verify(item, lambda: said.append(True)))
    async with asyncio.timeout(60):
        while not verifier.sandbox.pool.counts.waiting:
            await asyncio.sleep(0.01)
    assert not said
    first.cancel()
    assert (await second).verdict is Verdict.CORRECT
    assert said
