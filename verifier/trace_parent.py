"""The W3C ``traceparent`` of whatever is going on here, where anybody traces at all.

Nothing is imported for it: where nobody has loaded OpenTelemetry, there is no span to continue, and
the answer costs one look into a table. Whoever uses our client in a traced program has loaded it.
"""

from __future__ import annotations

import sys

HEADER = "traceparent"


def trace_parent() -> str:
    """The current span as the header's value; empty if there is none.

    The format is that of the recommendation "Trace Context": version, trace, span and flags, in
    hexadecimal. ``tracestate``, which may hold a caller's own words, is not passed on.
    """
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return ""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return ""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags & 1:02x}"


def trace_headers() -> dict[str, str]:
    """The header to send along with a request; none where nothing is traced."""
    value = trace_parent()
    return {HEADER: value} if value else {}
