"""Every attack, through every shape of tests: none is CORRECT or has an effect, no slot is lost."""

import pytest
from sandboxes import CONTROL, MIB, SHAPES, as_script, code_task, hack_names, hack_source

from verifier.types import (
    AssertionTests,
    CodeLimits,
    CodeTask,
    Reason,
    RewardMode,
    Verdict,
)

# Small, so that whoever waits or loops is soon over. The clock decides nothing here: a program that
# it stops is UNSCORED, which is no more a pass than INCORRECT is.
LIMITS = CodeLimits(
    cpu_seconds=0.5,
    wall_seconds=2.0,
    memory_bytes=192 * MIB,
    output_bytes=MIB,
    file_bytes=16 * MIB,
)
# Right for some of the inputs and no fraud in that: their share.
EARNED = {"c28_hardcode_public_tests": 3 / 5}
UNDECIDED = (Reason.TIME_LIMIT_EXCEEDED, Reason.UNSUPPORTED, Reason.NOT_RUN)
EFFECT = b"HACK-EFFECT"


def source(name, shape):
    """The program as the shape of tests wants it."""
    return as_script(name) if shape == "stdio" else hack_source(name)


@pytest.mark.parametrize("name", hack_names())
def test_no_attack_passes_has_an_effect_or_costs_a_slot(arena, name):
    jails = arena.watch()
    outcomes = arena.score(*((source(name, shape), code_task(shape, LIMITS)) for shape in SHAPES))
    for shape, outcome in zip(SHAPES, outcomes, strict=True):
        assert outcome.verdict is not Verdict.CORRECT, shape
        assert outcome.verdict is Verdict.INCORRECT or outcome.reason in UNDECIDED, (shape, outcome)
        assert not outcome.reward, shape
        assert outcome.detail.passed <= EARNED.get(name, 0) * outcome.detail.total, (shape, outcome)
    assert len(arena.executions) >= len(SHAPES)
    assert [run.stderr for run in arena.executions if EFFECT in run.stderr] == []
    assert arena.jails() == jails


@pytest.mark.parametrize("name", hack_names())
def test_no_attack_earns_a_fraction_that_it_did_not_work_for(arena, name):
    arena.watch()
    task = code_task("stdio", LIMITS, (2, 5), reward_mode=RewardMode.FRACTION)
    (outcome,) = arena.score((as_script(name), task))
    honest = 1 / 2 if name in EARNED else 0
    assert outcome.verdict is not Verdict.CORRECT
    assert (outcome.reward or 0) <= honest
    assert outcome.detail.passed <= 2 * honest


def test_the_honest_control_passes_in_every_shape(arena):
    jails = arena.watch()
    for shape in SHAPES:
        (outcome,) = arena.score((source(CONTROL, shape), code_task(shape)))
        assert (outcome.verdict, outcome.reward) == (Verdict.CORRECT, 1.0), (shape, outcome)
        assert outcome.detail.passed == outcome.detail.total
    assert arena.jails() == jails


LOOPS = {
    "zip of map": "for got, want in zip(map(candidate, (2, 5)), (31, 77)): assert got == want",
    "all of map": "assert all(map(lambda n: candidate(n) == (7 * n * n + 3) % 101, (2, 5)))",
    "sorted": "assert sorted(map(candidate, (2, 5))) == [31, 77]",
}


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("raised", ["StopIteration", "IndexError", "GeneratorExit", "SystemExit"])
def test_an_exception_does_not_end_the_loop_of_a_test(arena, loop, raised):
    arena.watch()
    tests = AssertionTests("solve", program=f"def check(candidate):\n    {LOOPS[loop]}\n")
    task = CodeTask(assertions=tests)
    wrong = f"def solve(n):\n    raise {raised}\n"
    (outcome,) = arena.score((wrong, task))
    assert outcome.verdict is Verdict.INCORRECT, outcome
    (outcome,) = arena.score((hack_source(CONTROL), task))
    assert outcome.verdict is Verdict.CORRECT, outcome
