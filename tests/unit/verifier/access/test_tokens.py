"""The token file: what it may say, whom it knows, and what is refused with a cure."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.access import TokenBook, digest_of, new_token, read_book
from verifier.access.names import MAX_NAME_CHARACTERS, clean_name, host_of
from verifier.caller import Role
from verifier.errors import ConfigError, ForbiddenError, UnknownCallerError

_GOOD = "a" * 64
_NOW = 1_800_000_000.0  # January 2027


@pytest.fixture
def write(tmp_path):
    def make(text, mode=0o600):
        path = tmp_path / "tokens.toml"
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    return make


def test_a_token_is_known_with_all_that_its_table_says(write):
    token = new_token()
    book = read_book(
        write(
            f'[tokens.trainer]\nsha256 = "{digest_of(token)}"\nroles = ["score", "judge"]\n'
            "weight = 2.5\nmax_items = 100\nitems_per_second = 50\n"
            "expires = 2027-06-30T00:00:00Z\n"
        )
    )
    caller = book.by_token(token, _NOW)
    assert caller.name == "trainer"
    assert caller.roles == {Role.SCORE, Role.JUDGE}
    assert (caller.weight, caller.max_items, caller.items_per_second) == (2.5, 100, 50.0)


def test_an_expired_token_is_unknown_from_that_second_on(write):
    token = new_token()
    text = f'[tokens.a]\nsha256 = "{digest_of(token)}"\nroles = ["score"]\n'
    book = read_book(write(text + "expires = 2027-01-01T00:00:00+01:00\n"))
    moment = 1_798_758_000.0  # 2026-12-31T23:00:00Z
    assert book.by_token(token, moment - 1).name == "a"
    with pytest.raises(UnknownCallerError, match="expired"):
        book.by_token(token, moment)


def test_a_certificate_is_known_by_its_common_name(write):
    book = read_book(write('[certificates."node 1.example"]\nroles = ["admin"]\n'))
    assert book.by_certificate(["node 1.example"], _NOW).roles == {Role.ADMIN}
    for names in ([], ["node 2.example"], ["node 1.example\n"]):
        with pytest.raises(ForbiddenError):
            book.by_certificate(names, _NOW)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tokens.a]\n", "required"),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\n', "roles"),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = []\n', "roles"),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = ["root"]\n', "score, judge, admin"),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = ["SCORE"]\n', "score, judge, admin"),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = "score"\n', "roles"),
        ('[tokens.a]\nsha256 = "vt_plain"\nroles = ["score"]\n', "token new"),
        (f'[tokens.a]\nsha256 = "{_GOOD.upper()}"\nroles = ["score"]\n', "token new"),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = ["score"]\nrole = 1\n', "known here"),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = ["score"]\nweight = 0\n', "weight"),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = ["score"]\nweight = inf\n', "weight"),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = ["score"]\nmax_items = -1\n', "max_items"),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = ["score"]\nmax_items = 1.5\n', "max_items"),
        (
            f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = ["score"]\nitems_per_second = nan\n',
            "items_per_second",
        ),
        (
            f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = ["score"]\nexpires = 2027-01-01T00:00:00\n',
            "expires",  # without a zone, it would be another moment on another machine
        ),
        (f'[tokens.a]\nsha256 = "{_GOOD}"\nroles = ["score"]\nexpires = "soon"\n', "expires"),
        (f'[tokens."a\\nb"]\nsha256 = "{_GOOD}"\nroles = ["score"]\n', "printable"),
        (f'[tokens."{"n" * 65}"]\nsha256 = "{_GOOD}"\nroles = ["score"]\n', "64"),
        ('[certificates.a]\nroles = ["score"]\nsha256 = "x"\n', "sha256"),
        ('[token.a]\nroles = ["score"]\n', "known: tokens, certificates"),
        ("tokens = 1\n", "must hold tables"),
        ("[tokens]\na = 1\n", "tokens.a"),
        ("[tokens", "TOML"),
        (f"a = {'[' * 5000}", "TOML"),
    ],
)
def test_a_table_that_means_nothing_is_refused_with_place_and_cure(write, text, said):
    path = write(text)
    with pytest.raises(ConfigError, match=re.escape(said)) as caught:
        read_book(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_two_names_for_one_token_are_refused(write):
    table = f'sha256 = "{_GOOD}"\nroles = ["score"]\n'
    with pytest.raises(ConfigError, match="same token as 'a'"):
        read_book(write(f"[tokens.a]\n{table}[tokens.b]\n{table}"))


def test_a_file_that_anybody_may_write_is_refused(write):
    with pytest.raises(ConfigError, match="chmod o-w"):
        read_book(write("", 0o602))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.toml: No such file"):
        read_book(str(tmp_path / "nowhere.toml"))


def test_an_empty_file_knows_nobody(write):
    with pytest.raises(UnknownCallerError):
        read_book(write("")).by_token(new_token(), _NOW)


def test_tokens_are_long_and_never_the_same():
    drawn = {new_token() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(len(token) >= 43 and token.startswith("vt_") for token in drawn)


@given(st.text(max_size=600))
def test_no_text_is_taken_for_a_token_or_breaks_the_lookup(text):
    book = TokenBook({}, {})
    with pytest.raises(UnknownCallerError) as caught:
        book.by_token(text, _NOW)
    assert not text or len(text) < 8 or text not in str(caught.value)


@given(st.text(max_size=200))
def test_a_clean_name_is_short_and_on_one_line(text):
    name = clean_name(text)
    assert len(name) <= MAX_NAME_CHARACTERS
    assert name.isprintable()


@pytest.mark.parametrize(
    ("peer", "host"),
    [
        ("ipv4:10.0.0.7:51234", "10.0.0.7"),
        ("ipv6:%5B::1%5D:51234", "::1"),
        ("ipv6:[fe80::1%25eth0]:1", "fe80::1%eth0"),
        ("unix:/run/verifier.sock", "unix"),
        ("unix:", "unix"),
        ("", "unknown"),
        ("ipv4:", "unknown"),
        ("vsock:3:1", "3:1"),
    ],
)
def test_a_peer_is_named_by_its_host_whatever_its_port(peer, host):
    assert host_of(peer) == host
