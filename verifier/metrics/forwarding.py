"""Prometheus metrics of tasks that other deployments answer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from verifier.metrics.families import counter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prometheus_client import Metric


class ForwardCounts:
    """What is counted of one forwarded task.

    Attributes:
        calls: made, by the name of the status that ended them.
        sent: items sent, each time counted.
        resent: of them, those that an earlier call had carried.
        away: items that are out now.
        reachable: whether the last that was heard of the other deployment was an answer.
    """

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.sent = 0
        self.resent = 0
        self.away = 0
        self.reachable = False


class ForwardMetrics(Collector):
    """Reads what forwarded tasks count, when scraped.

    Args:
        counts: by the name of the task, which is one of the configuration's.
    """

    def __init__(self, counts: Mapping[str, ForwardCounts]) -> None:
        self._counts = counts

    def collect(self) -> Iterable[Metric]:
        """What Prometheus sees; called at each scrape."""
        yield counter(
            "verifier_forward_calls",
            "Calls to other deployments, by task and status.",
            ("task", "code"),
            {
                (task, code): number
                for task, counts in self._counts.items()
                for code, number in counts.calls.items()
            },
        )
        sent = CounterMetricFamily(
            "verifier_forward_items", "Items sent to other deployments.", labels=("task",)
        )
        resent = CounterMetricFamily(
            "verifier_forward_resent_items", "Items sent once more.", labels=("task",)
        )
        away = GaugeMetricFamily(
            "verifier_forward_away_items", "Items that are out now.", labels=("task",)
        )
        reachable = GaugeMetricFamily(
            "verifier_forward_reachable",
            "Whether the other deployment answered when last asked.",
            labels=("task",),
        )
        for task, counts in self._counts.items():
            sent.add_metric((task,), counts.sent)
            resent.add_metric((task,), counts.resent)
            away.add_metric((task,), counts.away)
            reachable.add_metric((task,), counts.reachable)
        yield from (sent, resent, away, reachable)
