"""``config show``: the same configuration again, and where each value comes from."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.config import load_config
from verifier.config.document import read_document
from verifier.config.overrides import setting
from verifier.config.showing import shown, toml

FILE = """\
[server]
listen = "0.0.0.0:50051"
lame_duck_seconds = 2

[code]
warm = ["numpy", "a\\u0001\\u007fé"]
tools = { "g++" = "/usr/bin/true", gcc = "/usr/bin/true" }

[prm.models."a.b"]
path = "m"
separator = "\\n\\n"
devices = ["cuda:0", "cuda:1"]

[judge.backends.first]
kind = "local"
path = "m"

[judge.backends."b c".extra]
top_p = 1e-9
stop = ["\\"", "'"]
deep = { a = [1, { b = true }], "" = {} }

[recipes.mine]
parameters = { least = -0.5, sure = false }
clip_min = "$least"
clip_max = 1.5
[[recipes.mine.terms]]
name = "a"
base = {}
[[recipes.mine.terms]]
name = "b"
gate = "$sure"
format = { rules = [{ boxed = {} }] }

[judge.backends."b-c"]
kind = "openai"
base_url = "http://127.0.0.1:1/v1"
model = "m"

[forward."plugin:slow"]
target = "dns:///slow:1"
"""
FILE = FILE.replace('"b c".extra', '"b-c".extra')


def document_of(tmp_path, text, flags=(), environ=None):
    path = tmp_path / "service.toml"
    path.write_text(text)
    found = read_document(str(path), [setting(flag) for flag in flags], environ or {})
    assert found.problems == ()
    return found


@pytest.mark.parametrize("text", ["", FILE], ids=["defaults", "everything"])
def test_what_is_shown_is_a_file_that_says_the_same(tmp_path, text):
    document = document_of(tmp_path, text)
    again = tmp_path / "again.toml"
    again.write_text("\n".join(shown(document.config, document.sources)))
    assert load_config(str(again), environ={}) == document.config


def test_each_value_says_where_it_comes_from(tmp_path):
    environ = {"VERIFIER__MATH__WORKERS": "3", "VERIFIER__JUDGE__BACKENDS__FIRST__MAX_BATCH": "4"}
    document = document_of(tmp_path, FILE, ["code.slots=5", "server.listen=[::]:1"], environ)
    table, origins = "", {}
    for line in shown(document.config, document.sources):
        if line.startswith("["):
            table = line.strip("[]")
        elif " # " in line:
            value, _, origin = line.rpartition(" # ")
            key, _, value = value.partition(" = ")
            origins[f"{table}.{key}"] = value.strip(), origin
    path = tmp_path / "service.toml"
    assert origins["server.listen"] == ('"[::]:1"', "--set")
    assert origins["server.lame_duck_seconds"] == ("2.0", f"{path}:3")
    assert origins["server.drain_seconds"] == ("30.0", "default")
    assert origins["math.workers"] == ("3", "VERIFIER__MATH__WORKERS")
    assert origins["code.slots"] == ("5", "--set")
    assert origins["judge.backends.first.max_batch"] == (
        "4",
        "VERIFIER__JUDGE__BACKENDS__FIRST__MAX_BATCH",
    )
    assert origins["judge.backends.first.kind"] == ('"local"', f"{path}:15")
    assert origins["judge.backends.b-c.extra"][1] == f"{path}:18"
    assert origins["recipes.mine.terms"][1] == f"{path}:27"


VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.dates()
    | st.times()
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(value=VALUES)
def test_every_value_of_toml_is_spelled_so_that_it_is_read_again(value):
    assert tomllib.loads(f"x = {toml(value)}") == {"x": value}
