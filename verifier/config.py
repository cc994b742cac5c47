"""The configuration: one TOML file, every key optional, every default a sentence.

Both ``verifier-cli serve`` and ``verifier-cli score`` read it, so a file scored in process meets
the same limits as one scored over the wire.
"""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sandbox.execution import Limits
from sandbox.languages.table import with_tools
from sandbox.settings import SandboxSettings
from verifier.engine import EngineLimits
from verifier.errors import ConfigError
from verifier.judge_config import JudgeConfig, check_backends, judge_problems
from verifier.outcome.code import CodeSettings
from verifier.outcome.format import FORMAT_LIMITS
from verifier.outcome.math import SYMBOLIC_LIMITS
from verifier.prm_config import PrmConfig, check_models, prm_problems
from verifier.reward_config import (
    RecipeConfig,
    TokenizerConfig,
    check_reward_tables,
    recipe_problems,
    tokenizer_problems,
)
from verifier.workers.pool import WorkerLimits

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEVELS = ("debug", "info", "warning", "error")
_FORMATS = ("json", "console")
_MAX_PORT = 65_535
_SMALLEST = 1.0  # of every number without a line here: counts, bytes, seconds of connections
_LEAST = {
    "server.max_connection_age_grace_seconds": 0.0,
    "server.lame_duck_seconds": 0.0,
    "server.drain_seconds": 0.0,
    "engine.cache_entries": 0.0,
    "math.workers": 0.0,
    "format.workers": 0.0,
    "code.slots": 0.0,
    "prm.queue_seconds": 0.0,
    "prm.cache_bytes": 0.0,
    "prm.memory_bytes": 0.0,
    "prm.idle_seconds": 0.0,
    "prm.threads": 0.0,
    "prm.work_limit_seconds": 0.1,
    "code.cpu_seconds": 0.01,
    "code.wall_seconds": 0.1,
    "math.work_limit_seconds": 0.01,  # below, no answer was ever found
    "format.work_limit_seconds": 0.1,
}
# What gRPC keeps in 32 bits: bytes, and milliseconds.
_LARGEST = {
    "server.max_message_bytes": 2**31 - 1,
    "server.keepalive_seconds": (2**31 - 1) / 1000,
    "server.max_connection_age_seconds": (2**31 - 1) / 1000,
    "server.max_connection_age_grace_seconds": (2**31 - 1) / 1000,
}


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


class MathConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[math]``: the worker processes in which SymPy looks at what nothing else could decide.

    Attributes:
        workers: processes at once; 0 leaves undecided what only SymPy could decide.
        memory_bytes: address space of each.
        work_limit_seconds: CPU seconds one answer may take, then its worker is killed and replaced
            and the answer is undecided.
        max_calls: a worker is replaced after this many answers.
    """

    workers: int = SYMBOLIC_LIMITS.processes
    memory_bytes: int = SYMBOLIC_LIMITS.memory_bytes
    work_limit_seconds: float = SYMBOLIC_LIMITS.cpu_seconds or 0.0
    max_calls: int = SYMBOLIC_LIMITS.max_calls


class FormatConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[format]``: the worker processes in which the form of long completions is checked.

    Attributes:
        workers: processes at once; 0 checks all completions inline, where others wait behind them.
        memory_bytes: address space of each.
        work_limit_seconds: CPU seconds one completion may take, then its worker is killed and
            replaced and the completion is undecided.
        max_calls: a worker is replaced after this many completions.
    """

    workers: int = FORMAT_LIMITS.processes
    memory_bytes: int = FORMAT_LIMITS.memory_bytes
    work_limit_seconds: float = FORMAT_LIMITS.cpu_seconds or 0.0
    max_calls: int = FORMAT_LIMITS.max_calls


class CodeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[code]``: the sandbox that runs programs; see `SandboxSettings` and `Limits`.

    Attributes:
        interpreter: absolute path of the Python that programs get; empty for the system's.
        packages: folders of packages it can import, readable by every user; those that came with
            the installation if not given.
        warm: modules imported before any program runs, beside those of the standard library.
        slots: programs at once; 0 for one per core.
        runs_per_jail: a jail is replaced after so many programs.
        allow_weak_isolation: run programs even where there are no namespaces.
        first_uid: the first of the user numbers that jails take, two per slot; when root.
        work_limit_seconds: the longest that all tests of one program may take.
        tools: compilers and interpreters at other places than usual, by their names.
        cpu_seconds, wall_seconds, memory_bytes, output_bytes, processes, stack_bytes, file_bytes:
            limits of each run, where a task gives none.
    """

    interpreter: str = ""
    packages: tuple[str, ...] | None = None
    warm: tuple[str, ...] = ()
    slots: int = SandboxSettings().slots
    runs_per_jail: int = SandboxSettings().runs_per_jail
    allow_weak_isolation: bool = False
    first_uid: int = SandboxSettings().first_uid
    work_limit_seconds: float = CodeSettings().work_limit_seconds
    tools: dict[str, str] = msgspec.field(default_factory=dict)
    cpu_seconds: float = Limits().cpu_seconds
    wall_seconds: float = Limits().wall_seconds
    memory_bytes: int = Limits().memory_bytes
    output_bytes: int = Limits().output_bytes
    processes: int = Limits().processes
    stack_bytes: int = Limits().stack_bytes
    file_bytes: int = Limits().file_bytes


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
    math: MathConfig = msgspec.field(default_factory=MathConfig)
    format: FormatConfig = msgspec.field(default_factory=FormatConfig)
    code: CodeConfig = msgspec.field(default_factory=CodeConfig)
    prm: PrmConfig = msgspec.field(default_factory=PrmConfig)
    judge: JudgeConfig = msgspec.field(default_factory=JudgeConfig)
    tokenizers: dict[str, TokenizerConfig] = msgspec.field(default_factory=dict)
    recipes: dict[str, RecipeConfig] = msgspec.field(default_factory=dict)
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


def problems(config: Config) -> Iterator[str]:
    """What is wrong with a configuration beyond the types of its values."""
    for section in ("server", "engine", "math", "format", "code", "prm", "plugins"):
        values = msgspec.structs.asdict(getattr(config, section))
        for key, value in values.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                yield from _out_of_range(f"{section}.{key}", value)
    for key in ("listen", "metrics_listen"):
        address = getattr(config.server, key)
        # The side port speaks HTTP over TCP alone.
        if address and not (key == "listen" and address.startswith("unix:")):
            try:
                split_address(address)
            except ConfigError as error:
                yield f"server.{key} {error}"
    yield from _code_problems(config.code)
    yield from prm_problems(config.prm)
    yield from judge_problems(config.judge)
    yield from tokenizer_problems(config.tokenizers)
    yield from recipe_problems(config.recipes)
    for key, allowed in (("level", _LEVELS), ("format", _FORMATS)):
        if getattr(config.logs, key) not in allowed:
            yield f"logs.{key} must be one of {', '.join(allowed)}"


def _code_problems(code: CodeConfig) -> Iterator[str]:
    """Places that cannot be what they are said to be."""
    places = {"interpreter": code.interpreter} if code.interpreter else {}
    places |= {f"packages[{index}]": path for index, path in enumerate(code.packages or ())}
    for name, path in places.items():
        if not Path(path).is_absolute():
            yield f"code.{name} must be an absolute path, is {path!r}"
        elif not Path(path).exists():
            yield f"code.{name}: {path} does not exist"
    try:
        with_tools(code.tools)
    except ValueError as error:
        yield f"code.tools: {error}"


def _out_of_range(name: str, value: float) -> Iterator[str]:
    least = _LEAST.get(name, _SMALLEST)
    if not least <= value < math.inf:
        yield f"{name} must be at least {least:g}, is {value}"
    elif value > (most := _LARGEST.get(name, math.inf)):
        yield f"{name} must be at most {most}, is {value}"


def split_address(address: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT`` or ``[HOST]:PORT``.

    Raises:
        ConfigError: it is neither.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > _MAX_PORT:
        raise ConfigError(f"must be HOST:PORT, is {address!r}")
    return host.strip("[]"), int(port)
