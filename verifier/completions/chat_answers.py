"""What a server answers to a chat, whole or as a stream.

An answer may well hold no text: the model said nothing, or only thought. That is an answer; what is
no JSON of this API is none. Thoughts that a server parts from the text (``reasoning_content``,
``reasoning``) are not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from verifier.completions.answers import PassingError
from verifier.completions.events import EventLines

MAX_TEXT_BYTES: Final = 1024 * 1024  # of one answer; far more than 100,000 tokens
_DONE: Final = b"[DONE]"
_GAVE_UP: Final = frozenset({"abort", "error"})  # vLLM's, SGLang's and OpenRouter's words
_MOST_TOKENS: Final = 2**31
_MOST_MODEL: Final = 200  # characters of a model's name


class Likely(msgspec.Struct, frozen=True):
    """A token that might have stood at a place.

    Attributes:
        token: its text.
        logprob: natural logarithm of its probability; None if the server does not say.
    """

    token: str
    logprob: float | None = None


class Place(msgspec.Struct, frozen=True):
    """A token that was written, with the likeliest ones there."""

    token: str
    logprob: float | None = None
    top_logprobs: tuple[Likely, ...] | None = None


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """One answer.

    Attributes:
        text: what was written; empty if there was no text at all.
        cut: a bound on its length ended it.
        model: as the server names it; empty if it does not.
        prompt_tokens, completion_tokens: as the server counts them; 0 if it does not.
        places: token by token, if asked for.
    """

    text: str
    cut: bool = False
    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    places: tuple[Place, ...] = ()


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Words(msgspec.Struct):
    content: str | None = None


class _Logprobs(msgspec.Struct):
    content: tuple[Place, ...] | None = None


class _Choice(msgspec.Struct):
    message: _Words | None = None
    delta: _Words | None = None
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Whole(msgspec.Struct):
    choices: list[_Choice]
    model: str | None = None
    usage: _Usage | None = None


class _Part(msgspec.Struct):
    choices: list[_Choice] | None = None
    model: str | None = None
    usage: _Usage | None = None
    error: msgspec.Raw | None = None


_decode_whole: Final = msgspec.json.Decoder(_Whole).decode
_decode_part: Final = msgspec.json.Decoder(_Part).decode
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read_whole(body: bytes) -> ChatAnswer:
    """An answer with status 200 that came as one document.

    Raises:
        PassingError: it is none.
    """
    try:
        whole = _decode_whole(body)
    except _UNREADABLE as error:
        raise PassingError(f"malformed answer: {error}") from None
    choice = whole.choices[0] if whole.choices else _Choice()
    words = choice.message.content if choice.message is not None else None
    places = choice.logprobs.content if choice.logprobs is not None else None
    return _answer(
        words or "",
        finish_reason=choice.finish_reason,
        model=whole.model,
        usage=whole.usage,
        places=places or (),
    )


class ChatStream:
    """Puts an answer together that comes in parts.

    Attributes:
        complete: whether the model has ended its text; what may follow is how many tokens it took.
        done: whether the server has said that nothing follows.
    """

    def __init__(self) -> None:
        self.complete = False
        self.done = False
        self._lines = EventLines(MAX_TEXT_BYTES)
        self._texts: list[str] = []
        self._size = 0
        self._finish_reason: str | None = None
        self._model: str | None = None
        self._usage: _Usage | None = None

    def feed(self, piece: bytes) -> None:
        """Takes a piece of the body, cut anywhere.

        Raises:
            PassingError: it is no stream of this API, or says that the server failed.
        """
        try:
            documents = self._lines.feed(piece)
        except ValueError as error:
            raise PassingError(f"malformed stream: {error}") from None
        for document in documents:
            self._take(document)

    def end(self) -> ChatAnswer:
        """The answer, once there is no more.

        Raises:
            PassingError: the stream broke off.
        """
        for document in self._lines.end():
            self._take(document)
        if not self.complete:
            raise PassingError("the stream broke off")
        return _answer(
            "".join(self._texts),
            finish_reason=self._finish_reason,
            model=self._model,
            usage=self._usage,
        )

    def _take(self, document: bytes) -> None:
        if self.done or not document:
            return
        if document == _DONE:
            self.complete = self.done = True
            return
        try:
            part = _decode_part(document)
        except _UNREADABLE as error:
            raise PassingError(f"malformed stream: {error}") from None
        if part.error is not None and bytes(part.error) != b"null":
            raise PassingError("the server failed in the middle of a stream")
        self._model = self._model or part.model
        self._usage = part.usage or self._usage
        if part.choices:
            self._add(part.choices[0])

    def _add(self, choice: _Choice) -> None:
        words = choice.delta.content if choice.delta is not None else None
        if words:
            self._texts.append(words)
            self._size += len(words)
            if self._size > MAX_TEXT_BYTES:
                raise PassingError(f"an answer of more than {MAX_TEXT_BYTES} characters")
        if choice.finish_reason is not None:
            self._finish_reason = choice.finish_reason
            self.complete = True


def _answer(
    text: str,
    *,
    finish_reason: str | None,
    model: str | None,
    usage: _Usage | None,
    places: tuple[Place, ...] = (),
) -> ChatAnswer:
    if finish_reason in _GAVE_UP:
        raise PassingError(f"the server gave up: {finish_reason}")
    usage = usage or _Usage()
    return ChatAnswer(
        text,
        cut=finish_reason == "length",
        model=(model or "")[:_MOST_MODEL],
        prompt_tokens=_count(usage.prompt_tokens),
        completion_tokens=_count(usage.completion_tokens),
        places=places,
    )


def _count(tokens: int | None) -> int:
    """A number of tokens that any field can hold, whatever the server says."""
    return min(max(tokens or 0, 0), _MOST_TOKENS)
