"""A Redis that may help and must never hurt.

Every question to it is bounded in time, and one that fails time after time is left alone for a
while. Nothing of that raises: whoever asks goes on without an answer. The URL may hold a password
and is in no message.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from verifier.caching.trouble import CacheTrouble
from verifier.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from redis.asyncio import Redis

_PREFIX: Final = "verifier:"  # others may use the same Redis
_CONNECTIONS: Final = 8  # one alone carries thousands of values a second
_FAILURES: Final = 3  # in a row, then it is left alone
_ALONE_SECONDS: Final = 5.0  # a restart takes about as long
_WRONG_KIND: Final = "WRONGTYPE"  # somebody keeps a list or a set under our name


class GuardedRedis:
    """Values by name in a Redis. Belongs to one event loop; connects when first asked.

    Args:
        url: ``redis://``, ``rediss://`` (TLS) or ``unix://``, with user, password and database.
        ttl_seconds: how long a value is kept after it was put; at least a millisecond.
        max_bytes: of a value; nothing longer is fetched or kept.
        timeout_seconds: the longest that one question to it may take, connecting included.
        clock: seconds that only ever grow.

    Raises:
        ConfigError: the URL is none, or redis is not installed.
    """

    def __init__(
        self,
        url: str,
        ttl_seconds: float,
        max_bytes: int,
        timeout_seconds: float = 0.25,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = _client(url)
        self._ttl_milliseconds = max(1, round(ttl_seconds * 1000))
        self._max_bytes = max_bytes
        self._timeout_seconds = timeout_seconds
        self._tell: Callable[[CacheTrouble, str], None] = _nobody
        self._clock = clock
        self._permits = asyncio.Semaphore(_CONNECTIONS)
        self._failures = 0  # in a row
        self._alone_until = 0.0  # by the clock
        self._closed = False

    def watch(self, tell: Callable[[CacheTrouble, str], None]) -> None:
        """Has `tell` called from now on when it should have helped and did not.

        Args:
            tell: takes what kept it, and a word for people, with no address and no secret in it.
        """
        self._tell = tell

    async def get(self, names: Sequence[str]) -> list[bytes]:
        """The values kept under these names, in one question; empty where there is none.

        One that is longer than `max_bytes` comes cut, one byte longer than that.
        """
        found = await self._ask(lambda: self._fetch(names))
        return [b""] * len(names) if found is None else [self._readable(one) for one in found]

    async def put(self, values: Mapping[str, bytes]) -> bool:
        """Keeps values by their names, in one question; whether all of them were.

        Those longer than `max_bytes` are left out.
        """
        kept = {name: value for name, value in values.items() if len(value) <= self._max_bytes}
        return not kept or await self._ask(lambda: self._store(kept)) is not None

    async def close(self) -> None:
        """Ends every connection; may be called again. What is asked from now on finds nothing."""
        if not self._closed:
            self._closed = True
            with suppress(Exception):  # a connection that is broken already
                async with asyncio.timeout(self._timeout_seconds):
                    await self._client.aclose()

    async def _fetch(self, names: Sequence[str]) -> list[Any]:
        pipeline = self._client.pipeline(transaction=False)
        for name in names:
            pipeline.getrange(_PREFIX + name, 0, self._max_bytes)
        answers: list[Any] = await pipeline.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, Exception) and not str(answer).startswith(_WRONG_KIND):
                raise answer
        return answers

    async def _store(self, values: Mapping[str, bytes]) -> list[Any]:
        pipeline = self._client.pipeline(transaction=False)
        for name, value in values.items():
            pipeline.set(_PREFIX + name, value, px=self._ttl_milliseconds)
        return await pipeline.execute()

    def _readable(self, answer: Any) -> bytes:
        if isinstance(answer, bytes):
            return answer
        self._tell(CacheTrouble.UNREADABLE, "no text")
        return b""

    async def _ask(self, command: Callable[[], Awaitable[list[Any]]]) -> list[Any] | None:
        """The answer to a command; None if there is none, for whatever reason."""
        if self._closed:
            return None
        if self._failures >= _FAILURES:
            if self._clock() < self._alone_until:
                self._tell(CacheTrouble.LEFT_ALONE, "after failures in a row")
                return None
            self._leave_alone()  # one goes and looks, meanwhile all others stay away
        try:
            async with asyncio.timeout(self._timeout_seconds), self._permits:
                answer = await command()
        except TimeoutError:
            self._failed(CacheTrouble.SLOW, "no answer in time")
        except Exception as error:  # noqa: BLE001 - whatever ails it, the caller goes on
            self._failed(CacheTrouble.DOWN, type(error).__name__)
        else:
            self._failures = 0
            return answer
        return None

    def _failed(self, trouble: CacheTrouble, reason: str) -> None:
        self._tell(trouble, reason)
        self._failures += 1
        if self._failures >= _FAILURES:
            self._leave_alone()

    def _leave_alone(self) -> None:
        self._alone_until = self._clock() + _ALONE_SECONDS


def _nobody(_trouble: CacheTrouble, _reason: str) -> None:
    """Whom nothing matters to."""


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
