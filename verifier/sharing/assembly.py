"""From a configuration to the cache that replicas share."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from verifier.config.judge_backends import variable
from verifier.config.sharing import LEAST_KEY
from verifier.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.config import Config
    from verifier.sharing.results import RedisResults

# Keys that say how much is done at once or how long is waited, never what is decided.
_SIZES: Final = frozenset(
    "workers max_calls slots runs_per_jail first_uid warm queue_seconds cache_bytes idle_seconds"
    " threads max_branches".split()
)


def shared_results(config: Config, environ: Mapping[str, str] | None = None) -> RedisResults | None:
    """The cache that a configuration asks for; None if it asks for none.

    Args:
        config: what is configured.
        environ: where secrets are; the process's own environment if not given.

    Raises:
        ConfigError: a secret is not there, the URL is none, or redis is not installed.
    """
    environ = os.environ if environ is None else environ
    table = config.shared_cache
    url = variable("shared_cache.redis_url_env", table.redis_url_env, environ)
    if not url:
        return None
    key = variable("shared_cache.key_env", table.key_env, environ)
    if len(key) < LEAST_KEY:
        raise ConfigError(f"shared_cache.key_env: needs a secret of {LEAST_KEY} characters")
    from verifier.caching.guarded_redis import GuardedRedis  # noqa: PLC0415 - slow, often unused
    from verifier.sharing.results import MAX_BYTES, RedisResults  # noqa: PLC0415
    from verifier.sharing.sealing import Sealing  # noqa: PLC0415

    try:
        redis = GuardedRedis(url, table.ttl_seconds, MAX_BYTES)
    except ConfigError as error:
        raise ConfigError(f"shared_cache.redis_url_env: {error}") from None
    return RedisResults(redis, Sealing(key.encode(), scopes(config)))


def scopes(config: Config) -> dict[str, str]:
    """By a verifier's name, a digest of what its outcomes depend on beside its version.

    Deployments that are configured alike have the same ones, and only they share outcomes. Of a
    model, the sizes of its files count with its path: other weights of the same size under the same
    path are for the operator to tell, by another name or path.
    """
    models = {name: (model, _files(Path(model.path))) for name, model in config.prm.models.items()}
    parts = {
        "math": (config.math,),
        "format": (config.format, config.tokenizers),
        "code": (config.code,),
        "process": (config.prm, models),
        "reward_model": (config.prm, models),
    }
    return {name: _digest(part) for name, part in parts.items()}


def _digest(part: object) -> str:
    values = msgspec.to_builtins(part)
    return sha256(msgspec.json.encode(_without_sizes(values), order="sorted")).hexdigest()


def _without_sizes(values: object) -> object:
    if isinstance(values, dict):
        return {key: _without_sizes(value) for key, value in values.items() if key not in _SIZES}
    if isinstance(values, (list, tuple)):
        return [_without_sizes(value) for value in values]
    return values


def _files(folder: Path) -> list[tuple[str, int]]:
    """Names and sizes of what lies in a folder; nothing if it is none."""
    if not folder.is_dir():
        return []
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted((str(path.relative_to(folder)), path.stat().st_size) for path in files)
