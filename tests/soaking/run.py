"""``make soak``: the long forms. Prints tables and writes them to tests/service/soak/RESULTS.md.

Ends with 1 if an item was wrong, lost, or UNSCORED without a fault to explain it, or if a malformed
request was answered as the contract does not say. Speed and slopes are printed and decide nothing.
"""

import argparse
import asyncio
import shlex
import sys

from soaking import malformed, overload, report, soak
from soaking.flatness import Samples
from soaking.progress import told
from soaking.world import World

_SEED = 20_26
_LOAD = 0.7


def main():
    arguments = _arguments()
    parts = {"faults": _faults, "overload": _overload, "fuzz": _fuzz, "hour": _hour}
    problems = []
    for name in arguments.parts or parts:
        tables, found = parts[name](arguments)
        problems += [f"{name}: {words}" for words in found]
        for table in tables:
            print(table.markdown(), flush=True)
        if not arguments.no_write:
            report.keep(name, shlex.join(["python", "-m", "soaking.run", *sys.argv[1:]]), tables)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", help="faults, overload, fuzz, hour; all if none")
    parser.add_argument("--items", type=int, default=100_000, help="of the faults")
    parser.add_argument("--limit-minutes", type=float, default=60.0, help="of the faults")
    parser.add_argument("--seconds", type=float, default=120.0, help="of the overload")
    parser.add_argument("--calls", type=int, default=1_000_000, help="of the fuzzing")
    parser.add_argument("--minutes", type=float, default=60.0, help="of the hour")
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--no-write", action="store_true", help="leave RESULTS.md as it is")
    return parser.parse_args()


def _faults(arguments):
    plan = soak.Plan(
        items=arguments.items,
        seed=arguments.seed,
        limit_seconds=60 * arguments.limit_minutes,
        pause=(0.5, 4.0),
        rounds=0,
    )
    done = soak.run(plan)
    return report.faults_tables(done), done.tally.problems


def _overload(arguments):
    with overload.world() as world:
        done = asyncio.run(
            overload.overload(
                world.replicas[0], seconds=arguments.seconds, warm_seconds=20, seed=arguments.seed
            )
        )
    tables = [report.overload_table(done, overload.QUEUE_SECONDS, overload.SLOTS)]
    tables.append(report.flatness_table("Meanwhile", "Of the replica.", done.samples))
    return tables, done.problems()


def _fuzz(arguments):
    """Half of the calls to each of two replicas: one event loop cannot fill two cores."""
    with World(count=2, balancers=False) as world:
        done = asyncio.run(_fuzz_each(world.replicas, arguments.calls, arguments.seed))
    return report.fuzz_tables(*done), [words for one in done for words in one.problems]


async def _fuzz_each(replicas, calls, seed):
    each = calls // len(replicas)
    return await asyncio.gather(
        *(
            malformed.fuzz(replica, calls=each, connections=each // 50, seed=seed + number)
            for number, replica in enumerate(replicas)
        )
    )


def _hour(arguments):
    """Load at 70 % of what it can do, and what grows meanwhile."""
    with overload.world() as world:
        return asyncio.run(_steady(world.replicas[0], 60 * arguments.minutes, arguments.seed))


async def _steady(replica, seconds, seed):
    peak = await overload.call_for(replica, seed, 20, concurrency=16)
    rate = _LOAD * len(peak.answered) / peak.seconds
    samples = Samples(replica)
    sampling = asyncio.create_task(samples.run(5.0))
    try:
        async with told(lambda: f"of {seconds:.0f}; front, family MiB: {samples.rows[-1][1:3]}"):
            part = await overload.call_for(replica, seed + 1, seconds, rate=rate)
    finally:
        sampling.cancel()
        await asyncio.wait((sampling,))
    wrong = sum(call["wrong"] for call in part.calls)
    note = (
        f"{len(part.calls):,} calls at {rate:.1f} a second, {_LOAD:.0%} of the peak, for "
        f"{seconds / 60:g} minutes: {dict(part.codes())}, {wrong} wrong, UNSCORED "
        f"{dict(part.unscored())}; 50% within {part.late(0.5):.3f} s, 99% within "
        f"{part.late(0.99):.3f} s. Slopes by least squares over all but the first quarter."
    )
    table = report.flatness_table("Steady load", note, samples)
    return [table], [f"{wrong} wrong verdicts"] if wrong else []


if __name__ == "__main__":
    sys.exit(main())
