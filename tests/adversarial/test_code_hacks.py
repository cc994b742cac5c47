"""Every attack, through every shape of tests: none is CORRECT, none has an effect, no slot is lost."""

import pytest
from sandboxes import CONTROL, INPUTS, MIB, SHAPES, as_script, code_task, hack_names, hack_source

from verifier.types import CodeLimits, Reason, RewardMode, Verdict

# Small, so that whoever waits or loops is soon over. The clock decides nothing here: a program that
# it stops is UNSCORED, which is no more a pass than INCORRECT is.
LIMITS = CodeLimits(
    cpu_seconds=1.0,
    wall_seconds=3.0,
    memory_bytes=192 * MIB,
    output_bytes=MIB,
    file_bytes=16 * MIB,
)
# Right for some of the inputs and no fraud in that: their share.
EARNED = {"c28_hardcode_public_tests": 3 / 5}
UNDECIDED = (Reason.TIME_LIMIT_EXCEEDED, Reason.UNSUPPORTED, Reason.NOT_RUN)
EFFECT = b"HACK-EFFECT"


def sources(name):
    """The program for each shape of tests."""
    return {shape: as_script(name) if shape == "stdio" else hack_source(name) for shape in SHAPES}


@pytest.mark.parametrize("name", hack_names())
def test_no_attack_passes_has_an_effect_or_costs_a_slot(arena, name):
    jails = arena.watch()
    ran = 0
    for source in dict.fromkeys(sources(name).values()):
        shapes = [shape for shape, text in sources(name).items() if text == source]
        for shape, outcome in zip(
            shapes, arena.score(source, *(code_task(s, LIMITS) for s in shapes)), strict=True
        ):
            assert outcome.verdict is not Verdict.CORRECT, shape
            assert outcome.verdict is Verdict.INCORRECT or outcome.reason in UNDECIDED, outcome
            assert not outcome.reward, shape
            assert outcome.detail.passed <= EARNED.get(name, 0) * outcome.detail.total, outcome
            ran += 1
    assert ran == len(SHAPES)
    assert arena.executions
    assert [run.stderr for run in arena.executions if EFFECT in run.stderr + run.stdout] == []
    assert arena.jails() == jails


@pytest.mark.parametrize("name", hack_names())
def test_no_attack_earns_a_fraction_that_it_did_not_work_for(arena, name):
    arena.watch()
    task = code_task("stdio", LIMITS, (2, 5), reward_mode=RewardMode.FRACTION)
    (outcome,) = arena.score(as_script(name), task)
    honest = 1 / 2 if name in EARNED else 0
    assert outcome.verdict is not Verdict.CORRECT
    assert (outcome.reward or 0) <= honest
    assert outcome.detail.passed <= 2 * honest


def test_the_honest_control_passes_in_every_shape(arena):
    jails = arena.watch()
    for shape, source in sources(CONTROL).items():
        (outcome,) = arena.score(source, code_task(shape))
        assert (outcome.verdict, outcome.reward) == (Verdict.CORRECT, 1.0), (shape, outcome)
        assert outcome.detail.passed == outcome.detail.total
    assert arena.jails() == jails


def test_the_honest_control_passes_after_all_of_them(arena):
    """Whatever ran before, in whichever jail: the next program finds none of it."""
    pool = arena.sandbox.pool
    for _ in pool._slots:
        runs = arena.score(hack_source(CONTROL), *(code_task(s) for s in ("function", "opaque")))
        assert [outcome.verdict for outcome in runs] == [Verdict.CORRECT] * 2
        arena.watch()
    assert pool.counts.broken == 0
    assert len(INPUTS) == 5
