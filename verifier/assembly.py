"""From a configuration to a working engine: the one place where the parts are put together."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sandbox.execution import Limits
from sandbox.settings import WARM, SandboxSettings, default_interpreter, default_packages
from verifier.config.rewards import configured_tokenizers
from verifier.engine import Engine, EngineLimits
from verifier.outcome.code import CodeSettings
from verifier.registry import BuiltinSettings, Registry, builtin, plugins
from verifier.workers.pool import WorkerLimits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verifier.composition.recipe import Recipe
    from verifier.config import CodeConfig, Config, FormatConfig, MathConfig
    from verifier.observers import Observer
    from verifier.shared_results import SharedResults

_NO_RECIPES: Final[Mapping[str, Recipe]] = MappingProxyType({})


def build_registry(config: Config, recipes: Mapping[str, Recipe] = _NO_RECIPES) -> Registry:
    """The built-in verifiers and, unless switched off, the installed plugins.

    Args:
        config: what is configured.
        recipes: those of the configuration, read by `verifier.convert.recipes`: terms are spelled
            as in rows, and how rows are read is nothing that this module may know.

    Raises:
        ConfigError: an installed plugin cannot be loaded.
        ValueError: a configured recipe was not read.
    """
    if config.recipes.keys() != recipes.keys():
        raise ValueError("read the configured recipes first: verifier.convert.recipes")
    chosen = builtin(
        BuiltinSettings(
            symbolic=_worker_limits(config.math),
            forms=_worker_limits(config.format),
            code=_code_settings(config.code),
            prm=config.prm.settings(),
            judge=config.judge.parts(),
            tokenizers=configured_tokenizers(config.tokenizers),
            recipes=recipes,
        )
    )
    if config.plugins.enabled:
        limits = WorkerLimits(
            config.plugins.processes, config.plugins.memory_bytes, config.plugins.max_calls
        )
        chosen += plugins(limits)
    return Registry(chosen)


def _worker_limits(config: MathConfig | FormatConfig) -> WorkerLimits | None:
    if not config.workers:
        return None
    return WorkerLimits(
        config.workers, config.memory_bytes, config.max_calls, config.work_limit_seconds
    )


def _code_settings(config: CodeConfig) -> CodeSettings:
    limits = Limits(**{name: getattr(config, name) for name in Limits.__dataclass_fields__})
    sandbox = SandboxSettings(
        interpreter=Path(config.interpreter) if config.interpreter else default_interpreter(),
        packages=(
            default_packages() if config.packages is None else tuple(map(Path, config.packages))
        ),
        warm=(*WARM, *config.warm),
        slots=config.slots,
        runs_per_jail=config.runs_per_jail,
        allow_weak_isolation=config.allow_weak_isolation,
        first_uid=config.first_uid,
        tools=config.tools,
    )
    return CodeSettings(sandbox, limits, config.work_limit_seconds)


def build_engine(
    config: Config,
    observers: Sequence[Observer] = (),
    registry: Registry | None = None,
    shared: SharedResults | None = None,
) -> Engine:
    """An engine as configured, with the registry given or the usual one without own recipes.

    Args:
        config: what is configured.
        observers: told of everything.
        registry: which verifiers there are.
        shared: outcomes that replicas share; None for none.

    Raises:
        ConfigError: an installed plugin cannot be loaded.
    """
    limits = EngineLimits(
        config.engine.max_queued_items,
        config.engine.cache_entries,
        config.admission.queue_seconds,
        config.admission.caller_items,
    )
    return Engine(registry or build_registry(config), limits, observers, shared)
