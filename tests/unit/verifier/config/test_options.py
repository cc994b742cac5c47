"""``--config``, ``--set`` and the environment: every verb that is configured heeds all three."""

import json

import pytest

from verifier.cli.main import main

ROW = {"id": "a", "completion": "4", "text": {"reference_answers": ["4"]}}
STEPS = {"id": "a", "problem": "2 + 2?", "steps": ["2 + 2 = 4"], "label": -1}

VERBS = [
    ["config", "check"],
    ["config", "show"],
    ["list"],
    ["check"],
    ["serve", "--listen", "127.0.0.1:0"],
    ["score", "rows.jsonl"],
    ["filter", "rows.jsonl", "-o", "kept.jsonl"],
    ["prm", "eval", "steps.jsonl", "--model", "arithmetic"],
    ["prm", "label", "rows.jsonl", "-o", "labels.jsonl", "--method", "arithmetic"],
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.jsonl").write_text(json.dumps(ROW) + "\n")
    (tmp_path / "steps.jsonl").write_text(json.dumps(STEPS) + "\n")
    (tmp_path / "service.toml").write_text("[math]\nworkers = 0\nlissten = 1\n")
    return tmp_path


def said(capsys, *arguments):
    """What is said of a configuration that cannot be used."""
    assert main(list(arguments)) == 2
    printed = capsys.readouterr()
    return (printed.out + printed.err).removeprefix("verifier-cli: ")


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_single_key_may_be_given(capsys, verb):
    assert said(capsys, *verb, "--set", "math.lissten=1").startswith("--set: math.lissten: is no")


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_the_environment_is_heeded(capsys, monkeypatch, verb):
    monkeypatch.setenv("VERIFIER__MATH__LISSTEN", "1")
    assert said(capsys, *verb).startswith("VERIFIER__MATH__LISSTEN: is no key of the config")


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_the_file_may_be_given_by_a_variable(capsys, monkeypatch, verb):
    monkeypatch.setenv("VERIFIER_CONFIG", "service.toml")
    assert said(capsys, *verb).startswith("service.toml:3: math.lissten: is no key")


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_the_file_that_is_given_wins_over_the_variable(capsys, monkeypatch, verb):
    monkeypatch.setenv("VERIFIER_CONFIG", "absent.toml")
    given = ["service.toml"] if verb[0] == "config" else ["--config", "service.toml"]
    assert said(capsys, *verb, *given).startswith("service.toml:3: math.lissten: is no key")


def test_an_empty_variable_names_no_file(capsys, monkeypatch):
    monkeypatch.setenv("VERIFIER_CONFIG", "")
    assert main(["config", "check"]) == 0
    assert capsys.readouterr().out == "the defaults: no problems, no warnings\n"
