"""What a server answers: choices, or a refusal that waiting mends or does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec

from verifier.errors import BackendError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_WAIT_SECONDS: Final = 60.0  # however long a server asks us to wait
_SHOWN: Final = 200  # characters of what a server says
_KEPT_BYTES: Final = 10_000  # of a refusal, to look for a field's name in
_FINISHED: Final = frozenset({"stop", "eos_token", "stop_sequence"})  # the last two are TGI's
_PASSING: Final = frozenset({408, 409, 425, 429})
_FATAL: Final = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}
_NO_QUOTA: Final = b"insufficient_quota"  # a 429 that no waiting mends


class RequestRefusedError(BackendError):
    """The server takes no such request: too long, a parameter it does not know.

    Attributes:
        status: of HTTP; 0 if it is not known.
        words: the beginning of what the server said, as it came: to be looked at, not shown.
    """

    def __init__(self, message: str, *, status: int = 0, words: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.words = words


class PassingError(Exception):
    """Worth another attempt.

    Attributes:
        wait: seconds that the server asks everybody to wait; 0 if it does not.
        unreachable: there was no connection at all.
        busy: the server is well, it only takes no more at the moment, or not in this order.
    """

    def __init__(
        self, message: str, *, wait: float = 0.0, unreachable: bool = False, busy: bool = False
    ) -> None:
        super().__init__(message)
        self.wait = wait
        self.unreachable = unreachable
        self.busy = busy


@dataclass(frozen=True, slots=True)
class Choice:
    """One sampled text.

    Attributes:
        text: what was written.
        finished: the model ended by itself; False where it was cut or filtered, or does not say.
    """

    text: str
    finished: bool


class _Message(msgspec.Struct):
    content: str | None = None


class RawChoice(msgspec.Struct):
    """A choice of either path: a completion has a text, a chat a message."""

    text: str | None = None
    message: _Message | None = None
    finish_reason: str | None = None

    def choice(self) -> Choice | None:
        """Our word for it; None if it holds no text."""
        text = self.message.content if self.message is not None else self.text
        return None if text is None else Choice(text, self.finish_reason in _FINISHED)


class _Tokens(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Answer(msgspec.Struct):
    """An answer of either path."""

    choices: list[RawChoice]
    usage: _Tokens | None = None


_decode: Final = msgspec.json.Decoder(Answer).decode


def read_answer(text: bytes) -> Answer:
    """An answer with status 200.

    Raises:
        PassingError: it is none, or without a single text.
    """
    try:
        answer = _decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PassingError(f"malformed answer: {error}") from None
    if not any(raw.choice() for raw in answer.choices):
        raise PassingError("an answer without a choice")
    return answer


def refusal(status: int, headers: Mapping[str, str], text: bytes, secret: str) -> Exception:
    """The error that any other status stands for.

    Args:
        status: of HTTP.
        headers: of the answer.
        text: its body.
        secret: does not appear in the error, should the server repeat it.
    """
    said = f"HTTP {status}: {_shown(text, secret)}"
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        if _NO_QUOTA in text:
            return ServiceError(said, code="RESOURCE_EXHAUSTED")
        # A reason that is counted, so without words that differ from time to time.
        wait = _retry_after(headers.get("Retry-After", ""))
        return PassingError(f"HTTP {status}", wait=wait, busy=status in _PASSING)
    if status in _FATAL:
        return ServiceError(said, code=_FATAL[status])
    if status < HTTPStatus.BAD_REQUEST:
        where = _shown(headers.get("Location", "").encode(errors="replace"), secret)
        return ServiceError(f"HTTP {status}: is not followed to {where!r}", code="UNAVAILABLE")
    words = text[:_KEPT_BYTES].decode(errors="replace")
    return RequestRefusedError(said, status=status, words=words)


def _shown(text: bytes, secret: str) -> str:
    """What a server says: short, on one line, without the secret."""
    shown = " ".join(text.decode(errors="replace").split())
    if secret:
        shown = shown.replace(secret, "…")
    shown = "".join(char if char.isprintable() else "?" for char in shown)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"


def _retry_after(value: str) -> float:
    """Seconds, from either of the header's two forms; 0 for none or nonsense."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return 0.0
        if moment.tzinfo is None:
            return 0.0
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(seconds, _MAX_WAIT_SECONDS) if seconds > 0 else 0.0
