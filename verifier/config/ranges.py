"""What no type can say of a configuration: ranges, places that must exist, names that must fit."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sandbox.languages.table import with_tools
from verifier.config.judge import judge_problems
from verifier.config.prm import prm_problems
from verifier.config.rewards import recipe_problems, tokenizer_problems
from verifier.config.server import split_address
from verifier.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.config.document import Config
    from verifier.config.verifiers import CodeConfig

_SECTIONS = (
    *("server", "access", "engine", "admission", "shared_cache", "math", "format", "code", "prm"),
    *("plugins", "tracing"),
)
_LEVELS = ("debug", "info", "warning", "error")
_FORMATS = ("json", "console")
_SMALLEST = 1.0  # of every number without a line here: counts, bytes, seconds of connections
_LEAST = {
    "server.max_connection_age_grace_seconds": 0.0,
    "server.lame_duck_seconds": 0.0,
    "server.drain_seconds": 0.0,
    "engine.cache_entries": 0.0,
    "access.reload_seconds": 0.05,
    "admission.queue_seconds": 0.01,
    "admission.memory_bytes": 0.0,
    "admission.caller_items": 0.0,
    "tracing.sample_ratio": 0.0,
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
# Shares; and what gRPC keeps in 32 bits: bytes, and milliseconds.
_LARGEST = {
    "tracing.sample_ratio": 1.0,
    "server.max_message_bytes": 2**31 - 1,
    "server.keepalive_seconds": (2**31 - 1) / 1000,
    "server.max_connection_age_seconds": (2**31 - 1) / 1000,
    "server.max_connection_age_grace_seconds": (2**31 - 1) / 1000,
}


def problems(config: Config) -> Iterator[str]:
    """What is wrong with a configuration beyond the types of its values."""
    for section in _SECTIONS:
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
