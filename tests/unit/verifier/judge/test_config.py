"""``[judge]`` and ``[judge.backends.NAME]``: what the keys switch, and what they must be."""

import subprocess
import sys
import tempfile

import pytest

from verifier.config import load_config
from verifier.config.judge import JudgeConfig
from verifier.config.judge_backends import LocalBackendConfig, OpenAiBackendConfig
from verifier.errors import ConfigError
from verifier.judge.backends.local import LocalBackend, LocalSettings
from verifier.judge.backends.openai import OpenAiBackend, OpenAiSettings
from verifier.judge.cache import MemoryCache, TieredCache
from verifier.judge.pricing import Prices
from verifier.judge.settings import JudgeSettings

SECRET = "sk-t0psecret"  # noqa: S105 - of nobody
ENVIRON = {
    "JUDGE_KEY": f"{SECRET}\n",
    "EMPTY": " \n",
    "ACCENT": "sk-é",
    "REDIS": "redis://:t0psecret@127.0.0.1:1/0",
    "NO_REDIS": "t0psecret",
}
WHOLE = """
[judge]
max_calls = 5
attempts_per_vote = 2
temperature = 1
cache_entries = 7
cache_sampled = true
redis_url_env = "REDIS"
redis_ttl_seconds = 60
work_limit_seconds = 90

[judge.backends."big-1.5"]
kind = "openai"
base_url = "https://models.example/v1"
model = "org/big"
api_key_env = "JUDGE_KEY"
concurrency = 3
requests_per_second = 2.5
timeout_seconds = 4
attempts = 1
structured = true
logprobs = true
stream = true
price_prompt = 0.15
price_completion = 0

[judge.backends."big-1.5".extra]
top_p = 0.9
chat_template_kwargs = { enable_thinking = false }

[judge.backends.small]
kind = "local"
path = "models/small"
device = "cuda:1"
dtype = "bfloat16"
max_batch = 2
max_context = 900
max_queued = 33

[judge.backends.plain]
kind = "openai"
base_url = "http://127.0.0.1:8000/v1"
model = "m"

[judge.backends.tiny]
kind = "local"
path = "models/tiny"
"""


def read(text, environ=ENVIRON):
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text)
        file.flush()
        return load_config(file.name, environ=environ).judge


# ------------------------------------------------------------------------ what the keys switch


def test_every_key_reaches_the_backends():
    server, small, plain, tiny = read(WHOLE).backends.values()
    assert server.settings(ENVIRON) == OpenAiSettings(
        base_url="https://models.example/v1",
        model="org/big",
        api_key=SECRET,
        concurrency=3,
        requests_per_second=2.5,
        timeout_seconds=4,
        attempts=1,
        structured=True,
        logprobs=True,
        stream=True,
        extra={"top_p": 0.9, "chat_template_kwargs": {"enable_thinking": False}},
    )
    assert small.settings() == LocalSettings("models/small", "cuda:1", "bfloat16", 2, 900, 33)
    # One place for each default: what the documentation shows is what the backend does.
    assert plain.settings({}) == OpenAiSettings("http://127.0.0.1:8000/v1", "m")
    assert tiny.settings() == LocalSettings("models/tiny")


def test_every_key_reaches_the_judge():
    judge = read(WHOLE)
    assert judge.settings() == JudgeSettings("big-1.5", 5, 2, 1.0, True, 90.0)
    assert judge.prices() == {"big-1.5": Prices(0.15, 0.0)}


async def test_the_parts_of_a_judge_are_made_of_it(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    parts = read(WHOLE.replace("[judge]", f"[judge]\ntemplates = '{folder}'")).parts(ENVIRON)
    assert [type(one) for one in parts.backends.values()] == [OpenAiBackend, LocalBackend] * 2
    assert [one.name for one in parts.backends.values()] == list(parts.backends)
    assert parts.prices == {"big-1.5": Prices(0.15, 0.0)}
    assert parts.settings.max_calls == 5
    assert "yes_no" in parts.templates
    assert isinstance(parts.cache, TieredCache)
    await parts.cache.close()


def test_without_a_file_there_is_the_judge_that_comes_with_it():
    judge = read("")
    assert judge.settings() == JudgeSettings() == JudgeSettings("embedded")
    assert judge.prices() == {}
    parts = judge.parts({})
    assert parts.backends == {}
    assert isinstance(parts.cache, MemoryCache)


async def test_the_environment_is_the_process_own_unless_given(monkeypatch):
    judge = read(WHOLE)
    with pytest.raises(ConfigError, match=r'judge\.backends\."big-1\.5"\.api_key_env: the environ'):
        judge.parts()
    monkeypatch.setenv("JUDGE_KEY", SECRET)
    with pytest.raises(ConfigError, match=r"judge\.redis_url_env: the environment variable of"):
        judge.parts()
    monkeypatch.setenv("REDIS", ENVIRON["REDIS"])
    await read(WHOLE, environ=None).parts().cache.close()


def test_no_secret_is_shown():
    judge = read(WHOLE)
    made = [one.settings(ENVIRON) for one in judge.backends.values() if one.price_prompt]
    shown = [judge, made, judge.parts(ENVIRON), judge.settings()]
    assert not any("t0psecret" in repr(one) + str(one) for one in shown)


def test_the_configuration_can_be_read_without_loading_what_it_names():
    script = """
import sys, tomllib, msgspec
from verifier.config.judge import JudgeConfig, judge_problems
list(judge_problems(JudgeConfig()))
JudgeConfig().parts({})
print(*{"torch", "transformers", "aiohttp", "redis"} & sys.modules.keys())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b"\n"


# ------------------------------------------------------------------------ what they must be

SERVER = '[judge.backends.m]\nkind = "openai"\nbase_url = "http://h:1/v1"\nmodel = "m"\n'
LOCAL = '[judge.backends.m]\nkind = "local"\npath = "m"\n'
AT = "judge.backends.m"

MISTAKES = [
    ("[judge]\nmax_call = 1", "judge.max_call: is no key here; did you mean max_calls; known"),
    ("[judge]\nmax_calls = 0", "judge.max_calls: must be at least 1, is 0"),
    ("[judge]\nattempts_per_vote = 0", "judge.attempts_per_vote: must be at least 1"),
    ("[judge]\ntemperature = -0.1", "judge.temperature: must be at least 0, is -0.1"),
    ("[judge]\ntemperature = 2.5", "judge.temperature: must be at most 2, is 2.5"),
    ("[judge]\ntemperature = nan", "judge.temperature: must be at least 0"),
    ("[judge]\ncache_entries = -1", "judge.cache_entries: must be at least 0"),
    ("[judge]\nredis_ttl_seconds = 0", "judge.redis_ttl_seconds: must be at least 1"),
    (
        "[judge]\nredis_ttl_seconds = inf",
        "judge.redis_ttl_seconds: must be at most 31536000, is inf",
    ),
    ("[judge]\nwork_limit_seconds = 0", "judge.work_limit_seconds: must be at least 0.1"),
    ("[judge]\ntemplates = '/nowhere/at/all'", "judge.templates: /nowhere/at/all is no folder"),
    ("[judge]\nredis_url_env = 'GONE'", "judge.redis_url_env: the environment variable of that"),
    ("[judge]\nredis_url_env = 'EMPTY'", "judge.redis_url_env: the environment variable of that"),
    ("[judge]\nredis_url_env = 'redis://:t0psecret@h'", "judge.redis_url_env: must be the name"),
    # tables
    ("[judge.backends]\nm = 1", f"{AT}: must be a table, is the number 1"),
    ("[judge.backends.m]", f"{AT}.kind: must be one of openai, local, and is missing"),
    ("[judge.backends.m]\nkind = 'vllm'", f"{AT}.kind: must be one of openai, local, is 'vllm'"),
    ("[judge.backends.m]\nkind = 1", f"{AT}.kind: must be one of openai, local, is 1"),
    ("[judge.backends.m]\nkind = []", f"{AT}.kind: must be one of openai, local, is []"),
    (SERVER + "path = 'm'", f"{AT}.path: is a key of kind local, not of openai; known here:"),
    (SERVER + "max_batch = 1", f"{AT}.max_batch: is a key of kind local, not of openai"),
    (LOCAL + "base_url = 'm'", f"{AT}.base_url: is a key of kind openai, not of local; known"),
    (LOCAL + "concurrency = 64", f"{AT}.concurrency: is a key of kind openai, not of local"),
    (SERVER + "api_key = 'sk-t0psecret'", f"{AT}.api_key: is no key here; did you mean api_key"),
    (
        "[judge.backends.m]\nkind = 'openai'\nmodel = 'm'",
        f"{AT}.base_url: is missing: the address of an OpenAI-compatible server",
    ),
    ("[judge.backends.m]\nkind = 'openai'\nbase_url = 'm'", f"{AT}.model: is missing: the model's"),
    ("[judge.backends.m]\nkind = 'local'", f"{AT}.path: is missing: the folder of a model"),
    (SERVER + "concurrency = 'many'", f"{AT}.concurrency: must be a whole number, is text"),
    (SERVER + "stream = 1", f"{AT}.stream: must be true or false, is the number 1"),
    (SERVER + "extra = 1", f"{AT}.extra: must be a table, is the number 1"),
    # names
    (SERVER.replace(".m]", '."a b"]'), 'judge.backends."a b": a name has letters'),
    (SERVER.replace(".m]", '."a/b"]'), 'judge.backends."a/b": a name has letters'),
    (SERVER.replace(".m]", '.""]'), 'judge.backends."": a name has letters'),
    (LOCAL.replace(".m]", ".embedded]"), "judge.backends.embedded: the name is taken"),
    # servers
    (SERVER.replace('"m"\n', '""\n'), f"{AT}.model: must name a model"),
    (SERVER.replace("http://h:1/v1", ""), f"{AT}.base_url: '' is no URL of the form http://HOST"),
    (SERVER.replace("http:", "ftp:"), f"{AT}.base_url: 'ftp://h:1/v1' is no URL"),
    (SERVER.replace("h:1", "h:port"), f"{AT}.base_url: 'http://h:port/v1' is no URL"),
    (SERVER.replace("/v1", "/v1?a=b"), f"{AT}.base_url: 'http://h:1/v1?a=b' is no URL"),
    (SERVER.replace("h:1", "u:t0psecret@h:1"), f"{AT}.base_url: must not hold a user"),
    (SERVER.replace("h:1", "u:t0psecret@[::1"), f"{AT}.base_url: must not hold a user"),
    (SERVER + "api_key_env = 'GONE'", f"{AT}.api_key_env: the environment variable of that name"),
    (SERVER + "api_key_env = 'EMPTY'", f"{AT}.api_key_env: the environment variable of that name"),
    (SERVER + "api_key_env = 'sk-t0psecret'", f"{AT}.api_key_env: must be the name of an environm"),
    (SERVER + "api_key_env = 'skt0psecret'", f"{AT}.api_key_env: the environment variable of"),
    (SERVER + "concurrency = 0", f"{AT}.concurrency: must be at least 1"),
    (SERVER + "requests_per_second = -1", f"{AT}.requests_per_second: must be at least 0"),
    (SERVER + "timeout_seconds = nan", f"{AT}.timeout_seconds: must be at least 0.1"),
    (SERVER + "attempts = 0", f"{AT}.attempts: must be at least 1"),
    (SERVER + "[judge.backends.m.extra]\nmodel = 'x'", f"{AT}.extra: model: not here"),
    (SERVER + "[judge.backends.m.extra]\nday = 2020-01-01", f"{AT}.extra: holds what JSON cannot"),
    (SERVER + "[judge.backends.m.extra.deep]\na = [inf]", f"{AT}.extra: holds what JSON cannot"),
    # models in this process
    (LOCAL.replace('"m"\n', '""\n'), f"{AT}.path: must name a folder"),
    (LOCAL + "dtype = 'int8'", f"{AT}.dtype: must be one of float32, bfloat16, float16, or empty"),
    (LOCAL + "max_batch = 0", f"{AT}.max_batch: must be at least 1"),
    (LOCAL + "max_context = -1", f"{AT}.max_context: must be at least 0"),
    (LOCAL + "max_queued = 0", f"{AT}.max_queued: must be at least 1"),
    # prices
    (LOCAL + "price_prompt = 1.0", f"{AT}: give price_prompt and price_completion or neither"),
    (SERVER + "price_completion = 1", f"{AT}: give price_prompt and price_completion or neither"),
    (SERVER + "price_prompt = -1\nprice_completion = 1", f"{AT}.price_prompt: must be at least 0"),
    (SERVER + "price_prompt = 1\nprice_completion = inf", f"{AT}.price_completion: must be at"),
    (SERVER + "price_prompt = 'free'", f"{AT}.price_prompt: must be a number, is text"),
]


@pytest.mark.parametrize(
    ("text", "words"), MISTAKES, ids=lambda value: value.replace("\n", " ")[-40:]
)
def test_a_key_that_means_nothing_is_named_and_no_secret_told(text, words):
    with pytest.raises(ConfigError) as refused:
        read(text)
    assert words in str(refused.value)
    assert "t0psecret" not in str(refused.value)


@pytest.mark.parametrize("text", [SERVER, LOCAL])
def test_the_tables_that_mistakes_are_made_in_are_right_without_them(text):
    assert list(read(text).backends) == ["m"]


def test_every_key_of_a_backend_is_one_that_its_settings_know():
    prices = {"price_prompt", "price_completion"}
    server = set(OpenAiBackendConfig.__struct_fields__) - prices - {"api_key_env"}
    assert server < set(OpenAiSettings.__dataclass_fields__)
    assert set(LocalBackendConfig.__struct_fields__) - prices <= set(
        LocalSettings.__dataclass_fields__
    )


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        ("GONE", "judge.backends.m.api_key_env: the environment variable of that name is not set"),
        ("ACCENT", "judge.backends.m.api_key_env: its variable holds characters that no HTTP"),
    ],
)
def test_a_key_that_is_gone_when_settings_are_made_is_told(variable, words):
    text = SERVER + f"api_key_env = '{variable}'"
    judge = read(text, {variable: "there when it was checked"})
    with pytest.raises(ConfigError, match=words) as refused:
        judge.parts(ENVIRON)
    assert "é" not in str(refused.value)


def test_an_url_of_no_redis_is_told_without_its_words():
    judge = read("[judge]\nredis_url_env = 'NO_REDIS'")
    with pytest.raises(ConfigError, match=r"judge\.redis_url_env: this is no URL") as refused:
        judge.parts(ENVIRON)
    assert "t0psecret" not in str(refused.value)
    with pytest.raises(ConfigError, match=r"judge\.redis_url_env: the environment variable of"):
        judge.parts({})


def test_without_the_package_redis_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis", None)
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    monkeypatch.setattr("verifier.config.judge.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"needs the package redis: .*verifier-service\[cache\]"):
        read("[judge]\nredis_url_env = 'REDIS'")
    with pytest.raises(ConfigError, match=r"install verifier-service\[cache\]"):
        JudgeConfig(redis_url_env="REDIS").parts(ENVIRON)
