"""What the README shows is what happens: its client, its rows, its table of configuration keys."""

import contextlib
import io
import json
import re
from pathlib import Path

import msgspec

from verifier.config import Config

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def block_after(start):
    """The next fenced block after `start`, and where it ends."""
    found = re.compile(r"```\w*\n(.*?)```", re.DOTALL).search(README, start)
    return found[1], found.end()


def test_the_client_prints_what_the_readme_says(server):
    code, end = block_after(README.index("```python"))
    assert len(code.strip().splitlines()) <= 8
    expected, _ = block_after(end)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code.replace("127.0.0.1:50051", server.target), {})  # noqa: S102 - our own README
    assert printed.getvalue() == expected


def test_the_rows_score_as_the_readme_says(program, tmp_path):
    rows, end = block_after(README.index("## Score a file"))
    expected, _ = block_after(end)
    source = tmp_path / "rollouts.jsonl"
    source.write_text(rows, "utf-8")
    _, out, _ = program.run("score", source)
    for line, shown in zip(out.splitlines(), expected.splitlines(), strict=True):
        got, want = json.loads(line), json.loads(shown)
        for row in (got, want):
            row.pop("queue_seconds")
            row.pop("work_seconds")
        assert got == want


def test_every_configuration_key_stands_in_the_readme_with_its_default():
    keys = {
        f"{section}.{key}": value
        for section, values in msgspec.json.decode(msgspec.json.encode(Config())).items()
        for key, value in values.items()
    }
    table = dict(re.findall(r"^\| `(\w+\.\w+)` \| `(.*?)` \|", README, re.MULTILINE))
    assert {key: json.loads(value) for key, value in table.items()} == keys
