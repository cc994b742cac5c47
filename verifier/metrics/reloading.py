"""Prometheus metrics of files that are read again when they change: tokens, certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from prometheus_client.registry import Collector

from verifier.metrics.families import counter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prometheus_client import Metric


class Reloaded(Protocol):
    """Files that are read again when they change.

    Attributes:
        reloads: versions taken since the first.
        problems: looks that found a version which cannot be read.
    """

    reloads: int
    problems: int


class ReloadMetrics(Collector):
    """Reads what the files count, when scraped.

    Args:
        files: by what they are, a word of the program's.
    """

    def __init__(self, files: Mapping[str, Reloaded]) -> None:
        self._files = files

    def collect(self) -> Iterable[Metric]:
        """What Prometheus sees; called at each scrape."""
        for name, text, field in (
            ("verifier_reloads", "New versions taken.", "reloads"),
            ("verifier_reload_problems", "Looks at a version that cannot be read.", "problems"),
        ):
            values = {(kind,): getattr(one, field) for kind, one in self._files.items()}
            yield counter(name, text, ("file",), values)
