"""Prometheus metrics of the sandbox: what its pool counts, and the level that programs run at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from sandbox.execution import Isolation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from verifier.outcome.code import CodeVerifier


class SandboxMetrics(Collector):
    """Reads what the verifier's sandbox counts, when scraped.

    Args:
        verifier: whose sandbox.
    """

    def __init__(self, verifier: CodeVerifier) -> None:
        self._verifier = verifier

    def collect(self) -> Iterable[Metric]:
        """What Prometheus sees; called at each scrape."""
        level = GaugeMetricFamily(
            "verifier_sandbox_isolation",
            "1 for the isolation level that programs run at; all 0 while they cannot be run.",
            labels=("level",),
        )
        for isolation in Isolation:
            level.add_metric((isolation.value,), int(self._verifier.isolation == isolation.value))
        yield level
        sandbox = self._verifier.sandbox
        if sandbox is None:
            return
        counts = sandbox.pool.counts
        for name, text, count in (
            ("verifier_sandbox_runs", "Programs run to their end.", counts.runs),
            ("verifier_sandbox_retried_runs", "Programs run again.", counts.retried),
            ("verifier_sandbox_recycled_jails", "Jails replaced by age.", counts.recycled),
            ("verifier_sandbox_broken_jails", "Jails replaced as broken.", counts.broken),
        ):
            yield CounterMetricFamily(name, text, value=count)
        waiting = counts.waiting
        yield GaugeMetricFamily("verifier_sandbox_waiting_runs", "Waiting for a slot.", waiting)
        yield GaugeMetricFamily("verifier_sandbox_busy_slots", "Running a program.", counts.busy)
