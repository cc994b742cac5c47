"""The whole file: every table, how it is read, and what wins over it.

All verbs read it alike, so a file scored in process meets the same limits as one scored over the
wire.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from verifier.config.access import AccessConfig, TlsConfig
from verifier.config.admission import AdmissionConfig
from verifier.config.judge import JudgeConfig
from verifier.config.overrides import applied, variables
from verifier.config.prm import PrmConfig
from verifier.config.ranges import problems
from verifier.config.reading import UNUSABLE, Reading
from verifier.config.rewards import RecipeConfig, TokenizerConfig
from verifier.config.server import EngineConfig, LogsConfig, ServerConfig
from verifier.config.sharing import ForwardConfig, SharedCacheConfig
from verifier.config.sources import Sources
from verifier.config.tracing import TracingConfig
from verifier.config.verifiers import CodeConfig, FormatConfig, MathConfig, PluginsConfig
from verifier.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verifier.config.overrides import Override

# Where tomllib says that it stopped.
_STOPPED: Final = re.compile(r" \(at (?:line (\d+), (column \d+)|end of document)\)\Z")


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


class Document(msgspec.Struct, frozen=True):
    """A configuration as it was found: what could be read of it, and what is wrong.

    Attributes:
        config: everything that can be used, with defaults where something cannot.
        sources: where each value comes from.
        problems: everything that is wrong, each with its place; empty if it can be used.
    """

    config: Config
    sources: Sources
    problems: tuple[str, ...]


def load_config(
    path: str | None,
    overrides: Sequence[Override] = (),
    environ: Mapping[str, str] | None = None,
) -> Config:
    """The configuration: defaults, under a TOML file, under the environment, under flags.

    Args:
        path: of the file; None for none.
        overrides: flags, later ones over earlier ones.
        environ: the environment; the process's own if not given.

    Raises:
        ConfigError: the file cannot be read or is not TOML, or a key or value means nothing. It
            names everything that is wrong, each with its line, variable or flag.
    """
    document = read_document(path, overrides, environ)
    refuse_problems(document)
    return document.config


def refuse_problems(document: Document) -> None:
    """Refuses a configuration with problems.

    Raises:
        ConfigError: there is one; names all, one a line.
    """
    if len(document.problems) > 1:
        lines = "\n".join(document.problems)
        raise ConfigError(f"{len(document.problems)} problems in the configuration\n{lines}")
    for problem in document.problems:
        raise ConfigError(problem)


def read_document(
    path: str | None,
    overrides: Sequence[Override] = (),
    environ: Mapping[str, str] | None = None,
) -> Document:
    """Reads a configuration without refusing it; the arguments are those of `load_config`.

    Raises:
        ConfigError: the file cannot be read, or is not TOML.
    """
    text, values = _file(path)
    named, unknown = variables(os.environ if environ is None else environ, Config, values)
    sources = Sources(path, text, (*named, *overrides))
    reading = Reading(Config)
    reading.problems.extend(applied((*named, *overrides), Config, values))
    usable = reading.value(Config, values, ())
    config = Config() if usable is UNUSABLE else msgspec.convert(usable, Config)
    found = list(reading.problems)
    # Where a type is wrong a default stands, and says nothing about the table it is in.
    void = {other.path[:length] for other in found for length in range(len(other.path) + 1)}
    found.extend(problem for problem in problems(config, environ) if problem.path not in void)
    told = [*unknown, *map(sources.told, sorted(found, key=sources.order))]
    return Document(config, sources, tuple(told))


def _file(path: str | None) -> tuple[str, dict[str, Any]]:
    """The text of a file and the values in it."""
    if path is None:
        return "", {}
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: is not TOML that can be read: too deep") from error
    except tomllib.TOMLDecodeError as error:
        found = _STOPPED.search(str(error))
        last = text.rstrip("\n").count("\n") + 1
        line = last if found is None or found[1] is None else int(found[1])
        what = _STOPPED.sub("", str(error))
        what += f" ({found[2]})" if found is not None and found[2] else ""
        raise ConfigError(f"{path}:{line}: is not TOML: {what}") from error
