"""Prometheus metrics of the worker processes: what their pools count, by verifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from verifier.metrics.families import counter
from verifier.workers.counts import RESTART_REASONS, HasWorkers, WorkerCounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric


class WorkerMetrics(Collector):
    """Reads what the pools count, when scraped.

    Args:
        verifiers: all there are; those without workers are left out.
    """

    def __init__(self, verifiers: Iterable[object]) -> None:
        self._verifiers = tuple(one for one in verifiers if isinstance(one, HasWorkers))

    def collect(self) -> Iterable[Metric]:
        """What Prometheus sees; called at each scrape."""
        pools = {one.name: one.worker_counts or WorkerCounts() for one in self._verifiers}
        family = GaugeMetricFamily(
            "verifier_workers", "Worker processes by what they do.", labels=("verifier", "state")
        )
        for verifier, pool in pools.items():
            family.add_metric((verifier, "idle"), pool.idle)
            family.add_metric((verifier, "busy"), pool.busy)
        yield family
        yield counter(
            "verifier_worker_starts",
            "Worker processes started.",
            ("verifier",),
            {(verifier,): pool.started for verifier, pool in pools.items()},
        )
        yield counter(
            "verifier_worker_restarts",
            "Worker processes replaced, by why.",
            ("verifier", "reason"),
            {
                (verifier, reason): pool.restarts.get(reason, 0)
                for verifier, pool in pools.items()
                for reason in RESTART_REASONS
            },
        )
        yield counter(
            "verifier_quarantined_items",
            "Items given up because each killed its worker twice.",
            ("verifier",),
            {(verifier,): pool.quarantined for verifier, pool in pools.items()},
        )
