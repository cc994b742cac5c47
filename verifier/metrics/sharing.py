"""Prometheus metrics of the outcomes that replicas share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from verifier.caching.trouble import CacheTrouble
from verifier.metrics.families import counter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

FORGED: Final = "forged"  # does not carry the mark of a replica that knows the secret
DROPPED: Final = "dropped"  # not written: more was worked out than the cache takes
TROUBLES: Final = (*(one.value.lower() for one in CacheTrouble), FORGED, DROPPED)


class ShareCounts(Collector):
    """Counts what the shared cache does.

    Attributes:
        hits: outcomes found there.
        misses: outcomes looked for in vain, for whatever reason.
        written: outcomes put there.
        troubles: times that it did not help, by what kept it, one of `TROUBLES`.
    """

    def __init__(self) -> None:
        self.hits = 0
        self.misses = 0
        self.written = 0
        self.troubles: Counter[str] = Counter()

    def collect(self) -> Iterable[Metric]:
        """What Prometheus sees; called at each scrape."""
        for name, text, count in (
            ("hits", "Outcomes found in the cache that replicas share.", self.hits),
            ("misses", "Outcomes that were not found there.", self.misses),
            ("written", "Outcomes put there.", self.written),
        ):
            yield CounterMetricFamily(f"verifier_shared_cache_{name}", text, value=count)
        yield counter(
            "verifier_shared_cache_failures",
            "Times that the cache that replicas share did not help.",
            ("trouble",),
            {(trouble,): self.troubles[trouble] for trouble in TROUBLES},
        )
