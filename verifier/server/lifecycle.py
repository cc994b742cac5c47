"""The life of a serving process: start, serve, drain, end.

On SIGTERM health turns to NOT_SERVING at once, while calls are still taken for a lame-duck time, so
that balancers move away before anything is refused. Then calls in flight finish, and only then the
process ends, with exit code 0.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from typing import TYPE_CHECKING, Any, Final

import grpc
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from verifier import __version__, logs
from verifier.assembly import build_engine
from verifier.config import split_address
from verifier.errors import ConfigError
from verifier.forwarding.assembly import configured_registry
from verifier.forwarding.hops import HopInterceptor
from verifier.forwarding.registry import forwarded_tasks
from verifier.observers import Observer
from verifier.server.doors import Doors
from verifier.server.gate import GateInterceptor, Room
from verifier.server.health import HealthService
from verifier.server.http import SidePort
from verifier.server.service import VerifierService
from verifier.server.watching import Watching
from verifier.sharing.assembly import shared_results
from verifier.v1 import service_pb2, service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from verifier.config import Config, ServerConfig
    from verifier.registry import Registry

_log = structlog.get_logger("verifier.lifecycle")

SERVICE_NAME = service_pb2.DESCRIPTOR.services_by_name["VerifierService"].full_name
_CLOSE_SECONDS: Final = 10.0  # that ending everything may take; within Kubernetes' usual patience
# None of them ever depends on load. All turn to NOT_SERVING together when draining begins.
_HEALTH_NAMES = ("", "readiness", SERVICE_NAME)
_MAX_PENDING_CALLS = 65_536  # of a few kilobytes each, for the moments before they are looked at


class ServingProcess:
    """Everything that runs in one serving process.

    Args:
        config: addresses, sizes, times.
        registry: the verifiers; by default the built-in ones and the installed plugins.

    Attributes:
        port: the gRPC port once started.
        metrics_port: the HTTP side port once started; None if it is off.
        left_behind: whether something runs on that could not be ended in time.
    """

    def __init__(self, config: Config, registry: Registry | None = None) -> None:
        self._config = config.server
        self._doors = Doors(config)
        self._watching = Watching(config.tracing)
        self.metrics = self._watching.metrics
        observers = (*self._watching.observers, _FailureLog())
        shared = shared_results(config)
        if shared is not None:
            self.metrics.registry.register(shared.counts)
        registry = registry or configured_registry(config)
        self.engine = build_engine(config, observers, registry, shared)
        self._room = Room(config.admission, self.engine.admission)
        gate = GateInterceptor(self._room, self.metrics, SERVICE_NAME)
        self._draining = asyncio.Event()
        self._ready = False
        self._closed = False
        self._health = HealthService()
        self._server = grpc.aio.server(
            interceptors=(
                *self._doors.interceptors(self.metrics, (gate, *self._watching.interceptors)),
                HopInterceptor(),
            ),
            options=_channel_options(config.server),
        )
        self._side_port = SidePort(
            self.metrics, lambda: self._ready, self._health_details, self._doors
        )
        self._watching.attach(self.engine, self._doors.watched)
        self.port = 0
        self.metrics_port: int | None = None
        self.left_behind = False

    async def start(self) -> None:
        """Starts workers, then listens, then says it is ready.

        Raises:
            ConfigError: an address cannot be had.
        """
        await self.engine.start()
        service = VerifierService(
            self.engine, self._config.max_batch_items, self._draining, self._room
        )
        service_pb2_grpc.add_VerifierServiceServicer_to_server(service, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if self._doors.reflection(wanted=self._config.reflection):
            names = (SERVICE_NAME, "grpc.health.v1.Health", reflection.SERVICE_NAME)
            reflection.enable_server_reflection(names, self._server)
        await self._listen()
        for name in _HEALTH_NAMES:
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        self._ready = True
        self.metrics.serve()
        self._watching.start()
        _log.info("serving", version=__version__, port=self.port, metrics_port=self.metrics_port)

    async def _listen(self) -> None:
        try:
            self.port = self._doors.add_port(self._server, self._config.listen)
        except RuntimeError as error:
            raise ConfigError(_why_not(self._config.listen) or str(error)) from error
        await self._server.start()
        if self._config.metrics_listen:
            host, port = split_address(self._config.metrics_listen)
            try:
                self.metrics_port = await self._side_port.start(host, port)
            except OSError as error:
                raise ConfigError(
                    f"cannot listen on {self._config.metrics_listen}: {error.strerror or error}"
                ) from error

    def _health_details(self) -> dict[str, str]:
        infos = self.engine.registry.infos()
        details = {f"{info.name} isolation": info.isolation for info in infos if info.isolation}
        forwarded = forwarded_tasks(self.engine.registry)
        return details | {f"{name} forwarded": one.state for name, one in forwarded.items()}

    async def drain(self) -> None:
        """Says no more, waits for balancers to notice, finishes what was begun, and ends."""
        _log.info("draining", lame_duck_seconds=self._config.lame_duck_seconds)
        self._ready = False
        self.metrics.drain()
        await self._health.enter_graceful_shutdown()
        await asyncio.sleep(self._config.lame_duck_seconds)
        self._draining.set()
        await self._server.stop(self._config.drain_seconds)
        await self.close()

    async def close(self) -> None:
        """Ends everything at once. May be called again."""
        if self._closed:
            return
        self._closed = True
        await self._server.stop(None)
        await self._side_port.close()
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.engine.close()
        except TimeoutError:
            self.left_behind = True
            _log.warning("not all that runs could be ended in time", seconds=_CLOSE_SECONDS)
        await self._watching.close()
        _log.info("ended")


class _FailureLog(Observer):
    """Logs what a result's message only summarises."""

    def failed(self, verifier: str, error: BaseException) -> None:
        """One line with the error's own words and place, never the completion."""
        _log.error("verifier failed", verifier=verifier, exc_info=error)


async def serve(config: Config) -> None:
    """Runs until SIGTERM or SIGINT, drains, and returns. A second signal ends it at once.

    Raises:
        ConfigError: an address cannot be had, or a plugin cannot be loaded.
    """
    process = ServingProcess(config)
    signals: asyncio.Queue[None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signals.put_nowait, None)
    try:
        if await _unless_signalled(process.start(), signals):
            await signals.get()
            await _unless_signalled(process.drain(), signals)
    finally:
        await process.close()
    if process.left_behind:
        # A thread that loads a model cannot be interrupted, and would be waited for.
        logs.drain()
        os._exit(0)


async def _unless_signalled(work: Coroutine[Any, Any, None], signals: asyncio.Queue[None]) -> bool:
    """Runs `work`; a signal in the meantime ends it. Whether it came to its end."""
    working = asyncio.create_task(work)
    signalled = asyncio.create_task(signals.get())
    await asyncio.wait((working, signalled), return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()
    if working.done():
        await working
        return True
    working.cancel()
    await asyncio.wait((working,))
    return False


def _why_not(address: str) -> str:
    """Why nothing can listen on `address`, which gRPC does not tell; empty if it is a riddle."""
    host, port = split_address(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        return f"cannot listen on {address}: {error.strerror or error}"
    return ""


def _channel_options(config: ServerConfig) -> list[tuple[str, int]]:
    def milliseconds(seconds: float) -> int:
        return round(seconds * 1000)

    return [
        ("grpc.max_receive_message_length", config.max_message_bytes),
        ("grpc.max_send_message_length", config.max_message_bytes),
        ("grpc.max_connection_age_ms", milliseconds(config.max_connection_age_seconds)),
        ("grpc.max_connection_age_grace_ms", milliseconds(config.max_connection_age_grace_seconds)),
        ("grpc.keepalive_time_ms", milliseconds(config.keepalive_seconds)),
        ("grpc.keepalive_timeout_ms", milliseconds(config.keepalive_seconds)),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
        ("grpc.so_reuseport", 0),  # two services on one port would share calls unnoticed
        # Of calls that this process has not taken up yet, gRPC cancels some beyond 1000, with a
        # status that no client repeats. How much is too much is for admission to say, with words.
        ("grpc.server.max_pending_requests", _MAX_PENDING_CALLS),
        ("grpc.server.max_pending_requests_hard_limit", _MAX_PENDING_CALLS),
    ]
