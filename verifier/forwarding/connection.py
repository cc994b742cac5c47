"""The way to another deployment: its channel, and what every call carries."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import grpc

from verifier.client.channel import CHANNEL_OPTIONS
from verifier.client.credentials import Tls, metadata_of
from verifier.config.judge_backends import variable
from verifier.errors import ConfigError
from verifier.forwarding.hops import CALLER_KEY, HOPS_KEY
from verifier.trace_parent import trace_headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verifier.config.sharing import ForwardConfig

_MAX_CALLER: Final = 200  # characters; metadata are small, and names are for people

Metadata = tuple[tuple[str, str], ...]


class Connection:
    """What one table ``[forward.TASK]`` says of the way. Nothing is opened yet.

    Args:
        name: of the task.
        config: the table.
        environ: where secrets are; the process's own environment if not given.

    Raises:
        ConfigError: a secret is not there, or the certificates cannot be read.
    """

    def __init__(
        self, name: str, config: ForwardConfig, environ: Mapping[str, str] | None = None
    ) -> None:
        environ = os.environ if environ is None else environ
        self.target = config.target
        self.token_key = f"forward.{name}.token_env"
        self._shown = _authorization(self.token_key, config.token_env, environ)
        self._credentials = _credentials(f"forward.{name}", config)

    def open(self) -> grpc.aio.Channel:
        """A new channel, which belongs to the running loop. The one place where one is made."""
        if self._credentials is None:
            return grpc.aio.insecure_channel(self.target, options=CHANNEL_OPTIONS)
        return grpc.aio.secure_channel(self.target, self._credentials, options=CHANNEL_OPTIONS)

    def metadata(self, hops: int, callers: Iterable[str] = ()) -> Metadata:
        """What a call carries beside its message, the span of whoever begins it included.

        Args:
            hops: how often its items were handed on before.
            callers: whose items they are, for the other side's log alone: it is not proven.
        """
        carried = [(HOPS_KEY, str(hops + 1))]
        names = ",".join(sorted({_plain(caller) for caller in callers}))[:_MAX_CALLER]
        if names:
            carried.append((CALLER_KEY, names))
        return (*carried, *self._shown, *trace_headers().items())


def _authorization(key: str, name: str, environ: Mapping[str, str]) -> Metadata:
    token = variable(key, name, environ)
    try:
        return metadata_of(token or None)
    except ValueError as error:
        raise ConfigError(f"{key}: {error}") from None


def _credentials(table: str, config: ForwardConfig) -> grpc.ChannelCredentials | None:
    if not config.authorities:
        return None
    try:
        return Tls(config.authorities, config.certificate, config.key).credentials()
    except OSError as error:
        paths = {config.certificate: "certificate", config.key: "key"}
        key = paths.get(str(error.filename), "authorities")
        raise ConfigError(f"{table}.{key}: {error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{table}: {error}") from None


def _plain(name: str) -> str:
    """A name as metadata can carry it: printable ASCII without what separates names."""
    return "".join(sign if " " < sign <= "~" and sign != "," else "_" for sign in name)
