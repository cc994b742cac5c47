"""Prometheus metrics of the calls themselves: how many are open, and what they carry."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from verifier.metrics.families import counter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric


class TrafficMetrics(Collector):
    """Counts what the server's interceptor reports, by the RPC's name.

    Args:
        methods: the names of all RPCs there are. A caller can ask for any other, which counts as
            nothing.
    """

    def __init__(self, methods: Iterable[str]) -> None:
        self._open = Counter(dict.fromkeys(methods, 0))
        self._received = Counter(dict.fromkeys(self._open, 0))
        self._sent = Counter(dict.fromkeys(self._open, 0))

    def knows(self, method: str) -> bool:
        """Whether there is an RPC of this name."""
        return method in self._open

    def opened(self, method: str) -> None:
        """A call began."""
        self._open[method] += 1

    def closed(self, method: str) -> None:
        """A call ended."""
        self._open[method] -= 1

    def received(self, method: str, size: int) -> None:
        """A message of `size` bytes came in, before it was read."""
        self._received[method] += size

    def sent(self, method: str, size: int) -> None:
        """A message of `size` bytes goes out."""
        self._sent[method] += size

    def collect(self) -> Iterable[Metric]:
        """What Prometheus sees; called at each scrape."""
        family = GaugeMetricFamily("verifier_open_calls", "Calls in progress.", labels=("method",))
        for method, count in self._open.items():
            family.add_metric((method,), count)
        yield family
        for name, text, counts in (
            ("verifier_received_bytes", "Bytes of messages that came in.", self._received),
            ("verifier_sent_bytes", "Bytes of messages that went out.", self._sent),
        ):
            values = {(method,): count for method, count in counts.items()}
            yield counter(name, text, ("method",), values)
