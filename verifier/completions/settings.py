"""Which server is asked, and how text is sampled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from verifier.errors import InputError

_NO_URL: Final = "{!r} is no URL of the form http://HOST:PORT/v1"


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Which server, and how hard it is asked.

    Attributes:
        base_url: what comes before ``/completions``, ``http://127.0.0.1:8000/v1``.
        model: the model's name there.
        api_key: sent as a bearer token; empty for none.
        concurrency: requests in flight at once.
        timeout_seconds: for one attempt.
        attempts: how often one request is tried.
        backoff_seconds: the first pause; each further one is twice as long, with jitter.
        max_failures: requests given up in a row after which the server counts as gone.

    Raises:
        InputError: the URL is none, or holds a password.
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    concurrency: int = 32
    timeout_seconds: float = 300.0
    attempts: int = 6
    backoff_seconds: float = 0.5
    max_failures: int = 16

    def __post_init__(self) -> None:
        check_address(self.base_url, self.api_key)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How text is sampled.

    Attributes:
        max_tokens: per choice.
        temperature: 0 for the likeliest token every time.
        top_p: nucleus; None for the server's default.
        stop: texts at which a choice ends; they are not part of it.
    """

    max_tokens: int
    temperature: float = 1.0
    top_p: float | None = None
    stop: tuple[str, ...] = ()

    def fields(self) -> dict[str, Any]:
        """As a request spells it; what is not given is left out, for servers that refuse null."""
        fields: dict[str, Any] = {"max_tokens": self.max_tokens, "temperature": self.temperature}
        if self.top_p is not None:
            fields["top_p"] = self.top_p
        if self.stop:
            fields["stop"] = list(self.stop)
        return fields


def check_address(base_url: str, api_key: str) -> None:
    """Checks where requests go and what they carry, before the first is sent.

    Raises:
        InputError: the URL is none, or holds a password; no header can hold the key.
    """
    try:
        parts = urlsplit(base_url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        good = good and not (parts.query or parts.fragment)
    except ValueError:  # brackets that do not match, a port that is none
        raise InputError(_NO_URL.format(base_url)) from None
    if parts.username or parts.password:
        raise InputError("the URL of a server must not hold a password; use an API key")
    if not good:
        raise InputError(_NO_URL.format(base_url))
    if not (api_key.isascii() and api_key.isprintable()):
        raise InputError("the API key holds characters that no HTTP header can")
