"""``[tracing]``: OpenTelemetry."""

from __future__ import annotations

import msgspec


class TracingConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[tracing]``: spans of calls, sent to a collector; takes the extra ``tracing``.

    Attributes:
        endpoint: address of an OpenTelemetry collector, ``HOST:PORT``, that takes OTLP over gRPC;
            empty: no spans are made.
        sample_ratio: share of the calls that are traced, from 0 to 1, among those whose caller
            does not decide it itself.
    """

    endpoint: str = ""
    sample_ratio: float = 0.1
