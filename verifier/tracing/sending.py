"""Sending spans: bounded in memory, in time and in words, whatever the collector does.

OpenTelemetry's own processor drops what does not fit and its exporter tries again, each with a line
in the log; and its end waits for a collector that is gone. Here a span is sent once or dropped, the
numbers are metrics, and a log line tells of a change, not of each loss.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

import grpc
import structlog
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from prometheus_client.registry import Collector

from verifier import __version__
from verifier.metrics.families import counter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import ReadableSpan, Span
    from opentelemetry.trace import Tracer
    from prometheus_client import Metric

    from verifier.config.tracing import TracingConfig

_MAX_WAITING: Final = 2048  # spans, of about a kilobyte each
_BATCH: Final = 512  # spans of one message
_DELAY_MILLISECONDS: Final = 1000  # between two messages
_SEND_SECONDS: Final = 2.0  # that one message may take
_CLOSE_SECONDS: Final = 2.0  # in which the last spans may still begin to be sent
# No code is worth trying again: the next spans are on their way, and these are no one's money.
_NEVER_AGAIN: Final = frozenset({grpc.StatusCode.OK})

_log = structlog.get_logger("verifier.tracing")


class SpanCounts(Collector):
    """What became of the spans.

    Attributes:
        made: handed over to be sent.
        sent: that the collector took.
        failed: that it did not take.
        dropped: that did not fit among those that wait.
    """

    def __init__(self) -> None:
        self.made = 0
        self.sent = 0
        self.failed = 0
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """How many are still to be sent."""
        return self.made - self.sent - self.failed

    def collect(self) -> Iterable[Metric]:
        """What Prometheus sees; called at each scrape."""
        values = {(name,): getattr(self, name) for name in ("sent", "failed", "dropped")}
        yield counter("verifier_trace_spans", "Spans by what became of them.", ("outcome",), values)


class CountingExporter(SpanExporter):
    """Sends each batch once, through another exporter, and counts.

    Args:
        inner: does the sending.
        counts: where.
        clock: seconds that only ever grow.
    """

    def __init__(
        self, inner: SpanExporter, counts: SpanCounts, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._inner = inner
        self._counts = counts
        self._clock = clock
        self._ends_at: float | None = None
        self._lost = False

    def end(self, seconds: float) -> None:
        """Begins to send nothing more after so many seconds."""
        self._ends_at = self._clock() + seconds

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Sends one batch, or lets it go; called by the processor's thread."""
        late = self._ends_at is not None and self._clock() > self._ends_at
        result = SpanExportResult.FAILURE if late else self._inner.export(spans)
        if result is SpanExportResult.SUCCESS:
            self._counts.sent += len(spans)
        else:
            self._counts.failed += len(spans)
        self._tell(lost=result is not SpanExportResult.SUCCESS)
        return result

    def _tell(self, *, lost: bool) -> None:
        if lost != self._lost:
            self._lost = lost
            word = "traces are lost: the collector takes none" if lost else "traces are sent again"
            (_log.warning if lost else _log.info)(word)

    def shutdown(self) -> None:
        """Ends the connection."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 - OpenTelemetry's
        """Nothing is kept here."""
        return True


class BoundedProcessor(SpanProcessor):
    """Lets no more spans wait than fit, and counts the rest.

    Args:
        inner: keeps them and hands them to the exporter.
        counts: where.
    """

    def __init__(self, inner: SpanProcessor, counts: SpanCounts) -> None:
        self._inner = inner
        self._counts = counts

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Nothing."""

    def on_end(self, span: ReadableSpan) -> None:
        """Keeps a span that is to be sent; never waits."""
        if not span.context.trace_flags.sampled:
            return
        if self._counts.waiting >= _MAX_WAITING:
            self._counts.dropped += 1
            return
        self._counts.made += 1
        self._inner.on_end(span)

    def shutdown(self) -> None:
        """Sends what is left."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Sends what is left, now."""
        return self._inner.force_flush(timeout_millis)


class Sending:
    """Everything between a span that ended and the collector.

    Args:
        config: where, and how many.

    Attributes:
        tracer: makes the spans.
        counts: what became of them.
    """

    def __init__(self, config: TracingConfig) -> None:
        _silence()
        self.counts = SpanCounts()
        self._exporter = CountingExporter(
            OTLPSpanExporter(
                endpoint=config.endpoint,
                insecure=not config.endpoint.startswith("https://"),
                timeout=_SEND_SECONDS,
                retryable_error_codes=_NEVER_AGAIN,
            ),
            self.counts,
        )
        batches = BatchSpanProcessor(
            self._exporter,
            max_queue_size=2 * _MAX_WAITING,
            schedule_delay_millis=_DELAY_MILLISECONDS,
            max_export_batch_size=_BATCH,
        )
        resource = {"service.name": "verifier", "service.version": __version__}
        self._provider = TracerProvider(
            sampler=ParentBased(root=TraceIdRatioBased(config.sample_ratio)),
            resource=Resource.create(resource),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BoundedProcessor(batches, self.counts))
        self.tracer: Tracer = self._provider.get_tracer("verifier", __version__)

    def close(self) -> None:
        """Sends what is left, which takes a few seconds at most; waits for it."""
        self._exporter.end(_CLOSE_SECONDS)
        self._provider.shutdown()


def _silence() -> None:
    """Has OpenTelemetry's own lines go nowhere: it writes one for each batch that is lost."""
    logger = logging.getLogger("opentelemetry")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = False
