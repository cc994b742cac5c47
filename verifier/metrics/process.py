"""Prometheus metrics of the process: how late its event loop is, its memory, files and threads."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prometheus_client import GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from verifier.metrics.families import Distribution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prometheus_client import CollectorRegistry, Metric

_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_INTERVAL_SECONDS: Final = 1.0
_STATUS: Final = Path("/proc/self/status")


class LoopMetrics(Collector):
    """How late the event loop wakes who asked to be woken: what every call waits at every turn.

    A loop that is late has more to do than one core does. Nothing else says so as early: the CPU
    may be busy with workers, and queues may be empty.

    Args:
        interval_seconds: between two looks.
        clock: seconds that only ever grow, the loop's own.
    """

    def __init__(
        self,
        interval_seconds: float = _INTERVAL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval = interval_seconds
        self._clock = clock
        self._lags = Distribution(_SECONDS)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Looks at the running loop from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._watch(), name="event loop lag")

    def stop(self) -> None:
        """Looks no longer. May be called again."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _watch(self) -> None:
        while True:
            due = self._clock() + self._interval
            await asyncio.sleep(self._interval)
            self._lags.add(max(self._clock() - due, 0.0))

    def collect(self) -> Iterable[Metric]:
        """What Prometheus sees; called at each scrape."""
        family = HistogramMetricFamily(
            "verifier_event_loop_lag_seconds", "By which the event loop was late."
        )
        family.add_metric((), self._lags.buckets(), self._lags.total)
        yield family


class ThreadMetrics(Collector):
    """The threads of this process, those of gRPC and of the matrix library among them."""

    def collect(self) -> Iterable[Metric]:
        """What Prometheus sees; called at each scrape. Nothing where there is no ``/proc``."""
        threads = _threads()
        if threads is not None:
            yield GaugeMetricFamily("process_threads", "Threads of the process.", threads)


def watch_process(registry: CollectorRegistry) -> None:
    """Has a registry show memory, files, CPU time, garbage collection and version of the process.

    prometheus_client does so only for a registry of its own, which every program in this process
    would share.
    """
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(ThreadMetrics())


def _threads() -> int | None:
    try:
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("Threads:")), None)
