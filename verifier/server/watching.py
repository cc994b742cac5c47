"""Everything that watches a serving process: metrics, and spans where they are wanted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from verifier.errors import ConfigError
from verifier.forwarding.registry import forwarded_tasks
from verifier.metrics import Metrics
from verifier.metrics.forwarding import ForwardMetrics
from verifier.metrics.judge import JudgeMetrics
from verifier.metrics.lanes import LaneMetrics
from verifier.metrics.models import PrmMetrics
from verifier.metrics.process import LoopMetrics, watch_process
from verifier.metrics.reloading import ReloadMetrics
from verifier.metrics.sandbox import SandboxMetrics
from verifier.metrics.traffic import TrafficMetrics
from verifier.metrics.workers import WorkerMetrics
from verifier.outcome.code import CodeVerifier
from verifier.outcome.judge import JudgeVerifier
from verifier.outcome.process import ProcessVerifier
from verifier.server.traffic import TrafficInterceptor
from verifier.v1 import service_pb2

if TYPE_CHECKING:
    from collections.abc import Mapping

    import grpc

    from verifier.config.tracing import TracingConfig
    from verifier.engine import Engine
    from verifier.metrics.reloading import Reloaded
    from verifier.observers import Observer
    from verifier.tracing.sending import Sending

_SERVICE = service_pb2.DESCRIPTOR.services_by_name["VerifierService"]


class Watching:
    """Makes what watches, hangs it in where there is something to be seen, and ends it.

    Args:
        config: whether calls are traced.

    Attributes:
        metrics: of calls and items; its registry has all the others, too.
        observers: for the engine.
        interceptors: for the server, around all others but the one that asks who calls.

    Raises:
        ConfigError: calls are to be traced, and the extra for it is not installed.
    """

    def __init__(self, config: TracingConfig) -> None:
        self.metrics = Metrics()
        self._models = PrmMetrics()
        self._loop = LoopMetrics()
        traffic = TrafficMetrics(method.name for method in _SERVICE.methods)
        for collector in (self._models, self._loop, traffic):
            self.metrics.registry.register(collector)
        watch_process(self.metrics.registry)
        self.observers: tuple[Observer, ...] = (self.metrics, self._models)
        self.interceptors: tuple[grpc.aio.ServerInterceptor, ...] = (
            TrafficInterceptor(traffic, _SERVICE.full_name),
        )
        self._judge: type[JudgeMetrics] = JudgeMetrics
        self._sending: Sending | None = None
        if config.endpoint:
            self._trace(config)

    def _trace(self, config: TracingConfig) -> None:
        try:
            from verifier.server.tracing import TracingInterceptor  # noqa: PLC0415 - an extra
            from verifier.tracing.sending import Sending  # noqa: PLC0415
            from verifier.tracing.spans import JudgeSpans, SpanObserver  # noqa: PLC0415
        except ImportError as error:
            raise ConfigError(
                f"tracing.endpoint needs the extra `tracing`: "
                f"pip install 'verifier-service[tracing]' ({error})"
            ) from error
        self._sending = Sending(config)
        self.metrics.registry.register(self._sending.counts)
        self.observers = (*self.observers, SpanObserver())
        self.interceptors = (TracingInterceptor(self._sending.tracer), *self.interceptors)
        self._judge = JudgeSpans

    def attach(self, engine: Engine, files: Mapping[str, Reloaded]) -> None:
        """Watches verifiers, what waits for them, and files, too.

        Args:
            engine: has the verifiers.
            files: those that are read again when they change, by what they are.
        """
        metrics = self.metrics.registry
        registry = engine.registry
        metrics.register(ReloadMetrics(files))
        metrics.register(LaneMetrics(engine.lanes))
        metrics.register(WorkerMetrics(registry))
        forwarded = forwarded_tasks(registry)
        if forwarded:
            counts = {name: one.counts for name, one in forwarded.items()}
            metrics.register(ForwardMetrics(counts))
        for verifier in registry:
            if isinstance(verifier, CodeVerifier):
                metrics.register(SandboxMetrics(verifier))
            elif isinstance(verifier, ProcessVerifier):
                verifier.bank.watch(self._models)
            elif isinstance(verifier, JudgeVerifier):
                judge = self._judge(verifier.parts.backends, verifier.parts.templates)
                verifier.watch(judge)
                metrics.register(judge)

    def start(self) -> None:
        """Watches the running event loop from now on."""
        self._loop.start()

    async def close(self) -> None:
        """Ends what runs. Spans that are left may take a few seconds. May be called again."""
        self._loop.stop()
        sending, self._sending = self._sending, None
        if sending is not None:
            await asyncio.to_thread(sending.close)
