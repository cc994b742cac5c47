"""`verifier-cli config` and the ways to set a key, as an operator meets them."""

import json

import pytest
from program import Program

ROW = {"id": "a", "completion": "\\boxed{4}", "math": {"reference_answers": ["4"]}}


@pytest.fixture
def alone():
    """The program with an environment of its own."""
    return Program("")


def written(path, text):
    path.write_text(text, "utf-8")
    return path


def test_check_names_every_mistake_and_exits_2(alone, tmp_path):
    file = written(
        tmp_path / "service.toml", "[server]\nlisten = 5\nlissten = 1\n\n[math]\nworkers = -1\n"
    )
    alone.environment["VERIFIER__LOGS__LEVEL"] = "loud"
    code, out, err = alone.run("config", "check", file, "--set", "code.slots=many")
    assert (code, err) == (2, "")
    assert [line.split(": ")[:2] for line in out.splitlines()] == [
        [f"{file}:2", "server.listen"],
        [f"{file}:3", "server.lissten"],
        [f"{file}:6", "math.workers"],
        ["--set", "code.slots"],
        ["VERIFIER__LOGS__LEVEL", "logs.level"],
        [str(file), "5 problems, no warnings"],
    ]


def test_check_warns_and_exits_0(alone, tmp_path):
    file = written(tmp_path / "service.toml", "[server]\n\nlisten = '0.0.0.0:50051'\n")
    code, out, _ = alone.run("config", "check", file)
    warning, summary = out.splitlines()
    assert code == 0
    assert warning.startswith(f"{file}:3: warning: server.listen: 0.0.0.0:50051 can be called")
    assert summary == f"{file}: no problems, 1 warning"


def test_check_reads_the_tokens_and_certificates_that_are_there(alone, tmp_path):
    tokens = written(tmp_path / "tokens.toml", "[tokens.a]\nsha256 = 'short'\n")
    paper = written(tmp_path / "paper.pem", "no certificate\n")
    file = written(
        tmp_path / "service.toml",
        f"[access]\ntokens = '{tokens}'\n[tls]\ncertificate = '{paper}'\nkey = '{paper}'\n",
    )
    code, out, _ = alone.run("config", "check", file)
    assert code == 2
    assert [line.split(": ")[:2] for line in out.splitlines()[:-1]] == [
        [f"{file}:2", "access.tokens"],
        [f"{file}:4", "tls.certificate"],
    ]


def test_check_reads_the_recipes_and_templates_that_the_file_names(alone, tmp_path):
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "own.toml").write_text("id = 5")
    file = written(
        tmp_path / "service.toml",
        f"[judge]\ntemplates = '{folder}'\n"
        "[recipes.a]\nparameters = { p = 1 }\n"
        "[[recipes.a.terms]]\nname = 'x'\nbase = {}\n"
        "[[recipes.a.terms]]\nname = 'y'\nweight = '$q'\nbase = {}\n"
        "[recipes.b]\nterms = [\n  {name = 'x', base = {}},\n  {name = 'y', wait = 1, base = {}},\n"
        "]\n",
    )
    code, out, _ = alone.run("config", "check", file)
    assert code == 2
    assert [line.split(": ")[:2] for line in out.splitlines()[:-1]] == [
        [f"{file}:2", "judge.templates"],
        [f"{file}:4", "recipes.a.parameters.p"],
        [f"{file}:15", "recipes.b.terms[1].wait"],
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "absent.toml"], "absent.toml: No such file"),
        (["check", "--set", "listen"], "must be KEY=VALUE"),
        (["show", "absent.toml"], "absent.toml: No such file"),
        (["show", "--set", "math.workers=x"], "--set: math.workers: must be a whole number"),
        ([], "VERB"),
    ],
)
def test_what_cannot_be_read_exits_2(alone, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = alone.run("config", *arguments)
    assert code == 2
    assert words in out + err
    assert "Traceback" not in err


def test_a_running_service_obeys_file_environment_and_flags(alone, tmp_path):
    file = written(
        tmp_path / "service.toml",
        "[server]\nlisten = '127.0.0.1:1'\nmax_batch_items = 1\n[logs]\nformat = 'console'\n",
    )
    alone.environment["VERIFIER__SERVER__LISTEN"] = "127.0.0.1:2"
    alone.environment["VERIFIER__LOGS__FORMAT"] = "json"
    server = alone.serve("--config", file, "--set", "server.listen=127.0.0.1:3")
    try:
        rows = written(tmp_path / "rows.jsonl", json.dumps(ROW) + "\n")
        code, out, err = alone.run("score", rows, "--address", server.target)
        assert (code, json.loads(out)["reward"]) == (0, 1.0), err
    finally:
        code, log = server.stop()
    assert code == 0
    assert json.loads(log.splitlines()[0])["event"] == "serving", "--listen is the last word"
