"""``[shared_cache]`` and ``[forward.TASK]``: what replicas share, and what others answer."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from verifier.config.judge_backends import no_variable
from verifier.config.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.config.problem import KeyPath

FORWARDABLE: Final = tuple("math code format text process reward_model judge puzzle".split())
PLUGIN_PREFIX: Final = "plugin:"
LEAST_KEY: Final = 16  # characters; a secret that can be guessed is none


class SharedCacheConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[shared_cache]``: outcomes that all replicas share, in a Redis; takes the extra ``cache``.

    Attributes:
        redis_url_env: NAME of the environment variable with its URL; empty: none is shared.
        key_env: NAME of the environment variable with the secret, at least 16 characters, by which
            replicas recognise what they wrote; needed with a URL.
        ttl_seconds: how long an outcome is kept there, in seconds; the default is a week.
    """

    redis_url_env: str = ""
    key_env: str = ""
    ttl_seconds: float = 7 * 86_400.0


class ForwardConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[forward.NAME]``: another deployment of this service that answers one kind of task.

    NAME is what the task is called in a row: ``math``, ``code``, ``judge``, or ``plugin:slow`` in
    quotes for a plugin of that name.

    Attributes:
        target: address of that deployment, any gRPC target such as ``dns:///sandbox:50051``; calls
            are spread over all its addresses.
        token_env: NAME of the environment variable with the token it asks for; empty: none.
        authorities: path of the certificates, PEM, that sign its own; empty: no TLS.
        certificate: path of this front's own chain, PEM, where it asks for one (mutual TLS); read
            when the front starts, like its key.
        key: path of its private key, PEM.
        batch_items: items that go in one call at most.
        concurrency: full calls' worth of items that may be away at once.
    """

    target: str
    token_env: str = ""
    authorities: str = ""
    certificate: str = ""
    key: str = ""
    batch_items: int = 64
    concurrency: int = 32


def sharing_problems(
    cache: SharedCacheConfig,
    forward: Mapping[str, ForwardConfig],
    environ: Mapping[str, str] | None = None,
) -> Iterator[Problem]:
    """What is wrong beyond the types of the values, and their ranges.

    Args:
        cache: ``[shared_cache]``.
        forward: ``[forward]``.
        environ: where secrets are; asked whether they are there and long enough, not what they are.
    """
    environ = os.environ if environ is None else environ
    yield from _cache_problems(cache, environ)
    for name, table in forward.items():
        at: KeyPath = ("forward", name)
        if name == "composite":
            yield Problem(at, "cannot be handed on as a whole; forward the tasks of its terms")
        elif not name.startswith(PLUGIN_PREFIX) and name not in FORWARDABLE:
            known = ", ".join(FORWARDABLE)
            yield Problem(at, f'is no task: there are {known}, and "{PLUGIN_PREFIX}NAME"')
        if not table.target:
            yield Problem((*at, "target"), "must be an address, such as math:50051")
        if table.token_env:
            yield from no_variable((*at, "token_env"), table.token_env, environ)
        yield from _tls_problems(at, table)


def _tls_problems(at: KeyPath, table: ForwardConfig) -> Iterator[Problem]:
    for key in ("authorities", "certificate", "key"):
        path = getattr(table, key)
        if path and not Path(path).is_file():
            yield Problem((*at, key), f"{path} is no file")
    if bool(table.certificate) != bool(table.key):
        missing = "key" if table.certificate else "certificate"
        yield Problem((*at, missing), "certificate and key must be given together")
    elif table.certificate and not table.authorities:
        yield Problem((*at, "authorities"), "a certificate is shown over TLS only: name them")


def _cache_problems(cache: SharedCacheConfig, environ: Mapping[str, str]) -> Iterator[Problem]:
    at: KeyPath = ("shared_cache", "redis_url_env")
    if not cache.redis_url_env:
        return
    yield from no_variable(at, cache.redis_url_env, environ)
    if find_spec("redis") is None:
        yield Problem(at, "needs the package redis: install verifier-service[cache]")
    at = ("shared_cache", "key_env")
    if not cache.key_env:
        what = "is missing: without a secret, whoever can write to the Redis could forge rewards"
        yield Problem(at, what)
        return
    yield from no_variable(at, cache.key_env, environ)
    held = environ.get(cache.key_env, "").strip()
    if held and len(held) < LEAST_KEY:
        yield Problem(at, f"the variable holds {len(held)} characters, needs {LEAST_KEY}")
