"""One run in a jail: what came out, how it ended, and who ends with whom."""

import asyncio
import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from jails import QUICK, started_sandbox

from sandbox.execution import Isolation, SandboxError, Status
from sandbox.run import Job, execute

pytestmark = pytest.mark.asyncio(loop_scope="module")
MIB = 1024**2


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox():
    async with started_sandbox() as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def jail(sandbox):
    """One jail for all tests; another one after a test that spoilt it."""
    slot = sandbox.pool._slots[0]
    await slot.ready()
    return slot.jail


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


async def run(jail, source, stdin=b"", **limits):
    job = Job("script", source.encode(), stdin)
    return (await execute(jail, [job], replace(QUICK, **limits)))[0]


async def test_everything_is_measured(jail):
    ran = await run(jail, "import sys\nx = bytes(range(256)) * 80_000\nprint(1)")
    assert (ran.status, ran.exit_code, ran.signal) == (Status.EXITED, 0, None)
    assert ran.succeeded
    assert ran.isolation is jail.isolation
    assert 0 < ran.cpu_seconds <= 5
    assert 0 < ran.wall_seconds < 60
    assert ran.memory_bytes >= 20_000_000
    assert ran.queue_seconds == 0


async def test_the_peak_of_one_program_is_not_the_next_ones(jail):
    await run(jail, "x = b'x' * 150_000_000")
    assert (await run(jail, "pass")).memory_bytes < 100_000_000


async def test_what_was_waited_is_passed_on(jail):
    ran = (await execute(jail, [Job("script", b"pass")], QUICK, 1.25))[0]
    assert ran.queue_seconds == 1.25


async def test_a_signal_is_named(jail):
    ran = await run(jail, "import os\nos.kill(os.getpid(), 11)")
    assert (ran.status, ran.exit_code, ran.signal) == (Status.SIGNALLED, None, 11)
    assert not ran.succeeded


async def test_the_clock_stops_what_waits(jail):
    ran = await run(jail, "print(1, flush=True)\nimport time\ntime.sleep(1000)", wall_seconds=0.5)
    assert (ran.status, ran.stdout, ran.exit_code) == (Status.WALL_LIMIT, b"1\n", None)
    assert ran.cpu_seconds < 0.5


async def test_cpu_time_stops_what_works(jail):
    ran = await run(jail, "print(1, flush=True)\nwhile True: pass", cpu_seconds=0.3)
    assert (ran.status, ran.stdout) == (Status.CPU_LIMIT, b"1\n")
    assert ran.cpu_seconds > 0.3


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_output_up_to_the_limit_is_kept_and_more_is_said(jail, stream):
    source = "import sys\nsys.%s.write('x' * %d)"
    assert (await run(jail, source % (stream, 5000), output_bytes=5000)).succeeded
    ran = await run(jail, source % (stream, 5001), output_bytes=5000)
    assert ran.status is Status.OUTPUT_LIMIT
    assert len(ran.stdout) == (5000 if stream == "stdout" else 0)


async def test_the_last_of_the_errors_is_kept(jail):
    ran = await run(jail, "import sys\nsys.stderr.write('a' * 9000 + 'z' * 8192)")
    assert ran.stderr == b"z" * 8192


async def test_results_come_on_a_descriptor_of_their_own(jail):
    calls = {"source": "def f(x):\n    print('noise')\n    return x * 2\n", "calls": []}
    calls["calls"] = [{"target": "f", "args": [number], "kwargs": {}} for number in range(3)]
    job = Job("calls", json.dumps(calls).encode(), wants_results=True)
    ran = (await execute(jail, [job], QUICK))[0]
    assert ran.results == b'{"loaded":true}\n{"value":0}\n{"value":2}\n{"value":4}\n'


async def test_a_program_that_an_orphan_of_its_own_outlives_has_ended(jail):
    source = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)\nprint(1)"
    ran = await run(jail, source)
    assert (ran.status, ran.stdout) == (Status.EXITED, b"1\n")


async def test_the_second_of_two_ends_with_the_first(jail):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        jobs = [
            Job("script", b"import time\ntime.sleep(0.2)\nprint('first')"),
            Job("script", b"import time\nprint('second', flush=True)\ntime.sleep(1000)"),
        ]
        first, second = await execute(jail, jobs, QUICK)
    assert first.succeeded
    assert first.stdout == b"first\n"
    assert second.signal == 9
    assert second.stdout == b"second\n"


async def test_two_programs_see_nothing_of_each_other(jail):
    if not jail.namespaces:
        pytest.skip("no namespaces here")
    look = (
        b"import os, time\nopen('/tmp/%s', 'w').close()\ntime.sleep(0.3)\n"
        b"print(os.listdir('/tmp'), len([p for p in os.listdir('/proc') if p.isdecimal()]))"
    )
    jobs = [Job("script", look.replace(b"%s", name)) for name in (b"a", b"b")]
    first, _ = await execute(jail, jobs, QUICK)
    assert first.stdout == b"['a'] 2\n"


async def test_cancelled_the_program_is_dead_and_the_jail_can_be_used_again(jail):
    before = open_files()
    task = asyncio.create_task(run(jail, "import time\ntime.sleep(1000)"))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert open_files() == before
    if jail.usable:
        assert (await run(jail, "print(1)")).stdout == b"1\n"


async def test_cancelled_at_any_moment_nothing_is_left(sandbox):
    slot = sandbox.pool._slots[0]
    await slot.ready()
    before = open_files()
    for delay in range(12):
        await slot.ready()
        task = asyncio.create_task(run(slot.jail, "print(1)"))
        for _ in range(delay):
            await asyncio.sleep(0.0005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert open_files() == before


async def test_a_runner_that_does_not_exist_is_no_verdict_on_a_program(jail):
    ran = (await execute(jail, [Job("nothing", b"")], QUICK))[0]
    assert not ran.succeeded
    assert b"sandbox:" in ran.stderr


async def test_a_broken_jail_is_an_error_and_leaves_no_descriptor(jail):
    before = open_files()
    task = asyncio.create_task(run(jail, "import time\ntime.sleep(1000)"))
    await asyncio.sleep(0.3)
    jail._process.kill()
    with pytest.raises(SandboxError):
        await task
    assert open_files() == before


async def test_memory_is_counted_over_all_processes(jail):
    if jail.isolation is not Isolation.FULL:
        pytest.skip("no cgroups here")
    source = (
        "import os, signal, sys\nfor _ in range(4):\n    if os.fork() == 0:\n"
        "        x = b'x' * (40 << 20)\n        signal.pause()\n"
        "sys.exit(os.wait()[1] and 1)\n"
    )
    ran = await run(jail, source, memory_bytes=100 * MIB)
    assert ran.status is Status.MEMORY_LIMIT
    assert ran.memory_bytes <= 120 * MIB
