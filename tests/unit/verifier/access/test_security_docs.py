"""What docs/security.md says is so: its TOML loads, its keys are all there are, its names exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from verifier.access import read_book
from verifier.access.tokens import TokenRights
from verifier.caller import Role
from verifier.config import Config, load_config
from verifier.config.access import AccessConfig, TlsConfig
from verifier.server.parts import MAX_PARTS

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)


def _rows(heading):
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", section, re.MULTILINE)


def _block(name):
    return next(text for found, text in BLOCKS if found == name)


def test_the_configuration_loads(tmp_path):
    path = tmp_path / "service.toml"
    path.write_text(_block("service.toml"))
    config = load_config(str(path))
    assert config.access.tokens
    assert config.tls.side_port


def test_the_token_file_loads(tmp_path):
    path = tmp_path / "tokens.toml"
    path.write_text(_block("tokens.toml"))
    path.chmod(0o600)
    names = [grant.caller.name for grant in read_book(str(path)).grants]
    assert names == [*tomllib.loads(path.read_text())["tokens"], "eval.example"]


def test_every_key_is_told_with_its_default():
    told = {key: value.strip() for key, value in _rows("The keys")}
    keys = {
        f"{table}.{key}": value
        for table, kind in (("access", AccessConfig), ("tls", TlsConfig))
        for key, value in msgspec.structs.asdict(kind()).items()
    }
    spelled = {str: lambda text: f'`"{text}"`', bool: lambda flag: f"`{str(flag).lower()}`"}
    wanted = {
        key: spelled.get(type(value), lambda one: f"`{one}`")(value) for key, value in keys.items()
    }
    assert told == wanted


def test_every_right_of_a_token_is_told():
    assert {key for key, _ in _rows("The token file")} == set(TokenRights.__struct_fields__)


def test_every_role_is_told():
    assert {key for key, _ in _rows("Roles")} == {role.value.lower() for role in Role}


@pytest.mark.parametrize("number", [MAX_PARTS, Config().server.max_batch_items])
def test_bounds_are_those_of_the_program(number):
    assert f"{number:,}" in PAGE
