"""Health of the service, by the standard protocol; open to whoever can connect.

grpcio has a service for it. In its version 1.76, as soon as one of several watches of a name ends,
the others hear nothing more: neither that the service drains nor anything else. And it takes any
number of watches, each of which holds memory. Hence this one.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    Context = grpc.aio.ServicerContext[Any, Any]

# One for each connection of a client that balances by health. Each takes about 22 kB.
MAX_WATCHES: Final = 10_000

_UNKNOWN: Final = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
_NOT_SERVING: Final = health_pb2.HealthCheckResponse.NOT_SERVING


class HealthService(health_pb2_grpc.HealthServicer):  # type: ignore[misc] # comes without types
    """What each name's status is, and whoever wants to be told when it changes.

    Args:
        max_watches: open at once; one more is refused.
    """

    def __init__(self, max_watches: int = MAX_WATCHES) -> None:
        self._statuses: dict[str, int] = {}
        self._changed = asyncio.Event()
        self._max_watches = max_watches
        self._watches = 0
        self._ending = False

    async def Check(  # noqa: N802 - gRPC's name
        self, request: health_pb2.HealthCheckRequest, context: Context
    ) -> health_pb2.HealthCheckResponse:
        """The status of a name now."""
        status = self._statuses.get(request.service)
        if status is None:
            await context.abort(grpc.StatusCode.NOT_FOUND, "health knows no such name")
        return health_pb2.HealthCheckResponse(status=status)

    async def Watch(  # noqa: N802 - gRPC's name
        self, request: health_pb2.HealthCheckRequest, context: Context
    ) -> AsyncIterator[health_pb2.HealthCheckResponse]:
        """The status of a name now and whenever it changes, until the caller has heard enough."""
        if self._watches >= self._max_watches:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many watches of health")
        self._watches += 1
        told: int | None = None
        try:
            while True:
                changed = self._changed  # taken first, so that no change is missed meanwhile
                status = self._statuses.get(request.service, _UNKNOWN)
                if status != told:
                    told = status
                    yield health_pb2.HealthCheckResponse(status=status)
                await changed.wait()
        finally:
            self._watches -= 1

    async def set(self, name: str, status: int) -> None:
        """Changes a status, until the service is about to end."""
        if not self._ending:
            self._statuses[name] = status
            self._tell()

    async def enter_graceful_shutdown(self) -> None:
        """Everything is NOT_SERVING from now on."""
        self._ending = True
        self._statuses = dict.fromkeys(self._statuses, _NOT_SERVING)
        self._tell()

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
