"""A judge behind OpenAI's chat API: OpenAI's own, vLLM, SGLang, llama.cpp, and others.

What may pass by itself is asked again within the caller's time, with growing pauses in full jitter
(Brooker, "Exponential Backoff And Jitter"); what will not is an error at once. An answer that holds
no verdict is an answer: reading it, and asking again, is the caller's.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import msgspec

from verifier.completions.answers import PassingError, RequestRefusedError
from verifier.completions.settings import check_address
from verifier.errors import BackendError, InputError, ServiceError
from verifier.judge.asking import OneOf, Reply
from verifier.judge.backends.first_token import label_chances
from verifier.judge.backends.guard import Breaker, Guard
from verifier.judge_task import ReadFrom

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verifier.completions.chat import ChatClient
    from verifier.completions.chat_answers import ChatAnswer
    from verifier.judge.asking import Question

_MAX_PAUSE_SECONDS: Final = 30.0  # between two attempts
_LIKELIEST: Final = 20  # tokens a place, the most that the API gives
_LABEL_TOKENS: Final = 8  # room for white space before a label, and for a label of several tokens
_OWN_FIELDS: Final = frozenset(
    "messages model n stream stream_options response_format logprobs top_logprobs".split()
)
_READ_FROM: Final = "judge.read_from"
_LIMITS: Final = ("max_tokens", "max_completion_tokens")
_OF_THIS_INPUT: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
)
_CURES: Final = MappingProxyType(
    {
        "UNAUTHENTICATED": "it does not take the API key; see api_key_env",
        "PERMISSION_DENIED": "the API key may not use this model; see api_key_env and model",
        "NOT_FOUND": "there is no such model or address; see model and base_url",
        "RESOURCE_EXHAUSTED": "the account has nothing left to spend",
        "UNAVAILABLE": "it sends its callers elsewhere; see base_url",
    }
)


@dataclass(frozen=True, slots=True)
class OpenAiSettings:
    """Which server, which model, and how it is asked.

    Attributes:
        base_url: what comes before ``/chat/completions``, ``http://127.0.0.1:8000/v1``.
        model: its name there.
        api_key: sent as a bearer token; empty for none.
        concurrency: requests in flight at once; >= 1.
        requests_per_second: that may begin, attempts counted; 0 for any number.
        timeout_seconds: for one attempt, to the last byte.
        attempts: how often one question is asked; >= 1.
        backoff_seconds: the longest first pause between attempts; each further one may be twice as
            long, up to 30 s.
        structured: the server obeys JSON Schema (``response_format`` of type ``json_schema``).
        logprobs: the server gives the likeliest tokens (``logprobs``, ``top_logprobs``).
        stream: answers come in parts; some servers stop only a stream when its caller has gone.
        extra: more fields of the request, ``top_p`` or ``chat_template_kwargs``. What stands here
            wins over what the question says; ``max_tokens`` of either name replaces its limit.
        failures_to_open: failures in a row after which the server is left alone.
        open_seconds: how long it is, before one request tries whether it is back.

    Raises:
        InputError: the URL is none, or a key cannot be sent, or `extra` holds what is not its.
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    concurrency: int = 64
    requests_per_second: float = 0.0
    timeout_seconds: float = 120.0
    attempts: int = 4
    backoff_seconds: float = 0.5
    structured: bool = False
    logprobs: bool = False
    stream: bool = False
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    failures_to_open: int = 16
    open_seconds: float = 10.0

    def __post_init__(self) -> None:
        check_address(self.base_url, self.api_key)
        taken = sorted(_OWN_FIELDS & self.extra.keys())
        if taken:
            raise InputError(f"{', '.join(taken)}: not here, the judge sets that", field="extra")


class OpenAiBackend:
    """Asks one model on one server. Belongs to one event loop.

    Its abilities, best first: probabilities of labels cost one token and say how sure the model is;
    then JSON, whose form the server guarantees; text goes always.

    Args:
        name: in the configuration.
        settings: which, and how.
    """

    def __init__(self, name: str, settings: OpenAiSettings) -> None:
        self.name = name
        self.model = settings.model
        self.width = settings.concurrency
        self.abilities = (
            *([ReadFrom.LABELS] if settings.logprobs else ()),
            *([ReadFrom.JSON] if settings.structured else ()),
            ReadFrom.TEXT,
        )
        self._settings = settings
        breaker = Breaker(settings.failures_to_open, settings.open_seconds)
        self._guard = Guard(settings.concurrency, settings.requests_per_second, breaker)
        self._client: ChatClient | None = None

    @property
    def identity(self) -> str:
        """See `Backend`."""
        settings = self._settings
        parts = (settings.base_url, settings.model, sorted(settings.extra.items()))
        return f"openai:{sha256(repr(parts).encode(errors='surrogatepass')).hexdigest()}"

    async def start(self) -> None:
        """Makes room for connections; the first is made for the first question."""
        from verifier.completions.chat import ChatClient, ChatServer  # noqa: PLC0415 - aiohttp

        settings = self._settings
        self._client = ChatClient(
            ChatServer(
                settings.base_url,
                settings.api_key,
                settings.concurrency,
                settings.timeout_seconds,
            )
        )

    async def close(self) -> None:
        """Ends every connection. May be called again."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def ask(self, question: Question, started: Callable[[], None]) -> Reply:
        """The reply to one question; see `verifier.judge.asking.Backend`."""
        self._check(question)
        body: dict[str, Any] = {}
        seconds = 0.0
        attempt = 0
        while True:
            try:
                async with self._guard.permit():
                    if attempt == 0:
                        started()
                        body = self._body(question)  # not before: thousands may be waiting
                    began = time.perf_counter()
                    try:
                        answer = await self._once(body)
                    finally:
                        seconds += time.perf_counter() - began
                return self._reply(question, answer, seconds, attempt)
            except PassingError as error:
                attempt += 1
                if attempt >= self._settings.attempts or self._client is None:
                    raise BackendError(f"{self._called()}: {error}, {_times(attempt)}") from error
            except (RequestRefusedError, ServiceError) as error:
                raise self._final(error) from error
            except BackendError as error:
                raise BackendError(f"{self._called()} {error}") from None
            await asyncio.sleep(self._backoff(attempt))

    async def _once(self, body: dict[str, Any]) -> ChatAnswer:
        if self._client is None:
            raise PassingError("it is not started, or has been closed", busy=True)
        return await self._client.ask(body)

    def _backoff(self, attempts: int) -> float:
        """Seconds before the next attempt: anything up to a bound that doubles."""
        most = min(self._settings.backoff_seconds * 2 ** (attempts - 1), _MAX_PAUSE_SECONDS)
        return random.uniform(0.0, most)  # noqa: S311 - keeps callers apart, no secret

    def _body(self, question: Question) -> dict[str, Any]:
        """The request, as far as it is the same for every server."""
        messages = [
            {"role": one.role, "content": _sendable(one.content)} for one in question.messages
        ]
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "temperature": question.temperature,
        }
        if question.seed is not None:
            body["seed"] = question.seed
        if not any(name in self._settings.extra for name in _LIMITS):
            of_labels = question.read_from is ReadFrom.LABELS
            most = min(question.max_tokens, _LABEL_TOKENS) if of_labels else question.max_tokens
            body["max_tokens"] = most
        return body | _ways(question, stream=self._settings.stream) | dict(self._settings.extra)

    def _check(self, question: Question) -> None:
        """Whether a verdict can be read from this server's replies as it is to be."""
        read_from = question.read_from
        if read_from not in self.abilities:
            key = {ReadFrom.JSON: "structured", ReadFrom.LABELS: "logprobs"}[read_from]
            text = f"is not said to answer in {read_from}; if it can, set {key} = true"
            raise InputError(f"{self._called()} {text}", field=_READ_FROM)
        if read_from is ReadFrom.LABELS and not isinstance(question.form, OneOf):
            raise InputError(
                "only a verdict of one label can be read from LABELS", field=_READ_FROM
            )

    def _reply(self, question: Question, answer: ChatAnswer, seconds: float, retries: int) -> Reply:
        labels: tuple[tuple[str, float], ...] = ()
        if question.read_from is ReadFrom.LABELS and isinstance(question.form, OneOf):
            labels = label_chances([label for label, _ in question.form.scores], answer.places)
        return Reply(
            answer.text,
            cut=answer.cut,
            labels=labels,
            model=answer.model or self.model,
            prompt_tokens=answer.prompt_tokens,
            completion_tokens=answer.completion_tokens,
            seconds=seconds,
            retries=retries,
        )

    def _final(self, error: RequestRefusedError | ServiceError) -> Exception:
        """What the caller is told where no further attempt can mend it."""
        if isinstance(error, RequestRefusedError):
            if error.status in _OF_THIS_INPUT:
                return InputError(f"{self._called()} takes no such question: {error}")
            return BackendError(f"{self._called()}: {error}")
        cure = _CURES.get(error.code, "")
        return BackendError(f"{self._called()}: {cure}: {error}" if cure else str(error))

    def _called(self) -> str:
        return f"judge backend {self.name!r}"


def _ways(question: Question, *, stream: bool) -> dict[str, Any]:
    """The fields by which the server is told what will be read."""
    if question.read_from is ReadFrom.LABELS:
        # A few tokens are no stream: it would only spread the probabilities over parts.
        return {"logprobs": True, "top_logprobs": _LIKELIEST}
    fields: dict[str, Any] = {"stream": True} if stream else {}
    if question.read_from is ReadFrom.JSON:
        schema = {
            "name": "verdict",
            "strict": True,
            "schema": msgspec.Raw(question.schema.encode()),
        }
        fields["response_format"] = {"type": "json_schema", "json_schema": schema}
    return fields


def _sendable(text: str) -> str:
    """The text with U+FFFD for surrogates without their other half, which no JSON can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _times(attempts: int) -> str:
    return "asked once" if attempts == 1 else f"asked {attempts} times"
