"""After many runs, tame and nasty ones, this process and this machine hold what they held before.

2,000 runs; as many as VERIFIER_LEAK_RUNS says where that is set.
"""

import asyncio
import contextlib
import gc
import os
from pathlib import Path

import pytest
from sandboxes import MIB, hack_source

from sandbox.box import Sandbox
from sandbox.execution import Limits, SandboxError
from sandbox.settings import SandboxSettings

RUNS = int(os.environ.get("VERIFIER_LEAK_RUNS", "2000"))
SLOTS = 2
EVERY = 50  # the run after so many tame ones is a nasty one
TIMEOUT = 200 + RUNS // 20  # seconds
FIRST_UID = 590_000  # nobody else's, so that files can be told apart
LIMITS = Limits(
    cpu_seconds=0.3,
    wall_seconds=2.0,
    memory_bytes=64 * MIB,
    output_bytes=MIB,
    file_bytes=4 * MIB,
    processes=12,
)
CALLER_GOES = "import time\nwhile True: time.sleep(1)"
NASTY = (
    *map(hack_source, "p06_processes_of_an_earlier_run q01_zombies q03_daemons".split()),
    *map(hack_source, "d02_swallow_every_exception e05_infinite_stdout e09_thread_bomb".split()),
    *map(hack_source, "q06_memory_in_children q07_memory_of_pipes_and_sockets".split()),
    *map(
        hack_source, "q08_descriptors m25_clone_as_sibling f11_kill_all p03_system_v_memory".split()
    ),
    "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "x = [bytes([i]) * (1 << 20) for i in range(250)]",
    CALLER_GOES,
)


def below(root):
    """The processes that descend from one."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_bytes().rpartition(b")")[2].split()
                parents[int(entry.name)] = int(fields[1])
    found, added = {root}, True
    while added:
        added = {pid for pid, parent in parents.items() if parent in found} - found
        found |= added
    return sorted(found - {root})


def ours():
    """What could be left over outside the jails, kind by kind."""
    folders = (Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"))  # noqa: S108 - only looked at
    files = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    # Another test's small disk may come and go meanwhile.
    mounts = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
    tables = [Path(f"/proc/sysvipc/{kind}") for kind in ("shm", "sem", "msg")]
    return {
        "descriptors": len([*Path("/proc/self/fd").iterdir()]),
        "mounts": len([line for line in mounts if "soak-disk" not in line]),
        "cgroups": len([*Path("/sys/fs/cgroup").rglob(f"verifier-{os.getpid()}-*")]),
        "files": sorted(str(path) for path in files if _of_a_jail(path)),
        "ipc": [table.read_text("ascii").count("\n") for table in tables if table.exists()],
        "processes": len(below(os.getpid())),
    }


def _of_a_jail(path):
    with contextlib.suppress(OSError):
        return FIRST_UID <= path.lstat().st_uid < FIRST_UID + 2 * SLOTS
    return False


def jailed(sandbox):
    """What could be left over in each jail: its processes, and what these hold."""
    found = []
    for slot in sandbox.pool._slots:
        for pid in (slot.jail._process.pid, *below(slot.jail._process.pid)):
            root = Path(f"/proc/{pid}")
            mounts = (root / "mountinfo").read_text("utf-8").count("\n")
            found.append((pid, len([*(root / "fd").iterdir()]), mounts))
    return found


def resident(sandbox):
    """Bytes of the largest process of any jail."""
    pids = [pid for slot in sandbox.pool._slots for pid in below(slot.jail._process.pid)]
    texts = [Path(f"/proc/{pid}/status").read_text("ascii") for pid in pids]
    return max(int(text.partition("VmRSS:")[2].split()[0]) * 1024 for text in texts)


async def many(sandbox, count):
    """Runs so many programs, every so often a nasty one; how many ended well."""
    tame = await sandbox.prepare("python", "print(int(input()) + 1)")
    well = 0

    async def some(first):
        nonlocal well
        for number in range(first, count, SLOTS):
            if number % EVERY == 0:
                await nasty(sandbox, NASTY[number // EVERY % len(NASTY)])
            else:
                ran = await sandbox.run(tame, b"%d\n" % number, Limits())
                well += ran.stdout == b"%d\n" % (number + 1)

    await asyncio.gather(*map(some, range(SLOTS)))
    return well


async def nasty(sandbox, source):
    program = await sandbox.prepare("python", source)
    running = asyncio.ensure_future(sandbox.run(program, b"2\n", LIMITS))
    if source == CALLER_GOES:
        await asyncio.wait((running,), timeout=0.05)
        running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


@pytest.mark.timeout(TIMEOUT)
def test_nothing_is_left_over():
    runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
    sandbox = Sandbox(SandboxSettings(slots=SLOTS, runs_per_jail=10**9, first_uid=FIRST_UID))
    with runner:
        runner.run(asyncio.sleep(0))
        gc.collect()
        before = ours()
        try:
            runner.run(sandbox.start())
        except SandboxError as error:
            pytest.skip(f"no sandbox here: {error}")
        runner.run(many(sandbox, EVERY * len(NASTY)))  # each once: what is made once is made now
        gc.collect()
        amid, inside, size = ours(), jailed(sandbox), resident(sandbox)
        well = runner.run(many(sandbox, RUNS))
        gc.collect()
        assert well == RUNS - len(range(0, RUNS, EVERY))
        assert sandbox.pool.counts.broken == 0
        assert ours() == amid
        assert jailed(sandbox) == inside
        assert resident(sandbox) <= size + MIB
        runner.run(sandbox.close())
        gc.collect()
        after = ours()
        # What earlier tests of this process left open may be closed by now.
        assert after.pop("descriptors") <= before.pop("descriptors")
        assert after == before
