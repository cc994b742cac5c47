"""``[server]``, ``[engine]`` and ``[logs]``: addresses, sizes and times of the service."""

from __future__ import annotations

import msgspec

from verifier.engine import EngineLimits
from verifier.errors import ConfigError

_MAX_PORT = 65_535


class ServerConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[server]``: addresses, sizes and times of the service.

    Attributes:
        listen: address of the gRPC port; port 0 takes a free one.
        metrics_listen: address of the HTTP side port; empty switches it off.
        max_batch_items: items one call may carry.
        max_message_bytes: bytes one message may have, either way.
        keepalive_seconds: how often an idle connection is probed.
        max_connection_age_seconds: connections are closed gently after this, so that clients look
            up addresses again and new replicas get their share.
        max_connection_age_grace_seconds: what calls on such a connection may still take.
        lame_duck_seconds: after SIGTERM, how long calls are still taken while health says no.
        drain_seconds: after that, what calls in flight may still take.
        reflection: whether tools may ask for the schema.
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
    """``[engine]``: how much is taken on at once; see `EngineLimits`."""

    max_queued_items: int = EngineLimits().max_queued_items
    cache_entries: int = EngineLimits().cache_entries


class LogsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[logs]``.

    Attributes:
        level: debug, info, warning or error.
        format: json (one object a line) or console.
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
