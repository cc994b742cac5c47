"""One sandbox for all attacks: that it stands at the end is part of what is tested."""

import pytest
from sandboxes import Arena

from sandbox.execution import Isolation, SandboxError


@pytest.fixture(scope="session")
def arena():
    """A verifier whose jails live as long as the session; skips where there can be none."""
    made = Arena()
    try:
        made.start()
    except SandboxError as error:
        made.close()
        pytest.skip(f"no sandbox here: {error}")
    yield made
    made.close()


@pytest.fixture
def full_arena(arena):
    """The same, where a program's processes are limited together."""
    if arena.sandbox.isolation is not Isolation.FULL:
        pytest.skip("there are no cgroups here: processes are limited one by one")
    return arena
