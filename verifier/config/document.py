"""The whole file: every table, and how it is read.

Both ``verifier-cli serve`` and ``verifier-cli score`` read it, so a file scored in process meets
the same limits as one scored over the wire.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec

from verifier.config.access import AccessConfig, TlsConfig
from verifier.config.admission import AdmissionConfig
from verifier.config.judge import JudgeConfig, check_backends
from verifier.config.prm import PrmConfig, check_models
from verifier.config.ranges import problems
from verifier.config.rewards import RecipeConfig, TokenizerConfig, check_reward_tables
from verifier.config.server import EngineConfig, LogsConfig, ServerConfig
from verifier.config.sharing import ForwardConfig, SharedCacheConfig
from verifier.config.tracing import TracingConfig
from verifier.config.verifiers import CodeConfig, FormatConfig, MathConfig, PluginsConfig
from verifier.errors import ConfigError


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that can be set."""

    server: ServerConfig = msgspec.field(default_factory=ServerConfig)
    access: AccessConfig = msgspec.field(default_factory=AccessConfig)
    tls: TlsConfig = msgspec.field(default_factory=TlsConfig)
    engine: EngineConfig = msgspec.field(default_factory=EngineConfig)
    admission: AdmissionConfig = msgspec.field(default_factory=AdmissionConfig)
    shared_cache: SharedCacheConfig = msgspec.field(default_factory=SharedCacheConfig)
    forward: dict[str, ForwardConfig] = msgspec.field(default_factory=dict)
    math: MathConfig = msgspec.field(default_factory=MathConfig)
    format: FormatConfig = msgspec.field(default_factory=FormatConfig)
    code: CodeConfig = msgspec.field(default_factory=CodeConfig)
    prm: PrmConfig = msgspec.field(default_factory=PrmConfig)
    judge: JudgeConfig = msgspec.field(default_factory=JudgeConfig)
    tokenizers: dict[str, TokenizerConfig] = msgspec.field(default_factory=dict)
    recipes: dict[str, RecipeConfig] = msgspec.field(default_factory=dict)
    plugins: PluginsConfig = msgspec.field(default_factory=PluginsConfig)
    logs: LogsConfig = msgspec.field(default_factory=LogsConfig)
    tracing: TracingConfig = msgspec.field(default_factory=TracingConfig)


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
        check_models(values)
        check_backends(values)
        check_reward_tables(values)
        config = msgspec.convert(values, Config)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}{_known_keys(str(error))}") from error
    for problem in problems(config):
        raise ConfigError(f"{path}: {problem}")
    return config


def _known_keys(message: str) -> str:
    """What may stand where an unknown key was found."""
    found = re.match(r"Object contains unknown field `.*?`(?: - at `\$\.(\w+)`)?$", message)
    if found is None:
        return ""
    section = getattr(Config(), found[1]) if found[1] else Config()
    return f"; known here: {', '.join(section.__struct_fields__)}"
