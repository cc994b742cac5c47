"""``[judge]`` and ``[judge.backends.NAME]``: who judges, and how hard they are asked."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from verifier.config.judge_backends import (
    BackendConfig,
    backend_problems,
    no_variable,
    variable,
)
from verifier.config.problem import Problem, spelled
from verifier.errors import ConfigError
from verifier.judge.assembly import JudgeParts
from verifier.judge.cache import MemoryCache, ReplyCache, TieredCache
from verifier.judge.pricing import Prices
from verifier.judge.redis_cache import RedisCache
from verifier.judge.settings import EMBEDDED, JudgeSettings
from verifier.judge.template import load_templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.config.problem import KeyPath
    from verifier.judge.asking import Backend

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_WEEK_SECONDS: Final = 604_800.0
# Longer than a year is a mistake.
JUDGE_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "max_calls": (1, 2**31 - 1),
    "attempts_per_vote": (1, 100),
    "temperature": (0, 2),
    "cache_entries": (0, 2**31 - 1),
    "redis_ttl_seconds": (1, 31_536_000),
    "work_limit_seconds": (0.1, 31_536_000),
}


class JudgeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[judge]``: what all judgements share.

    Attributes:
        backends: who judges, by name; the first is asked where a task names none, the judge that
            comes with the service where there is none.
        templates: path of a folder of templates of your own; empty for none.
        max_calls: calls of a backend for one item at most: votes times criteria.
        attempts_per_vote: how often one vote is asked for until its answer can be read.
        temperature: of several votes, and of asking again; a single vote is asked at 0.
        cache_entries: replies kept in memory; 0 keeps none.
        cache_sampled: whether replies at a temperature above 0 are kept, too: the same question
            with the same seed then gets the same answer.
        redis_url_env: NAME of the environment variable with the URL of a Redis in which replies are
            shared; empty for none. Takes the extra ``cache``.
        redis_ttl_seconds: how long they are kept there, in seconds; the default is a week.
        work_limit_seconds: seconds that one item may take, from its first call.
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
        raise ConfigError(f"{spelled(('judge', 'backends', name))}.{error}") from None


def judge_problems(
    judge: JudgeConfig, environ: Mapping[str, str] | None = None
) -> Iterator[Problem]:
    """What is wrong beyond the types of the values, and their ranges.

    Args:
        judge: the section.
        environ: where secrets are; asked whether they are there, not what they are.
    """
    environ = os.environ if environ is None else environ
    if judge.templates and not Path(judge.templates).is_dir():
        what = f"{judge.templates} is no folder; make it, or leave the key out"
        yield Problem(("judge", "templates"), what)
    if judge.redis_url_env:
        at: KeyPath = ("judge", "redis_url_env")
        yield from no_variable(at, judge.redis_url_env, environ)
        if find_spec("redis") is None:
            yield Problem(at, "needs the package redis: install verifier-service[cache]")
    for name, backend in judge.backends.items():
        at = ("judge", "backends", name)
        if not _NAME.match(name):
            yield Problem(at, "a name has letters, digits, '.', '_' and '-', at most 64 of them")
        if name == EMBEDDED:
            yield Problem(at, "the name is taken by the judge that comes with the service")
        yield from backend_problems(at, backend, environ)
