"""The configuration: one TOML file, every key optional, every default a sentence.

Both ``verifier-cli serve`` and ``verifier-cli score`` read it, so a file scored in process meets
the same limits as one scored over the wire.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from verifier.engine import EngineLimits
from verifier.errors import ConfigError
from verifier.workers.pool import WorkerLimits


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


class PluginsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[plugins]``: the worker processes of each plugin; see `WorkerLimits`.

    Attributes:
        enabled: whether installed plugins are loaded at all.
    """

    enabled: bool = True
    processes: int = WorkerLimits().processes
    memory_bytes: int = WorkerLimits().memory_bytes
    max_calls: int = WorkerLimits().max_calls


class LogsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[logs]``.

    Attributes:
        level: debug, info, warning or error.
        format: json (one object a line) or console.
    """

    level: str = "info"
    format: str = "json"


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that can be set."""

    server: ServerConfig = msgspec.field(default_factory=ServerConfig)
    engine: EngineConfig = msgspec.field(default_factory=EngineConfig)
    plugins: PluginsConfig = msgspec.field(default_factory=PluginsConfig)
    logs: LogsConfig = msgspec.field(default_factory=LogsConfig)


def load_config(path: str | None) -> Config:
    """The configuration in a TOML file; the defaults if there is none.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or has a key or value that means nothing.
    """
    if path is None:
        return Config()
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    try:
        config = msgspec.convert(values, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}") from error
    _check(config, path)
    return config


def _check(config: Config, path: str) -> None:
    """Ranges that types alone do not say."""
    positive = {
        "server.max_batch_items": config.server.max_batch_items,
        "server.max_message_bytes": config.server.max_message_bytes,
        "server.keepalive_seconds": config.server.keepalive_seconds,
        "server.max_connection_age_seconds": config.server.max_connection_age_seconds,
        "engine.max_queued_items": config.engine.max_queued_items,
        "plugins.processes": config.plugins.processes,
        "plugins.memory_bytes": config.plugins.memory_bytes,
        "plugins.max_calls": config.plugins.max_calls,
    }
    for key, value in positive.items():
        if value <= 0:
            raise ConfigError(f"{path}: {key} must be positive, is {value}")
    for key, chosen, allowed in (
        ("logs.level", config.logs.level, ("debug", "info", "warning", "error")),
        ("logs.format", config.logs.format, ("json", "console")),
    ):
        if chosen not in allowed:
            raise ConfigError(f"{path}: {key} must be one of {', '.join(allowed)}, is {chosen!r}")
