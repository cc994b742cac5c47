"""What the README shows is what happens: its client, its rows, its keys of the configuration."""

import contextlib
import io
import json
import re
from pathlib import Path

import msgspec

from verifier.config import Config
from verifier.config.schema import keys
from verifier.config.showing import toml

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


def test_the_keys_of_the_configuration_that_the_readme_shows_exist_and_have_these_defaults():
    known = {".".join(map(str, key.path)): key.default for key in keys(Config)}
    section = README[README.index("## Configuration") :]
    shown = re.findall(r"^\| `([\w.]+)` \| (`.*?`|required) \|", section, re.MULTILINE)
    assert len(shown) == 10
    for name, default in shown:
        value = known[name]
        assert default == ("required" if value is msgspec.NODEFAULT else f"`{toml(value)}`"), name


def test_the_ways_to_set_a_key_that_the_readme_shows_set_it(program, monkeypatch):
    section = README[README.index("## Configuration") :]
    variable, value = re.search(r"`(VERIFIER__\w+)=([^`]+)`", section).groups()
    flag = re.search(r"`--set ([^`]+)`", section)[1]
    monkeypatch.setitem(program.environment, variable, value)
    _, by_variable, _ = program.run("config", "show")
    assert f'listen = "{value}"' in by_variable
    monkeypatch.delitem(program.environment, variable)
    _, by_flag, _ = program.run("config", "show", "--set", flag)
    assert by_flag == by_variable.replace(variable, "--set")
