"""One attempt over HTTP: the session, a request's errors in our words, a body within bounds.

Shared by whoever asks such a server; retries, permits and pauses are the caller's.
"""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import msgspec

from verifier.completions.answers import PassingError
from verifier.trace_parent import trace_headers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_CONNECT_SECONDS: Final = 10.0
_STALE_SECONDS: Final = 5.0  # in which a closed connection shows; what breaks later broke itself


@dataclass(slots=True)
class _Sending:
    """One way out for a request; `kept` once its connection is known to have served another."""

    kept: bool = False


class Connections:
    """Connections to servers, most of them used again. Belongs to the running event loop.

    A server may close a connection that it had promised to keep, just when the next request is on
    its way (llama.cpp does after every stream). A request that meets with that is sent once more at
    once, over a new connection: it changes nothing on the server, so twice is as good as once.

    Args:
        api_key: sent as a bearer token; empty for none.
        concurrency: connections at once.
        timeout_seconds: for one request, from its beginning to the last byte of its answer.
    """

    def __init__(self, *, api_key: str, concurrency: int, timeout_seconds: float) -> None:
        headers = {"User-Agent": "verifier-service"}
        if api_key:
            headers["Authorization"] = f"Bearer {api_key}"
        timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=_CONNECT_SECONDS)
        self._kept = aiohttp.ClientSession(
            headers=headers,
            timeout=timeout,
            connector=aiohttp.TCPConnector(limit=concurrency),
            trace_configs=[_tracing()],
        )
        self._new = aiohttp.ClientSession(
            headers=headers,
            timeout=timeout,
            connector=aiohttp.TCPConnector(limit=concurrency, force_close=True),
        )

    @property
    def closed(self) -> bool:
        """Whether they have been closed."""
        return self._kept.closed

    async def close(self) -> None:
        """Ends them all, and with them what is asked. May be called again."""
        await self._kept.close()
        await self._new.close()

    async def begin(self, url: str, body: bytes) -> aiohttp.ClientResponse:
        """Sends JSON; returns the response, of which the body has still to come."""
        sending = _Sending()
        began = time.monotonic()
        try:
            return await self._begin(self._kept, url, body, sending)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            if not sending.kept or time.monotonic() - began > _STALE_SECONDS:
                raise
        return await self._begin(self._new, url, body, sending)

    async def _begin(
        self, session: aiohttp.ClientSession, url: str, body: bytes, sending: _Sending
    ) -> aiohttp.ClientResponse:
        return await session.post(
            url,
            data=body,
            headers={"Content-Type": "application/json", **trace_headers()},
            allow_redirects=False,
            trace_request_ctx=sending,
        )


def _tracing() -> aiohttp.TraceConfig:
    """Has a session say which requests go over a connection that has served another."""

    async def note(_session: object, context: Any, _params: object) -> None:
        context.trace_request_ctx.kept = True

    tracing = aiohttp.TraceConfig()
    tracing.on_connection_reuseconn.append(note)
    return tracing


@asynccontextmanager
async def post(
    connections: Connections, url: str, body: dict[str, Any]
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Sends a request; the block reads the response. Redirects are not followed.

    Leaving the block before the response has ended closes its connection, so that the server sees
    that nobody waits any more.

    Raises:
        PassingError: there is no connection, or it broke, or the time was up, before the block or
            within it.
    """
    try:
        async with await connections.begin(url, msgspec.json.encode(body)) as response:
            yield response
    except aiohttp.ConnectionTimeoutError:
        raise PassingError("cannot connect: timed out", unreachable=True) from None
    except aiohttp.ClientConnectorError as error:
        reason = error.os_error.strerror or type(error).__name__
        raise PassingError(f"cannot connect: {reason}", unreachable=True) from None
    except TimeoutError:
        raise PassingError("timed out") from None
    except aiohttp.ClientError as error:
        raise PassingError(f"connection broke: {type(error).__name__}") from None


async def read_all(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    """The whole body.

    Raises:
        PassingError: it has more than `most_bytes`.
    """
    parts = bytearray()
    async for part in response.content.iter_any():
        parts += part
        if len(parts) > most_bytes:
            raise PassingError(f"an answer of more than {most_bytes} bytes")
    return bytes(parts)
