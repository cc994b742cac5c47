"""The programs that try to get out: stopped in a jail, and not stopped outside of one."""

import itertools
import re
import subprocess
import sys

import pytest
import pytest_asyncio
from jails import started_sandbox

from sandbox import canaries
from sandbox.canaries import CANARIES, Canary, strongest
from sandbox.execution import Execution, Isolation, SandboxError, Status

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def settings():
    async with started_sandbox() as sandbox:
        yield sandbox._jails


def outside(source, tmp_path):
    """What comes of a program in no jail; its files go to a folder of the test."""
    (tmp_path / "root").mkdir(exist_ok=True)
    source = re.sub("'/(usr|tmp)/", f"'{tmp_path}/", source).replace("'/root", f"'{tmp_path}/root")
    done = subprocess.run(
        [sys.executable, "-S", "-c", source], capture_output=True, timeout=60, check=False
    )
    status = Status.EXITED if done.returncode >= 0 else Status.SIGNALLED
    return Execution(
        *(status, done.returncode, None, done.stdout, done.stderr, b""),
        *(0.0, 0.0, 0.0, 0, Isolation.NONE),
    )


@pytest.mark.parametrize("canary", CANARIES[1:], ids=[canary.name for canary in CANARIES[1:]])
async def test_outside_every_canary_gets_its_way(canary, tmp_path):
    ran = outside(canary.source, tmp_path)
    if canary.name == "a capability" and b"stopped" in ran.stdout:
        pytest.skip("there are no capabilities to be lost here")
    if canary.name == "a namespace of one's own" and b"stopped" in ran.stdout:
        pytest.skip("nobody makes namespaces here")
    assert not canary.held(ran), (ran.stdout, ran.stderr)


async def test_the_first_canary_only_says_that_programs_run(tmp_path):
    assert CANARIES[0].held(outside(CANARIES[0].source, tmp_path))


async def test_every_level_is_promised_something_and_the_strongest_everything():
    assert all(Isolation.FULL in canary.levels for canary in CANARIES)
    by_level = [{c.name for c in CANARIES if level in c.levels} for level in Isolation]
    for stronger, weaker in itertools.pairwise(by_level):
        assert weaker <= stronger
    assert by_level[-1]


async def test_the_strongest_level_there_is_is_found(settings):
    found = await strongest(settings)
    assert found.isolation in Isolation
    assert (found.why == "") == (found.isolation is Isolation.FULL)


async def test_a_canary_that_gets_its_way_costs_the_level(settings, monkeypatch):
    full = {Isolation.FULL}
    escaping = Canary("flying", "print('got it')", frozenset(full))
    monkeypatch.setattr(canaries, "CANARIES", (CANARIES[0], escaping))
    found = await strongest(settings)
    assert found.isolation is not Isolation.FULL
    assert "full: not stopped: flying (exited: got it)" in found.why or "cgroup" in found.why


async def test_where_every_level_fails_programs_cannot_be_run(settings, monkeypatch):
    escaping = Canary("flying", "print('got it')", frozenset(Isolation))
    monkeypatch.setattr(canaries, "CANARIES", (escaping,))
    with pytest.raises(SandboxError, match="flying") as error:
        await strongest(settings)
    assert all(f"{level.value}: " in str(error.value) for level in Isolation)
