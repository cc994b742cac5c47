"""The doors of a serving process: who may come in by which port, as it is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from verifier.access import Quotas, WatchedFiles, read_book
from verifier.caller import Role
from verifier.server.access import AccessInterceptor, CallerFinder, need_role
from verifier.server.interceptors import CallInterceptor
from verifier.server.tls import ServerTls

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

    import grpc

    from verifier.config import Config
    from verifier.metrics import Metrics

_log = structlog.get_logger("verifier.access")


class Doors:
    """What stands between the network and the handlers.

    Args:
        config: ``[access]`` and ``[tls]``.

    Attributes:
        finder: tells who calls.
        watched: what is read again when it changes, by what it is: ``tokens``, ``certificates``.

    Raises:
        ConfigError: tokens or certificates cannot be read.
    """

    def __init__(self, config: Config) -> None:
        access, tls = config.access, config.tls
        self.watched: dict[str, WatchedFiles[Any]] = {}
        book = None
        if access.tokens:
            book = WatchedFiles(
                [access.tokens],
                lambda: read_book(access.tokens),
                access.reload_seconds,
                _tell("token file not taken, the one before stays in force"),
            )
            self.watched["tokens"] = book
        self._tls = None
        if tls.certificate:
            self._tls = ServerTls(
                tls,
                access.reload_seconds,
                _tell("certificates not taken, those before stay in force"),
            )
            self.watched["certificates"] = self._tls.files
        self.finder = CallerFinder(book, certificates=bool(tls.client_authorities))
        self._protects_metrics = access.protect_metrics and bool(access.tokens)
        self._side_port = tls.side_port

    def interceptors(
        self, metrics: Metrics, watching: Sequence[grpc.aio.ServerInterceptor] = ()
    ) -> tuple[grpc.aio.ServerInterceptor, ...]:
        """Those of the gRPC port, the outermost first.

        Args:
            metrics: told of every call, the refused ones as well.
            watching: those that see only calls which were let in.
        """
        return (
            AccessInterceptor(self.finder, metrics),
            *watching,
            CallInterceptor(metrics, Quotas()),
        )

    def add_port(self, server: grpc.aio.Server, address: str) -> int:
        """Lets a server listen; returns the port.

        Raises:
            RuntimeError: the address cannot be had.
        """
        if self._tls is None:
            return server.add_insecure_port(address)
        return server.add_secure_port(address, self._tls.credentials())

    def side_port_context(self) -> ssl.SSLContext | None:
        """TLS of the side port; None if it speaks plain HTTP."""
        return self._tls.context() if self._tls is not None and self._side_port else None

    def check_metrics(self, authorizations: Sequence[str]) -> None:
        """Lets whoever shows these headers read the metrics.

        Raises:
            AccessError: only with a token that has the role `admin`.
        """
        if self._protects_metrics:
            need_role(self.finder.by_headers(authorizations), Role.ADMIN)

    def reflection(self, *, wanted: bool) -> bool:
        """Whether tools may ask for the schema: not where callers have to show who they are."""
        if wanted and not self.finder.is_open:
            _log.info("reflection stays off: tokens or client certificates are asked for")
        return wanted and self.finder.is_open


def _tell(event: str) -> Callable[[str], None]:
    return lambda problem: _log.error(event, problem=problem)
