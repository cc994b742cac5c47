"""From a configuration to a working engine: the one place where the parts are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.engine import Engine, EngineLimits
from verifier.registry import Registry, builtin, plugins
from verifier.workers.pool import WorkerLimits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.config import Config, MathConfig
    from verifier.observers import Observer


def build_registry(config: Config) -> Registry:
    """The built-in verifiers and, unless switched off, the installed plugins.

    Raises:
        ConfigError: an installed plugin cannot be loaded.
    """
    chosen = builtin(_symbolic_limits(config.math))
    if config.plugins.enabled:
        limits = WorkerLimits(
            config.plugins.processes, config.plugins.memory_bytes, config.plugins.max_calls
        )
        chosen += plugins(limits)
    return Registry(chosen)


def _symbolic_limits(config: MathConfig) -> WorkerLimits | None:
    if not config.workers:
        return None
    return WorkerLimits(
        config.workers, config.memory_bytes, config.max_calls, config.work_limit_seconds
    )


def build_engine(
    config: Config, observers: Sequence[Observer] = (), registry: Registry | None = None
) -> Engine:
    """An engine as configured, with the registry given or the usual one.

    Raises:
        ConfigError: an installed plugin cannot be loaded.
    """
    limits = EngineLimits(config.engine.max_queued_items, config.engine.cache_entries)
    return Engine(registry or build_registry(config), limits, observers)
