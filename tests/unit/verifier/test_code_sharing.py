"""The verifier of programs: what is run once, what again, and a sandbox that is not there."""

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio
from jails import skip_without_jails

from sandbox.execution import BrokenJailError
from sandbox.execution import SandboxError as NoSandboxError
from sandbox.settings import SandboxSettings
from verifier.deadline import Deadline
from verifier.engine import Engine
from verifier.errors import SandboxError, WorkerDiedError
from verifier.outcome.code import CodeSettings, CodeVerifier
from verifier.registry import Registry
from verifier.types import CodeLimits, CodeTask, Item, Reason, StdioCase, StdioTests, Verdict

pytestmark = pytest.mark.asyncio(loop_scope="module")
ONE_SLOT = CodeSettings(SandboxSettings(slots=1))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def verifier():
    made = CodeVerifier(ONE_SLOT)
    await made.start()
    if made.isolation.startswith("unavailable"):
        skip_without_jails(made.isolation)
    yield made
    await made.close()


async def verify(verifier, completion, task):
    return await verifier.verify(Item("id", completion, task), lambda: None)


def stdio(*cases, **tests):
    return StdioTests(tuple(StdioCase(*case) for case in cases), **tests)


FIVE = stdio(*((f"{n}\n", f"{n}\n") for n in range(1, 6)))
RIGHT = "print(int(input()))"


@pytest.mark.parametrize("seconds", [0.001, 0.3])
async def test_a_deadline_is_no_wrong_answer(verifier, seconds):
    task = CodeTask(stdio=stdio(("1", "1")))
    late = Item("late", "import time\ntime.sleep(1000)", task)
    engine = Engine(Registry([verifier]))
    (result,) = await engine.score([late], deadline=Deadline.after(seconds))
    assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.DEADLINE)
    assert result.reward is None
    assert verifier.sandbox.pool.counts.busy == 0


async def test_the_same_program_on_the_same_tests_runs_once(verifier):
    task = CodeTask(stdio=FIVE)
    program = RIGHT + "\n# remembered"
    first = await verify(verifier, program, task)
    runs = verifier.sandbox.pool.counts.runs
    for completion in (program, f"```python\n{program}\n```", f"Sure!\n```py\n{program}\n```\n"):
        again = await verify(verifier, completion, task)
        assert again.verdict is first.verdict
    assert verifier.sandbox.pool.counts.runs <= runs + 10, "a final newline may make another one"
    runs = verifier.sandbox.pool.counts.runs
    assert await verify(verifier, program, task) == first
    assert verifier.sandbox.pool.counts.runs == runs


async def test_other_tests_or_limits_are_another_run(verifier):
    program = "print(input())\n# other tests"
    runs = verifier.sandbox.pool.counts.runs
    for task in (
        CodeTask(stdio=stdio(("1", "1"))),
        CodeTask(stdio=stdio(("1", "2"))),
        CodeTask(stdio=stdio(("1", "1"), checker="exact")),
        CodeTask(stdio=stdio(("1", "1")), limits=CodeLimits(cpu_seconds=1.0)),
    ):
        await verify(verifier, program, task)
    assert verifier.sandbox.pool.counts.runs == runs + 4


async def test_rollouts_that_are_the_same_share_one_run(verifier):
    program = "import time\ntime.sleep(0.2)\nprint(input())\n# shared"
    runs = verifier.sandbox.pool.counts.runs
    task = CodeTask(stdio=stdio(("1", "1")))
    found = await asyncio.gather(*(verify(verifier, program, task) for _ in range(8)))
    assert len({id(outcome) for outcome in found}) == 1
    assert verifier.sandbox.pool.counts.runs == runs + 1


async def test_one_of_those_who_share_may_go(verifier):
    program = "import time\ntime.sleep(0.5)\nprint(input())\n# left by the first"
    task = CodeTask(stdio=stdio(("1", "1")))
    first, *others = (asyncio.create_task(verify(verifier, program, task)) for _ in range(3))
    await asyncio.sleep(0.2)
    first.cancel()
    assert [outcome.verdict for outcome in await asyncio.gather(*others)] == [Verdict.CORRECT] * 2


async def test_what_could_not_be_decided_is_tried_again(verifier):
    program = "import time\ntime.sleep(1000)"
    task = CodeTask(stdio=stdio(("1", "1")), limits=CodeLimits(wall_seconds=0.2))
    for _ in range(2):
        runs = verifier.sandbox.pool.counts.runs
        assert (await verify(verifier, program, task)).verdict is Verdict.UNSCORED
        assert verifier.sandbox.pool.counts.runs > runs


# -------------------------------------------------------------------------------- no sandbox at all


async def test_a_dead_sandbox_is_no_wrong_answer(verifier, monkeypatch):
    async def broken(*_):
        raise NoSandboxError("the jail has gone")

    monkeypatch.setattr(verifier.sandbox, "run", broken)
    with pytest.raises(SandboxError, match="the jail has gone"):
        await verify(verifier, "print(1)  # dead", CodeTask(stdio=FIVE))
    monkeypatch.undo()
    outcome = await verify(verifier, "print(1)  # dead", CodeTask(stdio=FIVE))
    assert outcome.verdict is Verdict.INCORRECT, "and it is not remembered"


async def test_a_program_that_broke_two_jails_is_given_no_third(verifier, monkeypatch):
    runs = []

    async def breaks(*_):
        runs.append(1)
        raise BrokenJailError("the jail has gone")

    monkeypatch.setattr(verifier.sandbox, "run", breaks)
    for _ in range(3):
        with pytest.raises(WorkerDiedError, match="broke two jails"):
            await verify(verifier, "print(1)  # poison", CodeTask(stdio=FIVE))
    assert len(runs) == 1
    monkeypatch.undo()
    outcome = await verify(verifier, "print(5)  # another", CodeTask(stdio=FIVE))
    assert outcome.reason is not Reason.INTERNAL


async def test_where_no_jail_starts_every_item_says_so_and_the_engine_goes_on():
    settings = CodeSettings(SandboxSettings(slots=1, interpreter=Path("/usr/bin/false")))
    made = CodeVerifier(settings)
    async with Engine(Registry([made])) as engine:
        await engine.start()
        results = await engine.score(
            [
                Item("right", "n = int(input())\nprint(n)", CodeTask(stdio=FIVE)),
                Item("none", "", CodeTask(stdio=FIVE)),
            ]
        )
    assert (results[0].verdict, results[0].reason, results[0].reward) == (
        *(Verdict.UNSCORED, Reason.SANDBOX_UNAVAILABLE, None),
    )
    assert results[1].reason is Reason.NO_ANSWER, "that needs no sandbox"
    assert made.isolation.startswith("unavailable: ") or made.sandbox is None


async def test_the_isolation_is_known_from_the_start(verifier):
    assert verifier.isolation in {"full", "no-cgroups"}
    assert CodeVerifier(ONE_SLOT).isolation == ""


async def test_closed_it_starts_again_when_it_is_needed():
    made = CodeVerifier(ONE_SLOT)
    try:
        for _ in range(2):
            outcome = await verify(made, "print(input())", CodeTask(stdio=stdio(("1", "1"))))
            assert outcome.verdict is Verdict.CORRECT
            await made.close()
            assert made.sandbox is None
    finally:
        await made.close()
