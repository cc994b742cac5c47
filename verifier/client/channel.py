"""Channels as they must be set up: every address used, big messages, retries that back off.

Figures behind the choices: the default policy sends everything to one replica, the default message
limit is 4 MB, and a request larger than the retry buffer is never retried.
"""

from __future__ import annotations

import json

MAX_MESSAGE_BYTES = 64 * 1024 * 1024  # as the service's default

_SERVICE_CONFIG = {
    "loadBalancingConfig": [{"round_robin": {}}],
    # A replica that says NOT_SERVING while it drains gets no new calls.
    "healthCheckConfig": {"serviceName": "readiness"},
    "methodConfig": [
        {
            "name": [{"service": "verifier.v1.VerifierService"}],
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.1s",
                "maxBackoff": "5s",
                "backoffMultiplier": 2,
                # Scoring is idempotent. CANCELLED is what a replica says that is stopped in
                # mid-call; a caller's own cancellation never comes back this way.
                "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "CANCELLED"],
            },
        }
    ],
    "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.5},
}

CHANNEL_OPTIONS: tuple[tuple[str, int | str], ...] = (
    ("grpc.service_config", json.dumps(_SERVICE_CONFIG)),
    ("grpc.enable_retries", 1),
    ("grpc.per_rpc_retry_buffer_size", MAX_MESSAGE_BYTES),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    # A replica that comes back is found again within seconds. The default waits up to two minutes,
    # in which a rolling restart has taken down the next one.
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    ("grpc.min_reconnect_backoff_ms", 1_000),  # the least time that one attempt is given
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
)
