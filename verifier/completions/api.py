"""The client: one connection pool, and one bound on requests in flight.

What may pass by itself (429, 5xx, a broken connection, an answer that is none) is asked again with
growing pauses; what will not is an error at once. The key goes to the server's own address and
nowhere else: into no message, and not along a redirect.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Self

from verifier.completions.answers import (
    Choice,
    PassingError,
    RequestRefusedError,
    read_answer,
    refusal,
)
from verifier.completions.connection import Connections, post, read_all
from verifier.errors import BackendError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from verifier.completions.answers import Answer, RawChoice
    from verifier.completions.settings import ApiSettings, Sampling

_MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024
_MAX_PAUSE_SECONDS: Final = 60.0  # between two attempts
_MAX_SEED: Final = 2**31


@dataclass(slots=True)
class Usage:
    """What a client has asked and been given.

    Attributes:
        calls: attempts made.
        retries: those that were not the first of their request.
        failures: requests given up.
        prompt_tokens, completion_tokens: as the server counts them; 0 if it does not.
    """

    calls: int = 0
    retries: int = 0
    failures: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class CompletionsApi:
    """Asks one model on one server. Belongs to one event loop; an async context manager.

    Args:
        settings: which, and how hard.

    Attributes:
        usage: counted as answers come in.
    """

    def __init__(self, settings: ApiSettings) -> None:
        self.settings = settings
        self.usage = Usage()
        self._permits = asyncio.Semaphore(settings.concurrency)
        self._connections: Connections | None = None
        self._reached = False
        self._answered = False
        self._failures = 0  # in a row
        self._paused_until = 0.0  # on time.monotonic: no request starts before
        self._most_choices: int | None = None  # per request, once the server has shown it

    async def __aenter__(self) -> Self:
        settings = self.settings
        self._connections = Connections(
            api_key=settings.api_key,
            concurrency=settings.concurrency,
            timeout_seconds=settings.timeout_seconds,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._connections is not None:
            await self._connections.close()

    async def complete(
        self, prompt: str, sampling: Sampling, *, count: int = 1, seed: int | None = None
    ) -> list[Choice]:
        """Continuations of a raw text, by ``/completions``.

        Args:
            prompt: what is continued, as it is: no chat template is put around it.
            sampling: how.
            count: how many; fewer come back where some could not be had.
            seed: in [0, 2**31), for servers that sample by seed.

        Raises:
            RequestRefusedError: the server takes no such request.
            BackendError: every attempt failed.
            ServiceError: the server cannot be reached, or takes nothing from this caller.
        """
        return await self._sample("completions", {"prompt": prompt}, sampling, count, seed)

    async def chat(
        self,
        messages: Sequence[dict[str, str]],
        sampling: Sampling,
        *,
        count: int = 1,
        seed: int | None = None,
    ) -> list[Choice]:
        """Answers to a dialogue, by ``/chat/completions``.

        A final turn of the assistant is continued, not answered: the request says so in the words
        of vLLM, SGLang and TGI, which llama.cpp and LMDeploy do not need. A server that knows
        neither (OpenAI's own) begins a new turn instead, so it cannot be used to continue.

        Takes and raises the same as `complete`.
        """
        body: dict[str, Any] = {"messages": list(messages)}
        if messages and messages[-1]["role"] == "assistant":
            body |= {"continue_final_message": True, "add_generation_prompt": False}
        return await self._sample("chat/completions", body, sampling, count, seed)

    async def _sample(
        self, path: str, body: dict[str, Any], sampling: Sampling, count: int, seed: int | None
    ) -> list[Choice]:
        """Several choices by one request where the server gives several, else by several."""
        body = {"model": self.settings.model, **body, **sampling.fields()}
        choices: list[Choice] = []
        done = 0
        if count > 1 and self._most_choices is None:
            choices, done = await self._first(path, body, count, seed)
        size = self._most_choices or count
        parts = [
            self._part(path, body, min(size, count - start), _shifted(seed, start))
            for start in range(done, count, size)
        ]
        outcomes = await asyncio.gather(*parts, return_exceptions=True)
        errors = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        fatal = next((error for error in errors if not isinstance(error, BackendError)), None)
        if fatal is not None:
            raise fatal
        for outcome in outcomes:
            choices += outcome if isinstance(outcome, list) else ()
        if not choices and errors:
            raise errors[0]
        return choices[:count]

    async def _first(
        self, path: str, body: dict[str, Any], count: int, seed: int | None
    ) -> tuple[list[Choice], int]:
        """Asks for all at once and learns how many the server gives; returns how many that was.

        Some servers ignore ``n`` (transformers), others refuse it (llama.cpp).
        """
        try:
            raw = await self._ask(path, _with(body, count, seed))
        except RequestRefusedError:
            raw = await self._ask(path, _with(body, 1, seed))
        if len(raw) < count:
            self._most_choices = len(raw)
        return _given(raw), len(raw)

    async def _part(
        self, path: str, body: dict[str, Any], count: int, seed: int | None
    ) -> list[Choice]:
        return _given(await self._ask(path, _with(body, count, seed)))

    async def _ask(self, path: str, body: dict[str, Any]) -> list[RawChoice]:
        """One request, as often as it takes."""
        attempt = 1
        while True:
            try:
                async with self._permits:
                    await asyncio.sleep(max(0.0, self._paused_until - time.monotonic()))
                    self.usage.calls += 1
                    return await self._once(path, body)
            except PassingError as error:
                self._give_up(error, attempt)
                pause = self.settings.backoff_seconds * 2 ** (attempt - 1)
                pause *= random.uniform(0.5, 1.0)  # noqa: S311 - keeps clients apart, no secret
            await asyncio.sleep(min(pause, _MAX_PAUSE_SECONDS))
            attempt += 1
            self.usage.retries += 1

    def _give_up(self, error: PassingError, attempt: int) -> None:
        """Raises what the caller gets, if this attempt was the last."""
        if error.unreachable and not self._reached:
            # Most likely the wrong address: nobody wants to wait to be told.
            raise ServiceError(str(error), code="UNAVAILABLE") from error
        if attempt < self.settings.attempts:
            return
        self.usage.failures += 1
        if error.unreachable:
            raise ServiceError(str(error), code="UNAVAILABLE") from error
        self._gone_after(error)
        raise BackendError(str(error)) from error

    def _gone_after(self, error: Exception) -> None:
        """Counts a failure, and raises once there were too many in a row."""
        self._failures += 1
        if self._failures >= self.settings.max_failures:
            text = f"{self._failures} requests in a row failed, the last with: {error}"
            raise ServiceError(text, code="UNAVAILABLE") from error

    async def _once(self, path: str, body: dict[str, Any]) -> list[RawChoice]:
        if self._connections is None:
            raise RuntimeError("CompletionsApi is used by `async with`")
        url = f"{self.settings.base_url.rstrip('/')}/{path}"
        async with post(self._connections, url, body) as response:
            text = await read_all(response, _MAX_ANSWER_BYTES)
        self._reached = True
        if response.status != HTTPStatus.OK:
            error = refusal(response.status, response.headers, text, self.settings.api_key)
            if isinstance(error, PassingError):
                # One answer speaks for the server: the others wait, too.
                self._paused_until = max(self._paused_until, time.monotonic() + error.wait)
            elif isinstance(error, RequestRefusedError) and not self._answered:
                self._gone_after(error)  # most likely it takes none: a model's name, a parameter
            raise error
        answer = read_answer(text)
        self._answered = True
        self._failures = 0
        self._count(answer)
        return answer.choices

    def _count(self, answer: Answer) -> None:
        if answer.usage is not None:
            self.usage.prompt_tokens += answer.usage.prompt_tokens or 0
            self.usage.completion_tokens += answer.usage.completion_tokens or 0


def _with(body: dict[str, Any], count: int, seed: int | None) -> dict[str, Any]:
    """A request for `count` choices; one is what a server gives anyhow."""
    extra = {} if seed is None else {"seed": seed}
    return {**body, **extra, "n": count} if count > 1 else {**body, **extra}


def _shifted(seed: int | None, by: int) -> int | None:
    return None if seed is None else (seed + by) % _MAX_SEED


def _given(raw: Sequence[RawChoice]) -> list[Choice]:
    return [choice for one in raw if (choice := one.choice()) is not None]
