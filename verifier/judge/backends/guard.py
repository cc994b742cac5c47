"""The door before a server: how many are inside, how often it opens, and whether it opens at all.

A server that fails again and again is left alone for a while, and everybody is told so at once: a
circuit breaker as Nygard describes it in "Release It!". After that while a single request finds
out whether the server is back.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Final

from aiolimiter import AsyncLimiter

from verifier.completions.answers import PassingError, RequestRefusedError
from verifier.errors import BackendError, ServiceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

_BURST_SECONDS: Final = 0.1  # requests of so long a time may go at once; event loops are no clocks


class Breaker:
    """Opens after failures in a row, and closes once a request shows that the server is there.

    Every answer shows that, a refusal too; what does not is a connection that cannot be made or
    breaks, a time that runs out, an error of the server's own, an answer that is none.

    Args:
        failures_to_open: in a row.
        open_seconds: that it stays open before one request may try.
        clock: seconds, never going back.
    """

    def __init__(
        self,
        failures_to_open: int,
        open_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures_to_open = failures_to_open
        self._open_seconds = open_seconds
        self._clock = clock
        self._failures = 0  # in a row
        self._last = ""
        self._opened: float | None = None  # when
        self._trying = False

    def check(self) -> None:
        """Lets pass, or not.

        Raises:
            BackendError: it is open.
        """
        if self._opened is None:
            return
        left = self._opened + self._open_seconds - self._clock()
        if left <= 0 and not self._trying:
            return
        until = f"for {left:.1f} s more" if left > 0 else "until one request shows that it is back"
        text = f"is left alone {until}: {self._failures} failures in a row, the last: {self._last}"
        raise BackendError(text)

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Watches one request; the first one after the pause is the one that finds out.

        Raises:
            BackendError: it is open.
        """
        self.check()
        tries = self._opened is not None
        self._trying = self._trying or tries
        try:
            yield
        except PassingError as error:
            if error.busy:
                self._answered()
            else:
                self._failed(str(error), tried=tries)
            raise
        except (RequestRefusedError, ServiceError):
            self._answered()
            raise
        else:
            self._answered()
        finally:
            if tries:  # cancelled, it has found out nothing, and the next one tries
                self._trying = False

    def _answered(self) -> None:
        self._failures = 0
        self._opened = None

    def _failed(self, reason: str, *, tried: bool) -> None:
        self._failures += 1
        self._last = reason
        # What was under way when it opened tells nothing new.
        if tried or (self._opened is None and self._failures >= self._failures_to_open):
            self._opened = self._clock()


class Guard:
    """Permits, a rate, a common pause and a breaker. Belongs to one event loop.

    Args:
        concurrency: requests inside at once.
        requests_per_second: that may begin; 0 for any number. A tenth of a second's worth may begin
            together.
        breaker: whether any may.
    """

    def __init__(self, concurrency: int, requests_per_second: float, breaker: Breaker) -> None:
        self._permits = asyncio.Semaphore(concurrency)
        self._rate: AsyncLimiter | None = None
        if requests_per_second > 0:
            burst = max(1.0, requests_per_second * _BURST_SECONDS)
            self._rate = AsyncLimiter(burst, burst / requests_per_second)
        self._breaker = breaker
        self._paused_until = 0.0  # on time.monotonic

    @asynccontextmanager
    async def permit(self) -> AsyncIterator[None]:
        """Waits for the turn of one request, which the block sends.

        Raises:
            BackendError: the server is left alone.
        """
        self._breaker.check()
        async with self._permits:
            await self._rest()
            if self._rate is not None:
                await self._rate.acquire()
                await self._rest()
            with self._breaker.watch():
                try:
                    yield
                except PassingError as error:
                    # One answer speaks for the server: all others wait, too.
                    self._paused_until = max(self._paused_until, time.monotonic() + error.wait)
                    raise

    async def _rest(self) -> None:
        while (left := self._paused_until - time.monotonic()) > 0:  # noqa: ASYNC110 - may grow
            await asyncio.sleep(left)
