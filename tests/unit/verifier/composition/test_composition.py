"""Composite items in a call: taken apart, put together, in their places."""

import asyncio

import pytest

from verifier.deadline import Deadline
from verifier.engine import Engine
from verifier.errors import BackendError
from verifier.outcome.composite import CompositeVerifier
from verifier.outcome.format import FormatVerifier
from verifier.outcome.math import MathVerifier
from verifier.registry import Registry
from verifier.types import (
    Advantage,
    BoxedRule,
    CompositeTask,
    CompositeTerm,
    FormatTask,
    Item,
    JudgeTask,
    LengthUnit,
    MathTask,
    Outcome,
    Reason,
    RewardModelTask,
    ShapeTerm,
    TextTask,
    Verdict,
)

FOUR = MathTask(("4",))
BOXED = FormatTask((BoxedRule(),))
KIMI = ShapeTerm("kimi_length", unit=LengthUnit.CHARACTERS)


class Model:
    """Stands for a reward model: the completion is its score, once it is let go."""

    name, version, description = "reward_model", "1", "Scores."
    task_type, deterministic, work_limit_seconds, self_test = RewardModelTask, True, 9.0, ()

    def __init__(self):
        self.go = asyncio.Event()
        self.inside = 0

    async def start(self):
        pass

    async def close(self):
        pass

    async def verify(self, item, started):
        started()
        self.inside += 1
        await self.go.wait()
        if item.completion == "down":
            raise BackendError("the model is down")
        return Outcome(Verdict.SCORED, Reason.MODEL_SCORE, float(item.completion))


def scored(items, *, model=None, **how):
    async def run():
        alone = model or Model()
        alone.go.set()
        verifiers = [MathVerifier(None), FormatVerifier(), CompositeVerifier(), alone]
        async with Engine(Registry(verifiers)) as engine:
            return await engine.score(items, **how)

    return asyncio.run(run())


def item(name, completion, *terms, group="", **task):
    words = tuple(CompositeTerm(f"t{n}", term) for n, term in enumerate(terms))
    return Item(name, completion, CompositeTask(words, **task), group_id=group)


def test_results_keep_the_order_among_plain_items():
    items = [
        Item("plain", "4", FOUR),
        item("both", r"\boxed{4}", FOUR, BOXED),
        Item("wrong", "5", FOUR),
        item("model", "0.25", RewardModelTask()),
        item("half", "4", FOUR, BOXED),
    ]
    told = []
    results = scored(items, on_result=lambda index, result: told.append((index, result)))
    assert [result.id for result in results] == ["plain", "both", "wrong", "model", "half"]
    assert [result.reward for result in results] == [1.0, 2.0, 0.0, 0.25, 1.0]
    assert [result.verifier.partition("/")[0] for result in results] == [
        *("math", "composite", "math", "composite", "composite")
    ]
    assert sorted(index for index, _ in told) == [0, 1, 2, 3, 4]
    assert all(results[index] is result for index, result in told)


def test_every_term_stands_in_the_detail_with_its_value_and_reason():
    (result,) = scored([item("a", "no box, 4", FOUR, BOXED)])
    first, second = result.detail.terms
    assert (first.verdict, first.reason, first.reward) == (Verdict.CORRECT, Reason.EQUIVALENT, 1)
    assert (second.verdict, second.reason) == (Verdict.INCORRECT, Reason.FORMAT_VIOLATION)
    assert "boxed" in second.message


def test_a_backend_that_is_down_is_no_zero():
    results = scored([item("a", "down", RewardModelTask()), item("b", "1", RewardModelTask())])
    assert [result.reward for result in results] == [None, 1.0]
    assert results[0].reason is Reason.BACKEND_UNAVAILABLE
    assert results[0].message == "t0: the model is down"


@pytest.mark.parametrize("task", [JudgeTask(), TextTask(("4",))])
def test_a_term_that_nobody_scores_makes_the_whole_unscored(task):
    (result,) = scored([item("a", "4", FOUR, task)])
    assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.UNSUPPORTED)


def test_when_time_runs_out_what_is_missing_says_so():
    async def run():
        model = Model()  # never let go
        verifiers = [MathVerifier(None), CompositeVerifier(), model]
        async with Engine(Registry(verifiers)) as engine:
            return await engine.score(
                [item("a", "4", FOUR, RewardModelTask()), item("b", "4", FOUR)],
                deadline=Deadline.after(0.2),
            )

    results = asyncio.run(run())
    assert [result.reason for result in results] == [Reason.DEADLINE, Reason.COMPOSED]


def test_a_group_is_told_when_its_last_member_is_known():
    async def run():
        model, told = Model(), []
        verifiers = [MathVerifier(None), CompositeVerifier(), model]
        items = [
            item("slow", "0.5", RewardModelTask(), FOUR, KIMI, group="g"),
            item("fast", "4", FOUR, KIMI, group="g"),
            item("alone", "4", FOUR, KIMI, group="h"),
        ]
        async with Engine(Registry(verifiers)) as engine:
            call = asyncio.create_task(
                engine.score(items, on_result=lambda index, _: told.append(index))
            )
            while not model.inside:
                await asyncio.sleep(0)
            before = list(told)
            model.go.set()
            await call
        return before, told

    before, told = asyncio.run(run())
    assert before == [2]
    assert sorted(told) == [0, 1, 2]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Advantage.DR_GRPO, [0.5, -0.5, 0.5, -0.5]),
        (Advantage.LEAVE_ONE_OUT, [2 / 3, -2 / 3, 2 / 3, -2 / 3]),
        (Advantage.GRPO, [0.5 / (3**-0.5 + 1e-4) * sign for sign in (1, -1, 1, -1)]),
    ],
)
def test_advantages_stand_beside_the_rewards(how, expected):
    items = [item(str(n), text, FOUR, group="g", advantage=how) for n, text in enumerate("4545")]
    results = scored(items)
    assert [result.reward for result in results] == [1.0, 0.0, 1.0, 0.0]
    assert [result.detail.advantage for result in results] == pytest.approx(expected, abs=1e-12)


def test_what_is_unscored_moves_nobody_s_advantage():
    how = {"group": "g", "advantage": Advantage.DR_GRPO}
    items = [item(name, name, RewardModelTask(), **how) for name in ("1", "0", "down")]
    assert [result.detail.advantage for result in scored(items)] == [0.5, -0.5, None]


def test_lengths_of_unscored_members_move_nobody():
    items = [
        item("a", "1", RewardModelTask(), KIMI, group="g"),
        item("b", "0.25", RewardModelTask(), KIMI, group="g"),
        item("c", "down", RewardModelTask(), KIMI, group="g"),
    ]
    first, second, third = scored(items)
    assert [first.reward, second.reward] == [1.0, -0.25]  # no verdict of CORRECT: at most 0
    assert third.detail.terms[1].message == "t0 is UNSCORED"


@pytest.mark.parametrize(("present", "reason"), [(2, Reason.COMPOSED), (1, Reason.INVALID_INPUT)])
def test_a_group_that_came_in_parts_is_not_compared(present, reason):
    items = [item(str(n), "4", FOUR, KIMI, group="g", group_size=2) for n in range(present)]
    results = scored(items)
    assert {result.reason for result in results} == {reason}
    if reason is Reason.INVALID_INPUT:
        assert "1 of 2 members are in this call" in results[0].message


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (ShapeTerm("cosine@none"), "shape.rule: 'cosine@none' is not one of cosine@trl,"),
        (ShapeTerm("cosine@trl"), "shape.max_length: must be given"),
        (ShapeTerm("cosine@open-r1", values=(1.0,)), "shape.values: must hold 4 numbers, holds 1"),
        (ShapeTerm("overlong@dapo", max_length=10), "shape.buffer: must be given"),
        (ShapeTerm("stop_properly"), "shape.factor: must be given"),
        (ShapeTerm("stop_properly", factor=2.0), "shape.coefficient: is 2.0"),
        (ShapeTerm("repetition@trl"), "shape.rule: counts token ids"),
        (ShapeTerm("repetition@roll", ngram_size=-1), "ngram_size"),
        (ShapeTerm("repetition@roll", of="t1"), "shape.of: 't1' is no term that scores a task"),
        (ShapeTerm("max_length"), "shape.max_length: must be given: the target"),
    ],
)
def test_a_shape_without_what_it_needs_says_so(shape, message):
    (result,) = scored([item("a", "4", FOUR, shape)])
    assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.INVALID_INPUT)
    assert message in result.message


def test_a_shape_follows_the_term_it_names():
    terms = (FOUR, BOXED)
    shapes = [ShapeTerm("cosine@open-r1", of=of, max_length=100) for of in ("", "t0", "t1")]
    (result,) = scored([item("a", "4", *terms, *shapes)])
    rewards = [term.reward for term in result.detail.terms[2:]]
    assert rewards[0] == rewards[1] > 0 > rewards[2]


def test_a_truncated_completion_loses_what_its_term_had():
    task = CompositeTask(
        (
            CompositeTerm("accuracy", FOUR),
            CompositeTerm("stop", ShapeTerm("stop_properly", factor=0.25)),
        )
    )
    whole, cut = scored([Item("a", "4", task), Item("b", "4", task, truncated=True)])
    assert (whole.reward, cut.reward) == (1.0, 0.25)


THOUGHT = "<think>So the answer is 5. Wait.\nThe answer is 4.\nYes, \\boxed{4}.</think>\n\\boxed{4}"


@pytest.mark.parametrize(
    ("completion", "expected"),
    [
        pytest.param("The answer is 4.", 1.0, id="at once"),
        pytest.param("The answer is 4. And so it is", 16 / 29, id="early"),
        pytest.param(THOUGHT, (THOUGHT.index("4.") + 2) / len(THOUGHT), id="at the second try"),
        pytest.param("The answer is 5.", 0.0, id="never"),
        pytest.param("4", 0.0, id="no sentence states an answer"),
        pytest.param("", 0.0, id="nothing"),
    ],
)
def test_how_much_of_a_completion_was_needed(completion, expected):
    (result,) = scored([item("a", completion, FOUR, ShapeTerm("outcome_efficiency"))])
    assert result.detail.terms[1].reward == pytest.approx(expected, abs=1e-12)


FIRST = "2 + 3 = 5, so the answer is 5."
AGAIN = " Check: 2+3=5. The answer is 5."
OTHER = " Or 10 - 5 = 5. The answer is 5."


@pytest.mark.parametrize(
    ("completion", "useful"),
    [
        pytest.param(FIRST, FIRST, id="one solution"),
        pytest.param(FIRST + AGAIN, FIRST, id="the same sum again, spaced otherwise"),
        pytest.param(FIRST + OTHER, FIRST + OTHER, id="another sum"),
        pytest.param(FIRST + AGAIN + OTHER, FIRST + OTHER, id="the second one repeats"),
        pytest.param(FIRST + " So the answer is 5.", FIRST, id="nothing but the answer"),
        pytest.param("The answer is 5.", "The answer is 5.", id="the first needs no sum"),
        pytest.param(
            r"$2 \times 3 = 6$. The answer is 6. 2×3=6. The answer is 6.",
            r"$2 \times 3 = 6$. The answer is 6.",
            id="signs of multiplication",
        ),
        pytest.param("5", "", id="no solution"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_how_much_of_a_completion_was_new(completion, useful):
    (result,) = scored([item("a", completion, FOUR, ShapeTerm("process_efficiency"))])
    expected = len(useful) / len(completion) if completion else 0.0
    assert result.detail.terms[1].reward == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("unit", "expected"), [(LengthUnit.WORDS, 4 / 8), (LengthUnit.TOKENS, 55 / 100)]
)
def test_needed_in_other_units(unit, expected):
    task = item("a", "", FOUR, ShapeTerm("outcome_efficiency", unit=unit)).task
    completion = "The answer is 4. And so it is"
    (result,) = scored([Item("a", completion, task, completion_tokens=100)])
    assert result.detail.terms[1].reward == pytest.approx(expected, abs=1e-12)


def test_answers_on_the_way_are_those_of_math_or_text():
    (result,) = scored([item("a", "1", RewardModelTask(), ShapeTerm("outcome_efficiency"))])
    assert result.message == "t1: shape.of: must be a term that scores answers: math or text"


def test_a_group_of_which_one_length_is_not_known_is_not_compared():
    tokens = ShapeTerm("kimi_length")
    task = CompositeTask((CompositeTerm("answer", FOUR), CompositeTerm("length", tokens)))
    items = [Item(str(n), "4", task, group_id="g", completion_tokens=n) for n in (1, 2)]
    whole = scored(items)
    assert [result.reward for result in whole] == [1.5, 0.5]
    broken = scored([*items, Item("3", "4", task, group_id="g")])
    assert [result.reward for result in broken] == [None] * 3
    assert {result.reason for result in broken} == {Reason.INVALID_INPUT}


def test_members_without_the_shape_are_not_compared():
    items = [item(str(n), "4" * n, FOUR, KIMI, group="g") for n in (1, 3)]
    others = [item("other", "4" * 9, FOUR, group="g", advantage=Advantage.DR_GRPO)]
    first, second, _ = scored([*items, *others])
    assert [first.detail.terms[1].reward, second.detail.terms[1].reward] == [0.5, -0.5]
