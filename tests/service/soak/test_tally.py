"""What the soak is worth: every way in which an item could be wronged is noticed."""

import time

import pytest
from soaking.faults import FAULTS, Strike
from soaking.rows import WEIGHTS, Known, known_rows, steps_pool
from soaking.soak import Soak, explain
from soaking.tally import Tally

from verifier.types import Reason, Result, Verdict

KNOWN = Known({"id": "a"}, "code", Verdict.CORRECT, 1.0)
RIGHT = Result("a", Verdict.CORRECT, Reason.ALL_TESTS_PASSED, 1.0)
NO_SANDBOX = Result("a", Verdict.UNSCORED, Reason.SANDBOX_UNAVAILABLE, None, "gone")
JAILS = next(fault for fault in FAULTS if fault.name == "jails SIGKILL")
JUDGE = next(fault for fault in FAULTS if fault.name == "judge dies")


def answered(*results, known=KNOWN):
    tally, sent = Tally(), time.monotonic()
    for result in results:
        tally.answer("path", known, result, sent)
    return tally


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([Result("a", Verdict.INCORRECT, Reason.WRONG_ANSWER, 0.0)], "wrong verdict"),
        ([Result("a", Verdict.CORRECT, Reason.ALL_TESTS_PASSED, 0.5)], "wrong verdict"),
        ([Result("a", Verdict.SCORED, Reason.MODEL_SCORE, 1.0)], "wrong verdict"),
        ([RIGHT, RIGHT], "answered twice"),
        ([NO_SANDBOX, RIGHT], "answered twice"),
        ([Result("b", Verdict.CORRECT, Reason.ALL_TESTS_PASSED, 1.0)], "b stands where a"),
    ],
)
def test_what_must_not_be_is_a_problem(results, words):
    tally = answered(*results)
    assert tally.problem_count == 1
    assert words in tally.problems[0]


def test_a_right_answer_is_none():
    tally = answered(RIGHT)
    assert (tally.problems, tally.unscored, tally.items) == ([], [], 1)


@pytest.mark.parametrize(
    ("fault", "began", "ended", "explained"),
    [
        (JAILS, -1, 1, True),
        (JAILS, -5, -1, True),  # over, but its effects may come later
        (JAILS, -90, -60, False),  # long over
        (JAILS, 5, 6, False),  # not yet begun
        (JUDGE, -1, 1, False),  # another reason than this fault has
    ],
)
def test_unscored_needs_a_fault_of_its_time_and_kind(fault, began, ended, explained):
    tally = answered(NO_SANDBOX)
    now = time.monotonic()
    done = Soak(tally, [Strike(fault, now + began, now + ended)], [])
    explain(done)
    assert (done.explained.total(), tally.problem_count) == ((1, 0) if explained else (0, 1))


def test_rows_are_the_same_from_the_same_seed_and_of_every_kind():
    steps = steps_pool(1)
    one, other = known_rows(5, steps), known_rows(5, steps)
    rows = [next(one) for _ in range(3000)]
    assert rows == [next(other) for _ in range(3000)]
    assert len({known.id for known in rows}) == 3000
    assert {known.kind for known in rows} == WEIGHTS.keys()
    without = known_rows(5, without=("code", "slow code"))
    assert not {next(without).kind for _ in range(1000)} & {"code", "slow code", "steps"}
