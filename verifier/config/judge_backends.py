"""``[judge.backends.NAME]``: one model that judges, on a server or in this process.

What a key means for the model is found out when it is asked; here is refused what no backend could
make sense of. A secret is named, not given: a key holds the name of an environment variable. What
is in that is read when settings are made, and is in no message.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from verifier.config.problem import Problem
from verifier.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.config.problem import KeyPath
    from verifier.judge.asking import Backend
    from verifier.judge.backends.local import LocalSettings
    from verifier.judge.backends.openai import OpenAiSettings

_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_UNSET: Final = "the environment variable of that name is not set, or empty"
# Dearer than a dollar a token, or slower than a day, is a mistake.
BACKEND_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "concurrency": (1, 65_536),
    "requests_per_second": (0, 1e6),
    "timeout_seconds": (0.1, 86_400),
    "attempts": (1, 100),
    "max_batch": (1, 65_536),
    "max_context": (0, 2**31 - 1),
    "max_queued": (1, 2**31 - 1),
    "price_prompt": (0, 1e6),
    "price_completion": (0, 1e6),
}


class OpenAiBackendConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="openai"
):
    """``[judge.backends.NAME]`` with ``kind = "openai"``: a model on an OpenAI-compatible server.

    Attributes:
        base_url: the address of an OpenAI-compatible server, up to ``/chat/completions``, such as
            ``http://127.0.0.1:8000/v1``.
        model: the model's name on that server.
        api_key_env: NAME of the environment variable with the API key; empty for no key.
        concurrency: requests in flight at once.
        requests_per_second: requests begun in a second at most; 0 for no limit.
        timeout_seconds: seconds that one attempt may take, to the last byte of its answer.
        attempts: how often one question is tried when the server fails.
        structured: whether the server obeys a JSON Schema (``response_format``); answers are then
            always readable.
        logprobs: whether it tells how likely tokens are (``top_logprobs``); a verdict then costs
            one token.
        stream: whether answers are streamed; some servers stop only a stream when its caller has
            gone.
        extra: more fields of each request, as the server wants them.
        price_prompt: US dollars per million tokens of prompts, for the metrics of cost; both prices
            or neither.
        price_completion: US dollars per million tokens of answers; both prices or neither.
    """

    base_url: str
    model: str
    api_key_env: str = ""
    concurrency: int = 64
    requests_per_second: float = 0.0
    timeout_seconds: float = 120.0
    attempts: int = 4
    structured: bool = False
    logprobs: bool = False
    stream: bool = False
    extra: dict[str, Any] = msgspec.field(default_factory=dict)
    price_prompt: float | None = None
    price_completion: float | None = None

    def settings(self, environ: Mapping[str, str]) -> OpenAiSettings:
        """The same, as the backend's own word, with the key.

        Raises:
            ConfigError: the variable of the key is not set, or holds no key.
        """
        key = variable("api_key_env", self.api_key_env, environ)
        if not (key.isascii() and key.isprintable()):
            raise ConfigError("api_key_env: its variable holds characters that no HTTP header can")
        return self.with_key(key)

    def backend(self, name: str, environ: Mapping[str, str]) -> Backend:
        """The backend of this name, not yet started; raises what `settings` does."""
        from verifier.judge.backends.openai import OpenAiBackend  # noqa: PLC0415 - not for a list

        return OpenAiBackend(name, self.settings(environ))

    def with_key(self, key: str) -> OpenAiSettings:
        """The same, as the backend's own word.

        Raises:
            InputError: the URL is none, or `extra` holds a field that is not its.
        """
        from verifier.judge.backends.openai import OpenAiSettings  # noqa: PLC0415 - not for a list

        return OpenAiSettings(
            base_url=self.base_url,
            model=self.model,
            api_key=key,
            concurrency=self.concurrency,
            requests_per_second=self.requests_per_second,
            timeout_seconds=self.timeout_seconds,
            attempts=self.attempts,
            structured=self.structured,
            logprobs=self.logprobs,
            stream=self.stream,
            extra=self.extra,
        )


class LocalBackendConfig(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="local"
):
    """``[judge.backends.NAME]`` with ``kind = "local"``: a model in the service's own process.

    Attributes:
        path: the folder of a model that transformers can load.
        device: a torch device such as ``cuda:0``; empty for the CPU.
        dtype: float32, bfloat16 or float16; empty for float32 on the CPU, bfloat16 elsewhere.
        max_batch: replies written side by side.
        max_context: tokens of prompt and reply together; 0 for the model's own bound.
        max_queued: questions waiting at once; beyond it callers are told to come back.
        steady: whether a reply never depends on what else is asked, for which models in half
            precision write one reply at a time.
        price_prompt: US dollars per million tokens of prompts, for the metrics of cost; both prices
            or neither.
        price_completion: US dollars per million tokens of answers; both prices or neither.
    """

    path: str
    device: str = ""
    dtype: str = ""
    max_batch: int = 16
    max_context: int = 0
    max_queued: int = 1024
    steady: bool = True
    price_prompt: float | None = None
    price_completion: float | None = None

    def settings(self) -> LocalSettings:
        """The same, as the backend's own word."""
        from verifier.judge.backends.local import LocalSettings  # noqa: PLC0415 - not for a list

        return LocalSettings(
            path=self.path,
            device=self.device or "cpu",
            dtype=self.dtype,
            max_batch=self.max_batch,
            max_context=self.max_context,
            max_queued=self.max_queued,
            steady=self.steady,
        )

    def backend(self, name: str, environ: Mapping[str, str]) -> Backend:  # noqa: ARG002 - no secret
        """The backend of this name, not yet started."""
        from verifier.judge.backends.local import LocalBackend  # noqa: PLC0415 - not for a list

        return LocalBackend(name, self.settings())


BackendConfig = OpenAiBackendConfig | LocalBackendConfig


# ------------------------------------------------------------------------ what cannot be used


def backend_problems(
    at: KeyPath, backend: BackendConfig, environ: Mapping[str, str]
) -> Iterator[Problem]:
    """What is wrong with a backend beyond the types of its values, ranges and choices.

    Args:
        at: where it stands.
        backend: its table.
        environ: where secrets are; asked whether they are there, not what they are.
    """
    if (backend.price_prompt is None) != (backend.price_completion is None):
        yield Problem(at, "give price_prompt and price_completion or neither; 0 for what is free")
    if isinstance(backend, OpenAiBackendConfig):
        yield from _server_problems(at, backend, environ)
    elif not backend.path:
        what = "must name a folder: that of a model that transformers can load"
        yield Problem((*at, "path"), what)


def _server_problems(
    at: KeyPath, backend: OpenAiBackendConfig, environ: Mapping[str, str]
) -> Iterator[Problem]:
    if not backend.model:
        yield Problem((*at, "model"), "must name a model: by the name that the server has for it")
    if "@" in backend.base_url:  # said without quoting it: most likely there is a password in it
        what = "must not hold a user or a password; use api_key_env"
        yield Problem((*at, "base_url"), what)
    else:
        try:
            backend.with_key("")
        except InputError as error:
            yield Problem(
                (*at, error.field or "base_url"), str(error).removeprefix(f"{error.field}: ")
            )
    if backend.api_key_env:
        yield from no_variable((*at, "api_key_env"), backend.api_key_env, environ)
    try:
        json.dumps(backend.extra, allow_nan=False)
    except (TypeError, ValueError):
        yield Problem((*at, "extra"), "holds what JSON cannot: a date, a time, nan or inf")


def no_variable(at: KeyPath, name: str, environ: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with a key that names an environment variable."""
    # What stands there is never quoted: it may be the secret itself, put in the wrong place.
    if not _VARIABLE.match(name):
        yield Problem(at, "must be the name of an environment variable, not what it holds")
    elif not environ.get(name, "").strip():
        yield Problem(at, _UNSET)


def variable(at: str, name: str, environ: Mapping[str, str]) -> str:
    """What a variable holds, without the line end that files of secrets have; empty for no name.

    Raises:
        ConfigError: it is not set, or empty.
    """
    value = environ.get(name, "").strip() if name else ""
    if name and not value:
        raise ConfigError(f"{at}: {_UNSET}")
    return value
