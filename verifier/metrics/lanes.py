"""Metrics of what waits: how much of each kind of work is inside, and how long that will take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prometheus_client import Metric

    from verifier.admission import Lane


class LaneMetrics(Collector):
    """Looks at the lanes when it is scraped.

    Args:
        lanes: all there are; their names are the program's own.
    """

    def __init__(self, lanes: Callable[[], Iterable[Lane]]) -> None:
        self._lanes = lanes

    def collect(self) -> Iterable[Metric]:
        """Every family, as of now."""
        items = GaugeMetricFamily(
            "verifier_queue_items", "Items in line or at work, by kind of work.", labels=("class",)
        )
        seconds = GaugeMetricFamily(
            "verifier_queue_seconds",
            "Estimated wait of an item that comes now, behind all others.",
            labels=("class",),
        )
        margin = GaugeMetricFamily(
            "verifier_queue_margin",
            "How many times the estimate 99 of 100 items waited at most, lately.",
            labels=("class",),
        )
        for lane in self._lanes():
            items.add_metric((lane.name,), lane.inside.total())
            seconds.add_metric((lane.name,), lane.queue_seconds())
            margin.add_metric((lane.name,), lane.margin)
        yield from (items, seconds, margin)
