"""Prometheus metrics, fed by what the engine and the server report.

Everything is counted in plain Python numbers and turned into metric families only when scraped:
counting must cost next to nothing per item, and no label ever comes from a caller.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.registry import Collector

from verifier import __version__
from verifier.errors import Refusal
from verifier.metrics.families import Distribution, counter, histogram
from verifier.observers import Observer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prometheus_client import Metric

    from verifier.types import Reason, Result, Verdict

_SECONDS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0)
_REWARDS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1.0)  # a first bucket below 0 would cost the sum
_ITEMS = (1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0, 16384.0)


class _PerVerifier:
    """One distribution per verifier."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self.by_verifier: dict[str, Distribution] = {}

    def __getitem__(self, verifier: str) -> Distribution:
        found = self.by_verifier.get(verifier)
        if found is None:
            found = self.by_verifier[verifier] = Distribution(self._bounds)
        return found


class _Moments:
    """Sums of rewards that only ever grow.

    The histogram's own sum falls with a reward below 0, which ``rate()`` takes for a restart.
    """

    __slots__ = ("above", "below", "squares")

    def __init__(self) -> None:
        self.above = 0.0
        self.below = 0.0
        self.squares = 0.0

    def add(self, reward: float) -> None:
        """Counts one reward."""
        if reward < 0:
            self.below -= reward
        else:
            self.above += reward
        self.squares += reward * reward


class Metrics(Collector, Observer):
    """Counts what it is told by the engine and by the server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(self)
        self._items: Counter[tuple[str, Verdict, Reason]] = Counter()
        self._requests: Counter[tuple[str, str]] = Counter()
        self._failures: Counter[str] = Counter()
        self._continued: Counter[str] = Counter()
        self._queue = _PerVerifier(_SECONDS)
        self._work = _PerVerifier(_SECONDS)
        self._rewards = _PerVerifier(_REWARDS)
        self._moments: dict[str, _Moments] = {}
        self._latency = _PerVerifier(_SECONDS)  # keyed by method instead
        self._batches = Distribution(_ITEMS)
        self._inside = 0
        # From 0 on, so that the first refusal is a rise and not a line out of nowhere.
        self._refused: Counter[Refusal] = Counter(dict.fromkeys(Refusal, 0))
        self._cache_hits = 0
        self._ready = False
        self._draining = False

    # ------------------------------------------------------------------ what the engine reports

    def admitted(self, items: int, inside: int) -> None:
        """See `Observer`."""
        self._inside = inside
        self._batches.add(items)

    def refused(self, items: int, reason: Refusal = Refusal.ITEMS) -> None:
        """See `Observer`."""
        self._refused[reason] += items

    def finished(self, inside: int) -> None:
        """See `Observer`."""
        self._inside = inside

    def scored(self, results: Sequence[Result]) -> None:
        """See `Observer`."""
        for result in results:
            verifier = result.verifier or "none"
            self._items[verifier, result.verdict, result.reason] += 1
            self._queue[verifier].add(result.queue_seconds)
            self._work[verifier].add(result.work_seconds)
            if result.reward is not None:
                self._rewards[verifier].add(result.reward)
                moments = self._moments.get(verifier)
                if moments is None:
                    moments = self._moments[verifier] = _Moments()
                moments.add(result.reward)

    def continued(self, verifier: str) -> None:
        """See `Observer`."""
        self._continued[verifier] += 1

    def cached(self, hits: int) -> None:
        """See `Observer`."""
        self._cache_hits += hits

    def failed(self, verifier: str, error: BaseException) -> None:  # noqa: ARG002 - see Observer
        """See `Observer`."""
        self._failures[verifier] += 1

    # ------------------------------------------------------------------ what the server reports

    def called(self, method: str, code: str, seconds: float) -> None:
        """A call ended."""
        self._requests[method, code] += 1
        self._latency[method].add(seconds)

    def serve(self) -> None:
        """The service takes work."""
        self._ready = True

    def drain(self) -> None:
        """The service no longer wants new work."""
        self._ready = False
        self._draining = True

    # --------------------------------------------------------------------- what Prometheus asks

    def collect(self) -> Iterable[Metric]:
        """Every family, as of now."""
        yield InfoMetricFamily("verifier_build", "This program.", {"version": __version__})
        yield counter(
            "verifier_requests", "Calls by method and status.", ("method", "code"), self._requests
        )
        yield counter(
            "verifier_items",
            "Items by verifier, verdict and reason.",
            ("verifier", "verdict", "reason"),
            {
                (verifier, verdict.value, reason.value): count
                for (verifier, verdict, reason), count in self._items.items()
            },
        )
        yield counter(
            "verifier_failures",
            "Verifiers that failed rather than decided.",
            ("verifier",),
            {(verifier,): count for verifier, count in self._failures.items()},
        )
        yield counter(
            "verifier_second_stage_items",
            "Items undecided inline that went on to worker processes.",
            ("verifier",),
            {(verifier,): count for verifier, count in self._continued.items()},
        )
        yield counter(
            "verifier_refused_items",
            "Items of calls refused for now.",
            ("reason",),
            {(reason.value,): count for reason, count in self._refused.items()},
        )
        yield CounterMetricFamily(
            "verifier_cache_hits", "Items answered from the cache.", value=self._cache_hits
        )
        yield from self._gauges()
        yield from self._histograms()
        yield from self._sums()

    def _gauges(self) -> Iterable[Metric]:
        for name, text, value in (
            ("verifier_inside_items", "Items waiting or working.", self._inside),
            ("verifier_ready", "1 while work is wanted.", int(self._ready)),
            ("verifier_draining", "1 while shutting down.", int(self._draining)),
        ):
            yield GaugeMetricFamily(name, text, value)

    def _histograms(self) -> Iterable[Metric]:
        yield histogram(
            "verifier_request_seconds", "Seconds per call.", "method", self._latency.by_verifier
        )
        yield histogram(
            "verifier_item_queue_seconds", "Waiting.", "verifier", self._queue.by_verifier
        )
        yield histogram(
            "verifier_item_work_seconds", "Working.", "verifier", self._work.by_verifier
        )
        yield histogram("verifier_reward", "Rewards given.", "verifier", self._rewards.by_verifier)
        batches = HistogramMetricFamily("verifier_batch_items", "Items per call.")
        batches.add_metric((), self._batches.buckets(), self._batches.total)
        yield batches

    def _sums(self) -> Iterable[Metric]:
        """What mean and spread of the rewards follow from, over any window."""
        points = CounterMetricFamily(
            "verifier_reward_points",
            "Sum of the rewards above 0, and of the amounts of those below.",
            labels=("verifier", "sign"),
        )
        squares = CounterMetricFamily(
            "verifier_reward_squares", "Sum of the rewards' squares.", labels=("verifier",)
        )
        for verifier, moments in self._moments.items():
            points.add_metric((verifier, "positive"), moments.above)
            points.add_metric((verifier, "negative"), moments.below)
            squares.add_metric((verifier,), moments.squares)
        yield points
        yield squares
