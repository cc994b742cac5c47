"""Spans below a call's own: converting, scoring, and the items that took long.

They are made when their end is known, from what the engine measured anyway, so an item that is
quick costs a comparison. How many a call may have is bounded: the slowest are kept.
"""

from __future__ import annotations

import heapq
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import set_span_in_context

from verifier.metrics.judge import JudgeMetrics
from verifier.observers import Observer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.trace import Span, Tracer

    from verifier.errors import Refusal
    from verifier.judge.asking import Reply
    from verifier.types import Result

_SLOW_SECONDS: Final = 0.010
_MAX_ITEMS: Final = 32  # of one call that have a span each
_MAX_JUDGE_CALLS: Final = 32
_MAX_BATCHES: Final = 64  # of one stream, which may have any number of messages
_NANOSECONDS: Final = 1_000_000_000


class CallSpans:
    """The spans of one call that is traced.

    Args:
        tracer: makes them.
        span: the call's own.
        unary: whether it has one message each way, so that converting has one beginning and end.

    Attributes:
        items: that were let in, of all its messages.
        slow: items that took long, with a span or without.
        judge_calls: questions to a judge that a span may still be made of.
    """

    def __init__(self, tracer: Tracer, span: Span, *, unary: bool) -> None:
        self.span = span
        self.items = 0
        self.slow = 0
        self.judge_calls = _MAX_JUDGE_CALLS
        self._tracer = tracer
        self._items_left = _MAX_ITEMS
        self._batches_left = _MAX_BATCHES
        self._phase = time.time_ns() if unary else 0  # where the next phase of the call begins

    def phase(self, name: str) -> None:
        """A phase of the call is over: there is a span from where the last one ended until now."""
        if self._phase:
            now = time.time_ns()
            self.add(name, self._phase, now, self.span)
            self._phase = now

    def resume(self) -> None:
        """Something that had spans of its own is over: the next phase begins."""
        if self._phase:
            self._phase = time.time_ns()

    def add(self, name: str, start: int, end: int, parent: Span, **attributes: str | float) -> Span:
        """A span that is over.

        Args:
            name: what was done.
            start: in nanoseconds since the epoch.
            end: the same.
            parent: of it.
            attributes: nothing that a caller wrote.
        """
        span = self._tracer.start_span(
            name,
            set_span_in_context(parent),
            attributes={f"verifier.{key}": value for key, value in attributes.items()},
            start_time=start,
        )
        span.end(max(start, end))
        return span

    def scoring(self) -> Span | None:
        """The span of one batch of items, ended by whoever asked; None if there were enough."""
        if self._batches_left < 1:
            return None
        self._batches_left -= 1
        return self._tracer.start_span("score", set_span_in_context(self.span))

    def keep_slow(self, results: Sequence[Result], began: int, parent: Span) -> None:
        """Spans of the slowest of these items, as many as the call may still have."""
        slow = [one for one in results if one.queue_seconds + one.work_seconds > _SLOW_SECONDS]
        if not slow:
            return
        self.slow += len(slow)
        chosen = heapq.nlargest(
            self._items_left, slow, key=lambda one: one.queue_seconds + one.work_seconds
        )
        self._items_left -= len(chosen)
        for result in chosen:
            self._keep(result, began, parent)

    def _keep(self, result: Result, began: int, parent: Span) -> None:
        works = began + round(result.queue_seconds * _NANOSECONDS)
        ends = works + round(result.work_seconds * _NANOSECONDS)
        whole = self.add(
            result.verifier or "none",
            began,
            ends,
            parent,
            verdict=result.verdict.value,
            reason=result.reason.value,
            queue_seconds=result.queue_seconds,
            work_seconds=result.work_seconds,
        )
        self.add("work", works, ends, whole)

    def end(self) -> None:
        """What is known of the call at its end, onto its own span."""
        self.phase("write" if self.items else "read")
        self.span.set_attribute("verifier.items", self.items)
        self.span.set_attribute("verifier.slow_items", self.slow)


class _Scoring:
    """One batch of a call in the engine."""

    __slots__ = ("began", "call", "own", "span")

    def __init__(self, call: CallSpans) -> None:
        self.call = call
        self.began = time.time_ns()
        self.own = call.scoring()
        self.span = self.own or call.span


# Tasks inherit both: the call's from its handler, the batch's from whoever hands it to the engine.
CALL: ContextVar[CallSpans | None] = ContextVar("call", default=None)
_SCORING: ContextVar[_Scoring | None] = ContextVar("scoring", default=None)


class SpanObserver(Observer):
    """Makes spans of what the engine reports, for calls that are traced."""

    def admitted(self, items: int, inside: int) -> None:  # noqa: ARG002 - see Observer
        """See `Observer`."""
        call = CALL.get()
        if call is not None:
            call.phase("read")
            call.items += items
            _SCORING.set(_Scoring(call))

    def refused(self, items: int, reason: Refusal | None = None) -> None:
        """See `Observer`."""
        call = CALL.get()
        if call is not None:
            words: dict[str, str | int] = {"items": items}
            if reason is not None:
                words["reason"] = reason.value
            call.span.add_event("refused", words)

    def scored(self, results: Sequence[Result]) -> None:
        """See `Observer`."""
        scoring = _SCORING.get()
        if scoring is not None:
            scoring.call.keep_slow(results, scoring.began, scoring.span)

    def finished(self, inside: int) -> None:  # noqa: ARG002 - see Observer
        """See `Observer`."""
        scoring = _SCORING.get()
        if scoring is not None:
            if scoring.own is not None:
                scoring.own.end()
            _SCORING.set(None)
            scoring.call.resume()


class JudgeSpans(JudgeMetrics):
    """Counts as `JudgeMetrics` does, and makes spans of questions that a backend answered."""

    def called(self, backend: str, reply: Reply, cost: float | None) -> None:
        """See `JudgeObserver`."""
        super().called(backend, reply, cost)
        scoring = _SCORING.get()
        if scoring is None or scoring.call.judge_calls < 1:
            return
        scoring.call.judge_calls -= 1
        now = time.time_ns()
        scoring.call.add(
            "judge call",
            now - round(reply.seconds * _NANOSECONDS),
            now,
            scoring.span,
            backend=backend,
            retries=reply.retries,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
        )
