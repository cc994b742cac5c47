"""Worker processes: killed, replaced, recycled, and never left behind."""

import asyncio
import json
import os

import psutil
import pytest

from verifier.errors import WorkerDiedError, WorkerFailedError
from verifier.workers.frames import MAX_FRAME_BYTES, pack
from verifier.workers.pool import WorkerLimits, WorkerPool
from verifier.workers.remembered import RememberingPool
from verifier.workers.worker import WorkerOvertimeError, WorkerStartError


def pool(argument="", **limits):
    return WorkerPool("unit_worker:make", argument, WorkerLimits(**{"processes": 1, **limits}))


async def ask(workers, question):
    return await workers.call(json.dumps(question).encode(), lambda: None)


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def until_succeeded(workers, restarts):
    """Waits until as many were replaced as planned."""
    await until(lambda: workers.counts.restarts == restarts)


async def test_the_same_worker_answers_until_its_calls_are_used_up():
    workers = pool(max_calls=2)
    pids = [await ask(workers, "pid") for _ in range(2)]
    await until_succeeded(workers, {"age": 1})
    pids += [await ask(workers, "pid") for _ in range(2)]
    assert pids[0] == pids[1] != pids[2] == pids[3]
    await workers.close()


async def test_a_worker_goes_on_until_its_successor_is_ready(tmp_path, monkeypatch):
    monkeypatch.setenv("UNIT_WORKER_MARK", str(tmp_path))
    workers = pool("held", max_calls=1)
    pids = {await ask(workers, "pid") for _ in range(5)}
    assert len(pids) == 1, "no call waited for another process to load"
    assert (workers.counts.started, workers.counts.restarts) == (2, {}), "and only one was begun"
    (tmp_path / "let").touch()
    await until_succeeded(workers, {"age": 1})
    assert await ask(workers, "pid") not in pids
    await workers.close()


async def test_a_busy_worker_ends_its_call_before_its_successor_takes_over(tmp_path, monkeypatch):
    monkeypatch.setenv("UNIT_WORKER_MARK", str(tmp_path))
    workers = pool("held", max_calls=1)
    first = await ask(workers, "pid")
    await until(lambda: workers.counts.started == 2)
    call = asyncio.create_task(ask(workers, "wait and pid"))
    await asyncio.sleep(0)
    (tmp_path / "let").touch()
    await until_succeeded(workers, {"age": 1})
    assert workers.counts.busy == 1
    (tmp_path / "go").touch()
    assert await call == first
    assert await ask(workers, "pid") != first
    assert workers.counts.idle == 1
    await workers.close()


async def test_a_successor_and_a_replacement_are_not_one_too_many(tmp_path, monkeypatch):
    monkeypatch.setenv("UNIT_WORKER_MARK", str(tmp_path))
    others = psutil.Process().children()  # of other tests in this process
    workers = pool("held", max_calls=1)
    await ask(workers, "pid")
    await until(lambda: workers.counts.started == 2)  # the successor, which does not get ready
    call = asyncio.create_task(ask(workers, "exit once"))
    await until(lambda: workers.counts.started == 3)  # what the call itself waits for
    children = set(psutil.Process().children()) - set(others)
    (tmp_path / "let").touch()
    assert await call == b"alive"
    await until(lambda: sum(one.status() != "zombie" for one in children if one.is_running()) == 1)
    assert workers.counts.idle == 1
    await workers.close()


async def test_a_worker_without_a_successor_goes_on(monkeypatch):
    workers = pool(max_calls=1)
    first = await ask(workers, "pid")
    await until_succeeded(workers, {"age": 1})

    async def launch(command):
        raise BlockingIOError("no process more")

    monkeypatch.setattr("verifier.workers.pool.Worker.launch", launch)
    pids = {await ask(workers, "pid") for _ in range(3)}
    assert len(pids) == 1
    assert pids != {first}
    assert workers.counts.restarts == {"age": 1}
    await workers.close()


async def test_closing_ends_a_successor_that_is_still_loading(tmp_path, monkeypatch):
    monkeypatch.setenv("UNIT_WORKER_MARK", str(tmp_path))
    others = psutil.Process().children()  # of other tests in this process
    workers = pool("held", max_calls=1)
    await ask(workers, "pid")
    await until(lambda: workers.counts.started == 2)
    children = set(psutil.Process().children()) - set(others)
    await workers.close()
    assert not [one for one in children if one.is_running() and one.status() != "zombie"]


async def test_answers_of_any_size_come_whole():
    workers = pool()
    text = "x" * 5_000_000
    assert json.loads(await ask(workers, text)) == text
    await workers.close()


async def test_a_payload_larger_than_a_frame_is_refused_before_it_is_sent():
    with pytest.raises(ValueError, match="do not fit"):
        pack(b"x" * (MAX_FRAME_BYTES + 1))


async def test_a_worker_that_exits_is_named_and_replaced():
    workers = pool()
    with pytest.raises(WorkerDiedError, match="exit code 3"):
        await ask(workers, "exit")
    assert await ask(workers, "well?") == b'"well?"'
    assert workers.counts.restarts == {"died": 2}, "it was tried once more"
    await workers.close()


async def test_a_payload_whose_worker_died_once_is_answered_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv("UNIT_WORKER_MARK", str(tmp_path))
    workers = pool()
    assert await ask(workers, "exit once") == b"alive"
    assert (workers.counts.restarts, workers.counts.quarantined) == ({"died": 1}, 0)
    await workers.close()


async def test_a_payload_that_killed_two_workers_costs_no_third_for_an_hour():
    now = [0.0]
    limits = WorkerLimits(processes=1)
    workers = WorkerPool("unit_worker:make", "", limits, clock=lambda: now[0])
    with pytest.raises(WorkerDiedError, match="killed its worker twice"):
        await ask(workers, "exit")
    for _ in range(3):
        with pytest.raises(WorkerDiedError, match="killed its worker twice"):
            await ask(workers, "exit")
    assert workers.counts.started == 2
    assert workers.counts.quarantined == 1
    now[0] += 3601
    with pytest.raises(WorkerDiedError, match="exit code 3"):
        await ask(workers, "exit")
    assert workers.counts.started == 4, "whatever was wrong may have been mended"
    await workers.close()


async def test_starts_that_fail_are_spaced_out_and_blamed_on_no_payload():
    now = [0.0]
    limits = WorkerLimits(processes=1)
    workers = WorkerPool("unit_worker:make", "broken", limits, clock=lambda: now[0])
    for wait in (0.1, 1.0, 5.0, 30.0, 30.0):
        with pytest.raises(WorkerStartError, match="no such model"):
            await ask(workers, "x")
        with pytest.raises(WorkerStartError, match="later"):
            await ask(workers, "x")
        now[0] += wait
    assert workers.counts.started == 5
    assert workers.counts.restarts == {"failed_start": 5}
    assert workers.counts.quarantined == 0
    await workers.close()


async def test_a_worker_that_hoards_memory_is_replaced_between_calls():
    workers = pool(memory_bytes=1 << 30)
    assert await ask(workers, "well?") == b'"well?"'
    held = [int(await ask(workers, "hoard")) for _ in range(3)]
    assert held == [1, 2, 3]
    await until_succeeded(workers, {"memory": 1})
    assert int(await ask(workers, "hoard")) == 1, "a new one"
    await workers.close()


async def test_memory_beyond_the_limit_is_an_error_of_that_call_only():
    workers = pool(memory_bytes=1 << 30)
    with pytest.raises(WorkerFailedError, match="MemoryError"):
        await ask(workers, "memory")
    assert await ask(workers, "well?") == b'"well?"'
    await workers.close()


async def test_a_handler_that_cannot_be_loaded_says_why():
    workers = pool("broken")
    with pytest.raises(WorkerDiedError, match="no such model"):
        await ask(workers, "x")
    await workers.close()


async def test_children_of_a_worker_die_with_it():
    workers = pool()
    pid = int(await ask(workers, "pid"))
    await ask(workers, "fork")
    (child,) = psutil.Process(pid).children()
    await workers.close()
    psutil.wait_procs([child], timeout=10)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


async def test_cancelling_a_call_kills_its_worker_at_once():
    workers = pool()
    pid = int(await ask(workers, "pid"))
    os.kill(pid, 19)  # SIGSTOP: it will never answer
    call = asyncio.create_task(ask(workers, "x"))
    await asyncio.sleep(0.1)
    call.cancel()
    await asyncio.wait([call])
    assert int(await ask(workers, "pid")) != pid
    await workers.close()
    assert not psutil.pid_exists(pid)


async def test_waiting_ends_only_when_a_worker_takes_the_call():
    workers = pool()
    await workers.start()
    order = []

    async def one(name):
        await workers.call(b'"x"', lambda: order.append(f"{name} started"))
        order.append(f"{name} done")

    await asyncio.gather(one("a"), one("b"))
    assert order.index("a started") < order.index("b started")
    assert sorted(order) == ["a done", "a started", "b done", "b started"]
    await workers.close()


async def test_a_worker_that_died_while_idle_costs_nobody_a_call():
    workers = pool()
    pid = int(await ask(workers, "pid"))
    os.kill(pid, 9)
    psutil.wait_procs([psutil.Process(pid)], timeout=10)
    assert int(await ask(workers, "pid")) != pid
    await workers.close()


async def test_an_answer_too_large_for_a_frame_fails_that_call_only():
    workers = pool()
    with pytest.raises(WorkerFailedError, match="do not fit"):
        await ask(workers, "huge")
    assert await ask(workers, "well?") == b'"well?"'
    await workers.close()


async def test_a_call_that_uses_up_its_cpu_seconds_is_ended_and_named():
    workers = pool(cpu_seconds=0.2)
    with pytest.raises(WorkerOvertimeError, match="CPU seconds"):
        await ask(workers, "spin")
    assert await ask(workers, "well?") == b'"well?"'
    assert sum(workers.counts.restarts.values()) == 1
    await workers.close()


async def test_cpu_seconds_are_counted_anew_for_each_call():
    workers = pool(cpu_seconds=0.3)
    pids = {await ask(workers, "pid") for _ in range(3)}
    await ask(workers, "x" * 100)
    assert pids == {await ask(workers, "pid")}
    await workers.close()


async def test_a_remembering_pool_asks_each_question_once():
    workers = RememberingPool(pool(), 2)
    together = await asyncio.gather(*(ask(workers, "count") for _ in range(50)))
    assert {*together, await ask(workers, "count")} == {b"1"}
    await ask(workers, "a")
    await ask(workers, "b")
    assert await ask(workers, "count") == b"2", "two answers are kept, and this was not one"
    await workers.close()


async def test_a_question_that_used_up_its_cpu_seconds_is_not_asked_again():
    workers = RememberingPool(pool(cpu_seconds=0.2), 10)
    for _ in range(3):
        with pytest.raises(WorkerOvertimeError):
            await ask(workers, "spin")
    assert sum(workers.pool.counts.restarts.values()) == 1
    await workers.close()


async def test_a_death_is_not_remembered():
    workers = RememberingPool(pool(), 10)
    for _ in range(2):
        with pytest.raises(WorkerDiedError, match="killed its worker twice"):
            await ask(workers, "exit")
    assert workers.pool.counts.restarts == {"died": 2}, "the second time it is in quarantine"
    await workers.close()


async def test_whoever_waits_for_a_cancelled_question_asks_it_anew():
    workers = RememberingPool(pool(), 10)
    pid = int(await ask(workers, "pid"))
    os.kill(pid, 19)  # SIGSTOP: it will never answer
    first, second = (asyncio.create_task(ask(workers, "count")) for _ in range(2))
    await asyncio.sleep(0.1)
    first.cancel()
    await asyncio.wait([first])
    assert await second == b"1"
    await workers.close()
