"""The HTTP side port: /metrics for Prometheus, /healthz and /readyz for probes and balancers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from verifier.errors import AccessError, UnknownCallerError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from verifier.metrics import Metrics
    from verifier.server.doors import Doors

_log = structlog.get_logger("verifier.calls")


class SidePort:
    """A small HTTP server beside the gRPC one.

    Args:
        metrics: what /metrics shows.
        is_ready: what /readyz answers with.
        details: lines that /healthz adds, by name.
        doors: who may read /metrics, and whether the port speaks TLS; None: anybody, plainly.
    """

    def __init__(
        self,
        metrics: Metrics,
        is_ready: Callable[[], bool],
        details: Callable[[], Mapping[str, str]] = dict,
        doors: Doors | None = None,
    ) -> None:
        self._metrics = metrics
        self._details = details
        self._is_ready = is_ready
        self._doors = doors
        application = web.Application(middlewares=[_tell_failures])
        application.router.add_get("/metrics", self._show_metrics)
        application.router.add_get("/healthz", self._show_health)
        application.router.add_get("/readyz", self._show_readiness)
        self._runner = web.AppRunner(application, access_log=None, logger=_silent())

    async def start(self, host: str, port: int) -> int:
        """Listens; returns the port, which differs from `port` if that was 0.

        Raises:
            OSError: the address cannot be had.
        """
        await self._runner.setup()
        context = self._doors.side_port_context() if self._doors is not None else None
        await web.TCPSite(self._runner, host, port, ssl_context=context).start()
        bound: int = self._runner.addresses[0][1]
        return bound

    async def close(self) -> None:
        """Stops listening."""
        await self._runner.cleanup()

    async def _show_metrics(self, request: web.Request) -> web.Response:
        try:
            if self._doors is not None:
                self._doors.check_metrics(request.headers.getall("Authorization", []))
        except AccessError as error:
            return _refusal(error, request)
        body = generate_latest(self._metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _show_health(self, _request: web.Request) -> web.Response:
        details = (f"{name}: {value}\n" for name, value in self._details().items())
        return web.Response(text="".join(("ok\n", *details)))

    async def _show_readiness(self, _request: web.Request) -> web.Response:
        if self._is_ready():
            return web.Response(text="ready\n")
        return web.Response(status=503, text="not ready\n")


def _refusal(error: AccessError, request: web.Request) -> web.Response:
    status = 401 if isinstance(error, UnknownCallerError) else 403
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    _log.info("call", method=request.path, code=status, peer=request.remote, message=str(error))
    return web.Response(status=status, text=f"{error}\n", headers=headers)


@web.middleware
async def _tell_failures(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Logs what goes wrong in our own handlers."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        _log.exception("side port failed", path=request.path)
        raise


def _silent() -> logging.Logger:
    """For aiohttp, which writes a traceback for each malformed request; so anybody fills disks."""
    logger = logging.getLogger("verifier.side_port")
    logger.propagate = False
    logger.addHandler(logging.NullHandler())
    return logger
