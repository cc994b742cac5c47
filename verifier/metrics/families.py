"""What metrics are made of: plain numbers while counting, families when scraped."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prometheus_client import Metric


class Distribution:
    """A histogram's numbers: one count per bucket, and the sum.

    Args:
        bounds: the upper ends of all buckets but the last, rising.
    """

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Counts one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def buckets(self) -> list[tuple[str, float]]:
        """Each bucket's upper end with how many values do not exceed it."""
        names = [*(f"{bound:g}" for bound in self.bounds), "+Inf"]
        return list(zip(names, map(float, accumulate(self.counts)), strict=True))


def counter(name: str, text: str, labels: tuple[str, ...], counts: Mapping[Any, int]) -> Metric:
    """A counter with labels: their values, and how often."""
    family = CounterMetricFamily(name, text, labels=labels)
    for values, count in counts.items():
        family.add_metric(values, count)
    return family


def histogram(name: str, text: str, label: str, distributions: dict[str, Distribution]) -> Metric:
    """A histogram with one label: its values, and their distributions."""
    family = HistogramMetricFamily(name, text, labels=(label,))
    for value, distribution in distributions.items():
        family.add_metric((value,), distribution.buckets(), distribution.total)
    return family
