"""Fronts and what they hand on to, each a process of its own: same answers, and nothing lost."""

import asyncio
import json
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import psutil
import pytest
from judge_service import honest
from misbehaving_server import serving

from verifier.client import AsyncClient
from verifier.types import JudgeMode, JudgeTask, Reason, Verdict

SMALL = "[math]\nworkers = 0\n[format]\nworkers = 0\n[code]\nslots = 1\n"
# What no two runs have in common.
MEASURED = ("seconds", "memory_bytes", "cached_tokens")
PROBLEM = "2+3*4"
RIGHT = ["3*4=12:2+12", "2+12=14:14"]


def _cases(expected):
    return {"stdio": {"cases": [{"stdin": "2\n", "expected_stdout": expected}]}}


def _judged(name, completion, **judge):
    return {"id": name, "prompt": "2+2?", "completion": completion, "judge": judge}


ROWS = [
    {"id": "math", "completion": "\\boxed{4}", "math": {"reference_answers": ["4"]}},
    {"id": "code", "completion": "print(int(input())**2)", "code": _cases("4")},
    {"id": "wrong code", "completion": "print(5)", "code": _cases("4")},
    {"id": "no code", "completion": "print(", "code": _cases("4")},
    {"id": "no case", "completion": "print(", "code": {"stdio": {}}},
    {"id": "no such language", "completion": "x", "code": {"language": "x", **_cases("4")}},
    {"id": "steps", "prompt": PROBLEM, "process": {"steps": RIGHT, "threshold": 0.5}},
    {"id": "no prompt", "process": {"steps": RIGHT}},
    {"id": "no model", "prompt": PROBLEM, "process": {"steps": RIGHT, "model": "absent"}},
    {"id": "whole", "prompt": PROBLEM, "completion": "; ".join(RIGHT), "reward_model": {}},
    _judged("good", "It is 4, which is good.", threshold=0.5),
    _judged("bad", "It is 5.", votes=3, seed=5),
    _judged("no template", "It is 5.", template="absent"),
    {
        "id": "terms",
        "completion": "print(4)",
        "composite": {
            "terms": [
                {"name": "works", "weight": 0.75, "code": _cases("4")},
                {"name": "form", "weight": 0.25, "format": {"rules": [{"boxed": {}}]}},
            ]
        },
    },
]


@pytest.fixture
def start(program, tmp_path):
    """Starts services from texts of configurations, side by side; they end with the test."""
    running = []

    def starting(*texts):
        paths = []
        for text in texts:
            paths.append(tmp_path / f"{len(running) + len(paths)}.toml")
            paths[-1].write_text(SMALL + text)
        with ThreadPoolExecutor() as pool:
            began = [pool.submit(program.serve, "--config", path) for path in paths]
            running.extend([one.result() for one in began])
        return running[-len(texts) :]

    yield starting
    for one in running:
        one.stop(signal.SIGKILL)


def forward(target, *tasks):
    return "".join(
        f"[forward.{json.dumps(task)}]\ntarget = {json.dumps(target)}\n" for task in tasks
    )


def comparable(value):
    """A result without what is measured."""
    if isinstance(value, dict):
        return {
            key: comparable(inner) for key, inner in value.items() if not key.endswith(MEASURED)
        }
    return [comparable(inner) for inner in value] if isinstance(value, (list, tuple)) else value


async def test_a_front_says_field_by_field_what_one_service_says(start):
    async with serving(honest) as server:
        judge = "[judge]\ncache_entries = 0\n"  # which answered what is told in the usage
        judge += f'[judge.backends.main]\nkind = "openai"\nbase_url = "{server.url}"\n'
        judge += 'model = "tiny"\n'
        # The whole is the front's deployment of models, too: to load them twice takes long.
        sandbox, whole = await asyncio.to_thread(start, "", judge)
        elsewhere = "[plugins]\nenabled = false\n" + forward(sandbox.target, "code")
        elsewhere += forward(whole.target, "process", "reward_model", "judge")
        (front,) = await asyncio.to_thread(start, elsewhere)
        async with AsyncClient(whole.target) as alone, AsyncClient(front.target) as spread:
            expected, said = await asyncio.gather(alone.score(ROWS), spread.score(ROWS))
            for one, other in zip(said, expected, strict=True):
                assert comparable(msgspec.to_builtins(one)) == comparable(
                    msgspec.to_builtins(other)
                ), one.id
            assert sum(result.reward is not None for result in said) >= 9, "not all refused alike"
            _assert_light(front)
            await _same_searches(alone, spread)
            await _same_contests(alone, spread)


def _assert_light(front):
    """No jails and no workers, and nothing of the models."""
    assert psutil.Process(front.process.pid).children(recursive=True) == []
    assert "libtorch" not in Path(f"/proc/{front.process.pid}/maps").read_text()


async def _same_searches(alone, spread):
    branches = [{"new_steps": [RIGHT[0]]}, {"new_steps": ["2+3=5:5*4"]}, {"new_steps": []}]
    one, other = [await client.score_steps(PROBLEM, branches) for client in (alone, spread)]
    assert comparable(msgspec.to_builtins(one)) == comparable(msgspec.to_builtins(other))
    then = [{"parent_handle": other.results[0].handle, "new_steps": [RIGHT[1]]}]
    (result,) = (await spread.score_steps(PROBLEM, then)).results
    assert result.verdict is Verdict.SCORED, "a handle that the models' replica gave"


async def _same_contests(alone, spread):
    completions = ["short", "quite a long one"]
    for mode in (JudgeMode.POINTWISE, JudgeMode.PAIRWISE):
        one, other = [
            await client.judge("2+2?", completions, JudgeTask(), mode=mode)
            for client in (alone, spread)
        ]
        assert comparable(msgspec.to_builtins(one)) == comparable(msgspec.to_builtins(other))


def slow(number, seconds):
    options = {"seconds": seconds}
    return {"id": str(number), "plugin": {"name": "slow", "options": options}}


def plugins_at(*services):
    return forward("ipv4:" + ",".join(one.target for one in services), "plugin:slow")


async def test_a_deployment_that_dies_in_mid_call_costs_no_item_while_another_lives(start):
    backs = start("", "")
    (front,) = start(plugins_at(*backs))
    async with AsyncClient(front.target) as client:
        scoring = asyncio.create_task(client.score([slow(n, 0.02) for n in range(200)]))
        await asyncio.sleep(0.5)  # of about two seconds' work; at any other moment it holds, too
        backs[0].stop(signal.SIGKILL)
        results = await scoring
    assert [result.verdict for result in results] == [Verdict.CORRECT] * 200


async def test_replicas_that_roll_cost_no_item(start):
    backs = start(*["[server]\nlame_duck_seconds = 0.5\n"] * 2)
    (front,) = start(plugins_at(*backs))
    async with AsyncClient(front.target) as client:
        scoring = asyncio.create_task(client.score([slow(n, 0.02) for n in range(200)]))
        await asyncio.sleep(0.3)  # as above
        code, _ = await asyncio.to_thread(backs[0].stop)
        results = await scoring
        results += await client.score([slow(n, 0.0) for n in range(20)])
    assert code == 0
    assert [result.verdict for result in results] == [Verdict.CORRECT] * 220


async def test_the_only_deployment_dies_and_comes_back(program, start):
    (back,) = start("")
    (front,) = start(plugins_at(back))
    async with AsyncClient(front.target) as client:
        scoring = asyncio.create_task(client.score([slow(n, 60) for n in range(5)]))
        await asyncio.sleep(0.3)  # on their way, or not
        back.stop(signal.SIGKILL)
        results = await scoring
        assert {one.verdict for one in results} == {Verdict.UNSCORED}
        assert {one.reason for one in results} == {Reason.BACKEND_UNAVAILABLE}
        assert {one.reward for one in results} == {None}
        again = program.start(
            *("serve", "--listen", back.target, "--metrics-listen", ""),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            (result,) = await _scored(client)
            assert result.verdict is Verdict.CORRECT
        finally:
            again.kill()
            again.wait()


async def _scored(client):
    end = asyncio.get_running_loop().time() + 60
    while asyncio.get_running_loop().time() < end:
        results = await client.score([slow("back", 0.0)])
        if results[0].reward is not None:
            break
    return results
