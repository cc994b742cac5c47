"""Every attack, through every shape of tests: none is CORRECT or has an effect, no slot is lost."""

import pytest
from sandboxes import (
    CONTROL,
    DEFAULT_LIMITS,
    INPUTS,
    MIB,
    SHAPES,
    as_script,
    code_task,
    hack_names,
    hack_source,
    right,
)

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


# What fools a harness that asks the program's own process how it went: its exit code, or what the
# asserts said in it. Without these the tests above would prove little.
FOOL_AN_EXIT_CODE = """
    a02_os_exit0 a04_systemexit_subclass a06_excepthook_exit0 a08_libc_exit a10_exec_true
    a16_builtins_quit a17_atexit_unregister_and_stdout_close b02_int_subclass_eq c15_print_sentinels
    c16_write_all_fds c17_forked_child_reports c26_main_guard_games
    c27_multiprocessing_manager_reach i01_exit_group i03_exit_in_profiler
    i05_exit_in_repr_of_exception i11_vfork_and_exit k04_results_too_many
""".split()
FOOL_ASSERTS = """
    b02_int_subclass_eq b03_str_subclass_eq b04_list_subclass_eq b05_truthy_non_bool_eq
    b07_class_property_lies b08_pickle_reduce_eval b09_json_default_trick c04_caller_bytecode_const
    j01_float_subclass j02_dict_and_tuple_subclass j03_numpy_that_is_none
    j04_metaclass_that_is_everything j07_enum_and_fraction j08_type_name_with_a_line_in_it
    k02_results_before_the_harness k03_rewrites_results k15_objects_without_end
    l15_check_of_its_own
""".split()
ASSERTS = [f"assert solve({n}) == {right(n)}" for n in INPUTS]


@pytest.mark.parametrize("name", FOOL_AN_EXIT_CODE)
def test_an_attack_fools_whoever_believes_the_exit_code(arena, name):
    assert arena.run("\n".join([hack_source(name), *ASSERTS])).succeeded


@pytest.mark.parametrize("name", FOOL_ASSERTS)
def test_an_attack_fools_whoever_asserts_in_its_process(arena, name):
    payload = {"setup": "", "assertions": ASSERTS, "program": "", "entry_point": "solve"}
    ran = arena.go(
        arena.sandbox.check_in_process({"source": hack_source(name), **payload}, DEFAULT_LIMITS)
    )
    assert ran.results.count(b'{"passed":true}') >= len(ASSERTS)
