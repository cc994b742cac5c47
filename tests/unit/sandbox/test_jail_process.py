"""One jail: how it starts, why it does not, and that nothing is left of it."""

import asyncio
import dataclasses
import os
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from jails import QUICK, started_sandbox
from program import wait_until

from sandbox.execution import Isolation, SandboxError
from sandbox.jail_process import Jail
from sandbox.run import Job, execute

pytestmark = pytest.mark.asyncio(loop_scope="module")
_GIVEN = ("PATH", "HOME", "LANG", "PYTHON", "OMP_", "MKL_", "OPENBLAS_")
PRINTS = Job("script", b"print(6 * 7)")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def found():
    """Settings of jails and the level they run at, where they run at all."""
    async with started_sandbox() as sandbox:
        yield sandbox._jails, sandbox.isolation


@pytest_asyncio.fixture(loop_scope="module")
async def jail(found):
    settings, isolation = found
    made = Jail(settings, 5, isolation)
    await made.start()
    yield made
    made.kill()


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_it_says_which_python_it_runs(jail):
    major, minor, _ = jail.version.split(".")
    assert (int(major), int(minor)) >= (3, 8)
    assert jail.runs == 0


async def test_programs_are_counted(jail):
    for number in range(1, 4):
        assert (await execute(jail, [PRINTS], QUICK))[0].stdout == b"42\n"
        assert jail.runs == number


async def test_killed_nothing_is_left_of_it(found):
    settings, isolation = found
    before = open_files()
    jail = Jail(settings, 5, isolation)
    await jail.start()
    processes = [*psutil.Process(jail._process.pid).children(recursive=True)]
    folders = [path.parent for path in jail.cgroup.entrances] if jail.cgroup else []
    assert processes or not jail.namespaces
    assert all(folder.is_dir() for folder in folders)
    jail.kill()
    wait_until(lambda: not any(process.is_running() for process in processes))
    assert not any(folder.exists() for folder in folders)
    assert open_files() == before
    jail.kill()


async def test_one_that_was_never_started_can_be_killed(found):
    settings, isolation = found
    jail = Jail(settings, 5, isolation)
    jail.kill()
    with pytest.raises(SandboxError, match="not running"):
        await jail.fork([], [])


async def test_killed_it_runs_nothing_more(jail):
    jail.kill()
    with pytest.raises(SandboxError):
        await execute(jail, [PRINTS], QUICK)


async def test_two_jails_do_not_know_of_each_other(found):
    """Not even with the same place: another sandbox of this process may have it, too."""
    settings, isolation = found
    jails = [Jail(settings, 5, isolation) for _ in range(2)]
    try:
        for jail in jails:
            await jail.start()
        jails[0].kill()
        assert (await execute(jails[1], [PRINTS], QUICK))[0].stdout == b"42\n"
    finally:
        for jail in jails:
            jail.kill()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"interpreter": Path("/usr/bin/no-such-python")}, "no-such-python"),
        ({"interpreter": Path("/usr/bin/false")}, "exit code"),
        ({"packages": (Path("/no/such/folder"),)}, "Failed to mount"),
        ({"nsjail": Path("/no/such/nsjail")}, "/no/such/nsjail"),
    ],
)
async def test_why_it_does_not_start_is_said_and_nothing_is_left(found, changes, words):
    settings, isolation = found
    if isolation not in (Isolation.FULL, Isolation.NO_CGROUPS):
        pytest.skip("no namespaces here")
    before = open_files()
    jail = Jail(dataclasses.replace(settings, **changes), 5, isolation)
    with pytest.raises(SandboxError) as error:
        await jail.start()
    assert words in str(error.value)
    assert not jail.usable
    assert jail.cgroup is None
    assert open_files() == before


async def test_a_module_that_cannot_be_imported_is_named(found):
    settings, isolation = found
    jail = Jail(dataclasses.replace(settings, warm=("math", "no_such_module")), 5, isolation)
    with pytest.raises(SandboxError, match="no_such_module"):
        await jail.start()
    assert not jail.usable


async def test_a_folder_of_packages_is_imported_from(found, tmp_path):
    settings, isolation = found
    (tmp_path / "a_package.py").write_text("answer = 42\n")
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    jail = Jail(dataclasses.replace(settings, packages=(tmp_path,)), 5, isolation)
    try:
        await jail.start()
        job = Job("script", b"import a_package\nprint(a_package.answer)")
        ran = (await execute(jail, [job], QUICK))[0]
        assert ran.stdout == b"42\n", ran.stderr
    finally:
        jail.kill()


async def test_one_that_goes_while_it_starts_leaves_nothing(found):
    settings, isolation = found
    before = open_files()
    jail = Jail(settings, 5, isolation)
    task = asyncio.create_task(jail.start())
    while jail._process is None:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not jail.usable
    assert open_files() == before


async def test_what_a_program_learns_of_its_jail_is_little(jail):
    if not jail.namespaces:
        pytest.skip("no namespaces here")
    source = (
        b"import os\n"
        b"print(sorted(os.listdir('/')), os.listdir('/etc'), sorted(os.environ))\n"
        b"print(os.getpid(), os.uname().nodename, os.getuid() != 0)\n"
        b"print(os.listdir('/proc/self/fd'))\n"
    )
    ran = (await execute(jail, [Job("script", source)], QUICK))[0]
    assert ran.succeeded, ran.stderr
    said = ran.stdout.decode()
    assert "home" not in said
    assert "root" not in said
    assert "passwd" not in said
    assert os.uname().nodename not in said
    assert not [n for n in os.environ if f"'{n}'" in said and not n.startswith(_GIVEN)]
    # 3 is the folder itself as it is read.
    assert said.splitlines()[2] == "['0', '1', '2', '3']"
