"""The configuration: one TOML file, every key optional, every default a sentence.

One file of this package is one table of it; ``document`` puts them together.
"""

from verifier.config.document import Config, load_config
from verifier.config.ranges import problems
from verifier.config.server import EngineConfig, LogsConfig, ServerConfig, split_address
from verifier.config.verifiers import CodeConfig, FormatConfig, MathConfig, PluginsConfig

__all__ = [
    "CodeConfig",
    "Config",
    "EngineConfig",
    "FormatConfig",
    "LogsConfig",
    "MathConfig",
    "PluginsConfig",
    "ServerConfig",
    "load_config",
    "problems",
    "split_address",
]
