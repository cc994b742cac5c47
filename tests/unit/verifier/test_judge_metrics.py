"""What the judge reports, as Prometheus sees it."""

from prometheus_client import CollectorRegistry, generate_latest

from verifier.errors import BackendError
from verifier.judge.asking import Reply
from verifier.judge.observing import CacheTrouble
from verifier.metrics.judge import JudgeMetrics

REPLY = Reply("Yes", prompt_tokens=100, completion_tokens=20, seconds=0.2, retries=1)


def made():
    metrics = JudgeMetrics(["first", "second"], ["yes_no", "pair"])
    registry = CollectorRegistry()
    registry.register(metrics)
    return metrics, lambda name, **labels: registry.get_sample_value(
        f"verifier_judge_{name}", labels
    )


def test_calls_add_up_under_their_backends_name():
    metrics, value = made()
    metrics.called("first", REPLY, 0.25)
    metrics.called("first", REPLY, 0.5)
    metrics.called("second", REPLY, None)
    metrics.cached("first")
    metrics.failed("second", BackendError("secret words"))
    assert value("calls_total", backend="first") == 2
    assert value("retries_total", backend="first") == 2
    assert value("cached_calls_total", backend="first") == 1
    assert value("tokens_total", backend="first", kind="prompt") == 200
    assert value("tokens_total", backend="first", kind="completion") == 40
    assert value("cost_dollars_total", backend="first") == 0.75
    assert value("call_seconds_count", backend="first") == 2
    assert value("call_seconds_sum", backend="first") == 0.4
    assert value("calls_total", backend="second") == 1
    assert value("failures_total", backend="second") == 1


def test_what_is_not_known_to_cost_has_no_cost():
    metrics, value = made()
    metrics.called("first", REPLY, None)
    assert value("cost_dollars_total", backend="first") is None


def test_every_backend_is_counted_from_0_on():
    _, value = made()
    for name in ("calls", "cached_calls", "retries", "failures"):
        assert value(f"{name}_total", backend="second") == 0
    for trouble in ("down", "slow", "left_alone", "unreadable"):
        assert value("cache_failures_total", trouble=trouble) == 0


def test_agreement_is_counted_by_template():
    metrics, value = made()
    metrics.agreed("pair", 6, 2)
    metrics.agreed("pair", 1, 0)
    metrics.voted("yes_no", 0.0)
    metrics.voted("yes_no", 0.918)
    metrics.unreadable("first", "yes_no")
    assert value("order_pairs_total", template="pair") == 7
    assert value("order_disagreements_total", template="pair") == 2
    assert value("vote_entropy_bits_count", template="yes_no") == 2
    assert value("vote_entropy_bits_bucket", template="yes_no", le="0") == 1
    assert value("vote_entropy_bits_sum", template="yes_no") == 0.918
    assert value("unreadable_total", backend="first", template="yes_no") == 1


def test_what_ails_the_shared_cache_is_counted():
    metrics, value = made()
    metrics.cache_failed(CacheTrouble.SLOW, "no answer in time")
    metrics.cache_failed(CacheTrouble.SLOW, "no answer in time")
    assert value("cache_failures_total", trouble="slow") == 2


def test_no_name_that_was_not_told_becomes_a_label():
    metrics, value = made()
    registry = CollectorRegistry()
    registry.register(metrics)
    for name in ("from a caller", "another", 'a"b\n'):
        metrics.called(name, REPLY, 1.0)
        metrics.cached(name)
        metrics.failed(name, BackendError(name))
        metrics.unreadable(name, name)
        metrics.agreed(name, 1, 1)
        metrics.voted(name, 1.0)
    assert value("calls_total", backend="other") == 3
    assert value("unreadable_total", backend="other", template="other") == 3
    assert value("order_pairs_total", template="other") == 3
    page = generate_latest(registry).decode()
    assert "caller" not in page
    assert "another" not in page
