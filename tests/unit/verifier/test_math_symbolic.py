"""The math verifier's second stage in the engine: SymPy's workers killed, late, busy or away.

Which answers get there is the comparison's business. Here it is told what to leave undecided.
"""

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from trees import add, div, integral, power, root, total, tree

from verifier.deadline import Deadline
from verifier.engine import Engine
from verifier.mathematics import scoring
from verifier.mathematics.verdicts import DIFFERENT, EXACT_EQUAL, UNDECIDED, Comparison, Match
from verifier.observers import Observer
from verifier.outcome import math as math_module
from verifier.outcome.math import MathVerifier
from verifier.registry import Registry, StagedVerifier, is_inline
from verifier.types import Item, MathTask, Reason, Verdict
from verifier.workers.pool import WorkerLimits


def hopeless(shift):
    """An integral that SymPy thinks about for minutes; another one for each shift."""
    inner = add("x", shift)
    return integral(power(add(power(inner, 7), root(inner, 3)), div(2, 7)), "x", 0, 1)


TREES = {
    "basel": total(div(1, power("k", 2)), "k", 1, "infty"),
    "zeta": div(power("pi", 2), 6),
    "eighth": div(power("pi", 2), 8),
    "unknown": div(1, 0),
    **{f"hopeless{shift}": hopeless(shift) for shift in range(1, 9)},
    **{f"sum{n}": total("k", "k", 1, n) for n in range(200)},
    **{f"closed{n}": tree(n * (n + 1) // 2) for n in range(200)},
}


def compare_names(candidate, reference, policy):
    """A comparison of the names above; of others nothing but the text."""
    if candidate in TREES and reference in TREES:
        return Comparison(Match.UNDECIDED, None, (TREES[candidate], TREES[reference]))
    if "unreadable" in (candidate, reference):
        return UNDECIDED
    return EXACT_EQUAL if candidate == reference else DIFFERENT


@pytest.fixture(autouse=True)
def _compared_by_name(monkeypatch):
    monkeypatch.setattr(scoring, "compare", compare_names)


def item(candidate, *references, name=""):
    return Item(name or candidate, f"<answer>{candidate}</answer>", MathTask(references))


def engine_with(verifier=None, **limits):
    if verifier is None:
        limits = {"processes": 1, "cpu_seconds": 60.0, "memory_bytes": 1 << 29, **limits}
        verifier = MathVerifier(WorkerLimits(**limits))
    return Engine(Registry([verifier]))


@pytest.fixture
async def engine():
    async with engine_with() as made:
        yield made


def workers_of(engine):
    (verifier,) = engine.registry
    return verifier._pool.pool if verifier._pool else None


async def worker_at_work(engine):
    """The process that is busy, once there is one."""
    while not (workers_of(engine) and workers_of(engine)._busy):
        await asyncio.sleep(0.01)
    (worker,) = workers_of(engine)._busy
    return worker.process.pid


CASES = [
    (("basel", "zeta"), Verdict.CORRECT, Reason.EQUIVALENT, "by computer algebra"),
    (("zeta", "basel"), Verdict.CORRECT, Reason.EQUIVALENT, "either way round"),
    (("basel", "eighth"), Verdict.INCORRECT, Reason.NOT_EQUIVALENT, "different"),
    (("basel", "unknown"), Verdict.UNSCORED, Reason.UNDECIDED, "no value to compare with"),
    (("basel", "eighth", "zeta"), Verdict.CORRECT, Reason.EQUIVALENT, "any reference will do"),
    (("basel", "unreadable", "zeta"), Verdict.CORRECT, Reason.EQUIVALENT, "one is equal"),
    (("basel", "unreadable", "eighth"), Verdict.UNSCORED, Reason.UNDECIDED, "one is not known"),
    (("basel", "3", "eighth"), Verdict.INCORRECT, Reason.NOT_EQUIVALENT, "different from both"),
    (("basel", "basel"), Verdict.CORRECT, Reason.EQUIVALENT, "itself"),
]


@pytest.mark.parametrize(("answers", "verdict", "reason", "why"), CASES)
async def test_sympy_settles_what_the_comparison_left_open(engine, answers, verdict, reason, why):
    (result,) = await engine.score([item(*answers)])
    assert (result.verdict, result.reason) == (verdict, reason), why
    assert (result.reward is None) == (verdict is Verdict.UNSCORED)
    assert result.verifier == "math/2"
    assert result.detail.candidate == answers[0]


async def test_the_verifier_is_inline_and_starts_no_process_before_it_must(engine):
    (verifier,) = engine.registry
    assert isinstance(verifier, StagedVerifier)
    assert is_inline(verifier)
    assert [info.kind for info in engine.registry.infos()] == ["inline"]
    await engine.score([item("4", "4"), item("4", "5"), item("unreadable", "4")])
    assert workers_of(engine) is None


async def test_started_beforehand_the_first_item_finds_a_worker_ready(engine):
    await engine.start()
    (ready,) = workers_of(engine)._idle
    (result,) = await engine.score([item("basel", "zeta")])
    assert result.verdict is Verdict.CORRECT
    assert workers_of(engine)._idle == [ready]


async def test_without_workers_sympy_is_never_asked():
    verifier = MathVerifier(None)
    async with engine_with(verifier) as switched_off:
        await switched_off.start()
        open_, right = await switched_off.score([item("basel", "zeta"), item("4", "4")])
    assert (open_.verdict, open_.reason) == (Verdict.UNSCORED, Reason.UNDECIDED)
    assert right.verdict is Verdict.CORRECT
    assert verifier._pool is None


async def test_asked_inline_the_outcome_is_undecided_and_complete():
    outcome = MathVerifier().verify(item("basel", "zeta"))
    assert (outcome.verdict, outcome.reason) == (Verdict.UNSCORED, Reason.UNDECIDED)
    assert outcome.reward is None
    assert "basel" in outcome.message


def test_32_threads_get_what_one_gets():
    verifier = MathVerifier()
    items = [item("basel", "zeta"), item("4", "4"), item("4", "5")] * 50
    alone = [verifier.verify(one) for one in items]
    with ThreadPoolExecutor(32) as threads:
        assert list(threads.map(verifier.verify, items)) == alone


async def test_used_up_cpu_seconds_leave_an_item_undecided_once_for_all_rollouts():
    async with engine_with(cpu_seconds=0.3) as short:
        rollouts = [item("hopeless1", "zeta", name=f"rollout {n}") for n in range(20)]
        results = await short.score([item("4", "4"), *rollouts, item("5", "4")])
        assert [result.reason for result in results[1:-1]] == [Reason.UNDECIDED] * 20
        assert (results[0].verdict, results[-1].verdict) == (Verdict.CORRECT, Verdict.INCORRECT)
        assert sum(workers_of(short).counts.restarts.values()) == 1


async def test_after_hopeless_items_the_next_one_is_decided():
    async with engine_with(cpu_seconds=1.0) as short:
        for shift in (1, 2):
            (result,) = await short.score([item(f"hopeless{shift}", "zeta")])
            assert result.reason is Reason.UNDECIDED
        (result,) = await short.score([item("sum7", "closed7")])
        assert result.verdict is Verdict.CORRECT


async def test_a_limit_by_the_clock_leaves_an_item_undecided_and_kills_its_worker(engine):
    call = asyncio.create_task(
        engine.score([item("hopeless1", "zeta"), item("4", "4")], work_limit_seconds=0.3)
    )
    pid = await worker_at_work(engine)
    undecided, right = await call
    assert (undecided.verdict, undecided.reason) == (Verdict.UNSCORED, Reason.UNDECIDED)
    assert right.verdict is Verdict.CORRECT
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=30)
    (after,) = await engine.score([item("sum7", "closed7")])
    assert after.verdict is Verdict.CORRECT


async def test_a_deadline_ends_what_is_pending_and_names_itself(engine):
    items = [
        item("4", "4"),
        *(item(f"hopeless{shift}", "zeta") for shift in (1, 2)),
        item("5", "4"),
    ]
    first, working, waiting, last = await engine.score(items, deadline=Deadline.after(2.0))
    assert (first.verdict, last.verdict) == (Verdict.CORRECT, Verdict.INCORRECT)
    assert working.reason is waiting.reason is Reason.DEADLINE
    assert not workers_of(engine)._busy


async def test_an_item_whose_workers_are_killed_twice_is_an_internal_failure_of_its_own_alone():
    failures = []

    class Watch(Observer):
        def failed(self, verifier, error):
            failures.append(verifier)

    verifier = MathVerifier(WorkerLimits(processes=1, cpu_seconds=60.0))
    async with Engine(Registry([verifier]), observers=[Watch()]) as watched:
        call = asyncio.create_task(watched.score([item("hopeless1", "zeta"), item("4", "4")]))
        first = await worker_at_work(watched)
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(60):
            while (second := await worker_at_work(watched)) == first:
                await asyncio.sleep(0.01)
        os.kill(second, signal.SIGKILL)
        killed, inline = await call
        assert (killed.verdict, killed.reason) == (Verdict.UNSCORED, Reason.INTERNAL)
        assert "signal 9" in killed.message
        (after,) = await watched.score([item("basel", "zeta")])
        assert inline.verdict is after.verdict is Verdict.CORRECT
    assert failures == ["math/2"]


async def test_cancelling_a_call_kills_the_worker_on_it(engine):
    call = asyncio.create_task(engine.score([item("hopeless1", "zeta")]))
    pid = await worker_at_work(engine)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert engine.admission.inside == 0
    (after,) = await engine.score([item("basel", "zeta")])
    assert after.verdict is Verdict.CORRECT
    await engine.close()
    assert not psutil.pid_exists(pid)


async def test_workers_that_cannot_start_are_an_internal_failure(monkeypatch):
    monkeypatch.setattr(math_module, "_WORKER", "verifier.mathematics.symbolic.absent:serve")
    async with engine_with() as broken:
        failed, right = await broken.score([item("basel", "zeta"), item("4", "4")])
    assert (failed.verdict, failed.reason) == (Verdict.UNSCORED, Reason.INTERNAL)
    assert "could not start" in failed.message
    assert right.verdict is Verdict.CORRECT


async def test_two_hundred_pending_rows_at_once_take_turns_on_the_workers():
    async with engine_with(processes=2) as two:
        items = [item(f"sum{n}", f"closed{n}") for n in range(200)]
        results = await two.score(items)
        assert {result.verdict for result in results} == {Verdict.CORRECT}
        assert [result.id for result in results] == [one.id for one in items]
        assert len(workers_of(two)._idle) <= 2
        assert not workers_of(two)._busy


async def test_the_loop_turns_while_sympy_works(engine):
    call = asyncio.create_task(engine.score([item("hopeless1", "zeta")]))
    await worker_at_work(engine)
    (right,) = await engine.score([item("4", "4")])
    assert right.verdict is Verdict.CORRECT
    assert not call.done()
    call.cancel()
    await asyncio.wait([call])


async def test_decided_items_are_remembered_and_counted():
    counted = []

    class Watch(Observer):
        def continued(self, verifier):
            counted.append(verifier)

        def cached(self, hits):
            counted.append(hits)

    verifier = MathVerifier(WorkerLimits(processes=1, cpu_seconds=60.0))
    async with Engine(Registry([verifier]), observers=[Watch()]) as watched:
        for _ in range(2):
            (result,) = await watched.score([item("basel", "zeta")])
            assert result.verdict is Verdict.CORRECT
    assert counted == ["math/2", 1]


async def test_alone_and_in_a_batch_verdicts_are_the_same(engine):
    items = [
        item("basel", "zeta"),
        item("sum7", "closed7"),
        item("sum7", "closed8"),
        item("basel", "unknown"),
        item("4", "4"),
    ]
    together = await engine.score(items)
    async with engine_with() as another:
        alone = [(await another.score([one]))[0] for one in reversed(items)]
    for one, same in zip(together, reversed(alone), strict=True):
        assert (one.verdict, one.reason, one.message, one.detail) == (
            same.verdict,
            same.reason,
            same.message,
            same.detail,
        )


async def test_waiting_for_a_worker_is_no_work():
    async with engine_with() as one_worker:
        results = await one_worker.score([item("basel", "zeta"), item("sum7", "closed7")])
    first, second = results
    assert first.work_seconds > 0
    assert second.queue_seconds >= first.work_seconds
