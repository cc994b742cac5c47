"""``[access]`` and ``[tls]``: what does not fit together is refused at the start."""

from __future__ import annotations

import pytest
import trustme

from verifier.config import Config, problems
from verifier.config.access import AccessConfig, TlsConfig
from verifier.errors import ConfigError
from verifier.server.doors import Doors


@pytest.mark.parametrize(
    ("keys", "missing"),
    [
        ({}, []),
        ({"certificate": "c", "key": "k"}, []),
        ({"certificate": "c", "key": "k", "client_authorities": "a", "side_port": True}, []),
        ({"certificate": "c"}, ["tls.key"]),
        ({"key": "k"}, ["tls.certificate"]),
        ({"client_authorities": "a"}, ["tls.certificate"]),
        ({"side_port": True}, ["tls.certificate"]),
    ],
)
def test_keys_that_need_each_other_are_named(keys, missing):
    found = [str(one).partition(":")[0] for one in problems(Config(tls=TlsConfig(**keys)))]
    assert found == missing


@pytest.fixture
def files(tmp_path):
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost")
    other = authority.issue_cert("localhost")
    paths = {}
    for name, blob in (
        ("certificate", leaf.cert_chain_pems[0]),
        ("key", leaf.private_key_pem),
        ("other_key", other.private_key_pem),
        ("client_authorities", authority.cert_pem),
    ):
        paths[name] = str(tmp_path / f"{name}.pem")
        blob.write_to_path(paths[name])
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    return {**paths, "empty": str(empty), "nowhere": str(tmp_path / "nowhere.pem")}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"certificate": "nowhere"}, "nowhere.pem"),
        ({"certificate": "empty"}, "cannot be used together"),
        ({"key": "other_key"}, "cannot be used together"),
        ({"key": "nowhere"}, "nowhere.pem: No such file"),
        ({"client_authorities": "nowhere"}, "nowhere.pem"),
        ({"client_authorities": "empty"}, "tls.client_authorities"),
        ({"client_authorities": "key"}, "tls.client_authorities"),
    ],
)
def test_files_that_cannot_be_used_end_the_start(files, keys, said):
    chosen = {"certificate": "certificate", "key": "key", **keys}
    tls = TlsConfig(**{key: files[name] for key, name in chosen.items()})
    with pytest.raises(ConfigError, match=said):
        Doors(Config(tls=tls))


def test_a_token_file_that_cannot_be_read_ends_the_start(files):
    with pytest.raises(ConfigError, match="nowhere"):
        Doors(Config(access=AccessConfig(tokens=files["nowhere"])))


def test_reflection_is_off_where_callers_have_to_show_who_they_are(files, tmp_path):
    tokens = tmp_path / "tokens.toml"
    tokens.write_text("")
    pair = {"certificate": files["certificate"], "key": files["key"]}
    closed = (
        Config(access=AccessConfig(tokens=str(tokens))),
        Config(tls=TlsConfig(**pair, client_authorities=files["client_authorities"])),
    )
    for config in closed:
        assert not Doors(config).reflection(wanted=True)
    for config in (Config(), Config(tls=TlsConfig(**pair))):
        assert Doors(config).reflection(wanted=True)
        assert not Doors(config).reflection(wanted=False)
