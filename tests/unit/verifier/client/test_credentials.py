"""What a client shows, where it would show it, and what of that may be seen."""

from __future__ import annotations

import pickle

import pytest

from verifier.client import AsyncClient, Client, Tls
from verifier.client.credentials import metadata_of, stays_here

_SHOWN = "vt_some-token_0123456789"


def _renewed():
    return f"{_SHOWN}\n"


@pytest.mark.parametrize(
    ("target", "here"),
    [
        ("localhost:50051", True),
        ("LOCALHOST:1", True),
        ("127.0.0.1:50051", True),
        ("127.8.8.8:1", True),
        ("[::1]:50051", True),
        ("dns:///localhost:50051", True),
        ("dns://10.0.0.1/localhost:50051", True),  # the name server is another matter
        ("dns:localhost:50051", True),
        ("ipv4:127.0.0.1:1,127.0.0.2:2", True),
        ("ipv6:[::1]:1", True),
        ("ipv6:%5B::1%5D:1", True),
        ("unix:/run/verifier.sock", True),
        ("unix-abstract:verifier", True),
        ("ipv4:127.0.0.1:1,10.0.0.2:2", False),  # one of them is enough
        ("verifier:50051", False),
        ("verifier", False),
        ("dns:///verifier:50051", False),
        ("dns://127.0.0.1/verifier:50051", False),
        ("localhost.example.org:50051", False),
        ("127.0.0.1.example.org:50051", False),
        ("[2001:db8::1]:50051", False),
        ("0.0.0.0:50051", False),
        ("xds:///localhost", False),
        ("", False),
    ],
)
def test_whether_calls_stay_on_this_machine(target, here):
    assert stays_here(target) is here


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_token_does_not_leave_this_machine_unencrypted_unless_that_is_said(kind):
    with pytest.raises(ValueError, match="unencrypted") as caught:
        kind("verifier:50051", token=_SHOWN)
    assert _SHOWN not in str(caught.value)
    for tls in (False, True, Tls()):
        kind("verifier:50051", token=_SHOWN, tls=tls)
    kind("localhost:50051", token=_SHOWN)
    kind("verifier:50051")


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_pickled_client_carries_its_token_and_a_printed_one_does_not(kind):
    client = kind("localhost:1", token=_SHOWN, tls=Tls("ca.pem", "me.crt", "me.key"))
    other = pickle.loads(pickle.dumps(client))  # noqa: S301 - our own
    assert (other.token, other.tls) == (client.token, client.tls)
    assert _SHOWN not in f"{client!r} {client}"


def test_a_function_gives_the_token_of_each_call_and_travels_by_its_name():
    client = pickle.loads(pickle.dumps(Client("localhost:1", token=_renewed)))  # noqa: S301
    assert client._call()["metadata"] == (("authorization", f"Bearer {_SHOWN}"),)


@pytest.mark.parametrize("token", ["", " \n", "two\nlines", "tab\tin", "schlüssel", "\x00"])
def test_what_no_header_may_hold_is_refused_and_not_quoted(token):
    with pytest.raises(ValueError, match="printable ASCII") as caught:
        metadata_of(token)
    assert not token.strip() or token not in str(caught.value)


def test_a_certificate_comes_with_its_key():
    for half in (Tls, lambda **kw: Tls("ca.pem", **kw)):
        with pytest.raises(ValueError, match="together"):
            half(certificate="me.crt")
        with pytest.raises(ValueError, match="together"):
            half(key="me.key")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(OSError, match="nowhere"):
        Tls("nowhere.pem").credentials()
