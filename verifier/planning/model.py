"""From a load and a table of costs to replicas of each deployment, and what decides them.

Each deployment has stations: the event loop of its replicas, and the places of its workers, slots,
models or calls. A replica gets its even share of the items and no help from its neighbours, as
under a balancer that takes turns. A deployment needs as many replicas as its neediest station.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from verifier.errors import InputError
from verifier.planning.bursts import Burst, Queued
from verifier.planning.costs import FRONT, LOOP, ClassCosts, Costs, Work
from verifier.planning.queueing import Station
from verifier.planning.service_time import Piece, ServiceTime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.planning.load import Aims, Load

SHARE: Final = 0.99  # of bursts or items that the aim speaks of
_MOST_REPLICAS: Final = 1_000_000
_ROUNDING: Final = 1e-9  # of a quotient that is a whole number
_NOTHING: Final = Piece(0.0)


class Demand(Struct, frozen=True):
    """What a load asks of one kind of place.

    Attributes:
        deployment: whose.
        place: its name.
        places: of one replica.
        per_item: pieces of work here for each item of the load, >= 0; may be below 1.
        time: what one piece takes.
        by_class: share of each class in the work here, largest first.
    """

    deployment: str
    place: str
    places: int
    per_item: float
    time: ServiceTime
    by_class: dict[str, float]


class StationPlan(Struct, frozen=True):
    """One kind of place in a plan.

    Attributes:
        demand: what is asked of it.
        needed: replicas that it alone would need.
        fewest: those that it would need to be no busier than allowed, however slow.
        fewest_seconds: and what a burst would take then, or an item wait, in 99 of 100.
        utilisation: share of the time that it is busy with the replicas of the plan, spares away.
        median_seconds, seconds: with those, what a burst takes (from its first item to its last
            answer), or without bursts what an item waits: in half, and in 99 of 100.
        least_seconds: what 99 of 100 bursts take if every call has a replica to itself, which more
            replicas do not shorten; 0 without bursts.
    """

    demand: Demand
    needed: int
    fewest: int
    fewest_seconds: float
    utilisation: float
    median_seconds: float
    seconds: float
    least_seconds: float


class DeploymentPlan(Struct, frozen=True):
    """One deployment in a plan.

    Attributes:
        name: of the deployment.
        needed: replicas for the load.
        replicas: the same and the spares.
        stations: neediest first.
        memory_bytes: of one replica.
        restart_seconds: of one replica, as measured.
    """

    name: str
    needed: int
    replicas: int
    stations: tuple[StationPlan, ...]
    memory_bytes: float
    restart_seconds: float


class Plan(Struct, frozen=True):
    """The answer.

    Attributes:
        deployments: those that the load needs.
        calls: calls that one trainer needs in flight for its burst to be done in time; 0 without
            bursts.
    """

    deployments: tuple[DeploymentPlan, ...]
    calls: int


def plan(load: Load, costs: Costs, aims: Aims) -> Plan:
    """Replicas for a load.

    Raises:
        InputError: the mix names a class without costs, or no number of replicas would do.
    """
    wanted = demands(load, costs)
    deployments = []
    for name, deployment in costs.deployments.items():
        mine = [demand for demand in wanted if demand.deployment == name]
        if not mine:
            continue
        needs = [_needed(demand, load, aims) for demand in mine]
        needed = max(needs)
        stations = [
            _station(demand, (own, needed), load, aims)
            for demand, own in zip(mine, needs, strict=True)
        ]
        places = sum(deployment.places.values())
        deployments.append(
            DeploymentPlan(
                name=name,
                needed=needed,
                replicas=needed + aims.spare,
                stations=tuple(sorted(stations, key=lambda one: (-one.needed, -one.utilisation))),
                memory_bytes=deployment.memory_bytes + places * deployment.place_bytes,
                restart_seconds=deployment.restart_seconds,
            )
        )
    return Plan(tuple(deployments), _calls(load, costs, aims))


def demands(load: Load, costs: Costs) -> list[Demand]:
    """What the load asks of each kind of place.

    Raises:
        InputError: the mix names a class without costs, or a share of time-outs has no limit.
    """
    parts: defaultdict[tuple[str, str], list[tuple[str, float, Piece]]] = defaultdict(list)
    for name, share in load.mix.items():
        class_ = costs.classes.get(name)
        if class_ is None:
            known = ", ".join(costs.classes)
            raise InputError(f"there are no costs of {name!r}; there are: {known}", field="mix")
        for deployment, place, pieces, piece in _pieces(name, class_, load, costs):
            if pieces * share and piece.seconds + piece.limit_share:
                parts[deployment, place].append((name, share * pieces, piece))
    return [
        _demand(deployment, place, found, costs)
        for (deployment, place), found in sorted(parts.items())
    ]


def seconds_of(demand: Demand, load: Load, replicas: int, share: float) -> float:
    """What a burst takes at these places, or an item waits, in this share of the cases."""
    if _utilisation(demand, load, replicas) >= 1.0:
        return math.inf
    if not load.burst:
        rate = load.rate * demand.per_item / replicas
        return Station(demand.places, rate, demand.time).wait_quantile(share)
    return _queued(demand, load, replicas).over(share)


def _in_time(demand: Demand, load: Load, replicas: int, seconds: float) -> bool:
    """Whether 99 of 100 bursts take no longer, or 99 of 100 items wait no longer."""
    if not load.burst or _utilisation(demand, load, replicas) >= 1.0:
        return seconds_of(demand, load, replicas, SHARE) <= seconds
    return _queued(demand, load, replicas).done_by(seconds) >= SHARE


def _queued(demand: Demand, load: Load, replicas: int) -> Queued:
    """A burst at these places: it comes in calls, and a call goes to one replica."""
    reached = min(replicas, math.ceil(load.burst / load.batch_items))
    burst = Burst(load.burst * demand.per_item, demand.time, demand.places, reached)
    sources = load.trainers * reached / replicas
    return Queued(burst, sources, _utilisation(demand, load, replicas))


def _pieces(
    name: str, class_: ClassCosts, load: Load, costs: Costs
) -> Iterator[tuple[str, str, float, Piece]]:
    """The work of one item of a class: where, how many pieces, and each."""
    front = costs.front
    way = front.seconds_per_item + front.seconds_per_call / load.batch_items
    at_loop = [work for work in class_.work if work.place == LOOP]
    own = sum(work.seconds * work.share for work in at_loop)
    spread = sum(work.seconds * work.share * work.variation for work in at_loop)
    loop = Piece(way + own, spread / (way + own) if way + own else 0.0)
    if class_.deployment != FRONT:
        yield FRONT, LOOP, 1.0, Piece(way + front.forward_seconds_per_item, 0.0)
    yield class_.deployment, LOOP, 1.0, loop
    others = [work for work in class_.work if work.place != LOOP]
    late = load.limit_shares.get(name, 0.0)
    slowest = max(others, key=lambda work: work.seconds, default=None)
    if late and (slowest is None or slowest.limit_seconds == math.inf):
        raise InputError(f"the costs of {name!r} have no limit_seconds", field="timeouts")
    for work in others:
        limit_share = min(late / work.share, 1.0) if late and work is slowest else 0.0
        yield class_.deployment, work.place, work.share, _piece(work, limit_share)


def _piece(work: Work, limit_share: float) -> Piece:
    return Piece(work.seconds, work.variation, work.limit_seconds, limit_share)


def _demand(
    deployment: str, place: str, parts: list[tuple[str, float, Piece]], costs: Costs
) -> Demand:
    time = ServiceTime(tuple((pieces, piece) for _, pieces, piece in parts))
    seconds: defaultdict[str, float] = defaultdict(float)
    for name, pieces, piece in parts:
        seconds[name] += pieces * piece.excess(0.0)
    total = sum(seconds.values())
    return Demand(
        deployment=deployment,
        place=place,
        places=1 if place == LOOP else costs.deployments[deployment].places[place],
        per_item=sum(pieces for _, pieces, _ in parts),
        time=time,
        by_class={
            name: amount / total
            for name, amount in sorted(seconds.items(), key=lambda one: -one[1])
        },
    )


def _utilisation(demand: Demand, load: Load, replicas: int) -> float:
    return load.rate * demand.per_item * demand.time.mean() / (demand.places * replicas)


def _least(demand: Demand, load: Load) -> float:
    """What a burst takes if every call has a replica to itself; 0 without bursts."""
    return seconds_of(demand, load, _MOST_REPLICAS, SHARE) if load.burst else 0.0


def _fewest(demand: Demand, load: Load, aims: Aims) -> int:
    """Replicas that keep one station from being busier than allowed."""
    return max(math.ceil(_utilisation(demand, load, 1) / aims.utilisation - _ROUNDING), 1)


def _needed(demand: Demand, load: Load, aims: Aims) -> int:
    """Replicas that one station needs."""
    busy = _fewest(demand, load, aims)
    # What a call takes by itself cannot be bought back, so it comes on top.
    least = _least(demand, load)
    seconds = aims.seconds + (least if least > aims.seconds / 2.0 else 0.0)

    if _in_time(demand, load, busy, seconds):
        return busy
    low, high = busy, 2 * busy
    while not _in_time(demand, load, high, seconds):
        low, high = high, 2 * high
        if high > _MOST_REPLICAS:
            raise InputError(
                f"more than {_MOST_REPLICAS:,} replicas of {demand.deployment} would not do",
                field="target-seconds",
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _in_time(demand, load, middle, seconds) else (middle, high)
    return high


def _station(demand: Demand, needed: tuple[int, int], load: Load, aims: Aims) -> StationPlan:
    """A station in a plan, given what it needs itself and what its deployment has."""
    own, replicas = needed
    fewest = _fewest(demand, load, aims)
    return StationPlan(
        demand=demand,
        needed=own,
        fewest=fewest,
        fewest_seconds=seconds_of(demand, load, fewest, SHARE),
        utilisation=_utilisation(demand, load, replicas),
        median_seconds=seconds_of(demand, load, replicas, 0.5),
        seconds=seconds_of(demand, load, replicas, SHARE),
        least_seconds=_least(demand, load),
    )


def _calls(load: Load, costs: Costs, aims: Aims) -> int:
    """Calls in flight that a trainer needs: a call is as slow as the slowest of its items."""
    if not load.burst:
        return 0
    parts = []
    for name, share in load.mix.items():
        pieces = [
            (share * count, piece)
            for _, place, count, piece in _pieces(name, costs.classes[name], load, costs)
            if place != LOOP
        ]
        parts += [one for one in pieces if one[0]]
        idle = share - sum(weight for weight, _ in pieces)
        if idle > 0.0:
            parts.append((idle, _NOTHING))
    slowest = ServiceTime(tuple(parts)).mean_of_longest(load.batch_items)
    return max(math.ceil(load.burst * slowest / (load.batch_items * aims.seconds)), 1)
