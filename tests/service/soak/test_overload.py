"""Five times more than a replica can do: it stays well, and everybody is told where they are."""

import asyncio

import pytest
from soaking import overload, report

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
MOST_GROWTH_MIB = 400  # of a queue of calls that is bounded; unbounded, it would be gigabytes


def test_overloaded_it_answers_or_refuses_and_stays_green_and_small():
    with overload.world() as world:
        if "jails" in world.missing:
            pytest.skip("no program can be run here")
        replica = world.replicas[0]
        done = asyncio.run(overload.overload(replica, seconds=8, warm_seconds=2, seed=5))
        print(report.overload_table(done, overload.QUEUE_SECONDS, overload.SLOTS).markdown())  # noqa: T201
        assert done.problems() == []
        assert done.overloaded.answered
        first, _, most, _ = done.samples.values("front MiB")
        assert most - first < MOST_GROWTH_MIB
        assert replica.terminate() == 0
