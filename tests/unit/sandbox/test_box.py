"""The sandbox as a whole: starting, weak isolation, absent languages, and every way to run."""

import asyncio
from dataclasses import replace

import pytest
import pytest_asyncio
from jails import QUICK, new_sandbox, printed, ran, started_sandbox

from sandbox.box import Sandbox
from sandbox.canaries import Found
from sandbox.execution import Isolation, SandboxError, Status
from sandbox.settings import SandboxSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox():
    async with started_sandbox() as made:
        yield made


async def test_it_starts_once_however_many_ask():
    async with new_sandbox() as sandbox:
        await asyncio.gather(*(sandbox.start() for _ in range(5)))
        assert len(sandbox.pool._slots) == 1
        assert await printed(sandbox, "print(1)") == "1\n"


async def test_it_starts_with_the_first_program():
    async with new_sandbox() as sandbox:
        assert sandbox.isolation is None
        assert await printed(sandbox, "print(1)") == "1\n"
        assert sandbox.isolation is not None


async def test_closed_twice_is_closed():
    sandbox = Sandbox()
    await sandbox.close()
    await sandbox.close()
    assert sandbox.isolation is None


@pytest.mark.parametrize("level", [Isolation.NO_NAMESPACES, Isolation.NONE])
async def test_weak_isolation_is_refused_and_it_is_said_how_to_have_it(monkeypatch, level):
    async def found(settings):
        return Found(level, "full: nothing works")

    monkeypatch.setattr("sandbox.box.strongest", found)
    with pytest.raises(SandboxError, match=r"full: nothing works.*allow_weak_isolation") as error:
        await Sandbox().start()
    assert level.value in str(error.value)


async def test_weak_isolation_that_is_allowed_runs_programs(sandbox, monkeypatch):
    async def found(settings):
        return Found(Isolation.NO_NAMESPACES, "full: nothing works")

    monkeypatch.setattr("sandbox.box.strongest", found)
    weak = Sandbox(SandboxSettings(slots=1, allow_weak_isolation=True))
    try:
        assert await printed(weak, "print(input())", b"in\n") == "in\n"
        assert (await ran(weak, "pass")).isolation is Isolation.NO_NAMESPACES
    finally:
        await weak.close()


async def test_two_sandboxes_in_one_process_leave_each_other_alone(sandbox):
    assert await printed(sandbox, "print(1)") == "1\n"
    async with started_sandbox() as other:
        assert await printed(other, "print(2)") == "2\n"
        assert await printed(sandbox, "print(1)") == "1\n"
    assert await printed(sandbox, "print(1)") == "1\n"
    assert sandbox.pool.counts.broken == 0


async def test_a_language_that_nobody_knows_names_those_that_are(sandbox):
    with pytest.raises(LookupError, match=r"no language 'apl'; known: .*python"):
        await sandbox.prepare("apl", "x")


async def test_a_language_without_its_tools_says_which(monkeypatch):
    made = Sandbox(SandboxSettings(slots=1))
    monkeypatch.setattr("sandbox.languages.language.Language.missing", lambda _: "no g++ anywhere")
    with pytest.raises(LookupError, match=r"cpp cannot be run here: no g\+\+ anywhere"):
        await made.prepare("cpp", "int main(){}")


async def test_the_version_of_a_language_is_its_tools(sandbox):
    python = sandbox.languages["python"]
    name, number = (await sandbox.version(python)).split()
    assert name == "python"
    assert number == sandbox.pool.version


async def test_calls_come_back_as_data(sandbox):
    calls = [{"target": "f", "args": [2], "kwargs": {"y": 3}}]
    payload = {"source": "def f(x, y):\n    return x ** y\n", "calls": calls}
    execution = await sandbox.call(payload, QUICK)
    assert execution.results.splitlines()[1] == b'{"value":8}'


def assertions_of(setup, *assertions):
    return {"setup": setup, "assertions": assertions, "program": "", "entry_point": "f"}


async def test_tests_and_program_run_in_two_jails(sandbox):
    given = assertions_of("", "assert f(2) == 4", "assert f(3) == 7")
    tester, candidate = await sandbox.check("def f(x):\n    return x + 2\n", given, QUICK)
    lines = tester.results.splitlines()
    assert lines[0] == b'{"passed":true}'
    assert b'"failed"' in lines[1]
    assert candidate.results == b""


# Looks for a text in all it can reach: files, arguments, environments, its own memory.
LOOKS = """
import glob, os

def f(backwards):
    wanted = backwards[::-1].encode()
    places = glob.glob("/proc/*/cmdline") + glob.glob("/proc/*/environ")
    found = 0
    for name in places + glob.glob("/tmp/**", recursive=True):
        try:
            found += open(name, "rb").read().count(wanted)
        except OSError:
            pass
    try:
        memory = open("/proc/self/mem", "rb", 0)
    except OSError:
        return found
    for line in open("/proc/self/maps"):
        begin, end = (int(place, 16) for place in line.split()[0].split("-"))
        if line.split()[1][0] == "r" and "[v" not in line:
            memory.seek(begin)
            try:
                found += memory.read(end - begin).count(b"<" + wanted + b">")
            except OSError:
                pass
    return found
"""


async def test_the_program_finds_nothing_of_the_tests(sandbox):
    given = assertions_of(
        "secret = '<a-very-secret-value>'", "assert f('eulav-terces-yrev-a') == 0"
    )
    tester, _ = await sandbox.check(LOOKS, given, QUICK)
    assert tester.results.splitlines()[0] == b'{"passed":true}', tester.results


async def test_in_one_process_tests_are_run_too(sandbox):
    payload = {"source": "def f(x):\n    return x\n", **assertions_of("", "assert f(1) == 1")}
    execution = await sandbox.check_in_process(payload, QUICK)
    assert execution.results == b'{"passed":true}\n'


async def test_waiting_is_over_when_it_is_said_to_be(sandbox):
    said = []
    program = await sandbox.prepare("python", "print(1)")
    await sandbox.run(program, b"", QUICK, lambda: said.append(True))
    assert said == [True]


async def test_many_at_once_all_get_their_own_output(sandbox):
    found = await asyncio.gather(*(printed(sandbox, f"print({n})") for n in range(40)))
    assert found == [f"{n}\n" for n in range(40)]


async def test_a_wall_limit_was_met_twice(sandbox):
    before = sandbox.pool.counts.retried
    execution = await ran(
        sandbox, "import time\ntime.sleep(1000)", limits=replace(QUICK, wall_seconds=0.2)
    )
    assert execution.status is Status.WALL_LIMIT
    assert sandbox.pool.counts.retried == before + 1
