"""One attempt over HTTP: the session, a request's errors in our words, a body within bounds.

Shared by whoever asks such a server; retries, permits and pauses are the caller's.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import msgspec

from verifier.completions.answers import PassingError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_CONNECT_SECONDS: Final = 10.0


def open_session(
    *, api_key: str, concurrency: int, timeout_seconds: float
) -> aiohttp.ClientSession:
    """Connections that are reused. Belongs to the running event loop; the caller closes it.

    Args:
        api_key: sent as a bearer token; empty for none.
        concurrency: connections at once.
        timeout_seconds: for one request, from its beginning to the last byte of its answer.
    """
    headers = {"User-Agent": "verifier-service"}
    if api_key:
        headers["Authorization"] = f"Bearer {api_key}"
    return aiohttp.ClientSession(
        headers=headers,
        timeout=aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=_CONNECT_SECONDS),
        connector=aiohttp.TCPConnector(limit=concurrency),
    )


@asynccontextmanager
async def post(
    session: aiohttp.ClientSession, url: str, body: dict[str, Any]
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Sends a request; the block reads the response. Redirects are not followed.

    Leaving the block before the response has ended closes its connection, so that the server sees
    that nobody waits any more.

    Raises:
        PassingError: there is no connection, or it broke, or the time was up, before the block or
            within it.
    """
    try:
        async with session.post(
            url,
            data=msgspec.json.encode(body),
            headers={"Content-Type": "application/json"},
            allow_redirects=False,
        ) as response:
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
