"""TLS of both ports, by files that may be renewed while the service runs."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
from msgspec import Struct

from verifier.access import WatchedFiles
from verifier.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.config.access import TlsConfig


class Certificates(Struct, frozen=True):
    """What the files hold, PEM.

    Attributes:
        chain: the service's own certificate and those that vouch for it.
        key: its private key.
        authorities: those that sign callers' certificates; None where callers need none.
        context: the same for `ssl`, asking callers for nothing.
    """

    chain: bytes
    key: bytes
    authorities: bytes | None
    context: ssl.SSLContext


class ServerTls:
    """The certificates in force, for gRPC and for `ssl`.

    Each new connection gets those that the files hold then. A file that is written while its
    partner is not yet, so that key and certificate do not fit, changes nothing.

    Args:
        config: where they are.
        reload_seconds: how often they are looked at.
        on_problem: told why a new version was not taken.

    Attributes:
        files: the watch over them.

    Raises:
        ConfigError: they cannot be read, or do not fit together.
    """

    def __init__(
        self, config: TlsConfig, reload_seconds: float, on_problem: Callable[[str], None]
    ) -> None:
        self._config = config
        paths = [config.certificate, config.key, config.client_authorities]
        self.files = WatchedFiles(
            [path for path in paths if path], self._read, reload_seconds, on_problem
        )
        self._given: Certificates | None = None

    def credentials(self) -> grpc.ServerCredentials:
        """For a port of gRPC."""
        self._given = self.files.current
        return grpc.dynamic_ssl_server_credentials(
            _for_grpc(self._given),
            self._renewed,  # type: ignore[arg-type] # None is allowed, which the stub forgets
            require_client_authentication=bool(self._config.client_authorities),
        )

    def context(self) -> ssl.SSLContext:
        """For a port of `ssl`; callers need no certificate there."""
        context = _context_of(self._config)
        context.sni_callback = self._choose
        return context

    def _renewed(self) -> grpc.ServerCertificateConfiguration | None:
        """Called by gRPC, in threads of its own, for each new connection; None: as before."""
        current = self.files.current
        if current is self._given:
            return None
        self._given = current
        return _for_grpc(current)

    def _choose(self, connection: ssl.SSLObject, _name: str | None, _context: Any) -> None:
        """Called by `ssl` for each new connection, whether or not it names a host."""
        connection.context = self.files.current.context

    def _read(self) -> Certificates:
        config = self._config
        authorities = _bytes_of(config.client_authorities) if config.client_authorities else None
        if authorities is not None:
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_verify_locations(
                    cadata=authorities.decode()
                )
            except (ssl.SSLError, ValueError) as error:
                place = f"tls.client_authorities: {config.client_authorities}"
                raise ConfigError(f"{place}: holds no certificates: {error}") from error
        return Certificates(
            _bytes_of(config.certificate), _bytes_of(config.key), authorities, _context_of(config)
        )


def _for_grpc(certificates: Certificates) -> grpc.ServerCertificateConfiguration:
    pair = (certificates.key, certificates.chain)
    return grpc.ssl_server_certificate_configuration([pair], certificates.authorities)


def _bytes_of(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ConfigError(f"tls: {path}: {error.strerror}") from error


def _context_of(config: TlsConfig) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # Nobody is there to be asked for a key's password.
        context.load_cert_chain(config.certificate, config.key, password=lambda: "")
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"tls: certificate {config.certificate} and key {config.key} cannot be used together: "
            f"{error}"
        ) from error
    return context
