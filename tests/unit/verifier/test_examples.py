"""Every row under examples/ gets the verdict that examples/expected.json promises."""

import json
from pathlib import Path

import pytest

from verifier.formats.table import RULES
from verifier.registry import Registry, builtin
from verifier.types import FormatTask, Item, MathTask, TextMode, TextTask

EXAMPLES = Path(__file__).parents[3] / "examples"
EXPECTED = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))
ROWS = [
    json.loads(line)
    for name in ("math", "text", "format")
    for line in (EXAMPLES / f"{name}.jsonl").read_text("utf-8").splitlines()
]
RULE_TYPES = {name: rule_type for rule_type, (name, _) in RULES.items()}


def task_of(row):
    if "math" in row:
        return MathTask(tuple(row["math"]["reference_answers"]))
    if "text" in row:
        task = row["text"]
        mode = TextMode[task["mode"].upper()]
        return TextTask(tuple(task["reference_answers"]), mode, task.get("threshold"))
    return FormatTask(tuple(RULE_TYPES[name]() for rule in row["format"]["rules"] for name in rule))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_example_gets_the_verdict_promised(row):
    item = Item(row["id"], row["completion"], task_of(row), row["prompt"])
    outcome = Registry(builtin()).find(item.task).verify(item)
    assert f"VERDICT_{outcome.verdict.value}" == EXPECTED[row["id"]]


def test_expected_and_rows_name_the_same_ids():
    assert [row["id"] for row in ROWS] == list(EXPECTED)


def test_every_verdict_is_shown():
    assert len(set(EXPECTED.values())) == 4
