"""``[server]``, ``[engine]`` and ``[logs]``: addresses, sizes and times of the service."""

from __future__ import annotations

import msgspec

from verifier.engine import EngineLimits
from verifier.errors import ConfigError

_MAX_PORT = 65_535


class ServerConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[server]``: addresses, sizes and times of the service.

    Attributes:
        listen: address of the gRPC port, ``HOST:PORT`` or ``unix:PATH``; port 0 takes a free one,
            host 0.0.0.0 or ``[::]`` takes calls from other machines.
        metrics_listen: address of the HTTP side port with ``/metrics``, ``/healthz`` and
            ``/readyz``, ``HOST:PORT``; empty switches it off.
        max_batch_items: items that one message may carry; a call with more is refused.
        max_message_bytes: bytes that one message may have, either way; a larger one is refused.
        keepalive_seconds: how often an idle connection is probed, and how long an answer to the
            probe may take before the connection counts as dead.
        max_connection_age_seconds: after this a connection is closed gently, so that clients look
            up addresses again and new replicas get their share.
        max_connection_age_grace_seconds: what calls on such a connection may still take; a stream
            lasts no longer than the age and this together.
        lame_duck_seconds: after SIGTERM, how long calls are still taken while health says no, so
            that balancers can leave first; longer than the interval of their probes.
        drain_seconds: after that, what calls in flight may still take before they are cut off.
        reflection: whether tools such as grpcurl may ask for the schema.
    """

    listen: str = "127.0.0.1:50051"
    metrics_listen: str = "127.0.0.1:9464"
    max_batch_items: int = 16_384
    max_message_bytes: int = 64 * 1024 * 1024
    keepalive_seconds: float = 30.0
    max_connection_age_seconds: float = 300.0
    max_connection_age_grace_seconds: float = 60.0
    lame_duck_seconds: float = 1.0
    drain_seconds: float = 30.0
    reflection: bool = True


class EngineConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[engine]``: how much is taken on at once, and what is remembered.

    Attributes:
        max_queued_items: items inside at once, waiting or working, of all callers; a call that
            finds no room is refused and told when to come back.
        cache_entries: outcomes kept in memory, so that identical items are scored once; 0 keeps
            none.
    """

    max_queued_items: int = EngineLimits().max_queued_items
    cache_entries: int = EngineLimits().cache_entries


class LogsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[logs]``: what is written to standard error.

    Attributes:
        level: the least important kind of line that is written: debug, info, warning or error.
        format: json (one object a line) or console (for people).
    """

    level: str = "info"
    format: str = "json"


def split_address(address: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT`` or ``[HOST]:PORT``.

    Raises:
        ConfigError: it is neither.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > _MAX_PORT:
        raise ConfigError(f"must be HOST:PORT, is {address!r}")
    return host.strip("[]"), int(port)
