"""Metrics of the process, its workers, its calls and its files."""

import asyncio
import time

import pytest
from prometheus_client import CollectorRegistry

from verifier.errors import Refusal
from verifier.metrics import Metrics
from verifier.metrics.process import LoopMetrics, watch_process
from verifier.metrics.reloading import ReloadMetrics
from verifier.metrics.traffic import TrafficMetrics
from verifier.metrics.workers import WorkerMetrics
from verifier.types import Reason, Result, Verdict
from verifier.workers.counts import RESTART_REASONS, WorkerCounts


def reader(collector):
    registry = CollectorRegistry()
    registry.register(collector)
    return lambda name, **labels: registry.get_sample_value(f"verifier_{name}", labels)


def result(reward, verdict=Verdict.SCORED):
    return Result("a", verdict, Reason.MODEL_SCORE, reward, "", None, "judge/1", 0.0, 0.0)


# ------------------------------------------------------------------------------------ the rewards


@pytest.mark.parametrize(
    ("rewards", "above", "below", "squares", "why"),
    [
        ([1.0, 0.0, 1.0], 2.0, 0.0, 2.0, "right and wrong"),
        ([-1.0, -0.5], 0.0, 1.5, 1.25, "a sum that only falls still only grows here"),
        ([2.0, -3.0], 2.0, 3.0, 13.0, "both"),
        ([None, 1.0], 1.0, 0.0, 1.0, "no reward adds nothing"),
        ([0.0], 0.0, 0.0, 0.0, "0 is a reward, and adds nothing either"),
    ],
)
def test_rewards_are_summed_so_that_no_sum_ever_falls(rewards, above, below, squares, why):
    metrics = Metrics()
    value = metrics.registry.get_sample_value
    for reward in rewards:
        verdict = Verdict.UNSCORED if reward is None else Verdict.SCORED
        metrics.scored([result(reward, verdict)])
    name, by = "verifier_reward_points_total", {"verifier": "judge/1"}
    assert value(name, {**by, "sign": "positive"}) == above, why
    assert value(name, {**by, "sign": "negative"}) == below, why
    assert value("verifier_reward_squares_total", by) == squares, why


def test_every_refusal_is_counted_from_0_on():
    metrics = Metrics()
    metrics.refused(3, Refusal.RATE)
    metrics.refused(2)
    for reason in Refusal:
        count = metrics.registry.get_sample_value(
            "verifier_refused_items_total", {"reason": reason.value}
        )
        assert count == {Refusal.RATE: 3, Refusal.ITEMS: 2}.get(reason, 0)


def test_ready_and_draining_follow_the_life_of_the_service():
    metrics = Metrics()

    def state():
        names = ("verifier_ready", "verifier_draining")
        return tuple(metrics.registry.get_sample_value(name) for name in names)

    assert state() == (0, 0)
    metrics.serve()
    assert state() == (1, 0)
    metrics.drain()
    assert state() == (0, 1)


# --------------------------------------------------------------------------------- the event loop


async def test_a_loop_that_is_kept_is_late_by_as_much():
    clock = iter([100.0, 100.35, 200.0, 199.0])  # due at 100.01, then a clock that goes back
    looks = []

    def now():
        try:
            looks.append(next(clock))
        except StopIteration:
            raise asyncio.CancelledError from None
        return looks[-1]

    metrics = LoopMetrics(interval_seconds=0.01, clock=now)
    value = reader(metrics)
    metrics.start()
    metrics.start()  # a second time changes nothing
    while len(looks) < 4:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0)
    assert value("event_loop_lag_seconds_count") == 2
    assert value("event_loop_lag_seconds_sum") == pytest.approx(0.34)
    assert value("event_loop_lag_seconds_bucket", le="0.2") == 1
    assert value("event_loop_lag_seconds_bucket", le="0.5") == 2
    metrics.stop()
    metrics.stop()


async def test_a_blocked_loop_shows():
    metrics = LoopMetrics(interval_seconds=0.001)
    value = reader(metrics)
    metrics.start()
    await asyncio.sleep(0.01)
    time.sleep(0.3)  # noqa: ASYNC251 - what must not be done
    while value("event_loop_lag_seconds_sum") < 0.25:
        await asyncio.sleep(0.001)
    metrics.stop()


def test_the_process_is_seen_by_a_registry_of_our_own():
    registry = CollectorRegistry()
    watch_process(registry)
    for name in ("process_resident_memory_bytes", "process_open_fds", "process_threads"):
        assert registry.get_sample_value(name) > 0


# ------------------------------------------------------------------------------------ the workers


class Working:
    name = "math"

    def __init__(self, counts):
        self.worker_counts = counts


def test_workers_are_shown_by_state_and_restarts_by_reason():
    counts = WorkerCounts(started=7, idle=2, busy=1, restarts={"died": 3, "age": 1}, quarantined=1)
    value = reader(WorkerMetrics([Working(counts), object()]))
    assert value("workers", verifier="math", state="idle") == 2
    assert value("workers", verifier="math", state="busy") == 1
    assert value("worker_starts_total", verifier="math") == 7
    assert value("quarantined_items_total", verifier="math") == 1
    found = {
        reason: value("worker_restarts_total", verifier="math", reason=reason)
        for reason in RESTART_REASONS
    }
    assert found == {**dict.fromkeys(RESTART_REASONS, 0), "died": 3, "age": 1}


def test_a_pool_that_is_not_there_yet_counts_0():
    value = reader(WorkerMetrics([Working(None)]))
    assert value("workers", verifier="math", state="idle") == 0
    assert value("worker_restarts_total", verifier="math", reason="died") == 0


# --------------------------------------------------------------------------- the calls, the files


def test_calls_and_bytes_stand_under_the_names_that_there_are():
    traffic = TrafficMetrics(["Score", "Judge"])
    value = reader(traffic)
    assert traffic.knows("Score")
    assert not traffic.knows("anything else")
    traffic.opened("Score")
    traffic.received("Score", 10)
    traffic.sent("Score", 4)
    assert value("open_calls", method="Score") == 1
    traffic.closed("Score")
    assert value("open_calls", method="Score") == 0
    assert value("received_bytes_total", method="Score") == 10
    assert value("sent_bytes_total", method="Score") == 4
    assert value("sent_bytes_total", method="Judge") == 0


def test_reloads_and_what_could_not_be_read_are_shown():
    class Tokens:
        reloads, problems = 2, 5

    value = reader(ReloadMetrics({"tokens": Tokens()}))
    assert value("reloads_total", file="tokens") == 2
    assert value("reload_problems_total", file="tokens") == 5
