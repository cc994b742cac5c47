"""A configuration with mistakes: each is told with its line, all of them at once."""

import pytest

from verifier.config import Config, load_config
from verifier.config.document import read_document
from verifier.config.overrides import Override, setting
from verifier.errors import ConfigError


def problems(tmp_path, text, *overrides, environ=None):
    """What is said about a file, without the file's name."""
    path = tmp_path / "service.toml"
    path.write_text(text)
    document = read_document(str(path), overrides, environ or {})
    return [problem.removeprefix(f"{path}:") for problem in document.problems]


BACKEND = '[judge.backends.m]\nkind = "openai"\nbase_url = "http://h:1/v1"\nmodel = "m"\n'

MISTAKES = [
    ("[server]\n\nlisten = 5", "3: server.listen: must be text, is the number 5; put it in quotes"),
    ("[server]\nlisten = 2020-01-01", "2: server.listen: must be text, is a date or a time; put"),
    ("[server]\nlisten = []", "2: server.listen: must be text, is a list"),
    (
        "[math]\nworkers = '4'",
        "2: math.workers: must be a whole number, is text; leave the quotes out",
    ),
    ("[math]\nworkers = 'x'", "2: math.workers: must be a whole number, is text"),
    ("[math]\nworkers = 1.5", "2: math.workers: must be a whole number, is the number 1.5"),
    ("[math]\nworkers = true", "2: math.workers: must be a whole number, is true"),
    ("[math]\nworkers = nan", "2: math.workers: must be a whole number, is nan"),
    (
        "[server]\nreflection = 'True'",
        "2: server.reflection: must be true or false, is text; write true without quotes",
    ),
    (
        "[code]\nwarm = 'numpy'",
        '2: code.warm: must be a list of texts, is text; write ["one", "two"]',
    ),
    ("[code]\nwarm = [\n'a',\n1]", "4: code.warm[1]: must be text, is the number 1; put it in"),
    ("[code.tools]\n'c++' = 1", '2: code.tools."c++": must be text, is the number 1; put it'),
    ("server = 5", "1: server: must be a table, is the number 5"),
    ("a = 1\n[server]", "1: a: is no key; known here: server, access, tls, "),
    ("lissten = 1", "1: lissten: is no key here; did you mean server.listen; known here: server,"),
    ("[sever]\nlisten = 5", "1: sever: is no key here; did you mean server; known here: server,"),
    ("[server]\nLISTEN = '1'", "2: server.LISTEN: is no key here; did you mean listen; known"),
    (
        "[server]\nmax_queued_items = 5",
        "2: server.max_queued_items: is no key here; did you mean engine.max_queued_items; known",
    ),
    ("[math]\n# why\nworkers = -1", "3: math.workers: must be at least 0, is -1"),
    ("[server]\nlisten = ':x'", "2: server.listen: must be HOST:PORT, is ':x'"),
    ("[code]\ninterpreter = 'py'", "2: code.interpreter: must be an absolute path, is 'py'"),
    ("[code]\npackages = [\n '/',\n '/no-such']", "4: code.packages[1]: /no-such does not exist"),
    ("[forward.math]", "1: forward.math.target: is missing: address of that deployment, any gRPC"),
    ("[forward.math]\ntarget = ''", "2: forward.math.target: must be an address, such as"),
    ("forward = { math = { target = 'a', batch_items = 0 } }", "1: forward.math.batch_items: must"),
    ('[prm.models."a b"]\npath = "m"', '1: prm.models."a b": a name has letters'),
    ("[prm.models]\nm = { path = 'm', dtype = 'int8' }", "2: prm.models.m.dtype: must be one of "),
    ("[recipes.r]\nterms = [\n{},\n1]", "4: recipes.r.terms[1]: must be a table, is the number 1"),
    ("[recipes.r]", "1: recipes.r.terms: must hold at least one term"),
    (
        "[judge.backends.m]",
        "1: judge.backends.m.kind: must be one of openai, local, and is",
    ),
    (BACKEND + "path = '1'", "5: judge.backends.m.path: is a key of kind local, not of openai"),
    (BACKEND + "attempts = 0", "5: judge.backends.m.attempts: must be at least 1, is 0"),
    (BACKEND + "price_prompt = 1", "1: judge.backends.m: give price_prompt and price_completion"),
    (
        BACKEND + "[judge.backends.m.extra]\n\nmodel = 1",
        "5: judge.backends.m.extra: model: not here, the judge sets that",
    ),
    (BACKEND + "api_key_env = 'GONE'", "5: judge.backends.m.api_key_env: the environment variable"),
]


@pytest.mark.parametrize(("text", "words"), MISTAKES, ids=[words[:50] for _, words in MISTAKES])
def test_a_mistake_is_told_alone_with_line_key_and_cure(tmp_path, text, words):
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(words)


def test_all_mistakes_are_told_in_the_order_of_the_file(tmp_path):
    text = """
[server]
max_batch_items = 0
listen = 5
[prm.models.a]
familly = "x"
[judge.backends.m]
kind = "openai"
model = "m"
price_prompt = "much"
price_completion = 1
[recipes.r]
terms = [1]
combine = 2
"""
    told = [problem.split(": ")[:2] for problem in problems(tmp_path, text)]
    assert told == [
        ["3", "server.max_batch_items"],
        ["4", "server.listen"],
        ["5", "prm.models.a.path"],
        ["6", "prm.models.a.familly"],
        ["7", "judge.backends.m.base_url"],
        ["10", "judge.backends.m.price_prompt"],
        ["13", "recipes.r.terms[0]"],
        ["14", "recipes.r.combine"],
    ]


def test_a_value_that_cannot_be_used_makes_no_further_problems(tmp_path):
    """Without its price, or its terms, the table would be wrong in another way, too."""
    (price,) = problems(tmp_path, BACKEND + "price_prompt = 'x'\nprice_completion = 1")
    assert "price_prompt: must be a number" in price
    (terms,) = problems(tmp_path, "[recipes.r]\nterms = 1")
    assert "recipes.r.terms: must be a list of tables" in terms


def test_many_problems_are_one_error_with_a_line_each(tmp_path):
    path = tmp_path / "service.toml"
    path.write_text("[server]\nlisten = 5\nmax_batch_items = 0\n")
    with pytest.raises(ConfigError) as refused:
        load_config(str(path), environ={})
    head, *lines = str(refused.value).splitlines()
    assert head == "2 problems in the configuration"
    assert [line.split(": ")[0] for line in lines] == [f"{path}:2", f"{path}:3"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"not toml", ":1: is not TOML: "),
        (b"[server]\nlisten = 1\nlisten = 2\n", ":3: is not TOML: "),
        (b"a = 1\n\nb = [\n", ":3: is not TOML: "),
        (b"a = 1\nb = 'x\n", ":2: is not TOML: "),
        (b"a = \xff", ": is not TOML: "),
        (b"a = " + b"[" * 5000, ": is not TOML that can be read: too deep"),
    ],
    ids=["words", "twice", "open list", "open text", "bytes", "deep"],
)
def test_what_is_no_toml_is_told_with_the_line_where_reading_stopped(tmp_path, text, words):
    path = tmp_path / "service.toml"
    path.write_bytes(text)
    with pytest.raises(ConfigError) as refused:
        load_config(str(path), environ={})
    assert str(refused.value).startswith(f"{path}{words}")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(ConfigError, match=r"^absent\.toml: No such file"):
        load_config("absent.toml", environ={})


def test_a_mark_of_byte_order_and_windows_line_ends_are_read(tmp_path):
    path = tmp_path / "service.toml"
    path.write_bytes(b"\xef\xbb\xbf[math]\r\nworkers = 3\r\n")
    assert load_config(str(path), environ={}).math.workers == 3


def test_without_file_environment_and_flags_there_are_the_defaults():
    assert load_config(None, environ={}) == Config()


# ------------------------------------------------------------------------ what wins over the file


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path):
    path = tmp_path / "service.toml"
    path.write_text("[math]\nworkers = 1\nmax_calls = 1\nmemory_bytes = 1\n[format]\nworkers = 9\n")
    environ = {"VERIFIER__MATH__WORKERS": "2", "VERIFIER__MATH__MAX_CALLS": "2"}
    flags = [setting("math.workers=4"), setting("math.workers = 3")]
    config = load_config(str(path), flags, environ)
    assert (config.math.workers, config.math.max_calls, config.math.memory_bytes) == (3, 2, 1)
    assert (config.format.workers, config.format.max_calls) == (9, Config().format.max_calls)


@pytest.mark.parametrize(
    ("environ", "flags", "words"),
    [
        (
            {"VERIFIER__SERVER__LISTEN": "x"},
            [],
            "VERIFIER__SERVER__LISTEN: server.listen: must be HOST:PORT, is 'x'",
        ),
        (
            {"VERIFIER__MATH__WORKERS": "many"},
            [],
            "VERIFIER__MATH__WORKERS: math.workers: must be a whole number, is text",
        ),
        (
            {"VERIFIER__MATH__WORKERS": ""},
            [],
            "VERIFIER__MATH__WORKERS: math.workers: must be a whole number, is text without",
        ),
        ({}, ["math.workers=-1"], "--set: math.workers: must be at least 0, is -1"),
        ({}, ["math.worker=1"], "--set: math.worker: is no key here; did you mean workers;"),
        ({}, ["server.listen.port=1"], "--set: server.listen: must be text, is a table"),
        ({}, ["judge.backends.m.model=x"], "--set: judge.backends.m.kind: must be one of openai,"),
        (
            {"VERIFIER__JUDGE__BACKENDS__M__KIND": "local"},
            [],
            "VERIFIER__JUDGE__BACKENDS__M__KIND: judge.backends.m.path: is missing: the folder",
        ),
    ],
)
def test_a_mistake_that_did_not_come_from_the_file_names_where_it_came_from(environ, flags, words):
    with pytest.raises(ConfigError) as refused:
        load_config(None, [setting(flag) for flag in flags], environ)
    assert str(refused.value).startswith(words)


def test_a_key_of_the_file_that_a_flag_makes_right_is_no_problem(tmp_path):
    assert problems(tmp_path, "[server]\nlisten = 5", setting("server.listen=h:1")) == []


def test_a_flag_of_its_own_is_named(tmp_path):
    flag = Override("--listen", ("server", "listen"), "x")
    assert problems(tmp_path, "", flag) == ["--listen: server.listen: must be HOST:PORT, is 'x'"]


def test_an_override_does_not_hide_that_its_table_is_none(tmp_path):
    (problem,) = problems(tmp_path, "server = 5", setting("server.listen=h:1"))
    assert "server: must be a table, is the number 5" in problem


def test_no_problem_quotes_a_text_that_may_be_a_secret(tmp_path):
    secret = "t0psecret"  # noqa: S105 - of nobody
    text = f"[judge.backends.m]\nkind = 'local'\napi_key = '{secret}'\nmax_batch = '{secret}'\n"
    text += f"[access]\ntoken = '{secret}'\nreload_seconds = '{secret}'\n[judge]\n"
    text += f"redis_url_env = 'redis://:{secret}@h'\n"
    environ = {
        "VERIFIER__JUDGE__BACKENDS__N__API_KEY": secret,
        "VERIFIER__ACCESS__PROTECT_METRICS": secret,
        "VERIFIER__ACCESS__TOKEN": secret,
    }
    told = problems(tmp_path, text, setting(f"math.workers={secret}"), environ=environ)
    assert len(told) >= 9
    assert not [problem for problem in told if secret in problem]
