"""Tokens and certificates that change while a service runs count for the next call."""

import ssl

import grpc
import pytest
from guarded_service import Authority, GuardedServer, Tokens, client_credentials, knock
from program import wait_until


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("reload")


@pytest.fixture(scope="module")
def tokens(folder):
    tokens = Tokens(folder / "tokens.toml")
    tokens.add("operator", "admin")
    tokens.add("first", "score")
    tokens.write()
    return tokens


@pytest.fixture(scope="module")
def authority(folder):
    return Authority(folder, "ours")


@pytest.fixture(scope="module")
def server(folder, tokens, authority, program):
    chain, key = authority.issue("service", "localhost", "127.0.0.1")
    configuration = folder / "service.toml"
    configuration.write_text(
        f'[access]\ntokens = "{tokens.path}"\nreload_seconds = 0.05\n'
        f'[tls]\ncertificate = "{chain}"\nkey = "{key}"\n'
        f'client_authorities = "{authority.pem}"\nside_port = true\n'
    )
    running = GuardedServer(program, configuration, side_port_tls=True)
    try:
        yield running.ready()
    finally:
        running.stop()


@pytest.fixture
def ask(server, authority):
    """The code that a token gets, over a line that is in order."""
    credentials = client_credentials(authority, authority.issue("trainer"))

    def code(token):
        return knock(server.target, "ListVerifiers", token=token, credentials=credentials)[0]

    return code


def _reloads(server, tokens, name):
    text = server.get("/metrics", tokens.of["operator"])[1]
    lines = [line for line in text.splitlines() if line.startswith(f"{name}_total{{")]
    return {line.split('"')[1]: float(line.split()[-1]) for line in lines}


def test_a_new_token_counts_and_a_removed_one_does_not(tokens, ask):
    assert ask(tokens.of["first"]) == "OK"
    tokens.add("second", "score")
    tokens.remove("first")
    tokens.write()
    wait_until(lambda: ask(tokens.of["second"]) == "OK")
    assert ask(tokens.of["first"]) == "UNAUTHENTICATED"


def test_a_broken_file_changes_nothing_and_is_told(server, tokens, ask):
    good = tokens.path.read_text()
    before = _reloads(server, tokens, "verifier_reload_problems")["tokens"]
    tokens.path.write_text(good + '[tokens.third]\nroles = ["score"]\n')

    def told():
        return _reloads(server, tokens, "verifier_reload_problems")["tokens"] > before

    wait_until(told)
    assert ask(tokens.of["operator"]) == "OK"
    wait_until(lambda: "tokens.third" in server.log())
    tokens.path.unlink()
    assert ask(tokens.of["operator"]) == "OK"
    tokens.write()


def test_a_new_certificate_is_shown_to_new_connections_and_old_ones_live_on(
    folder, server, authority, tokens
):
    pair = authority.issue("trainer")
    metadata = [("authorization", f"Bearer {tokens.of['operator']}")]
    path = "/verifier.v1.VerifierService/ListVerifiers"
    with grpc.secure_channel(server.target, client_credentials(authority, pair)) as channel:
        call = channel.unary_unary(path)
        call(b"", timeout=30, metadata=metadata)
        other = Authority(folder, "renewed")
        chain, key = other.issue("replacement", "localhost", "127.0.0.1")
        chain.replace(folder / "service.crt")
        # Certificate and key do not fit together now: nothing changes.
        problems = "verifier_reload_problems"

        def half_way():
            knock(server.target, "ListVerifiers", credentials=client_credentials(authority, pair))
            return _reloads(server, tokens, problems)["certificates"] > 0

        wait_until(half_way)
        trusting = client_credentials(authority, pair)
        token = tokens.of["operator"]
        asked = {"token": token, "credentials": trusting}
        assert knock(server.target, "ListVerifiers", **asked)[0] == "OK"
        key.replace(folder / "service.key")
        renewed = client_credentials(other, pair)
        wait_until(
            lambda: (
                knock(server.target, "ListVerifiers", token=token, credentials=renewed)[0] == "OK"
            )
        )
        assert knock(server.target, "ListVerifiers", **asked)[0] == "UNAVAILABLE"
        call(b"", timeout=30, metadata=metadata)
    # The side port as well, whether or not a client names the host that it wants.
    shown = (folder / "service.crt").read_text().split()
    for host in ("localhost", "127.0.0.1"):
        found = ssl.get_server_certificate((host, server.metrics_port), timeout=30)
        assert found.split() == shown
    assert server.log().count("certificates not taken") == 1
