"""The four parts with the configuration of the manifests, as processes here: the front answers all.

Only addresses are others, and the packages of programs, which are in the image.
"""

import json
import re
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from manifest_checks import IN_IMAGE
from manifests import base, config_text, ours
from program import Program

from verifier.client import Client

EXAMPLES = Path(__file__).parents[2] / "examples"
TASKS = ("math", "text", "format", "code", "process", "judge", "composite")
MOST_ROWS = 6  # of a file with single rows; what is scored is tested elsewhere
NOBODY = "judge-no-backend"  # asks the judge of the manifests, who is not here


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    """A front with the other three behind it."""
    folder = tmp_path_factory.mktemp("parts")
    program = Program("")
    program.environment["JUDGE_API_KEY"] = "any"
    texts = {one["metadata"]["name"]: config_text(base(), one) for one in ours(base())}
    running = {}

    def start(name, text):
        file = folder / f"{name}.toml"
        file.write_text(text.replace(f'packages = ["{IN_IMAGE}"]\n', ""))
        running[name] = program.serve("--config", file)

    try:
        with ThreadPoolExecutor(3) as side_by_side:
            list(side_by_side.map(lambda name: start(name, texts[name]), set(texts) - {"front"}))
        start("front", addressed(texts["front"], running))
        yield running
    finally:
        for one in running.values():
            with suppress(subprocess.TimeoutExpired):
                one.stop(signal.SIGKILL)


def addressed(text, running):
    """The front's file with the others' addresses here."""
    here, count = re.subn(
        r'"dns:///(\w+)\.[\w-]+\.svc:\d+"', lambda found: f'"{running[found[1]].target}"', text
    )
    assert count == 4
    return here


@pytest.mark.timeout(300)  # four starts of the service, on a machine that may be busy
def test_the_front_answers_for_all_of_them(front):
    expected = json.loads((EXAMPLES / "expected.json").read_text())
    rows = [row for task in TASKS for row in examples(task) if row["id"] != NOBODY]
    with Client(front["front"].target, timeout_seconds=250) as client:
        results = client.score(rows)
        listed = client.list_verifiers()
    without_jails = any("unavailable" in one.isolation for one in listed)
    wrong = {
        result.id: (result.verdict, result.reason, result.message)
        for row, result in zip(rows, results, strict=True)
        if said(result) != expected[row["id"]] and not (without_jails and "code" in row)
    }
    assert not wrong
    assert {one.verifier.partition("/")[0] for one in results} >= {"code", "process", "judge"}


def examples(task):
    rows = list(map(json.loads, (EXAMPLES / f"{task}.jsonl").read_text().splitlines()))
    return rows if task == "composite" else rows[:MOST_ROWS]  # a group has to come whole


def said(result):
    return f"VERDICT_{result.verdict.value}"
