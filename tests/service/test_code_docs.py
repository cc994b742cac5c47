"""What docs/code.md and examples/ show of programs is what happens."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.execution import Isolation, Limits
from verifier.convert.row_reader import RowReader
from verifier.engine import Engine
from verifier.registry import Registry, builtin
from verifier.types import Reason, Verdict

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TEXT = (ROOT / "docs" / "code.md").read_text("utf-8")
UNITS = {"MiB": 1024**2, "": 1}
NOT_HERE = (Reason.SANDBOX_UNAVAILABLE, Reason.UNSUPPORTED)


def shown_rows():
    """The rows in the text's JSON blocks."""
    blocks = re.findall(r"^```json\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return [line.encode() for block in blocks for line in block.splitlines()]


async def scored(lines):
    reader = RowReader()
    items = [reader.read(line, str(number)) for number, line in enumerate(lines)]
    async with Engine(Registry(builtin())) as engine:
        return await engine.score(items)


def test_every_row_that_the_docs_show_is_correct():
    results = asyncio.run(scored(shown_rows()))
    assert len(results) == 6
    if any(result.reason is Reason.SANDBOX_UNAVAILABLE for result in results):
        pytest.skip(results[0].message)
    for result in results:
        assert result.verdict is Verdict.CORRECT or result.reason in NOT_HERE, result


def test_the_docs_give_the_limits_as_they_are():
    rows = re.findall(r"^\| `(\w+)` \| (\d+) ?(\w*) \|", TEXT, re.MULTILINE)
    limits = {name: int(number) * UNITS[unit] for name, number, unit in rows}
    assert limits == {name: getattr(Limits(), name) for name in Limits.__dataclass_fields__}


def test_the_docs_name_every_level():
    table = TEXT.partition("## Isolation levels")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)
    assert named == [level.value for level in Isolation]


def test_every_example_gets_the_verdict_it_is_said_to_get():
    command = [sys.executable, "-m", "examples.demo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if Reason.SANDBOX_UNAVAILABLE.value in done.stdout:
        pytest.skip("no program can be run here")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_examples_are_counted():
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    counts = {name: int(count) for name, count in re.findall(r"\| `(\S+)` \| (\d+) \|", readme)}
    rows = {path.name: len(path.read_bytes().splitlines()) for path in EXAMPLES.glob("*.jsonl")}
    expected = len(json.loads((EXAMPLES / "expected.json").read_text("utf-8")))
    assert counts == {**rows, "expected.json": expected}
