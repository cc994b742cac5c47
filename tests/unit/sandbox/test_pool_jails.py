"""Real jails that die, are removed or left alone in mid-run: no verdict depends on it."""

import asyncio
import os
import signal

import psutil
import pytest
import pytest_asyncio
from jails import QUICK, printed, ran, started_sandbox
from program import wait_until

from sandbox.execution import SandboxError

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox():
    async with started_sandbox(slots=1, runs_per_jail=50) as made:
        yield made


def jail_of(sandbox):
    return psutil.Process(sandbox.pool._slots[0].jail._process.pid)


async def running(sandbox):
    """Waits until a program runs: below the jail there are the zygote, an init, and the program."""
    async with asyncio.timeout(60):
        while True:
            jail = sandbox.pool._slots[0].jail
            if jail.usable and len(jail_of(sandbox).children(recursive=True)) >= 3:
                return jail_of(sandbox)
            await asyncio.sleep(0.01)


async def test_a_real_jail_killed_in_mid_run_costs_nobody_a_verdict(sandbox):
    before = sandbox.pool.counts.retried
    task = asyncio.create_task(ran(sandbox, "import time\ntime.sleep(2)\nprint(7)"))
    jail = await running(sandbox)
    jail.kill()
    assert (await task).stdout == b"7\n"
    assert sandbox.pool.counts.retried == before + 1


async def test_a_real_zygote_killed_in_mid_run_costs_nobody_a_verdict(sandbox):
    task = asyncio.create_task(ran(sandbox, "import time\ntime.sleep(2)\nprint(7)"))
    jail = await running(sandbox)
    jail.children()[0].kill()
    assert (await task).stdout == b"7\n"


async def test_a_frozen_jail_that_is_killed_before_it_answers_costs_nobody_a_verdict(sandbox):
    """The request lies unread in the socket: what the kernel says then is another error."""
    await printed(sandbox, "print(1)")
    jail = jail_of(sandbox)
    zygote = jail.children()[0]
    zygote.suspend()
    task = asyncio.create_task(ran(sandbox, "print(7)"))
    async with asyncio.timeout(60):
        while not sandbox.pool.counts.busy:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    zygote.kill()
    jail.kill()
    assert (await task).stdout == b"7\n"


async def test_a_real_jail_killed_in_idleness_is_replaced(sandbox):
    await printed(sandbox, "print(1)")
    jail = jail_of(sandbox)
    jail.kill()
    wait_until(lambda: not sandbox.pool._slots[0].jail.usable)
    assert await printed(sandbox, "print(7)") == "7\n"


async def test_a_cgroup_that_somebody_removed_costs_nobody_a_verdict(sandbox):
    await printed(sandbox, "print(1)")
    jail = sandbox.pool._slots[0].jail
    if jail.cgroup is None:
        pytest.skip("no cgroups here")
    for process in (jail_of(sandbox), *jail_of(sandbox).children(recursive=True)):
        for entrance in jail.cgroup.entrances:
            (entrance.parent.parent / "cgroup.procs").write_text(str(process.pid))
    jail.cgroup.remove()
    assert await printed(sandbox, "print(7)") == "7\n"


async def test_a_caller_who_goes_takes_the_program_along(sandbox):
    task = asyncio.create_task(ran(sandbox, "import time\ntime.sleep(1000)"))
    jail = await running(sandbox)
    zygote = jail.children()[0]
    inside = zygote.children(recursive=True)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    psutil.wait_procs(inside, timeout=60)
    assert not any(process.is_running() for process in inside)
    assert await printed(sandbox, "print(7)") == "7\n"


async def test_a_real_jail_is_recycled_and_programs_do_not_notice(sandbox):
    recycled = sandbox.pool.counts.recycled
    for number in range(110):
        assert await printed(sandbox, f"print({number})") == f"{number}\n"
    assert sandbox.pool.counts.recycled >= recycled + 2


async def test_closed_in_mid_run_nothing_is_left_and_everybody_hears_of_it():
    for _ in range(3):
        async with started_sandbox(slots=2) as sandbox:
            tasks = [
                asyncio.create_task(ran(sandbox, "import time\ntime.sleep(1000)")) for _ in range(4)
            ]
            await running(sandbox)
            jails = [slot.jail._process.pid for slot in sandbox.pool._slots]
            await sandbox.close()
            found = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 60)
            assert [type(error) for error in found] == [SandboxError] * 4
            assert not any(map(psutil.pid_exists, jails))
            with pytest.raises(SandboxError, match="closed"):
                await sandbox.start()


async def test_closed_while_a_jail_starts_nobody_waits_for_it():
    async with started_sandbox(slots=1) as sandbox:
        await printed(sandbox, "print(1)")
        os.killpg(jail_of(sandbox).pid, signal.SIGKILL)
        wait_until(lambda: not sandbox.pool._slots[0].jail.usable)
        task = asyncio.create_task(ran(sandbox, "print(1)", limits=QUICK))
        await asyncio.sleep(0)
        async with asyncio.timeout(60):
            while sandbox.pool._slots[0].jail._process is None:
                await asyncio.sleep(0)
        await sandbox.close()
        with pytest.raises(SandboxError):
            await asyncio.wait_for(task, 20)
