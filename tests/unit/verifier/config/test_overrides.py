"""Environment variables and ``--set``: which key they mean, and what their text is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.config import Config, load_config
from verifier.config.overrides import Override, applied, parsed, setting, variable_of, variables
from verifier.config.problem import spelled
from verifier.config.schema import NAME, keys
from verifier.config.showing import toml
from verifier.errors import ConfigError

FILE = {
    "judge": {"backends": {"Big-1.5": {}, "other": {}}},
    "prm": {"models": {"Math": {}, "MATH": {}}},
}

MEANT = [
    ("SERVER__LISTEN", ("server", "listen"), "a key"),
    ("server__Listen", ("server", "listen"), "letters of any case, as some shells keep them"),
    ("CODE__TOOLS", ("code", "tools"), "a whole table, as TOML spells one in one line"),
    ("CODE__TOOLS__PYTHON3", ("code", "tools", "python3"), "a name of one's own"),
    ("JUDGE__BACKENDS__BIG-1.5__MODEL", ("judge", "backends", "Big-1.5", "model"), "of the file"),
    ("JUDGE__BACKENDS__NEW__KIND", ("judge", "backends", "new", "kind"), "a name that is new"),
    ("JUDGE__BACKENDS__OTHER__EXTRA__TOP_P", ("judge", "backends", "other", "extra", "top_p"), ""),
    ("PRM__MODELS__MATH__PATH", ("prm", "models", "MATH", "path"), "spelled exactly, if it is"),
    ("PRM__MODELS__math__PATH", ("prm", "models", "Math", "path"), "else the first that fits"),
    ("FORWARD__PLUGIN:SLOW__TARGET", ("forward", "plugin:slow", "target"), "containers allow it"),
]


@pytest.mark.parametrize(("name", "path", "why"), MEANT, ids=[name for name, _, _ in MEANT])
def test_a_variable_means_a_key(name, path, why):
    found, problems = variables({f"VERIFIER__{name}": "x", "VERIFIER_CONFIG": "y"}, Config, FILE)
    assert found == [Override(f"VERIFIER__{name}", path, "x")], why
    assert problems == []


NOT_MEANT = [
    ("SERVER__LISTN", "; did you mean VERIFIER__SERVER__LISTEN, which is server.listen?"),
    ("LISTEN", "; did you mean VERIFIER__SERVER__LISTEN, which is server.listen?"),
    ("SERVER__LISTEN__PORT", "; did you mean VERIFIER__SERVER__LISTEN, which is server.listen?"),
    ("SERVERS__LISTEN", "; did you mean VERIFIER__SERVER, which is server?"),
    (
        "JUDGE__BACKENDS__BIG-1.5__MODLE",
        "; did you mean VERIFIER__JUDGE__BACKENDS__BIG-1.5__MODEL, which is judge.backends.",
    ),
    ("", "; known there: server, access, tls, "),
    ("MATH__", "; did you mean VERIFIER__MATH__WORKERS, which is math.workers?"),
    ("PRM__MODELS____PATH", ""),
]


@pytest.mark.parametrize(("name", "hint"), NOT_MEANT, ids=[name for name, _ in NOT_MEANT])
def test_a_variable_that_means_no_key_is_told_with_the_nearest(name, hint):
    found, (problem,) = variables({f"VERIFIER__{name}": "t0psecret"}, Config, FILE)
    assert found == []
    assert problem.startswith(f"VERIFIER__{name}: is no key of the configuration{hint}")
    assert "t0psecret" not in problem


def test_variables_of_others_are_left_alone():
    """Kubernetes makes some for each service, and one may be called ``verifier``."""
    environ = {"VERIFIER_SERVICE_HOST": "h", "VERIFIER_PORT": "tcp://h:1", "XVERIFIER__A": "b"}
    assert variables(environ, Config, {}) == ([], [])


def test_the_table_is_set_before_the_keys_in_it():
    environ = {
        "VERIFIER__CODE__TOOLS__C": "/c",
        "VERIFIER__CODE__TOOLS": '{ b = "/b", c = "/old" }',
        "VERIFIER__CODE": "{ slots = 3 }",
    }
    values = {"code": {"slots": 1, "warm": ["a"]}}
    found, _ = variables(environ, Config, values)
    assert list(applied(found, Config, values)) == []
    assert values == {"code": {"slots": 3, "tools": {"b": "/b", "c": "/c"}}}


VALUES = [
    (str, "a", "a", "text needs no quotes"),
    (str, "", "", "nor letters"),
    (str, "5", "5", "and is never a number"),
    (str, "true", "true", ""),
    (str, "0.0.0.0:50051", "0.0.0.0:50051", ""),
    (str, '"a b"', "a b", "quotes of TOML are taken off"),
    (str, r'"\n"', "\n", "with what they escape"),
    (str, "'a'", "a", "of either kind"),
    (str, '"a" b', '"a" b', "but only where they are quotes of TOML"),
    (str | None, "a", "a", "what may be left out is text, too"),
    (int, "5", 5, "TOML where a number is wanted"),
    (int, " 5 ", 5, ""),
    (int, "1_000", 1000, ""),
    (int, "5 # five", 5, ""),
    (int, "five", "five", "else the text, for the message"),
    (int, "5\nb = 6", "5\nb = 6", "never more than one value"),
    (float, "2.5", 2.5, ""),
    (float, "1e3", 1000.0, ""),
    (float | None, "0", 0, ""),
    (bool, "true", True, ""),
    (bool, "yes", "yes", ""),
    (tuple[str, ...], '["a", "b"]', ["a", "b"], ""),
    (tuple[str, ...] | None, "[]", [], ""),
    (dict[str, str], '{ a = "b" }', {"a": "b"}, ""),
    (float | str | None, "1.5", 1.5, "a number where both may stand"),
    (float | str | None, "$least", "$least", ""),
    (float | str | None, "2020-01-01", "2020-01-01", "and no date"),
    (int, "[" * 5000, "[" * 5000, "what is too deep for TOML is text"),
]


@pytest.mark.parametrize(("annotation", "text", "value", "why"), VALUES)
def test_the_type_of_the_key_decides_what_a_text_is(annotation, text, value, why):
    assert parsed(text, annotation) == value, why
    assert type(parsed(text, annotation)) is type(value)


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("math.workers=4", ("math", "workers"), "4"),
        (" math.workers = 4 ", ("math", "workers"), "4"),
        ("server.listen=", ("server", "listen"), ""),
        ("a.b=c=d", ("a", "b"), "c=d"),
        ("a=1\nb=2", ("a",), "1\nb=2"),
        ('judge.backends."a.b=c".model=x', ("judge", "backends", "a.b=c", "model"), "x"),
        ("judge.backends.'x y'.model=x", ("judge", "backends", "x y", "model"), "x"),
    ],
)
def test_a_flag_has_a_key_of_toml_and_a_value(text, path, value):
    assert setting(text) == Override("--set", path, value)


@pytest.mark.parametrize(
    "text", ["", "=", "=5", "listen", "a b=5", "a.=5", "[a]=5", 'a."b=5', "a\nb=5"]
)
def test_what_is_no_key_and_value_is_refused_with_an_example(text):
    with pytest.raises(ConfigError, match=r"^--set .*: must be KEY=VALUE, such as server\.listen="):
        setting(text)


KEYS = [key for key in keys(Config) if NAME not in key.path]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: spelled(key.path))
def test_every_key_can_be_set_by_a_variable_and_by_a_flag(key):
    default = key.default
    given = ["/"] if default is None else default
    text = given if isinstance(given, str) else toml(given)
    of_variable = load_config(None, environ={variable_of(key.path): text})
    of_flag = load_config(None, [setting(f"{spelled(key.path)}={text}")], {})
    assert of_variable == of_flag
    assert default is None or of_flag == Config()


@given(text=st.text(st.characters(exclude_characters="\0\r")))
def test_a_text_in_quotes_of_toml_arrives_as_it_is(text):
    assert parsed(toml(text), str) == text


@given(text=st.text())
def test_a_text_without_quotes_arrives_as_it_is(text):
    assert text[:1] in ('"', "'") or parsed(text, str) is text
