"""``[judge]`` and ``[judge.backends.NAME]``: who judges, and how hard they are asked."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from verifier.config.judge_backends import (
    BackendConfig,
    backend_problems,
    mistake,
    no_variable,
    out_of_range,
    variable,
)
from verifier.errors import ConfigError
from verifier.judge.assembly import JudgeParts
from verifier.judge.cache import MemoryCache, ReplyCache, TieredCache
from verifier.judge.pricing import Prices
from verifier.judge.redis_cache import RedisCache
from verifier.judge.settings import EMBEDDED, JudgeSettings
from verifier.judge.template import load_templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.judge.asking import Backend

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_WEEK_SECONDS: Final = 604_800.0
# Longer than a year is a mistake.
_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "max_calls": (1, 2**31 - 1),
    "attempts_per_vote": (1, 100),
    "temperature": (0, 2),
    "cache_entries": (0, 2**31 - 1),
    "redis_ttl_seconds": (1, 31_536_000),
    "work_limit_seconds": (0.1, 31_536_000),
}


class JudgeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[judge]``: what all judgements share; see `JudgeSettings`.

    Attributes:
        backends: by name; the first is asked where a task names none.
        templates: folder of templates of one's own; empty for none.
        cache_entries: replies kept in memory; 0 keeps none.
        redis_url_env: name of the environment variable that holds the URL of a Redis in which
            replies are shared; empty for none.
        redis_ttl_seconds: how long they are kept there.
    """

    backends: dict[str, BackendConfig] = msgspec.field(default_factory=dict)
    templates: str = ""
    max_calls: int = JudgeSettings().max_calls
    attempts_per_vote: int = JudgeSettings().attempts_per_vote
    temperature: float = JudgeSettings().temperature
    cache_entries: int = 10_000
    cache_sampled: bool = JudgeSettings().cache_sampled
    redis_url_env: str = ""
    redis_ttl_seconds: float = _WEEK_SECONDS
    work_limit_seconds: float = JudgeSettings().work_limit_seconds

    def settings(self) -> JudgeSettings:
        """The same, as the judge's own word."""
        return JudgeSettings(
            backend=next(iter(self.backends), EMBEDDED),
            max_calls=self.max_calls,
            attempts_per_vote=self.attempts_per_vote,
            temperature=self.temperature,
            cache_sampled=self.cache_sampled,
            work_limit_seconds=self.work_limit_seconds,
        )

    def parts(self, environ: Mapping[str, str] | None = None) -> JudgeParts:
        """What a judge is made of; nothing is connected to, and no model loaded, before it starts.

        Args:
            environ: where secrets are; the process's own environment if not given.

        Raises:
            ConfigError: a secret is not there, a template cannot be read, redis is not installed.
        """
        environ = os.environ if environ is None else environ
        return JudgeParts(
            backends={name: _backend(name, one, environ) for name, one in self.backends.items()},
            settings=self.settings(),
            templates=load_templates(Path(self.templates) if self.templates else None),
            cache=self._cache(environ),
            prices=self.prices(),
        )

    def _cache(self, environ: Mapping[str, str]) -> ReplyCache:
        near = MemoryCache(self.cache_entries)
        url = variable("judge.redis_url_env", self.redis_url_env, environ)
        if not url:
            return near
        try:
            return TieredCache(near, RedisCache(url, self.redis_ttl_seconds))
        except ConfigError as error:
            raise ConfigError(f"judge.redis_url_env: {error}") from None

    def prices(self) -> dict[str, Prices]:
        """Of the backends that have any, by name."""
        return {
            name: Prices(backend.price_prompt, backend.price_completion)
            for name, backend in self.backends.items()
            if backend.price_prompt is not None and backend.price_completion is not None
        }


def _backend(name: str, config: BackendConfig, environ: Mapping[str, str]) -> Backend:
    try:
        return config.backend(name, environ)
    except ConfigError as error:
        raise ConfigError(f"judge.backends.{name}.{error}") from None


def check_backends(values: Mapping[str, Any]) -> None:
    """Reads each backend's table by itself, so that a mistake is told with the backend's name.

    Args:
        values: the whole configuration, as TOML gave it.

    Raises:
        ConfigError: a table cannot be read.
    """
    section = values.get("judge")
    backends = section.get("backends") if isinstance(section, dict) else None
    for name, table in backends.items() if isinstance(backends, dict) else ():
        try:
            msgspec.convert(table, BackendConfig)
        except msgspec.ValidationError as error:
            at = f"judge.backends.{name}"
            raise ConfigError(at + mistake(table, str(error))) from error


def judge_problems(judge: JudgeConfig, environ: Mapping[str, str] | None = None) -> Iterator[str]:
    """What is wrong beyond the types of the values.

    Args:
        judge: the section.
        environ: where secrets are; asked whether they are there, not what they are.
    """
    environ = os.environ if environ is None else environ
    yield from out_of_range("judge", judge, _RANGES)
    if judge.templates and not Path(judge.templates).is_dir():
        yield f"judge.templates: {judge.templates} is no folder; make it, or leave the key out"
    if judge.redis_url_env:
        yield from no_variable("judge.redis_url_env", judge.redis_url_env, environ)
        if find_spec("redis") is None:
            yield "judge.redis_url_env needs the package redis: install verifier-service[cache]"
    for name, backend in judge.backends.items():
        at = f"judge.backends.{name}"
        if not _NAME.match(name):
            yield f"{at}: a name has letters, digits, '.', '_' and '-', at most 64 of them"
        if name == EMBEDDED:
            yield f"{at}: the name is taken by the judge that comes with the service"
        yield from backend_problems(at, backend, environ)
