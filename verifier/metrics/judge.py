"""Prometheus metrics of the judge: what its backends are asked, what it costs, how it agrees.

Each name of a label is known from the start: a backend or a template of the configuration. What a
caller or a model writes never becomes one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from verifier.judge.observing import CacheTrouble, JudgeObserver
from verifier.metrics.families import Distribution, counter, histogram

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from verifier.judge.asking import Reply

_SECONDS: Final = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
# Of two votes: 0 or 1. Of three: 0, 0.92 or 1.58. Up to what five votes for five labels have.
_BITS: Final = (0.0, 0.5, 0.75, 0.95, 1.0, 1.25, 1.6, 2.0, 2.4)
_OTHER: Final = "other"  # should there ever be a name that nobody told us of
_COUNTS: Final = {
    "calls": "Questions answered by a backend.",
    "cached_calls": "Questions answered from the cache instead.",
    "retries": "Attempts that were not the first of their call.",
    "failures": "Questions that got no answer.",
}


class JudgeMetrics(Collector, JudgeObserver):
    """Counts what the judge reports. Belongs to one event loop, like the judge.

    Args:
        backends: names of all there are.
        templates: ids of all there are.
    """

    def __init__(self, backends: Iterable[str], templates: Iterable[str]) -> None:
        self._backends = tuple(backends)
        self._templates = frozenset(templates)
        # From 0 on, so that the first failure is a rise and not a line out of nowhere.
        self._counts = {name: Counter(dict.fromkeys(self._backends, 0)) for name in _COUNTS}
        self._tokens: Counter[tuple[str, str]] = Counter()
        self._cost: dict[str, float] = {}
        self._seconds: dict[str, Distribution] = {}
        self._unreadable: Counter[tuple[str, str]] = Counter()
        self._pairs: Counter[str] = Counter()
        self._disagreements: Counter[str] = Counter()
        self._entropy: dict[str, Distribution] = {}
        self._troubles: Counter[CacheTrouble] = Counter()

    # ------------------------------------------------------------------- what the judge reports

    def called(self, backend: str, reply: Reply, cost: float | None) -> None:
        """See `JudgeObserver`."""
        backend = self._backend(backend)
        self._counts["calls"][backend] += 1
        self._counts["retries"][backend] += reply.retries
        self._tokens[backend, "prompt"] += reply.prompt_tokens
        self._tokens[backend, "completion"] += reply.completion_tokens
        self._seconds.setdefault(backend, Distribution(_SECONDS)).add(reply.seconds)
        if cost is not None:
            self._cost[backend] = self._cost.get(backend, 0.0) + cost

    def cached(self, backend: str) -> None:
        """See `JudgeObserver`."""
        self._counts["cached_calls"][self._backend(backend)] += 1

    def cache_failed(self, trouble: CacheTrouble, reason: str) -> None:  # noqa: ARG002 - for logs
        """See `JudgeObserver`."""
        self._troubles[trouble] += 1

    def unreadable(self, backend: str, template: str) -> None:
        """See `JudgeObserver`."""
        self._unreadable[self._backend(backend), self._template(template)] += 1

    def failed(self, backend: str, error: BaseException) -> None:  # noqa: ARG002 - for logs
        """See `JudgeObserver`."""
        self._counts["failures"][self._backend(backend)] += 1

    def agreed(self, template: str, pairs: int, disagreements: int) -> None:
        """See `JudgeObserver`."""
        template = self._template(template)
        self._pairs[template] += pairs
        self._disagreements[template] += disagreements

    def voted(self, template: str, entropy: float) -> None:
        """See `JudgeObserver`."""
        self._entropy.setdefault(self._template(template), Distribution(_BITS)).add(entropy)

    def _backend(self, name: str) -> str:
        return name if name in self._backends else _OTHER

    def _template(self, name: str) -> str:
        return name if name in self._templates else _OTHER

    # --------------------------------------------------------------------- what Prometheus sees

    def collect(self) -> Iterable[Metric]:
        """Called at each scrape."""
        for name, text in _COUNTS.items():
            values = {(backend,): count for backend, count in self._counts[name].items()}
            yield counter(f"verifier_judge_{name}", text, ("backend",), values)
        yield counter(
            "verifier_judge_tokens", "Tokens read and written.", ("backend", "kind"), self._tokens
        )
        cost = CounterMetricFamily(
            "verifier_judge_cost_dollars", "Where there are prices.", labels=("backend",)
        )
        for backend, dollars in self._cost.items():
            cost.add_metric((backend,), dollars)
        yield cost
        yield histogram(
            "verifier_judge_call_seconds", "Seconds per call.", "backend", self._seconds
        )
        yield from self._agreement()
        yield counter(
            "verifier_judge_cache_failures",
            "Times that the shared cache did not help.",
            ("trouble",),
            {(one.value.lower(),): self._troubles[one] for one in CacheTrouble},
        )

    def _agreement(self) -> Iterable[Metric]:
        """What tells how far verdicts can be trusted."""
        yield counter(
            "verifier_judge_unreadable",
            "Replies that no verdict could be read from.",
            ("backend", "template"),
            self._unreadable,
        )
        for name, text, counts in (
            ("order_pairs", "Pairs compared in several orders.", self._pairs),
            ("order_disagreements", "Those ranked differently.", self._disagreements),
        ):
            values = {(template,): count for template, count in counts.items()}
            yield counter(f"verifier_judge_{name}", text, ("template",), values)
        yield histogram(
            "verifier_judge_vote_entropy_bits", "Of votes' labels.", "template", self._entropy
        )
