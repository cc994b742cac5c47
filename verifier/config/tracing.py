"""``[tracing]``: OpenTelemetry."""

from __future__ import annotations

import msgspec


class TracingConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[tracing]``: spans of calls, sent to a collector; takes the extra ``tracing``.

    Attributes:
        endpoint: OTLP over gRPC, ``HOST:PORT`` of the collector; empty: none are made.
        sample_ratio: share of calls traced that do not say themselves, in [0, 1].
    """

    endpoint: str = ""
    sample_ratio: float = 0.1
