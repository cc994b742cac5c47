"""Replies in a Redis, shared by all replicas of the service.

A cache may help and must never hurt: whatever ails it, the judgement goes on without it. Every
question to it is bounded in time, and one that fails time after time is left alone for a while.
Its URL may hold a password and is in no message.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import msgspec

from verifier.errors import ConfigError
from verifier.judge.asking import Reply
from verifier.judge.observing import CacheTrouble, JudgeObserver

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from redis.asyncio import Redis

_PREFIX: Final = "verifier:"  # others may use the same Redis
_CONNECTIONS: Final = 8  # one alone carries thousands of replies a second
_FAILURES: Final = 3  # in a row, then it is left alone
_ALONE_SECONDS: Final = 5.0  # a restart takes about as long
_MAX_BYTES: Final = 2 * 1024 * 1024  # of a reply; nothing longer is fetched or kept
_WRONG_KIND: Final = "WRONGTYPE"  # somebody keeps a list or a set under our name


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
        self._client = _client(url)
        self._ttl_milliseconds = max(1, round(ttl_seconds * 1000))
        self._timeout_seconds = timeout_seconds
        self._observer = JudgeObserver()
        self._clock = clock
        self._permits = asyncio.Semaphore(_CONNECTIONS)
        self._failures = 0  # in a row
        self._alone_until = 0.0  # by the clock
        self._closed = False

    async def get(self, key: str) -> Reply | None:
        """See `ReplyCache`. What cannot be read counts as absent."""
        value = await self._ask(lambda: self._client.getrange(_PREFIX + key, 0, _MAX_BYTES))
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
        if len(value) <= _MAX_BYTES:
            await self._ask(
                lambda: self._client.set(_PREFIX + key, value, px=self._ttl_milliseconds)
            )

    def watch(self, observer: JudgeObserver) -> None:
        """See `ReplyCache`."""
        self._observer = observer

    async def close(self) -> None:
        """See `ReplyCache`. What is asked from now on finds nothing."""
        if not self._closed:
            self._closed = True
            with suppress(Exception):  # a connection that is broken already
                async with asyncio.timeout(self._timeout_seconds):
                    await self._client.aclose()

    async def _ask(self, command: Callable[[], Awaitable[Any]]) -> Any:
        """The answer to a command; None if there is none, for whatever reason."""
        if self._closed:
            return None
        if self._failures >= _FAILURES:
            if self._clock() < self._alone_until:
                self._observer.cache_failed(CacheTrouble.LEFT_ALONE, "after failures in a row")
                return None
            self._leave_alone()  # one goes and looks, meanwhile all others stay away
        try:
            async with asyncio.timeout(self._timeout_seconds), self._permits:
                answer = await command()
        except TimeoutError:
            self._failed(CacheTrouble.SLOW, "no answer in time")
        except Exception as error:  # noqa: BLE001 - whatever ails it, the judgement goes on
            if str(error).startswith(_WRONG_KIND):
                self._observer.cache_failed(CacheTrouble.UNREADABLE, "no text")
            else:
                self._failed(CacheTrouble.DOWN, type(error).__name__)
        else:
            self._failures = 0
            return answer
        return None

    def _failed(self, trouble: CacheTrouble, reason: str) -> None:
        self._observer.cache_failed(trouble, reason)
        self._failures += 1
        if self._failures >= _FAILURES:
            self._leave_alone()

    def _leave_alone(self) -> None:
        self._alone_until = self._clock() + _ALONE_SECONDS


def _client(url: str) -> Redis:
    """A client without bounds of its own: `asyncio.timeout` is around all that it does."""
    try:
        from redis.asyncio import ConnectionPool, Redis  # noqa: PLC0415 - half a second, often unused
        from redis.asyncio.retry import Retry  # noqa: PLC0415
        from redis.backoff import NoBackoff  # noqa: PLC0415
    except ImportError:
        raise ConfigError("a shared cache needs redis: install verifier-service[cache]") from None
    try:
        pool = ConnectionPool.from_url(
            url,
            protocol=2,
            decode_responses=False,
            socket_timeout=None,
            socket_connect_timeout=None,
            # Once more, at once: Redis was started anew, and the connection is the old one's.
            retry=Retry(NoBackoff(), 1),
            # The permits bound them. A pool that is bounded itself would be full for good if one
            # connection were ever lost to a cancelled caller.
            max_connections=2**31,
        )
        # Only now it looks at what the URL's query holds.
        pool.make_connection()  # type: ignore[no-untyped-call]  # not annotated there
    except (ValueError, TypeError):
        # Their words quote the URL, and with a slash in a password even take that for the port.
        raise ConfigError(
            "this is no URL of the form redis://USER:PASSWORD@HOST:PORT/DATABASE, rediss://… or "
            "unix://…; spell / : @ and % in a password as %2F %3A %40 and %25"
        ) from None
    return Redis.from_pool(pool)
