"""What the models' threads report, as Prometheus sees it."""

from prometheus_client import CollectorRegistry

from prm.observing import BatchReport
from verifier.metrics.models import PrmMetrics
from verifier.types import (
    ProcessDetail,
    Reason,
    Result,
    RewardModelDetail,
    TextDetail,
    Verdict,
)


def report(**changes):
    values = {
        "model": "m",
        "jobs": 2,
        "tokens": 100,
        "reused_tokens": 40,
        "queued_jobs": 3,
        "queued_tokens": 500,
        "waited_seconds": 0.02,
        "seconds": 0.2,
        "cache_bytes": 4096,
        "evictions": 0,
        "dropped_jobs": 0,
        "failed": False,
    }
    return BatchReport(**(values | changes))


def read(metrics):
    registry = CollectorRegistry()
    registry.register(metrics)
    return lambda name, model="m": registry.get_sample_value(
        f"verifier_prm_{name}", {"model": model}
    )


def test_passes_add_up_under_their_models_name():
    metrics = PrmMetrics()
    metrics.batch(report())
    metrics.batch(report(tokens=20, reused_tokens=0, dropped_jobs=2, failed=True, queued_tokens=7))
    metrics.batch(report(model="other", tokens=1))
    value = read(metrics)
    assert value("tokens_total") == 120
    assert value("tokens_total", "other") == 1
    assert value("cached_tokens_total") == 40
    assert value("dropped_jobs_total") == 2
    assert value("failed_batches_total") == 1
    assert value("queued_tokens") == 7, "how it stands, not a sum"
    assert value("batch_tokens_count") == 2
    assert value("batch_tokens_sum") == 120
    assert value("wait_seconds_sum") == 0.04


def test_evictions_are_counted_over_loads_though_each_scorer_begins_at_zero():
    metrics = PrmMetrics()
    metrics.loaded("m", 1.5, 1000)
    metrics.batch(report(evictions=5))
    metrics.batch(report(evictions=7))
    metrics.unloaded("m")
    metrics.loaded("m", 2.5, 1000)
    metrics.batch(report(evictions=2))
    value = read(metrics)
    assert value("evictions_total") == 9
    assert value("loads_total") == 2
    assert value("load_seconds") == 2.5


def test_what_a_model_held_is_gone_when_it_is_unloaded():
    metrics = PrmMetrics()
    metrics.loaded("m", 1.5, 1000)
    metrics.batch(report())
    value = read(metrics)
    assert (value("loaded"), value("weight_bytes"), value("cache_bytes")) == (1, 1000, 4096)
    metrics.unloaded("m")
    assert (value("loaded"), value("weight_bytes"), value("cache_bytes")) == (0, None, None)
    assert value("tokens_total") == 100, "what was done stays counted"


def test_truncated_items_are_counted_whatever_their_verdict():
    def result(detail, verdict=Verdict.SCORED):
        reward = None if verdict is Verdict.UNSCORED else 0.5
        return Result("a", verdict, Reason.MODEL_SCORE, reward, detail=detail)

    metrics = PrmMetrics()
    metrics.scored(
        [
            result(ProcessDetail(model="m", truncated=True)),
            result(ProcessDetail(model="m")),
            result(ProcessDetail(model="m", truncated=True), Verdict.UNSCORED),
            result(RewardModelDetail(model="m", truncated=True)),
            result(TextDetail()),
            result(None),
        ]
    )
    assert read(metrics)("truncated_items_total") == 3
