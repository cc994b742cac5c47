"""What a pool of workers counts about itself, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

RESTART_REASONS: Final = ("died", "overtime", "cancelled", "failed_start", "age", "memory")
"""Why a worker is replaced: it ended by itself; its call used up its time; its caller has gone; it
could not be started;
it answered as many calls as one may; it holds more memory than one may."""


@dataclass(frozen=True, slots=True)
class WorkerCounts:
    """A pool as of now.

    Attributes:
        started: processes started since the pool began.
        idle: that wait for a call.
        busy: that are on a call.
        restarts: processes replaced, by one of `RESTART_REASONS`; a reason that is absent counts 0.
        quarantined: items given up because each killed its worker twice.
    """

    started: int = 0
    idle: int = 0
    busy: int = 0
    restarts: Mapping[str, int] = field(default_factory=dict)
    quarantined: int = 0


@runtime_checkable
class HasWorkers(Protocol):
    """A verifier that has worker processes.

    Attributes:
        name: the verifier's.
    """

    name: str

    @property
    def worker_counts(self) -> WorkerCounts | None:
        """Its pool's counts; None while it has no pool."""
        ...
