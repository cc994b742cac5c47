"""A caller that dies leaves no work behind, whatever stands between it and the replicas."""

import subprocess
import sys

import pytest
from program import wait_until
from soaking.faults import DOOMED
from soaking.world import World

INSIDE = 32  # items of the caller that should be under way before it dies
SECONDS = 40  # its calls would go on for minutes: eight programs each, which sleep for twenty

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def world():
    with World() as made:
        yield made


def inside(world):
    return sum(replica.metric("verifier_inside_items") for replica in world.replicas)


@pytest.mark.parametrize("path", ["round_robin", "haproxy", "nginx"])
def test_its_calls_end_with_it(world, path):
    if path in world.missing or "jails" in world.missing:
        pytest.skip(f"not to be had here: {world.missing}")
    environment = world.replicas[0].environment | {"LD_PRELOAD": ""}
    caller = subprocess.Popen([sys.executable, DOOMED, world.paths[path]], env=environment)
    try:
        wait_until(lambda: inside(world) >= INSIDE)
    finally:
        caller.kill()
        caller.wait()
    wait_until(lambda: inside(world) == 0, SECONDS)
