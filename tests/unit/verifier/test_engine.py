"""The engine: order, isolation of neighbours, deadlines, admission, cache."""

import asyncio
import json
import random
import time

import pytest
from conftest import sample_plugins

from verifier.caller import ANONYMOUS, Caller
from verifier.deadline import Deadline
from verifier.engine import Engine, EngineLimits
from verifier.errors import OverloadedError, Refusal
from verifier.observers import Observer
from verifier.pending import Pending
from verifier.registry import Registry, builtin
from verifier.types import (
    InvalidTask,
    Item,
    MathTask,
    Outcome,
    PluginTask,
    Reason,
    Verdict,
)


def math(name, completion="\\boxed{4}", reference="4"):
    return Item(name, completion, MathTask((reference,)))


def plugin(name, plugin_name, **options):
    return Item(name, "text", PluginTask(plugin_name, json.dumps(options)))


SHORT_LINES = EngineLimits(queue_seconds=1.0, cache_entries=0)


class Staged:
    """Right and wrong at once, but for five: that it settles late, or fails to."""

    name, version, description, task_type = "math", "1", "Decides on five late.", MathTask
    work_limit_seconds, self_test, places = 60.0, (), 2

    def __init__(self, error=None):
        self.error = error

    def verify(self, item):
        if "5" in item.completion:
            return Pending(Verdict.UNSCORED, Reason.UNDECIDED, None, "cannot tell")
        return builtin()[0].verify(item)

    async def finish(self, pending, started):
        started()
        if self.error is not None:
            raise self.error(pending.message)
        return Outcome.correct(Reason.EQUIVALENT)

    async def start(self):
        pass

    async def close(self):
        pass


async def test_results_come_in_the_order_of_the_items(engine):
    items = [plugin("slow", "slow", seconds=0.2), math("right"), math("wrong", "\\boxed{5}")]
    results = await engine.score(items)
    assert [result.id for result in results] == ["slow", "right", "wrong"]
    assert [result.verdict for result in results] == [
        Verdict.CORRECT,
        Verdict.CORRECT,
        Verdict.INCORRECT,
    ]


async def test_no_items_give_no_results(engine):
    assert await engine.score([]) == []


BAD_NEIGHBOURS = [
    (plugin("bad", "raises"), Reason.INTERNAL, "I cannot cope with this"),
    (plugin("bad", "hangs"), Reason.DEADLINE, "before a verdict"),
    (plugin("bad", "dies"), Reason.INTERNAL, "signal 9"),
    (plugin("bad", "eats"), Reason.INTERNAL, "MemoryError"),
    (plugin("bad", "lies"), Reason.INTERNAL, "not str"),
    (plugin("bad", "lies", value=float("1e999")), Reason.INTERNAL, "finite"),
    (plugin("bad", "absent"), Reason.UNSUPPORTED, "absent"),
    (Item("bad", "x", InvalidTask("math.policy: no")), Reason.INVALID_INPUT, "math.policy"),
]


@pytest.mark.parametrize(("bad", "reason", "words"), BAD_NEIGHBOURS)
async def test_a_bad_item_is_unscored_and_its_neighbours_are_right(engine, bad, reason, words):
    before, failed, after = await engine.score([math("a"), bad, math("b", "\\boxed{5}")])
    assert (before.verdict, after.verdict) == (Verdict.CORRECT, Verdict.INCORRECT)
    assert (failed.id, failed.verdict, failed.reason) == ("bad", Verdict.UNSCORED, reason)
    assert failed.reward is None
    assert words in failed.message


async def test_an_inline_verifier_that_raises_costs_only_its_own_item():
    class Broken:
        name, version, description, task_type = "math", "1", "Raises on five.", MathTask

        def verify(self, item):
            if "5" in item.completion:
                raise ZeroDivisionError(item.completion)
            return builtin()[0].verify(item)

    async with Engine(Registry([Broken()])) as broken:
        right, failed, also = await broken.score([math("a"), math("b", "\\boxed{5}"), math("c")])
    assert right.verdict is also.verdict is Verdict.CORRECT
    assert (failed.reason, failed.reward) == (Reason.INTERNAL, None)
    assert "ZeroDivisionError" in failed.message


async def test_workers_are_replaced_after_a_hang_and_a_death(engine):
    for bad in ("hangs", "dies"):
        first, second = [(await engine.score([plugin("x", bad)]))[0] for _ in range(2)]
        assert first.verdict is second.verdict is Verdict.UNSCORED


async def test_what_a_plugin_prints_is_no_answer(engine):
    (result,) = await engine.score([plugin("x", "prints")])
    assert result.verdict is Verdict.CORRECT


@pytest.mark.parametrize(
    ("said", "verdict", "reward"),
    [(True, Verdict.CORRECT, 1.0), (False, Verdict.INCORRECT, 0.0), (0.25, Verdict.SCORED, 0.25)],
)
async def test_a_plugin_may_answer_with_a_bool_or_a_number(engine, said, verdict, reward):
    (result,) = await engine.score([plugin("x", "agrees", say=said)])
    assert (result.verdict, result.reward) == (verdict, reward)
    assert result.verifier == "plugin:agrees/1"


async def test_work_limit_counts_work_and_not_waiting():
    """Four items of 0.3 s on one worker: the last waits 0.9 s, longer than the limit of 0.6 s."""
    async with Engine(Registry(sample_plugins(names=["Slow"]))) as one_worker:
        items = [plugin(str(n), "slow", seconds=0.3) for n in range(4)]
        results = await one_worker.score(items, work_limit_seconds=0.6)
    assert {result.verdict for result in results} == {Verdict.CORRECT}
    waited = sorted(result.queue_seconds for result in results)
    assert waited[-1] > 0.6
    assert all(result.work_seconds < 0.6 for result in results)


async def test_work_limit_ends_what_works_longer(engine):
    (result,) = await engine.score([plugin("x", "slow", seconds=20)], work_limit_seconds=0.2)
    assert (result.reason, result.reward) == (Reason.DEADLINE, None)


async def test_deadline_returns_what_is_done_and_leaves_the_rest_unscored(engine):
    items = [math("quick"), plugin("slow", "slow", seconds=20)]
    start = time.monotonic()
    quick, slow = await engine.score(items, deadline=Deadline.after(0.5))
    assert time.monotonic() - start < 10
    assert quick.verdict is Verdict.CORRECT
    assert (slow.reason, slow.reward) == (Reason.DEADLINE, None)


async def test_deadline_already_passed_scores_nothing_and_rewards_nothing(engine):
    results = await engine.score([math("a"), math("b")], deadline=Deadline.after(-1))
    assert {result.reason for result in results} == {Reason.DEADLINE}
    assert {result.reward for result in results} == {None}


async def test_full_queue_refuses_with_a_time_to_come_back():
    registry = Registry([*builtin(), *sample_plugins(names=["Slow"])])
    async with Engine(registry, EngineLimits(max_queued_items=10)) as small:
        full = asyncio.create_task(small.score([plugin("x", "slow", seconds=1)] * 8))
        await asyncio.sleep(0.05)
        with pytest.raises(OverloadedError) as refused:
            await small.score([math("y")] * 3)
        assert refused.value.retry_after_seconds > 0
        assert len(await small.score([math("y")] * 2)) == 2
        full.cancel()
        await asyncio.wait([full])
        assert small.admission.inside == 0


async def test_a_call_larger_than_the_queue_is_taken_when_nothing_else_is_inside():
    async with Engine(Registry(builtin()), EngineLimits(max_queued_items=2)) as small:
        assert len(await small.score([math(str(n)) for n in range(5)])) == 5


async def test_a_caller_with_one_item_is_not_held_up_by_one_with_many():
    registry = Registry([*builtin(), *sample_plugins(names=["Slow"])])
    async with Engine(registry) as shared:
        done = []
        many = [plugin(str(n), "slow", seconds=0.02) for n in range(60)]
        first = shared.score(
            many, caller=Caller("many"), on_result=lambda index, _: done.append(f"many {index}")
        )
        task = asyncio.create_task(first)
        await asyncio.sleep(0.3)
        one = [plugin("one", "slow", seconds=0.02)]
        await shared.score(one, caller=Caller("one"), on_result=lambda *_: done.append("one"))
        assert not task.done()
        await task
    assert done.index("one") < 45, "its turn comes after what is at work, not after all"


async def test_what_cannot_begin_in_time_is_refused_before_it_waits():
    registry = Registry([*builtin(), *sample_plugins(names=["Slow"])])
    async with Engine(registry) as busy:
        await busy.score([plugin("x", "slow", seconds=0.5)])
        load = asyncio.create_task(busy.score([plugin("x", "slow", seconds=0.5)] * 40))
        await asyncio.sleep(0.2)
        with pytest.raises(OverloadedError) as refused:
            await busy.score([plugin("y", "slow", seconds=0.5)], deadline=Deadline.after(1))
        assert refused.value.reason is Refusal.DEADLINE
        mixed = [plugin("y", "slow", seconds=0.5), math("m")]
        late, right = await busy.score(mixed, deadline=Deadline.after(0.5))
        assert (late.reason, right.verdict) == (Reason.DEADLINE, Verdict.CORRECT)
        load.cancel()
        await asyncio.wait([load])
        assert all(not lane.inside for lane in busy.lanes())
        assert all(lane.gate.taken == lane.gate.waiting == 0 for lane in busy.lanes())


async def test_a_second_stage_with_too_long_a_line_costs_only_those_that_need_it():
    verifier = Staged()
    async with Engine(
        Registry([verifier]), EngineLimits(queue_seconds=1.0, cache_entries=0)
    ) as staged:
        lane = staged.lanes()[1]
        lane.worked(1, 3.0)
        lane.gate.taken = lane.gate.places
        lane.join(Caller("another"), 500)
        deep, plain = await staged.score([math("deep", "\\boxed{5}"), math("plain")])
        assert (deep.verdict, deep.reason) == (Verdict.UNSCORED, Reason.OVERLOADED)
        assert "in line" in deep.message
        assert plain.verdict is Verdict.CORRECT


async def test_a_large_call_alone_is_not_held_up_by_itself():
    async with Engine(Registry([Staged()]), SHORT_LINES) as staged:
        staged.lanes()[1].worked(1, 3.0)
        results = await staged.score([math(str(n), "\\boxed{5}") for n in range(50)])
        assert {result.verdict for result in results} == {Verdict.CORRECT}


async def test_what_a_call_brings_is_in_line_before_the_next_call_is_let_in():
    registry = Registry([*builtin(), *sample_plugins(names=["Slow"])])
    async with Engine(registry, EngineLimits(cache_entries=0)) as busy:
        lane = next(lane for lane in busy.lanes() if lane.name == "plugin:slow")
        many = [math(str(n)) for n in range(2000)]
        call = asyncio.create_task(busy.score([*many, *[plugin("x", "slow", seconds=0)] * 9]))
        await asyncio.sleep(0)
        assert lane.inside.total() == 9, "long before its turn to begin them"
        await call
        assert all(not lane.inside for lane in busy.lanes())


async def test_calls_that_mostly_need_a_full_second_stage_are_refused_with_a_time_to_come_back():
    async with Engine(
        Registry([Staged()]), EngineLimits(queue_seconds=1.0, cache_entries=0)
    ) as staged:
        deep = math("deep", "\\boxed{5}")
        await staged.score([deep] * 100)
        lane = staged.lanes()[1]
        lane.worked(1000, 3000.0)
        lane.gate.taken = lane.gate.places
        lane.join(Caller("another"), 500)
        with pytest.raises(OverloadedError, match="math-worker"):
            await staged.score([deep])


async def test_a_call_is_refused_by_the_kinds_of_its_items_before_they_are_read():
    told = []

    class Told(Observer):
        def refused(self, items, reason):
            told.append((items, reason))

    registry = Registry([*builtin(), *sample_plugins(names=["Slow"])])
    async with Engine(registry, SHORT_LINES, [Told()]) as busy:
        busy.check_room({"slow": 1, MathTask: 1, "nobody's": 3}, 5)
        lane = next(lane for lane in busy.lanes() if lane.name == "plugin:slow")
        lane.worked(1, 3.0)
        lane.gate.taken = lane.gate.places
        lane.join(Caller("another"), 500)
        busy.check_room({MathTask: 1}, 1)
        with pytest.raises(OverloadedError, match="plugin:slow"):
            busy.check_room({"slow": 1, MathTask: 1}, 2)
        assert told == [(2, Refusal.QUEUE_SECONDS)]


async def test_what_waited_longer_than_told_teaches_its_lane():
    registry = Registry([*builtin(), *sample_plugins(names=["Slow"])])
    async with Engine(registry, SHORT_LINES) as busy:
        lane = next(lane for lane in busy.lanes() if lane.name == "plugin:slow")
        lane.worked(1, 0.1)
        lane.join(ANONYMOUS, 1000)
        lane.gate.taken, lane.speed = lane.gate.places, 200.0  # so about half a second is told
        first = lane.margin
        call = asyncio.create_task(busy.score([plugin("x", "slow", seconds=0)]))
        await asyncio.sleep(1.0)
        lane.gate.leave()
        await call
        assert lane.margin > first


async def test_lanes_tell_what_waits_by_kind_of_work(engine):
    names = [lane.name for lane in engine.lanes()]
    assert names[0] == "inline"
    assert {"math-worker", "format-worker", "code", "process", "judge"} <= set(names)
    assert "text" not in names


async def test_cancelling_a_call_frees_its_room_and_its_worker(engine):
    call = asyncio.create_task(engine.score([plugin("x", "slow", seconds=60)]))
    await asyncio.sleep(0.5)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert engine.admission.inside == 0
    (after,) = await engine.score([plugin("x", "slow", seconds=0)])
    assert after.verdict is Verdict.CORRECT


@pytest.mark.parametrize("rounds", range(8))
async def test_a_call_cancelled_in_any_round_of_a_busy_loop_leaves_its_place(engine, rounds):
    async def busy():
        while True:
            time.sleep(0.001)  # noqa: ASYNC251 - what is meant: each round of the loop takes a while
            await asyncio.sleep(0)

    others = asyncio.create_task(busy())
    call = asyncio.create_task(engine.score([math("m")]))
    for _ in range(rounds):
        await asyncio.sleep(0)
    call.cancel()
    await asyncio.wait([call])
    others.cancel()
    await asyncio.wait([others])
    assert engine.inline.gate.taken == 0
    assert not engine.inline.inside


async def test_deterministic_verifiers_are_asked_once(engine):
    first, second = [(await engine.score([plugin("x", "counts")]))[0] for _ in range(2)]
    assert first.detail == second.detail
    other = (await engine.score([plugin("x", "counts", other=1)]))[0]
    assert other.detail != first.detail


async def test_other_verifiers_are_asked_every_time():
    class Watch(Observer):
        hits = 0

        def cached(self, hits):
            self.hits += hits

    watch = Watch()
    registry = Registry([*builtin(), *sample_plugins(names=["Agrees"])])
    async with Engine(registry, observers=[watch]) as watched:
        for _ in range(2):
            await watched.score([plugin("x", "agrees"), math("y")])
    assert watch.hits == 1  # the math item; the plugin does not claim to be deterministic


async def test_what_is_pending_without_a_second_stage_is_undecided():
    class Undecided:
        name, version, description, task_type = "math", "1", "Leaves open.", MathTask

        def verify(self, item):
            return Pending(Verdict.UNSCORED, Reason.UNDECIDED, None, "cannot tell")

    async with Engine(Registry([Undecided()])) as undecided:
        (result,) = await undecided.score([math("x")])
    assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.UNDECIDED)


async def test_a_second_stage_that_raises_costs_only_its_own_item():
    async with Engine(Registry([Staged(ZeroDivisionError)])) as staged:
        right, failed, also = await staged.score([math("a"), math("b", "\\boxed{5}"), math("c")])
    assert right.verdict is also.verdict is Verdict.CORRECT
    assert (failed.reason, failed.reward) == (Reason.INTERNAL, None)
    assert "ZeroDivisionError" in failed.message


async def test_unscored_outcomes_are_not_remembered():
    answers = iter([ZeroDivisionError(), None])

    class Flaky:
        name, version, description, task_type = "math", "1", "Fails once.", MathTask

        def verify(self, item):
            if error := next(answers):
                raise error
            return builtin()[0].verify(item)

    async with Engine(Registry([Flaky()])) as flaky:
        assert (await flaky.score([math("x")]))[0].verdict is Verdict.UNSCORED
        assert (await flaky.score([math("x")]))[0].verdict is Verdict.CORRECT


async def test_results_are_reported_as_they_are_known(engine):
    seen = []
    items = [plugin("slow", "slow", seconds=0.2), math("quick")]
    await engine.score(items, on_result=lambda index, result: seen.append((index, result.id)))
    assert seen == [(1, "quick"), (0, "slow")]


async def test_other_calls_get_a_turn_during_a_large_batch(bare_engine):
    large = asyncio.create_task(bare_engine.score([math(str(n)) for n in range(20_000)]))
    await asyncio.sleep(0)
    await bare_engine.score([math("small")])
    assert not large.done()
    assert len(await large) == 20_000


async def test_shuffling_and_batching_change_nothing(bare_engine):
    items = [math(str(n), f"\\boxed{{{n % 7}}}", str(n % 5)) for n in range(300)]
    together = {r.id: r for r in await bare_engine.score(items)}
    shuffled = random.Random(1).sample(items, len(items))
    for item in shuffled:
        (alone,) = await bare_engine.score([item])
        same = together[item.id]
        assert (alone.verdict, alone.reward, alone.reason, alone.message, alone.detail) == (
            same.verdict,
            same.reward,
            same.reason,
            same.message,
            same.detail,
        )


def test_two_verifiers_for_one_task_are_refused():
    with pytest.raises(ValueError, match="MathTask"):
        Registry([builtin()[0], builtin()[0]])


async def test_what_is_not_installed_is_named_with_the_cure():
    class Lean:
        name, version, description, task_type = "math", "1", "Needs torch.", MathTask

        def verify(self, item):
            raise ModuleNotFoundError("No module named 'torch'", name="torch")

    async with Engine(Registry([Lean()])) as lean:
        (result,) = await lean.score([math("x")])
    assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.UNSUPPORTED)
    assert "torch" in result.message
    assert "extra `models`" in result.message
