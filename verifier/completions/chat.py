"""One attempt to get one answer to a chat, from any server that speaks this API."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from verifier.completions.answers import PassingError, RequestRefusedError, refusal
from verifier.completions.chat_answers import MAX_TEXT_BYTES, ChatAnswer, ChatStream, read_whole
from verifier.completions.connection import Connections, post, read_all

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_STREAM_BYTES: Final = 64 * 1024 * 1024  # a token takes some hundred bytes of a stream
_END_SECONDS: Final = 1.0  # for the body to end after all has been said
_UNKNOWN: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})


@dataclass(frozen=True, slots=True)
class ChatServer:
    """Which server.

    Attributes:
        base_url: what comes before ``/chat/completions``.
        api_key: sent as a bearer token; empty for none.
        concurrency: connections at once.
        timeout_seconds: for one attempt.
    """

    base_url: str
    api_key: str
    concurrency: int
    timeout_seconds: float


class ChatClient:
    """Asks one server, over connections that are reused. Belongs to one event loop.

    Servers differ in two fields; which of them this one does not take is learnt from its refusal
    and then known: ``stream_options``, that has a stream end with the number of tokens, is left out
    where it is refused, and ``max_tokens`` is called ``max_completion_tokens`` where the refusal
    asks for that (OpenAI's newer models).
    """

    def __init__(self, server: ChatServer) -> None:
        self._server = server
        self._url = f"{server.base_url.rstrip('/')}/chat/completions"
        self._connections = Connections(
            api_key=server.api_key,
            concurrency=server.concurrency,
            timeout_seconds=server.timeout_seconds,
        )
        self._counts_streams = True
        self._limit_field = "max_tokens"

    async def close(self) -> None:
        """Ends all connections, and with them what is asked. May be called again."""
        await self._connections.close()

    async def ask(self, body: Mapping[str, Any]) -> ChatAnswer:
        """One answer. Cancelled, it closes its connection, so that the server can stop, too.

        Args:
            body: of the request; a stream is read as one if it asks for one.

        Raises:
            PassingError: worth another attempt.
            RequestRefusedError: the server takes no such request.
            ServiceError: the server takes nothing from this caller, or is not there.
        """
        while True:
            sent = self._spelt(body)
            try:
                return await self._send(sent)
            except RequestRefusedError as error:
                if not self._learns(error, sent):
                    raise

    async def _send(self, body: dict[str, Any]) -> ChatAnswer:
        if self._connections.closed:
            raise PassingError("the connections have been closed", unreachable=True)
        async with post(self._connections, self._url, body) as response:
            is_good = response.status == HTTPStatus.OK
            # Some servers know no streams and answer as if none had been asked for.
            if is_good and body.get("stream") and response.content_type != "application/json":
                return await _read_stream(response)
            text = await read_all(response, MAX_TEXT_BYTES)
        if not is_good:
            raise refusal(response.status, response.headers, text, self._server.api_key)
        return read_whole(text)

    def _spelt(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The body in the words that this server takes."""
        spelt = dict(body)
        if self._limit_field not in spelt and "max_tokens" in spelt:
            spelt[self._limit_field] = spelt.pop("max_tokens")
        if self._counts_streams and spelt.get("stream"):
            spelt["stream_options"] = {"include_usage": True}
        return spelt

    def _learns(self, error: RequestRefusedError, sent: dict[str, Any]) -> bool:
        """Whether the refusal names a field that can be spelt otherwise.

        It looks at what was sent, not at what is known by now: others may have learnt it meanwhile.
        """
        if error.status not in _UNKNOWN:
            return False
        if "stream_options" in sent and "stream_options" in error.words:
            self._counts_streams = False
            return True
        if "max_tokens" in sent and "max_completion_tokens" in error.words:
            self._limit_field = "max_completion_tokens"
            return True
        return False


async def _read_stream(response: aiohttp.ClientResponse) -> ChatAnswer:
    stream = ChatStream()
    size = 0
    try:
        async for piece in response.content.iter_any():
            size += len(piece)
            if size > _MAX_STREAM_BYTES:
                raise PassingError(f"a stream of more than {_MAX_STREAM_BYTES} bytes")
            stream.feed(piece)
            if stream.done:
                await _end(response)
                break
    except (aiohttp.ClientError, TimeoutError):
        if not stream.complete:
            raise
    return stream.end()


async def _end(response: aiohttp.ClientResponse) -> None:
    """Waits a little for the body's end: only then can the connection be used again.

    Raises:
        TimeoutError: it does not come.
    """
    async with asyncio.timeout(_END_SECONDS):
        while await response.content.readany():
            pass
