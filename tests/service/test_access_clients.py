"""Both clients and the command, with tokens and certificates, against a service that wants both."""

import json
import pickle

import pytest
from guarded_service import Authority, GuardedServer, Tokens

from verifier.cli.main import main
from verifier.client import AsyncClient, Client, Tls
from verifier.errors import ServiceError

WRONG = {"VERIFIER_TOKEN": "vt_wrong-one"}
ROW = {"completion": "\\boxed{4}", "math": {"reference_answers": ["4"]}}


class Place:
    """A service, and what it takes to call it."""

    def __init__(self, folder, program):
        self.folder = folder
        self.authority = Authority(folder, "ours")
        chain, key = self.authority.issue("service", "localhost")
        pair = self.authority.issue("trainer")
        self.tokens = Tokens(folder / "tokens.toml")
        self.tokens.add("scorer", "score")
        self.tokens.write()
        (folder / "service.toml").write_text(
            f'[access]\ntokens = "{self.tokens.path}"\nprotect_metrics = false\n'
            f'[tls]\ncertificate = "{chain}"\nkey = "{key}"\n'
            f'client_authorities = "{self.authority.pem}"\n'
        )
        self.tls = Tls(str(self.authority.pem), *map(str, pair))
        self.options = [
            *("--tls-authorities", self.tls.authorities),
            *("--tls-certificate", self.tls.certificate, "--tls-key", self.tls.key),
        ]
        self.server = GuardedServer(program, folder / "service.toml")

    @property
    def token(self):
        return self.tokens.of["scorer"]


@pytest.fixture(scope="module")
def place(tmp_path_factory, program):
    made = Place(tmp_path_factory.mktemp("clients"), program)
    try:
        made.server.ready()
        yield made
    finally:
        made.server.stop()


@pytest.fixture
def command(capsys, monkeypatch):
    """Runs the command in this process; returns its exit code and what it said."""

    def run(*arguments, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = main([*map(str, arguments)])
        return code, *capsys.readouterr()

    return run


def test_threads(place):
    with Client(place.server.target, token=place.token, tls=place.tls) as client:
        assert client.list_verifiers()
        assert [result.reward for result in client.score([ROW] * 3)] == [1.0] * 3


async def test_event_loops_and_pickles(place):
    client = AsyncClient(place.server.target, token=place.token, tls=place.tls)
    async with pickle.loads(pickle.dumps(client)) as client:  # noqa: S301 - our own
        assert [result.reward for result in await client.score([ROW])] == [1.0]

        async def rows():
            yield ROW

        assert [result.reward async for result in client.stream(rows())] == [1.0]


@pytest.mark.parametrize(("token", "code"), [(None, "PERMISSION_DENIED"), ("x", "UNAUTHENTICATED")])
async def test_a_refusal_is_an_error_of_the_call_and_no_verdict(place, token, code):
    async with AsyncClient(place.server.target, token=token, tls=place.tls) as client:
        with pytest.raises(ServiceError) as caught:
            await client.score([ROW])
        assert caught.value.code == code

        async def rows():
            for number in range(300):
                yield {**ROW, "id": str(number)}

        with pytest.raises(ServiceError) as caught:
            [result async for result in client.stream(rows())]
    assert caught.value.code == code
    with (
        Client(place.server.target, token=token, tls=place.tls) as client,
        pytest.raises(ServiceError) as caught,
    ):
        client.score([ROW])
    assert caught.value.code == code


def test_the_command_takes_the_token_from_its_environment(place, command, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(ROW))
    arguments = ("score", rows, "--address", place.server.target, *place.options)
    code, out, err = command(*arguments, VERIFIER_TOKEN=place.token)
    assert code == 0, err
    assert json.loads(out)["reward"] == 1.0
    code, out, err = command(*arguments, "--token-env", "MINE", **WRONG, MINE=place.token)
    assert code == 0, err
    code, out, err = command(*arguments)
    assert (code, out) == (3, "")
    assert "not known here" in err
    code, out, err = command("list", "--address", place.server.target, *place.options)
    assert (code, out) == (3, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--address", "verifier.invalid:1"], "unencrypted"),
        (["--address", "localhost:1", "--token-env", "NOBODY"], "NOBODY"),
        (["--address", "localhost:1", "--tls-authorities", "nowhere.pem"], "nowhere.pem"),
        (["--address", "localhost:1", "--tls-key", "nowhere.pem"], "together"),
        (["--address", "localhost:1", "--tls", "--insecure-token"], "without TLS"),
    ],
)
def test_options_that_do_not_fit_are_a_usage_error(command, arguments, said):
    code, out, err = command("list", *arguments, **WRONG)
    assert (code, out) == (2, "")
    assert said in err
    assert WRONG["VERIFIER_TOKEN"] not in err


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ('[tokens.a]\nroles = ["score"]\n', 0o600, "tokens.a"),
        ("", 0o666, "chmod o-w"),
        (None, 0, "No such file"),
    ],
)
def test_a_service_does_not_start_with_a_token_file_that_is_no_good(
    command, tmp_path, text, mode, said
):
    tokens = tmp_path / "tokens.toml"
    if text is not None:
        tokens.write_text(text)
        tokens.chmod(mode)
    (tmp_path / "service.toml").write_text(f'[access]\ntokens = "{tokens}"\n')
    code, _, err = command("serve", "--config", tmp_path / "service.toml")
    assert code == 2
    assert str(tokens) in err
    assert said in err


def test_a_token_is_drawn_shown_once_and_known(command, tmp_path):
    path = tmp_path / "tokens.toml"
    new = ("token", "new", "--file", path, "--role", "score")
    code, out, _ = command(*new, "a", "--role", "judge", "--expires", "2199-01-01T00:00:00Z")
    assert code == 0
    token = out.strip()
    assert token.startswith("vt_")
    assert token not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (
        command(*new, "b", "--items-per-second", "50", "--max-items", "9", "--weight", "2")[0] == 0
    )
    from verifier.access import read_book

    assert read_book(str(path)).by_token(token, 0.0).name == "a"
    code, out, _ = command("token", "list", "--file", path)
    assert code == 0
    assert "judge,score" in out
    assert "50 items/s" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a"], "already"),
        (["with space"], "letters"),
        (["b", "--expires", "2030-01-01"], "zone"),
        (["b", "--weight", "-1"], "weight"),
    ],
)
def test_a_bad_token_leaves_the_file_as_it_was(command, tmp_path, arguments, said):
    path = tmp_path / "tokens.toml"
    assert command("token", "new", "a", "--role", "score", "--file", path)[0] == 0
    before = path.read_bytes()
    code, out, err = command("token", "new", *arguments, "--role", "score", "--file", path)
    assert (code, out) == (2, "")
    assert said in err
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["tokens.toml"]


def test_without_a_file_the_table_goes_to_standard_error(command, tmp_path):
    code, out, err = command("token", "new", "a", "--role", "admin")
    assert code == 0
    assert out.startswith("vt_")
    (tmp_path / "tokens.toml").write_text(err)
    from verifier.access import read_book

    book = read_book(str(tmp_path / "tokens.toml"))
    assert book.by_token(out.strip(), 0.0).name == "a"
