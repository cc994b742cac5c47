"""Programs through a real `verifier-cli`: over the wire and in process, killed, late and broken."""

import asyncio
import contextlib
import json
import signal
import threading

import psutil
import pytest
from case_rows import case_rows
from jails import skip_without_jails
from program import wait_until

from verifier.client import AsyncClient, Client
from verifier.errors import ServiceError
from verifier.types import Reason, Verdict

MATH = {"id": "math", "completion": "\\boxed{4}", "math": {"reference_answers": ["4"]}}
CASE = {"stdin": "2", "expected_stdout": "4"}
LIMITS = {"wall_seconds": 600}


def code_row(row_id, completion, cases=(CASE,), **task):
    tests = {"stdio": {"cases": list(cases)}}
    return {"id": row_id, "completion": completion, "code": {**tests, "limits": LIMITS, **task}}


def sleeper(row_id, seconds):
    return code_row(row_id, f"import time\ntime.sleep({seconds})\nprint(4)  # {row_id}")


RIGHT = code_row("right", "print(2 * int(input()))")


@pytest.fixture(scope="module")
def one_slot(tmp_path_factory):
    """Options of a service with one jail."""
    path = tmp_path_factory.mktemp("code") / "service.toml"
    path.write_text("[code]\nslots = 1\n[server]\nlame_duck_seconds = 0.1\n")
    return ("--config", path)


@pytest.fixture(scope="module")
def code_server(program, one_slot):
    """One service for all tests that break nothing but jails."""
    running = program.serve(*one_slot)
    with Client(running.target) as client:
        (result,) = client.score([RIGHT])
    if result.reason is Reason.SANDBOX_UNAVAILABLE:
        running.stop()
        skip_without_jails(result.message)
    yield running
    code, log = running.stop()
    assert code == 0, log


def jails_of(server):
    """The nsjail processes of a service."""
    found = []
    for child in psutil.Process(server.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.name() == "nsjail":
                found.append(child)
    return found


def programs_of(server):
    """What runs in its jails: for each program an init and itself."""
    found = []
    for jail in jails_of(server):
        with contextlib.suppress(psutil.NoSuchProcess):
            for zygote in jail.children():
                found += zygote.children(recursive=True)
    return found


def scored(program, tmp_path, rows, *arguments):
    source = tmp_path / "rows.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    code, out, err = program.run("score", source, *arguments)
    return code, [json.loads(line) for line in out.splitlines()], err


def facts(row):
    """What must not depend on where a row was scored: nothing that is measured."""
    if isinstance(row, dict):
        left_out = ("_seconds", "_bytes")
        return {key: facts(value) for key, value in row.items() if not key.endswith(left_out)}
    return [facts(value) for value in row] if isinstance(row, list) else row


class Scoring(threading.Thread):
    """A call in the background, and what came of it."""

    def __init__(self, server, rows, **options):
        super().__init__()
        self.results, self.error = None, None
        self._server, self._rows, self._options = server, rows, options
        self.start()

    def run(self):
        try:
            with Client(self._server.target, **self._options) as client:
                self.results = client.score(self._rows)
        except ServiceError as error:
            self.error = error


def test_rows_get_the_same_over_the_wire_and_in_process(program, code_server, one_slot, tmp_path):
    rows = [
        {key: row[key] for key in ("id", "completion", "prompt", "code") if key in row}
        for row in case_rows("code")
    ]
    code, here, _ = scored(program, tmp_path, [*rows, MATH], *one_slot)
    assert code == 1, "some golden rows are UNSCORED"
    again, there, _ = scored(program, tmp_path, [*rows, MATH], "--address", code_server.target)
    assert again == 1
    assert [facts(row) for row in there] == [facts(row) for row in here]
    expected = [
        (row["id"], f"VERDICT_{row['verdict']}", row["reward"]) for row in case_rows("code")
    ]
    assert [(r["id"], r["verdict"], r.get("reward")) for r in here[:-1]] == expected
    detail = here[0]["code"] if "code" in here[0] else here[0]["detail"]["code"]
    assert detail["isolation"] in {"full", "no-cgroups"}
    assert detail["language"].startswith("python 3.")


def test_a_killed_jail_costs_nobody_a_verdict(code_server):
    scoring = Scoring(code_server, [sleeper("killed once", 2), MATH])
    wait_until(lambda: len(programs_of(code_server)) >= 2)
    for jail in jails_of(code_server):
        jail.kill()
    scoring.join(90)
    assert [result.verdict for result in scoring.results] == [Verdict.CORRECT] * 2


def test_jails_that_are_killed_again_and_again_are_no_wrong_answer(code_server):
    scoring = Scoring(code_server, [sleeper("killed often", 30), MATH])
    while scoring.is_alive():
        if len(programs_of(code_server)) >= 2:
            for jail in jails_of(code_server):
                with contextlib.suppress(psutil.NoSuchProcess):
                    jail.kill()
        scoring.join(0.05)
    killed, math = scoring.results
    assert (killed.verdict, killed.reason) == (Verdict.UNSCORED, Reason.INTERNAL)
    assert "broke two jails" in killed.message
    assert killed.reward is None
    assert math.verdict is Verdict.CORRECT
    with Client(code_server.target) as client:  # and the service goes on
        (result,) = client.score([code_row("after", "print(2 * int(input()))  # after")])
    assert result.verdict is Verdict.CORRECT


async def test_a_caller_who_goes_takes_the_program_along(code_server):
    async with AsyncClient(code_server.target) as client:
        task = asyncio.create_task(client.score([sleeper("left alone", 1000)]))
        async with asyncio.timeout(60):
            while len(programs_of(code_server)) < 2:
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    wait_until(lambda: not programs_of(code_server))
    with Client(code_server.target) as client:
        (result,) = client.score([RIGHT])
    assert result.verdict is Verdict.CORRECT


def test_a_deadline_of_a_millisecond_is_no_wrong_answer(code_server):
    with Client(code_server.target, timeout_seconds=0.001) as client:
        try:
            (result,) = client.score([sleeper("late", 1000)])
        except ServiceError as error:  # the call itself ran out of time
            code = error.code
        else:
            assert result.reward is None
            code = result.reason.value
    assert code in {"DEADLINE", "DEADLINE_EXCEEDED"}
    wait_until(lambda: not programs_of(code_server))


def test_sigterm_lets_programs_end_and_leaves_nothing(serve, one_slot):
    server = serve(*one_slot)
    scoring = Scoring(server, [sleeper("drained", 2)])
    wait_until(lambda: len(programs_of(server)) >= 2)
    jails = jails_of(server)
    code, log = server.stop(signal.SIGTERM)
    assert code == 0, log
    scoring.join(60)
    assert scoring.results is not None, scoring.error
    assert scoring.results[0].verdict is Verdict.CORRECT
    assert not any(jail.is_running() for jail in jails)


def test_sigterm_does_not_wait_for_ever_for_a_program(serve, tmp_path):
    configuration = tmp_path / "service.toml"
    configuration.write_text(
        "[code]\nslots = 1\n[server]\nlame_duck_seconds = 0.1\ndrain_seconds = 1\n"
    )
    server = serve("--config", configuration)
    scoring = Scoring(server, [sleeper("never", 1000)])
    wait_until(lambda: len(programs_of(server)) >= 2)
    left = [*jails_of(server), *programs_of(server)]
    code, log = server.stop(signal.SIGTERM)
    assert code == 0, log
    scoring.join(60)
    assert scoring.results is None or scoring.results[0].verdict is Verdict.UNSCORED
    psutil.wait_procs(left, timeout=30)
    assert not any(process.is_running() for process in left)


async def test_nothing_in_a_jail_outlives_a_killed_service(serve, one_slot):
    server = serve(*one_slot)
    async with AsyncClient(server.target) as client:
        task = asyncio.create_task(client.score([sleeper("orphan", 1000)]))
        async with asyncio.timeout(60):
            while len(programs_of(server)) < 2:
                await asyncio.sleep(0.01)
        left = [*jails_of(server), *programs_of(server)]
        server.stop(signal.SIGKILL)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    psutil.wait_procs(left, timeout=60)
    alive = [process for process in left if process.is_running()]
    for process in alive:
        process.kill()
    assert not alive


def test_where_no_jail_starts_the_service_does_and_scores_the_rest(serve, program, tmp_path):
    configuration = tmp_path / "service.toml"
    configuration.write_text('[code]\nslots = 1\ninterpreter = "/bin/false"\n')
    server = serve("--config", configuration)
    with Client(server.target) as client:
        code, math = client.score([RIGHT, MATH])
    assert (code.verdict, code.reason) == (Verdict.UNSCORED, Reason.SANDBOX_UNAVAILABLE)
    assert code.reward is None
    assert math.verdict is Verdict.CORRECT
    status, out, _ = program.run("list", "--json", "--address", server.target)
    assert status == 0
    (listed,) = [row for row in map(json.loads, out.splitlines()) if row["name"] == "code"]
    assert "unavailable" in json.dumps(listed)
    assert server.stop()[0] == 0


def test_where_no_jail_starts_rows_in_process_say_so_and_the_rest_is_scored(program, tmp_path):
    configuration = tmp_path / "service.toml"
    configuration.write_text('[code]\nslots = 1\ninterpreter = "/bin/false"\n')
    code, (row, math), _ = scored(program, tmp_path, [RIGHT, MATH], "--config", configuration)
    assert code == 1
    assert (row["verdict"], row["reason"]) == (*("VERDICT_UNSCORED", "REASON_SANDBOX_UNAVAILABLE"),)
    assert "reward" not in row
    assert math["verdict"] == "VERDICT_CORRECT"
