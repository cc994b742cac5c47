"""Reward models through a real `verifier-cli`: in process, over the wire, killed, and checked."""

import json
import signal

import pytest
import tiny_models

from verifier.client import Client

_LONG = 300  # seconds; most of it goes into loading torch on a busy machine
PROMPT = "What is 1 + 2 + 3?"
STEPS = ["1 + 2 is 3.", "3 + 3 is 6."]
CONFIGURATION = """
[prm]
threads = 1

[prm.models.good]
path = "{good}"
family = "trl"
separator = "\\n"

[prm.models.whole]
path = "{whole}"

[prm.models.broken]
path = "{broken}"
"""
ROWS = [
    {
        "id": "split",
        "prompt": PROMPT,
        "completion": "\n\n".join(STEPS),
        "process": {"model": "good"},
    },
    {"id": "given", "prompt": PROMPT, "process": {"model": "good", "steps": STEPS}},
    {
        "id": "last",
        "prompt": PROMPT,
        "process": {"model": "good", "steps": STEPS, "aggregation": "last", "threshold": 2},
    },
    {"id": "whole", "prompt": PROMPT, "completion": "6", "reward_model": {"model": "whole"}},
    {"id": "broken", "prompt": PROMPT, "completion": "6", "process": {"model": "broken"}},
    {"id": "no number", "prompt": PROMPT, "process": {"threshold": "high"}},
    {"id": "math", "completion": "\\boxed{6}", "math": {"reference_answers": ["6"]}},
]
VERDICTS = {
    "split": "SCORED",
    "given": "SCORED",
    "last": "INCORRECT",
    "whole": "SCORED",
    "broken": "UNSCORED",
    "no number": "UNSCORED",
    "math": "CORRECT",
}


JUDGES = """
[judge.backends.down]
kind = "openai"
base_url = "http://127.0.0.1:1/v1"
model = "none"
attempts = 1
"""


@pytest.fixture(scope="module")
def configuration(tmp_path_factory):
    root = tmp_path_factory.mktemp("models")
    text = CONFIGURATION.format(
        good=tiny_models.build(root / "good", "trl"),
        whole=tiny_models.build(root / "whole", "sequence_classification"),
        broken=root / "nowhere",
    )
    path = root / "service.toml"
    path.write_text(text + JUDGES)
    return path


def written(path):
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows:
        row.pop("queue_seconds")
        row.pop("work_seconds")
        for task in ("process", "reward_model"):
            row.get(task, {}).pop("cached_tokens", None)  # of the moment, not of the row
    return rows


@pytest.mark.slow
@pytest.mark.timeout(400)  # several processes, each of which loads torch
def test_rows_get_the_same_in_process_over_the_wire_and_after_a_death(
    program, serve, configuration, tmp_path
):
    source = tmp_path / "rows.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    code, _, err = program.run(
        "score", source, "-o", here, "--config", configuration, timeout=_LONG
    )
    assert code == 1, err
    rows = written(here)
    assert {row["id"]: row["verdict"].removeprefix("VERDICT_") for row in rows} == VERDICTS
    assert rows[0]["process"]["step_rewards"] == rows[1]["process"]["step_rewards"]
    assert "reward" not in rows[4]
    assert rows[4]["reason"] == "REASON_BACKEND_UNAVAILABLE"
    assert "no such folder" in rows[4]["message"]
    assert rows[5]["reason"] == "REASON_INVALID_INPUT"
    assert "process.threshold" in rows[5]["message"]

    server = serve("--config", configuration)
    code, _, err = program.run(
        "score", source, "-o", there, "--address", server.target, timeout=_LONG
    )
    assert code == 1, err
    assert written(there)[:5] == rows[:5]

    with Client(server.target) as client:
        root = client.score_steps(PROMPT, [{"new_steps": STEPS[:1]}], model="good").results[0]
    branch = {"parent_handle": root.handle, "prefix_steps": STEPS[:1], "new_steps": STEPS[1:]}
    server.stop(signal.SIGKILL)
    again = serve("--config", configuration)
    with Client(again.target) as client:
        (said,) = client.score_steps(PROMPT, [branch], model="good").results
    expected = rows[1]["process"]["step_rewards"]
    assert list(root.step_rewards) == expected[:1]
    assert list(said.step_rewards) == pytest.approx(expected[1:], abs=1e-5)


@pytest.mark.slow
@pytest.mark.timeout(400)  # several processes, each of which loads torch
def test_check_loads_every_model_and_asks_every_judge_and_list_loads_none(program, configuration):
    _, out, _ = program.run("check", "--config", configuration, timeout=_LONG)
    assert "model good: ok" in out
    assert "model whole: ok" in out
    assert "model broken: " in out
    assert "there is no such folder" in out
    assert "backend down: BACKEND_UNAVAILABLE: " in out
    code, out, _ = program.run("list", "--json", "--config", configuration, timeout=_LONG)
    assert code == 0
    infos = {info["name"]: info for info in map(json.loads, out.splitlines())}
    assert infos["judge"]["models"] == ["down", "embedded"]
    assert infos["process"]["models"] == ["embedded", "arithmetic", "good", "whole", "broken"]


def test_a_key_that_does_not_exist_is_named(program, tmp_path):
    path = tmp_path / "service.toml"
    path.write_text('[prm.models.mine]\npath = "m"\nfamilly = "trl"\n')
    code, _, err = program.run("list", "--config", path)
    assert code == 2
    assert f"{path}:3: prm.models.mine.familly: is no key here; did you mean family" in err
