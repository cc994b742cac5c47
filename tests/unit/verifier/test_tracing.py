"""What becomes of spans: which are made, which are sent, and that nothing grows."""

import sys
import threading
from collections import Counter
from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import INVALID_SPAN, use_span

from verifier.errors import Refusal
from verifier.trace_parent import trace_headers, trace_parent
from verifier.tracing.sending import BoundedProcessor, CountingExporter, SpanCounts
from verifier.tracing.spans import CALL, CallSpans, SpanObserver
from verifier.types import Reason, Result, Verdict

MAX_WAITING = 2048


def tracer():
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider.get_tracer("tests"), exporter


def result(seconds, queue=0.0):
    return Result(
        "id", Verdict.CORRECT, Reason.EQUIVALENT, 1.0, "words", None, "code/1", queue, seconds
    )


class Call:
    """A traced call as the interceptor would make it."""

    def __init__(self, *, unary=True):
        self._tracer, self._exporter = tracer()
        self.span = self._tracer.start_span("call")
        self.spans = CallSpans(self._tracer, self.span, unary=unary)
        self.observer = SpanObserver()
        self._token = CALL.set(self.spans)

    def end(self):
        self.spans.end()
        self.span.end()
        CALL.reset(self._token)
        return {span.context.span_id: span for span in self._exporter.get_finished_spans()}


@pytest.mark.parametrize(
    ("seconds", "queue", "spans", "why"),
    [
        (0.009, 0.0, 0, "quick"),
        (0.011, 0.0, 1, "long work"),
        (0.001, 0.2, 1, "long waiting"),
        (0.0, 0.0, 0, "nothing at all"),
    ],
)
def test_only_an_item_that_took_long_has_a_span(seconds, queue, spans, why):
    call = Call()
    call.observer.admitted(1, 1)
    call.observer.scored([result(seconds, queue)])
    call.observer.finished(0)
    found = [span for span in call.end().values() if span.name == "code/1"]
    assert len(found) == spans, why
    for span in found:
        assert span.attributes["verifier.queue_seconds"] == queue
        assert span.end_time - span.start_time == pytest.approx((seconds + queue) * 1e9, abs=10)


def test_the_slowest_items_of_a_call_have_spans_and_all_are_counted():
    call = Call()
    call.observer.admitted(1000, 1000)
    call.observer.scored([result(0.02 + number / 1000) for number in range(1000)])
    call.observer.scored([result(9.0)] * 100)  # comes when none is left
    call.observer.finished(0)
    found = call.end().values()
    kept = sorted(
        span.attributes["verifier.work_seconds"] for span in found if span.name == "code/1"
    )
    assert len(kept) == 32
    assert kept[0] == pytest.approx(0.02 + 0.968)
    (own,) = (span for span in found if span.name == "call")
    assert own.attributes["verifier.slow_items"] == 1100
    assert own.attributes["verifier.items"] == 1000


def test_a_stream_without_end_has_a_bounded_number_of_spans():
    call = Call(unary=False)
    for _ in range(1000):
        call.observer.admitted(10, 10)
        call.observer.scored([result(0.5)] * 10)
        call.observer.finished(0)
    found = call.end().values()
    names = Counter(span.name for span in found)
    assert names == {"call": 1, "score": 64, "code/1": 32, "work": 32}
    (own,) = (span for span in found if span.name == "call")
    assert own.attributes["verifier.items"] == own.attributes["verifier.slow_items"] == 10_000


def test_an_item_beyond_the_spans_of_batches_stands_below_the_call():
    call = Call(unary=False)
    for _ in range(64):
        call.observer.admitted(1, 1)
        call.observer.finished(0)
    call.observer.admitted(1, 1)
    call.observer.scored([result(0.5)])
    call.observer.finished(0)
    found = call.end()
    (item,) = (span for span in found.values() if span.name == "code/1")
    assert found[item.parent.span_id].name == "call"


def test_spans_stand_below_each_other():
    call = Call()
    call.observer.admitted(1, 1)
    call.observer.scored([result(0.5)])
    call.observer.finished(0)
    found = call.end()
    parents = {
        span.name: span.parent and found[span.parent.span_id].name for span in found.values()
    }
    assert parents.pop("call") is None
    phases = dict.fromkeys(("read", "score", "write"), "call")
    assert parents == phases | {"code/1": "score", "work": "code/1"}


def test_a_refused_call_says_why():
    call = Call()
    call.observer.refused(7, Refusal.QUEUE_SECONDS)
    call.observer.finished(0)
    found = call.end().values()
    (own,) = (span for span in found if span.name == "call")
    (event,) = own.events
    assert dict(event.attributes) == {"items": 7, "reason": "QUEUE_SECONDS"}
    assert {span.name for span in found} == {"call", "read"}


def test_a_call_that_is_not_traced_costs_a_look():
    observer = SpanObserver()
    assert CALL.get() is None
    observer.admitted(1, 1)
    observer.scored([result(1.0)])
    observer.refused(1, Refusal.ITEMS)
    observer.finished(0)


# ------------------------------------------------------------------------------------- the sending


class Exporter(SpanExporter):
    """Answers as it is told; waits while it is held."""

    def __init__(self, answer=SpanExportResult.SUCCESS):
        self.answer = answer
        self.asked = 0
        self.closed = False

    def export(self, spans):
        self.asked += len(spans)
        return self.answer

    def shutdown(self):
        self.closed = True


class Kept:
    """A processor that only collects."""

    def __init__(self):
        self.spans = []

    def on_end(self, span):
        self.spans.append(span)


def ended(count):
    made, exporter = tracer()
    for _ in range(count):
        made.start_span("one").end()
    return exporter.get_finished_spans()


def test_no_more_spans_wait_than_fit_and_the_rest_is_counted():
    counts, kept = SpanCounts(), Kept()
    processor = BoundedProcessor(kept, counts)
    (span,) = ended(1)
    for _ in range(3 * MAX_WAITING):
        processor.on_end(span)
    assert len(kept.spans) == MAX_WAITING
    assert counts.dropped == 2 * MAX_WAITING
    CountingExporter(Exporter(), counts).export([span] * 100)
    for _ in range(200):
        processor.on_end(span)
    assert len(kept.spans) == MAX_WAITING + 100
    assert counts.waiting == MAX_WAITING


def test_a_span_that_is_not_sampled_is_not_kept():
    counts, kept = SpanCounts(), Kept()
    BoundedProcessor(kept, counts).on_end(INVALID_SPAN_AS_READ)
    assert not kept.spans
    assert counts.made == counts.dropped == 0


class INVALID_SPAN_AS_READ:  # noqa: N801 - stands for a span
    context = INVALID_SPAN.get_span_context()


def test_the_log_tells_of_a_change_and_not_of_each_loss(monkeypatch):
    said = []
    monkeypatch.setattr(
        "verifier.tracing.sending._log", SimpleNamespace(warning=said.append, info=said.append)
    )
    counts, inner = SpanCounts(), Exporter(SpanExportResult.FAILURE)
    exporter = CountingExporter(inner, counts)
    spans = ended(10)
    for _ in range(50):
        exporter.export(spans)
    inner.answer = SpanExportResult.SUCCESS
    for _ in range(50):
        exporter.export(spans)
    assert (counts.failed, counts.sent) == (500, 500)
    assert said == ["traces are lost: the collector takes none", "traces are sent again"]


def test_after_its_end_nothing_is_sent_any_more():
    now = [0.0]
    counts, inner = SpanCounts(), Exporter()
    exporter = CountingExporter(inner, counts, clock=lambda: now[0])
    exporter.end(2.0)
    exporter.export(ended(1))
    now[0] = 2.1
    assert exporter.export(ended(5)) is SpanExportResult.FAILURE
    assert inner.asked == 1
    assert counts.failed == 5
    exporter.shutdown()
    assert inner.closed


def test_counting_is_right_from_two_threads():
    counts, kept = SpanCounts(), Kept()
    processor, exporter = BoundedProcessor(kept, counts), CountingExporter(Exporter(), counts)
    (span,) = ended(1)
    making = threading.Thread(target=lambda: [processor.on_end(span) for _ in range(20_000)])
    making.start()
    sent = 0
    while making.is_alive() or sent < len(kept.spans):
        batch = kept.spans[sent : sent + 512]
        exporter.export(batch)
        sent += len(batch)
    making.join()
    assert counts.waiting == 0
    assert counts.made + counts.dropped == 20_000


# ------------------------------------------------------------------------------ the caller's side


def test_a_call_inside_a_span_carries_its_traceparent():
    made, _ = tracer()
    assert trace_headers() == {}
    with made.start_as_current_span("step") as span:
        context = span.get_span_context()
        expected = f"00-{context.trace_id:032x}-{context.span_id:016x}-01"
        assert trace_headers() == {"traceparent": expected}
    assert trace_parent() == ""


def test_a_span_that_is_none_is_not_carried():
    with use_span(INVALID_SPAN):
        assert trace_headers() == {}


def test_where_nobody_has_loaded_opentelemetry_nothing_is_asked(monkeypatch):
    monkeypatch.delitem(sys.modules, "opentelemetry.trace")
    assert trace_parent() == ""
