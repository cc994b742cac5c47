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


class _Counts:
    """What one verifier has done.

    Attributes:
        outcomes: how often each pair of verdict and reason.
        queue: seconds of waiting.
        work: seconds of work.
        rewards: those given.
        above: sum of the rewards above 0.
        below: sum of the amounts of those below. The histogram's own sum falls with them, which
            ``rate()`` takes for a restart.
        squares: sum of all rewards' squares.
    """

    __slots__ = ("above", "below", "outcomes", "queue", "rewards", "squares", "work")

    def __init__(self) -> None:
        self.outcomes: dict[tuple[Verdict, Reason], int] = {}
        self.queue = Distribution(_SECONDS)
        self.work = Distribution(_SECONDS)
        self.rewards = Distribution(_REWARDS)
        self.above = 0.0
        self.below = 0.0
        self.squares = 0.0

    def rewarded(self, reward: float) -> None:
        """Counts one reward."""
        self.rewards.add(reward)
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
        self._verifiers: dict[str, _Counts] = {}
        self._requests: Counter[tuple[str, str]] = Counter()
        self._failures: Counter[str] = Counter()
        self._continued: Counter[str] = Counter()
        self._latency: dict[str, Distribution] = {}
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
        verifiers = self._verifiers
        for result in results:  # the one loop here that runs for every item
            counts = verifiers.get(result.verifier)
            if counts is None:
                counts = verifiers[result.verifier] = _Counts()
            outcomes, outcome = counts.outcomes, (result.verdict, result.reason)
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            counts.queue.add(result.queue_seconds)
            counts.work.add(result.work_seconds)
            if result.reward is not None:
                counts.rewarded(result.reward)

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
        self._latency.setdefault(method, Distribution(_SECONDS)).add(seconds)

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
        yield from self._counters()
        yield from self._gauges()
        yield from self._histograms()
        yield from self._sums()

    def _counters(self) -> Iterable[Metric]:
        yield counter(
            "verifier_requests", "Calls by method and status.", ("method", "code"), self._requests
        )
        yield counter(
            "verifier_items",
            "Items by verifier, verdict and reason.",
            ("verifier", "verdict", "reason"),
            {
                (verifier, verdict.value, reason.value): count
                for verifier, counts in self._named().items()
                for (verdict, reason), count in counts.outcomes.items()
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

    def _gauges(self) -> Iterable[Metric]:
        for name, text, value in (
            ("verifier_inside_items", "Items waiting or working.", self._inside),
            ("verifier_ready", "1 while work is wanted.", int(self._ready)),
            ("verifier_draining", "1 while shutting down.", int(self._draining)),
        ):
            yield GaugeMetricFamily(name, text, value)

    def _histograms(self) -> Iterable[Metric]:
        yield histogram("verifier_request_seconds", "Seconds per call.", "method", self._latency)
        for name, text, field in (
            ("verifier_item_queue_seconds", "Waiting.", "queue"),
            ("verifier_item_work_seconds", "Working.", "work"),
            ("verifier_reward", "Rewards given.", "rewards"),
        ):
            values = {name: getattr(counts, field) for name, counts in self._named().items()}
            yield histogram(name, text, "verifier", values)
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
        for verifier, counts in self._named().items():
            points.add_metric((verifier, "positive"), counts.above)
            points.add_metric((verifier, "negative"), counts.below)
            squares.add_metric((verifier,), counts.squares)
        yield points
        yield squares

    def _named(self) -> dict[str, _Counts]:
        """What there is by verifier; what none could answer has a name, too."""
        return {verifier or "none": counts for verifier, counts in self._verifiers.items()}
