"""What no type can say of a configuration: ranges, places that must exist, names that must fit."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from sandbox.languages.table import with_tools
from verifier.config.access import tls_problems
from verifier.config.judge import JUDGE_RANGES, judge_problems
from verifier.config.judge_backends import BACKEND_RANGES
from verifier.config.prm import DTYPES, OVERFLOWS, prm_problems
from verifier.config.problem import Problem
from verifier.config.rewards import recipe_problems, tokenizer_problems
from verifier.config.schema import NAME
from verifier.config.server import split_address
from verifier.config.sharing import sharing_problems
from verifier.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.config.document import Config
    from verifier.config.problem import KeyPath
    from verifier.config.verifiers import CodeConfig

_CHOICES: Final = {
    "logs.level": ("debug", "info", "warning", "error"),
    "logs.format": ("json", "console"),
    "prm.models.NAME.dtype": DTYPES,
    "prm.models.NAME.overflow": OVERFLOWS,
    "judge.backends.NAME.dtype": DTYPES,
}
_JUDGE: Final = {f"judge.{key}": both for key, both in JUDGE_RANGES.items()} | {
    f"judge.backends.NAME.{key}": both for key, both in BACKEND_RANGES.items()
}
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
    "prm.models.NAME.max_tokens": 0.0,
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


def bounds(pattern: KeyPath) -> tuple[float, float]:
    """The least and the largest number that a key may be, both allowed.

    Args:
        pattern: the key, with `NAME` for names that the operator chooses.
    """
    key = ".".join(map(str, pattern))
    if pattern[0] == "recipes":  # bounds of rewards, which may be anything
        return -math.inf, math.inf
    return _JUDGE.get(key) or (_LEAST.get(key, _SMALLEST), _LARGEST.get(key, math.inf))


def choices(pattern: KeyPath) -> tuple[str, ...]:
    """The texts that a key may be; none if that is not a matter of a list."""
    return _CHOICES.get(".".join(map(str, pattern)), ())


def problems(config: Config, environ: Mapping[str, str] | None = None) -> Iterator[Problem]:
    """What is wrong with a configuration beyond the types of its values.

    Args:
        config: the configuration.
        environ: where secrets are; the process's own environment if not given.
    """
    for path, pattern, value in _values(config, (), ()):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield from _out_of_range(path, pattern, value)
        elif (allowed := choices(pattern)) and value not in allowed:
            words = ", ".join(filter(None, allowed)) + ", or empty" * ("" in allowed)
            yield Problem(path, f"must be one of {words}, is {value!r}")
    for key in ("listen", "metrics_listen"):
        address = getattr(config.server, key)
        # The side port speaks HTTP over TCP alone.
        if address and not (key == "listen" and address.startswith("unix:")):
            try:
                split_address(address)
            except ConfigError as error:
                yield Problem(("server", key), str(error))
    yield from tls_problems(config.tls)
    yield from _code_problems(config.code)
    yield from prm_problems(config.prm)
    yield from judge_problems(config.judge, environ)
    yield from tokenizer_problems(config.tokenizers)
    yield from recipe_problems(config.recipes)
    yield from sharing_problems(config.shared_cache, config.forward, environ)


def _code_problems(code: CodeConfig) -> Iterator[Problem]:
    """Places that cannot be what they are said to be."""
    places: dict[KeyPath, str] = {("interpreter",): code.interpreter} if code.interpreter else {}
    places |= {("packages", index): path for index, path in enumerate(code.packages or ())}
    for key, path in places.items():
        at = ("code", *key)
        if not Path(path).is_absolute():
            yield Problem(at, f"must be an absolute path, is {path!r}")
        elif not Path(path).exists():
            yield Problem(at, f"{path} does not exist")
    try:
        with_tools(code.tools)
    except ValueError as error:
        yield Problem(("code", "tools"), str(error))


def _values(
    value: object, path: KeyPath, pattern: KeyPath
) -> Iterator[tuple[KeyPath, KeyPath, object]]:
    """Every value, where it stands, and the same with `NAME` for names that operators chose."""
    if isinstance(value, msgspec.Struct):
        for key in value.__struct_fields__:
            yield from _values(getattr(value, key), (*path, key), (*pattern, key))
    elif isinstance(value, dict):
        for name, one in value.items():
            if isinstance(one, msgspec.Struct):
                yield from _values(one, (*path, name), (*pattern, NAME))
    else:
        yield path, pattern, value


def _out_of_range(path: KeyPath, pattern: KeyPath, value: float) -> Iterator[Problem]:
    least, most = bounds(pattern)
    if pattern[0] == "recipes":
        return
    if value > most:
        yield Problem(path, f"must be at most {most}, is {value}")
    elif not least <= value < math.inf:
        yield Problem(path, f"must be at least {least:g}, is {value}")
