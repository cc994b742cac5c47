"""``verifier-cli capacity``: how many replicas a load needs, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from verifier.cli.exits import ALL_SCORED
from verifier.errors import InputError
from verifier.planning.costs import load_costs
from verifier.planning.load import Aims, make_load
from verifier.planning.model import plan

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from verifier.planning.costs import Costs
    from verifier.planning.load import Load
    from verifier.planning.model import DeploymentPlan, Plan, StationPlan

_WAIT_SECONDS: Final = 1.0  # the aim without bursts
_SHARE_OF_PERIOD: Final = 0.1  # the aim with bursts: a tenth of a step may go by for scoring
_MEGABYTE: Final = 1e6


def configure(parser: ArgumentParser) -> None:
    """Adds this verb's options."""
    parser.description = (
        "Tells how many replicas of each deployment a load needs, from measured costs.\n"
        "With `measure`, measures costs on a running service instead and prints the table.\n\n"
        "exit codes: 0 done, 2 usage, 3 the service cannot be reached"
    )
    parser.epilog = (
        "examples:\n"
        "  verifier-cli capacity --rollouts-per-second 500 --mix math=0.7,code=0.2,judge=0.1\n"
        "  verifier-cli capacity --burst 4096 --every 60 --mix code=1 --timeouts code=0.02\n"
        "  verifier-cli capacity measure --address HOST:PORT --rows mine.jsonl > costs.toml"
    )
    parser.add_argument("action", nargs="?", choices=("plan", "measure"), default="plan")
    _configure_load(parser)
    parser.add_argument("--costs", metavar="FILE.toml", help="costs to use or to begin with")
    parser.add_argument(
        "--places", metavar="NAME=N,…", help="places of one replica: sandbox=16,worker=4"
    )
    parser.add_argument("--json", action="store_true", help="the plan as one JSON object")
    parser.add_argument("--address", metavar="TARGET", help="for `measure`: the service to ask")
    parser.add_argument(
        "--rows", nargs="+", metavar="FILE.jsonl", help="for `measure`: rows of each class to send"
    )
    parser.add_argument(
        "--rounds", type=int, default=5, metavar="N", help="for `measure`: over all rows (5)"
    )


def _configure_load(parser: ArgumentParser) -> None:
    given = parser.add_argument
    given("--rollouts-per-second", type=float, metavar="R", help="items of all trainers together")
    given("--mix", metavar="CLASS=SHARE,…", help="of the items, as in costs: math=0.7,code=0.3")
    given("--burst", type=float, metavar="N", help="items that a trainer sends at once")
    given("--every", type=float, metavar="T", help="seconds from one burst to its next")
    given("--timeouts", metavar="CLASS=SHARE,…", help="items that run into their limit: code=0.02")
    given(
        "--target-seconds",
        type=float,
        metavar="S",
        help="99 of 100 bursts are answered in time (a tenth of T); without bursts, 99 of 100 "
        "items wait no longer (1)",
    )
    given(
        "--utilisation",
        type=float,
        default=0.8,
        metavar="U",
        help="share of the time that places may be busy (0.8)",
    )
    given(
        "--spare",
        type=int,
        default=1,
        metavar="N",
        help="replicas of each that may be away (1)",
    )


def run(args: Namespace) -> int:
    """Plans or measures.

    Raises:
        InputError: an option is missing or out of its range.
        ConfigError: the costs cannot be read.
    """
    costs = _with_places(load_costs(args.costs), args.places)
    if args.action == "measure":
        from verifier.cli.capacity_measure import measure  # noqa: PLC0415 - loads gRPC

        return measure(args, costs)
    load = _load(args)
    aims = _aims(args, load)
    found = plan(load, costs, aims)
    if args.json:
        print(json.dumps(_as_json(found)))
    else:
        _show(found, load, aims, costs)
    return ALL_SCORED


def _load(args: Namespace) -> Load:
    if not args.mix:
        raise InputError("is needed, for example math=0.7,code=0.3", field="mix")
    if (args.burst is None) != (args.every is None):
        raise InputError(
            "takes the other: items at once, and seconds between", field="burst, every"
        )
    bursts = None if args.burst is None else (args.burst, args.every)
    timeouts = _pairs("timeouts", args.timeouts)
    return make_load(args.rollouts_per_second, _pairs("mix", args.mix), bursts, timeouts)


def _aims(args: Namespace, load: Load) -> Aims:
    seconds = args.target_seconds
    if seconds is None:
        seconds = load.every * _SHARE_OF_PERIOD if load.burst else _WAIT_SECONDS
    if not seconds > 0.0:
        raise InputError(f"must be above 0, is {seconds:g}", field="target-seconds")
    if not 0.0 < args.utilisation < 1.0:
        raise InputError(f"must be between 0 and 1, is {args.utilisation:g}", field="utilisation")
    if args.spare < 0:
        raise InputError(f"must be at least 0, is {args.spare}", field="spare")
    return Aims(seconds, args.utilisation, args.spare)


def _with_places(costs: Costs, given: str | None) -> Costs:
    """The costs with other numbers of places."""
    from msgspec import structs  # noqa: PLC0415 - used when asked for

    for name, count in _pairs("places", given).items():
        if count < 1 or count != int(count):
            raise InputError(f"{name}: must be a whole number of at least 1", field="places")
        having = [key for key, one in costs.deployments.items() if name in one.places]
        if not having:
            known = sorted({place for one in costs.deployments.values() for place in one.places})
            raise InputError(f"there is no {name!r}; there are {', '.join(known)}", field="places")
        for key in having:
            one = costs.deployments[key]
            changed = structs.replace(one, places=one.places | {name: int(count)})
            costs = structs.replace(costs, deployments=costs.deployments | {key: changed})
    return costs


def _pairs(option: str, text: str | None) -> dict[str, float]:
    """The numbers in ``NAME=NUMBER,…``."""
    pairs: dict[str, float] = {}
    for part in filter(None, (text or "").split(",")):
        name, equals, number = part.strip().partition("=")
        try:
            value = float(number)
        except ValueError:
            equals = ""
        if not (name and equals):
            raise InputError(f"must be NAME=NUMBER, is {part!r}", field=option)
        pairs[name] = value
    return pairs


def _show(found: Plan, load: Load, aims: Aims, costs: Costs) -> None:
    """The plan for a person."""
    mix = ", ".join(f"{share:.0%} {name}" for name, share in load.mix.items())
    print(f"load: {load.rate:g} items a second ({mix}){_bursts(load)}")
    aimed = "99 of 100 bursts answered" if load.burst else "99 of 100 items wait"
    print(f"aim: {aimed} within {aims.seconds:g} s, nothing busier than {aims.utilisation:.0%}")
    print(f"costs: measured {costs.measured} on {costs.machine}")
    if costs.note:
        print(f"       {costs.note}")
    print()
    rows: list[tuple[str, ...]] = [("deployment", "replicas", "MB each", "bound by")]
    rows += [_deployment_row(one) for one in found.deployments]
    _table(rows)
    print()
    _table([_STATION_HEADINGS, *_station_rows(found)])
    for note in _notes(found, load, aims):
        print(f"\n- {note}", end="")
    print()


_STATION_HEADINGS: Final = ("at", "places", "needs", "busy", "p50 s", "p99 s", "for")


def _bursts(load: Load) -> str:
    if not load.burst:
        return ", one by one at random"
    many = (
        "one trainer that sends" if load.trainers == 1 else f"{load.trainers:,} trainers that send"
    )
    return f", from {many} {load.burst:,g} at once every {load.every:g} s"


def _deployment_row(one: DeploymentPlan) -> tuple[str, ...]:
    spare = one.replicas - one.needed
    replicas = f"{one.needed:,} + {spare:,}" if spare else f"{one.needed:,}"
    return one.name, replicas, f"{one.memory_bytes / _MEGABYTE:,.0f}", _reason(one.stations[0])


def _reason(station: StationPlan) -> str:
    """Why its deployment needs as many as it does."""
    demand = station.demand
    name = f"{demand.place}: {next(iter(demand.by_class))}"
    if station.needed == 1:
        return f"nothing: one does it ({name} comes first)"
    if station.needed == station.fewest:
        return f"{name} would be too busy with fewer"
    return f"{name} would be too slow with fewer"


def _station_rows(found: Plan) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in found.deployments:
        for station in one.stations:
            demand = station.demand
            shares = ", ".join(f"{name} {share:.0%}" for name, share in demand.by_class.items())
            rows.append(
                (
                    f"{one.name} {demand.place}",
                    f"{demand.places:,}",
                    f"{station.needed:,}",
                    f"{station.utilisation:.0%}",
                    f"{station.median_seconds:.3g}",
                    f"{station.seconds:.3g}",
                    shares,
                )
            )
    return rows


def _notes(found: Plan, load: Load, aims: Aims) -> list[str]:
    """What a table does not say."""
    notes = []
    for one in found.deployments:
        first = one.stations[0]
        if one.needed > 1 and one.replicas > one.needed:
            notes.append(
                f"{one.name}: while one of {one.replicas:,} is away{_restart(one)}, the rest keep "
                "the aim"
            )
        notes += [
            f"{one.name} {station.demand.place}: a call of {load.batch_items} items with a replica "
            f"to itself takes up to {station.least_seconds:.3g} s, which more replicas do not "
            "shorten: planned for that and the aim. More places, smaller calls or a lower limit of "
            "an item's work would"
            for station in one.stations
            if station.least_seconds > aims.seconds / 2.0
        ]
        if first.needed > first.fewest:
            notes.append(
                f"{one.name}: {first.fewest:,} would do if "
                f"{'a burst' if load.burst else 'an item'} may "
                f"{'take' if load.burst else 'wait'} {first.fewest_seconds:.3g} s"
            )
    if found.calls > load.concurrency:
        notes.append(
            f"clients: a call is as slow as the slowest of its {load.batch_items} items, so a "
            f"trainer needs {found.calls:,} calls in flight ({load.concurrency} by default): raise "
            "`concurrency`, or use `stream`"
        )
    return notes


def _restart(one: DeploymentPlan) -> str:
    return f" ({one.restart_seconds:g} s for a restart)" if one.restart_seconds else ""


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    """Names to the left, figures to the right, the last column as it comes."""
    last = len(rows[0]) - 1
    widths = [max(len(row[column]) for row in rows) for column in range(last)]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [row[column].rjust(widths[column]) for column in range(1, last)]
        print("  ".join([*cells, row[last]]))


def _as_json(found: Plan) -> dict[str, object]:
    """The plan for a program."""
    from msgspec import to_builtins  # noqa: PLC0415 - used when asked for

    deployments = to_builtins(found.deployments)
    for deployment in deployments:
        for station in deployment["stations"]:
            demand = station.pop("demand")
            station |= {key: demand[key] for key in ("place", "places", "per_item", "by_class")}
    return {"deployments": deployments, "calls_in_flight": found.calls}
