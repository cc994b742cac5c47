"""Prometheus metrics of the reward models: what their passes report, each by its model's name."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from verifier.metrics.families import Distribution, counter, histogram
from verifier.observers import Observer
from verifier.types import ProcessDetail, RewardModelDetail

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prometheus_client import Metric

    from prm.observing import BatchReport
    from verifier.types import Result

_TOKENS: Final = (16.0, 64.0, 256.0, 1024.0, 4096.0, 16_384.0, 65_536.0)
_SECONDS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


class _ModelCounts:
    """What one model did so far, and how it stands."""

    def __init__(self) -> None:
        self.batch_tokens = Distribution(_TOKENS)
        self.batch_seconds = Distribution(_SECONDS)
        self.waited = Distribution(_SECONDS)
        self.counts: Counter[str] = Counter()
        self.gauges: dict[str, float] = {}


class PrmMetrics(Collector, Observer):
    """Counts what the models' threads and the engine report."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._models: dict[str, _ModelCounts] = {}

    # ------------------------------------------------------------- what a model's thread reports

    def batch(self, report: BatchReport) -> None:
        """See `ScorerObserver`."""
        with self._lock:
            model = self._of(report.model)
            model.batch_tokens.add(report.tokens)
            model.batch_seconds.add(report.seconds)
            model.waited.add(report.waited_seconds)
            model.counts["tokens"] += report.tokens
            model.counts["cached_tokens"] += report.reused_tokens
            model.counts["dropped_jobs"] += report.dropped_jobs
            model.counts["failed_batches"] += report.failed
            model.counts["evictions"] += report.evictions - int(model.gauges.get("evictions", 0))
            model.gauges |= {
                "queued_tokens": report.queued_tokens,
                "queued_jobs": report.queued_jobs,
                "cache_bytes": report.cache_bytes,
                "evictions": report.evictions,
            }

    def loaded(self, model: str, seconds: float, size: int) -> None:
        """See `ScorerObserver`."""
        with self._lock:
            one = self._of(model)
            one.counts["loads"] += 1
            one.gauges |= {"loaded": 1, "load_seconds": seconds, "weight_bytes": size}

    def unloaded(self, model: str) -> None:
        """See `ScorerObserver`."""
        with self._lock:
            # What the scorer held is gone with it, and the next one counts evictions from 0.
            self._of(model).gauges = {"loaded": 0}

    # ----------------------------------------------------------------- what the engine reports

    def scored(self, results: Sequence[Result]) -> None:
        """See `Observer`."""
        for result in results:
            detail = result.detail
            if isinstance(detail, (ProcessDetail, RewardModelDetail)) and detail.truncated:
                with self._lock:
                    self._of(detail.model).counts["truncated_items"] += 1

    def _of(self, model: str) -> _ModelCounts:
        return self._models.setdefault(model, _ModelCounts())

    # --------------------------------------------------------------------- what Prometheus sees

    def collect(self) -> Iterable[Metric]:
        """Called at each scrape."""
        with self._lock:
            return [*self._counters(), *self._gauges(), *self._histograms()]

    def _counters(self) -> Iterable[Metric]:
        for name, text in (
            ("tokens", "Tokens computed."),
            ("cached_tokens", "Tokens known from a prefix, or shared within a batch."),
            ("truncated_items", "Items longer than the model's context."),
            ("dropped_jobs", "Work whose caller had gone, or whose time was up."),
            ("failed_batches", "Passes that could not be computed."),
            ("evictions", "Pieces of prefixes dropped for want of room."),
            ("loads", "Times it was loaded."),
        ):
            values = {(model,): one.counts[name] for model, one in self._models.items()}
            yield counter(f"verifier_prm_{name}", text, ("model",), values)

    def _gauges(self) -> Iterable[Metric]:
        for name, text in (
            ("loaded", "1 while it is loaded."),
            ("load_seconds", "That loading took, last time."),
            ("weight_bytes", "Of its weights, while it is loaded."),
            ("queued_tokens", "Waiting when the last batch was put together."),
            ("queued_jobs", "Inputs waiting then."),
            ("cache_bytes", "Keys and values of prefixes kept."),
        ):
            family = GaugeMetricFamily(f"verifier_prm_{name}", text, labels=("model",))
            for model, one in self._models.items():
                if name in one.gauges:
                    family.add_metric((model,), one.gauges[name])
            yield family

    def _histograms(self) -> Iterable[Metric]:
        for name, text in (
            ("batch_tokens", "Tokens of a pass."),
            ("batch_seconds", "Seconds of a pass."),
            ("waited", "Seconds that the oldest input of a pass had waited."),
        ):
            values = {model: getattr(one, name) for model, one in self._models.items()}
            full = "verifier_prm_wait_seconds" if name == "waited" else f"verifier_prm_{name}"
            yield histogram(full, text, "model", values)
