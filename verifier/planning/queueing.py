"""Formulas of queues, each with its source, for stations of equal places and one queue.

Exact where the theory is (Erlang's formulas, periodic bursts of equal size), approximations with a
name where it is not. What they are worth against a simulation stands in docs/capacity.md.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.planning.service_time import ServiceTime

_EVEN: Final = 1e-9  # a utilisation this close to 1 is moved aside: formulas divide by the distance


def erlang_b(places: int, load: float) -> float:
    """The share of arrivals that find every place taken, where nobody waits (Erlang, 1917).

    Args:
        places: at least 1.
        load: arrivals per mean service time, >= 0.
    """
    blocked = 1.0
    for place in range(1, places + 1):
        blocked = load * blocked / (place + load * blocked)
    return blocked


def erlang_c(places: int, load: float) -> float:
    """The share of arrivals that have to wait in M/M/c (Erlang, 1917); 1 of an overload."""
    if load >= places:
        return 1.0
    blocked = erlang_b(places, load)
    return blocked / (1.0 - load / places * (1.0 - blocked))


class Station:
    """Some equal places behind one queue, with random arrivals.

    The mean wait is Allen and Cunneen's approximation (A. O. Allen, Probability, Statistics and
    Queueing Theory, 1978), which is exact for M/M/c and M/G/1:
    ``C(c, a) s / (c (1 - rho)) (ca^2 + cs^2) / 2``. Those who wait at all are taken to wait
    exponentially long, which is exact for M/M/c and right in heavy traffic (Kingman, 1962).

    Args:
        places: at least 1.
        rate: arrivals per second.
        time: what one holds a place.
        arrival_variation: squared variation of the times between arrivals; 1 for random ones.
    """

    def __init__(
        self, places: int, rate: float, time: ServiceTime, arrival_variation: float = 1.0
    ) -> None:
        self.places = places
        self.rate = rate
        self.seconds = time.mean()
        self.utilisation = rate * self.seconds / places
        self._shape = (arrival_variation + time.squared_variation()) / 2.0

    def waiting_share(self) -> float:
        """The share of arrivals that find no free place."""
        return erlang_c(self.places, self.rate * self.seconds)

    def mean_wait(self) -> float:
        """Seconds; infinite in an overload."""
        return self.waiting_share() * self._wait_of_those_who_wait()

    def wait_quantile(self, share: float) -> float:
        """Seconds that this share of the arrivals does not wait longer than, 0 < share < 1."""
        waiting = self.waiting_share()
        if waiting <= 1.0 - share:
            return 0.0
        return self._wait_of_those_who_wait() * math.log(waiting / (1.0 - share))

    def refused_share(self, bound_seconds: float) -> float:
        """The share refused where nobody is let in to wait longer than `bound_seconds`.

        The formula of De Kok and Tijms for M/G/c with impatient arrivals (Journal of Applied
        Probability 22, 1985), exact for M/M/c, written so that it holds in an overload, too, where
        it tends to 1 - 1/rho.
        """
        rho = self.utilisation
        if not rho:
            return 0.0
        if abs(rho - 1.0) < _EVEN:
            rho = 1.0 - _EVEN
        blocked = erlang_b(self.places, rho * self.places)
        exponent = -bound_seconds * self.places * (1.0 - rho) / (self.seconds * self._shape)
        if exponent > 500.0:  # the share has long come to its limit, and exp would overflow
            return 1.0 - 1.0 / rho
        beyond = blocked * math.exp(exponent)
        return (1.0 - rho) * beyond / (1.0 - rho + rho * blocked - rho * beyond)

    def _wait_of_those_who_wait(self) -> float:
        if self.utilisation >= 1.0:
            return math.inf
        return self.seconds * self._shape / (self.places * (1.0 - self.utilisation))


def fair_shares(
    capacity: float, wanted: Mapping[str, float], weights: Mapping[str, float]
) -> dict[str, float]:
    """What each caller gets of a capacity that weighted fair queues divide.

    Nobody gets more than he wants; what is left over goes to the others by their weights (weighted
    max-min fairness). Nobody gets less than the smaller of what he wants and his weight's share.

    Args:
        capacity: of all, in any unit.
        wanted: by caller, in the same unit.
        weights: by caller, > 0; who has none has 1.
    """
    given = dict.fromkeys(wanted, 0.0)
    hungry = {name for name, amount in wanted.items() if amount > 0.0}
    left = capacity
    while hungry and left > 0.0:
        total = sum(weights.get(name, 1.0) for name in hungry)
        level = {name: left * weights.get(name, 1.0) / total for name in hungry}
        sated = {name for name in hungry if wanted[name] <= level[name]}
        for name in sated or hungry:
            given[name] = min(wanted[name], level[name])
        left = capacity - sum(given.values()) if sated else 0.0
        hungry -= sated or hungry
    return given
