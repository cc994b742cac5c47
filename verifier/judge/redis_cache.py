"""Replies in a Redis, shared by all replicas of the service.

A cache may help and must never hurt: whatever ails it, the judgement goes on without it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import msgspec

from verifier.caching.guarded_redis import GuardedRedis
from verifier.judge.asking import Reply
from verifier.judge.observing import CacheTrouble, JudgeObserver

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_BYTES: Final = 2 * 1024 * 1024  # of a reply


class _Kept(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What is kept: a reply, and the key it belongs to.

    The key is compared when it is read: connections have been known to hand out the answer to the
    question before, and somebody else's judgement is worse than none.
    """

    key: str
    reply: Reply


class RedisCache:
    """Replies in a Redis; see `ReplyCache`. Connects when first asked.

    Args:
        url: ``redis://``, ``rediss://`` (TLS) or ``unix://``, with user, password and database.
        ttl_seconds: how long a reply is kept after it was put; at least a millisecond.
        timeout_seconds: the longest that one question to it may take, connecting included.
        clock: seconds that only ever grow.

    Raises:
        ConfigError: the URL is none, or redis is not installed.
    """

    def __init__(
        self,
        url: str,
        ttl_seconds: float,
        timeout_seconds: float = 0.25,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = GuardedRedis(url, ttl_seconds, _MAX_BYTES, timeout_seconds, clock=clock)
        self._observer = JudgeObserver()

    async def get(self, key: str) -> Reply | None:
        """See `ReplyCache`. What cannot be read counts as absent."""
        (value,) = await self._redis.get((key,))
        if not value:
            return None
        try:
            kept = msgspec.msgpack.decode(value, type=_Kept)
        except (msgspec.DecodeError, ValueError, RecursionError):
            self._observer.cache_failed(CacheTrouble.UNREADABLE, "no reply of this version")
            return None
        if kept.key != key:
            self._observer.cache_failed(CacheTrouble.UNREADABLE, "the reply of another question")
            return None
        return kept.reply

    async def put(self, key: str, reply: Reply) -> None:
        """See `ReplyCache`. A reply of more than 2 MiB is not kept."""
        try:
            value = msgspec.msgpack.encode(_Kept(key, reply))
        except UnicodeEncodeError:  # a lone surrogate, which no server should send
            return
        await self._redis.put({key: value})

    def watch(self, observer: JudgeObserver) -> None:
        """See `ReplyCache`."""
        self._observer = observer
        self._redis.watch(observer.cache_failed)

    async def close(self) -> None:
        """See `ReplyCache`. What is asked from now on finds nothing."""
        await self._redis.close()
