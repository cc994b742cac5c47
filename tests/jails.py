"""Real sandboxes for tests: one for many tests, none where none can be had."""

from contextlib import asynccontextmanager

import pytest

from sandbox.box import Sandbox
from sandbox.execution import Limits, SandboxError
from sandbox.settings import SandboxSettings

QUICK = Limits(cpu_seconds=5.0, wall_seconds=60.0, memory_bytes=256 * 1024**2)


def skip_without_jails(problem):
    """Skips the test where the machine allows no jails; a mistake of our own is no reason to."""
    assert "Traceback" not in problem, problem
    pytest.skip(f"no program can be run here: {problem}")


@asynccontextmanager
async def new_sandbox(**settings):
    """A sandbox with one slot, unless `settings` say otherwise, that has not started yet."""
    sandbox = Sandbox(SandboxSettings(**{"slots": 1, **settings}))
    try:
        yield sandbox
    finally:
        await sandbox.close()


@asynccontextmanager
async def started_sandbox(**settings):
    """One that has started; the test is skipped where none can."""
    async with new_sandbox(**settings) as sandbox:
        try:
            await sandbox.start()
        except SandboxError as error:
            skip_without_jails(str(error))
        yield sandbox


async def ran(sandbox, source, stdin=b"", limits=QUICK):
    """The execution of a Python program."""
    program = await sandbox.prepare("python", source)
    return await sandbox.run(program, stdin, limits)


async def printed(sandbox, source, stdin=b""):
    """What a Python program that ends well writes."""
    execution = await ran(sandbox, source, stdin)
    assert execution.succeeded, (execution.status, execution.exit_code, execution.stderr)
    return execution.stdout.decode()
