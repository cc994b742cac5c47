"""The page of all keys: it is complete, true, and made from the program as it is."""

import re
from pathlib import Path

import msgspec
import pytest

from verifier.cli.main import main
from verifier.config import Config, ranges
from verifier.config.document import read_document
from verifier.config.overrides import setting, variables
from verifier.config.ranges import bounds, choices
from verifier.config.reference import reference
from verifier.config.schema import NAME, keys, sentences, step

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs/configuration.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([^`]+)` \| (.*) \|$", PAGE, re.MULTILINE))
KEYS = {".".join(map(str, key.path)): key for key in keys(Config)}


def test_the_page_is_what_the_program_says():
    assert reference() == PAGE, "run `make docs`"


def test_every_key_stands_on_it_and_nothing_else():
    kinds = {"judge.backends.NAME.kind"}
    tables = {"prm.models", "judge.backends"}
    assert set(ROWS) - kinds - tables == set(KEYS)


def test_the_defaults_on_it_are_those_of_the_program():
    """Read from the page itself, not from what made it."""
    cells = {name: row.split(" | ")[0] for name, row in ROWS.items()}
    shown = {name: cell.split("`")[1] for name, cell in cells.items() if "`" in cell}
    found = msgspec.json.decode(msgspec.json.encode(Config()))
    for name, key in KEYS.items():
        if NAME not in key.path:
            value = found[key.path[0]][key.path[1]]
            assert value is None or msgspec.json.decode(shown[name]) == value, name


@pytest.mark.parametrize("name", KEYS)
def test_every_key_has_a_sentence_that_says_something(name):
    key = KEYS[name]
    said = sentences(key.table)[str(key.path[-1])]
    assert said.endswith(".")
    assert len(said.split()) >= 3
    assert re.search(r"\b[Ss]ee `", said) is None, "a newcomer does not read our classes"


def test_ranges_and_choices_are_of_keys_that_exist():
    tables = (ranges._LEAST, ranges._LARGEST, ranges._CHOICES, ranges._JUDGE)
    assert {name for table in tables for name in table} <= set(KEYS)
    for name, key in KEYS.items():
        least, most = bounds(key.path)
        if isinstance(key.default, (int, float)) and not isinstance(key.default, bool):
            assert least <= key.default <= most, name
        if allowed := choices(key.path):
            assert key.default in allowed, name


def test_where_it_sends_readers_there_is_a_page():
    links = re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).is_file()] == []


def test_the_mistakes_it_shows_look_like_this(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service.toml").write_text("[server]\nlissten = 1\n\n\n\n[math]\nworkers = '4'\n")
    found = read_document("service.toml", (), {"VERIFIER__SERVER__LISTEN": "localhost"})
    shown = re.search(r"```\n(service\.toml:.*?)```", PAGE, re.DOTALL)[1].splitlines()
    assert len(shown) == len(found.problems)
    for line in shown:
        assert [one for one in found.problems if one.startswith(line.removesuffix("..."))], line


def test_the_ways_it_shows_to_set_a_key_mean_keys():
    names = dict.fromkeys(re.findall(r"\b(VERIFIER__\w+)", PAGE), "x")
    flags = [text for group in re.findall(r"--set (?:'([^']+)'|([^\s`]+))", PAGE) for text in group]
    paths = [setting(text).path for text in flags if "=" in text and text != "KEY=VALUE"]
    found, problems = variables(names, Config, {})
    assert problems == []
    assert len(found) >= 4
    assert len(paths) >= 2
    for path in paths:
        annotation = Config
        for part in path:
            annotation = step(annotation, part)
        assert annotation is not None, path


def test_the_command_prints_it(capsys):
    assert main(["config", "reference"]) == 0
    assert capsys.readouterr().out == PAGE
