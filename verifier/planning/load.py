"""What is asked of a service: how many items, of which classes, in which bursts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from verifier.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SLACK: Final = 1.001  # rounding of rates that a person gives with few digits
_EPSILON: Final = 1e-6
CLIENT_BATCH_ITEMS: Final = 64  # of our clients, unless told otherwise
CLIENT_CONCURRENCY: Final = 8


class Load(Struct, frozen=True):
    """Items per second, their classes and their bursts.

    Attributes:
        rate: items per second of all trainers together, > 0.
        mix: share of each class; they sum to 1.
        burst: items that one trainer sends at once; 0 for items that come one by one at random.
        every: seconds from one burst of a trainer to its next.
        limit_shares: share of a class's items that run into the limit of their slowest work.
        batch_items: items of one call.
        concurrency: calls that one trainer has in flight.
    """

    rate: float
    mix: dict[str, float]
    burst: float = 0.0
    every: float = 0.0
    limit_shares: dict[str, float] = msgspec.field(default_factory=dict)
    batch_items: int = CLIENT_BATCH_ITEMS
    concurrency: int = CLIENT_CONCURRENCY

    @property
    def trainers(self) -> int:
        """How many send bursts; 0 without bursts."""
        return max(round(self.rate * self.every / self.burst), 1) if self.burst else 0


class Aims(Struct, frozen=True):
    """When a number of replicas is enough.

    Attributes:
        seconds: what 99 of 100 bursts take from the first item sent to the last answer; without
            bursts, what 99 of 100 items wait.
        utilisation: share of the time that any place may be busy.
        spare: replicas of each deployment that may be gone while this still holds.
    """

    seconds: float
    utilisation: float = 0.8
    spare: int = 1


def make_load(
    rate: float | None,
    mix: Mapping[str, float],
    bursts: tuple[float, float] | None = None,
    limit_shares: Mapping[str, float] | None = None,
) -> Load:
    """A load, checked.

    Args:
        rate: items per second; None for that of one trainer, which takes `bursts`.
        mix: weights of the classes, relative to their sum.
        bursts: items of a burst, and seconds from one to a trainer's next.
        limit_shares: of classes in the mix.

    Raises:
        InputError: a number is out of its range, or they contradict each other.
    """
    burst, every = bursts or (0.0, 0.0)
    if bursts:
        _check("burst", burst, 1.0)
        _check("every", every, _EPSILON)
        if rate is None:
            rate = burst / every
        if rate * _SLACK < burst / every:
            raise InputError(
                f"one trainer alone sends {burst / every:g} a second, {burst:g} every {every:g} s,"
                f" which is more than {rate:g}",
                field="rollouts-per-second",
            )
    if rate is None:
        raise InputError("is needed, or burst and every", field="rollouts-per-second")
    _check("rollouts-per-second", rate, _EPSILON)
    limits = dict(limit_shares or {})
    return Load(rate, _shares(mix, limits), burst, every, limits)


def _shares(mix: Mapping[str, float], limits: Mapping[str, float]) -> dict[str, float]:
    """The mix as shares that sum to 1.

    Raises:
        InputError: nothing is in it, or a limit share is not of it or out of its range.
    """
    for name, share in mix.items():
        _check(f"mix: {name}", share, 0.0)
    total = sum(mix.values())
    if not total:
        raise InputError("needs a class with a share above 0", field="mix")
    shares = {name: share / total for name, share in mix.items() if share}
    for name, share in limits.items():
        if name not in shares:
            raise InputError(f"{name!r} is not in the mix", field="timeouts")
        if not 0.0 <= share <= 1.0:
            raise InputError(f"{name}: must be from 0 to 1, is {share:g}", field="timeouts")
    return shares


def _check(name: str, value: float, least: float) -> None:
    if not least <= value < math.inf:
        raise InputError(f"must be at least {least:g}, is {value:g}", field=name)
