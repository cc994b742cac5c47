"""Malformed requests in masses: each has its documented answer, and nothing stays behind."""

import asyncio

import pytest
from soaking import malformed, report
from soaking.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
CALLS = 20_000
CONNECTIONS = 1_000
MOST_GROWTH_MIB = 200  # caches and pools may fill; every call leaving a kilobyte would be 20
MOST_DESCRIPTORS = 64  # connections to the judge are kept


def test_malformed_requests_end_with_documented_codes_and_leave_nothing_behind():
    with World(count=1, balancers=False) as world:
        replica = world.replicas[0]
        done = asyncio.run(malformed.fuzz(replica, calls=CALLS, connections=CONNECTIONS, seed=8))
        for table in report.fuzz_tables(done):
            print(table.markdown())  # noqa: T201 - pytest shows it where it fails
        assert done.problems == []
        assert {method for method, _ in done.codes} >= {"Score", "ScoreStream", "Judge", "Select"}
        assert done.samples.growth("front MiB", 0.5) < MOST_GROWTH_MIB
        assert done.samples.growth("descriptors", 0.5) < MOST_DESCRIPTORS
        assert replica.terminate() == 0
