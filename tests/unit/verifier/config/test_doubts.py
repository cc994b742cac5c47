"""What ``config check`` warns of: settings that work and are likely not meant."""

import tomllib

import msgspec
import pytest

from verifier.config import Config
from verifier.config.doubts import doubts
from verifier.config.problem import spelled

BACKEND = 'kind = "openai"\nmodel = "m"\napi_key_env = "KEY"\nbase_url = '


def told(text):
    config = msgspec.convert(tomllib.loads(text), Config)
    return [(spelled(doubt.path), doubt.what) for doubt in doubts(config)]


def test_the_defaults_are_beyond_doubt():
    assert told("") == []


ANY = "0.0.0.0"  # noqa: S104 - nothing listens here
OPEN = f"[server]\nlisten = '{ANY}:1'\nmetrics_listen = ''\n"
METRICS = f"[server]\nmetrics_listen = '{ANY}:1'\n"

WARNINGS = [
    (OPEN, "server.listen", "set access.tokens"),
    (OPEN.replace(ANY, "[::]"), "server.listen", "whoever reaches it may use the service"),
    (OPEN.replace(ANY, ""), "server.listen", "whoever reaches it"),
    (OPEN.replace(ANY, "verifier.example"), "server.listen", "whoever reaches it"),
    (METRICS, "server.metrics_listen", "without a token"),
    (
        METRICS + "[access]\ntokens = '{file}'\nprotect_metrics = false",
        "server.metrics_listen",
        "without a token",
    ),
    (OPEN + "[access]\ntokens = '{file}'", "access.tokens", "every token travels in clear text"),
    (METRICS + "[access]\ntokens = '{file}'", "tls.side_port", "the token of whoever reads"),
    (
        f"[judge.backends.m]\n{BACKEND}'http://models/v1'",
        "judge.backends.m.base_url",
        "its key travels in clear text: use https",
    ),
    ("[forward.math]\ntarget = 'm:1'\ntoken_env = 'KEY'", "forward.math.token_env", "set author"),
    ("[server]\nlame_duck_seconds = 0", "server.lame_duck_seconds", "calls fail at every rollout"),
    (
        "[server]\ndrain_seconds = 60",
        "server.drain_seconds",
        "ending may take 61 s, and Kuber",
    ),
    ("[server]\nlame_duck_seconds = 4.5", "server.lame_duck_seconds", "ending may take 35 s"),
    (
        "[server]\nmax_connection_age_seconds = 86400",
        "server.max_connection_age_seconds",
        "clients find new replicas only when",
    ),
    ("[engine]\nmax_queued_items = 9", "engine.max_queued_items", "never finds room"),
    ("[admission]\ncaller_items = 9", "admission.caller_items", "never finds room"),
    ("[admission]\nmax_bytes = 9", "admission.max_bytes", "never finds room"),
    ("[code]\nallow_weak_isolation = true", "code.allow_weak_isolation", "can read files of this"),
    ("[access]\ntokens = '/absent'", "access.tokens", "/absent does not exist on this machine"),
    ("[tls]\nkey = '/absent'", "tls.key", "/absent does not exist on this machine"),
]


@pytest.mark.parametrize(("text", "key", "words"), WARNINGS, ids=[key for _, key, _ in WARNINGS])
def test_what_is_likely_not_meant_is_told_once(tmp_path, text, key, words):
    file = tmp_path / "file"
    file.write_text("")
    (doubt,) = told(text.replace("{file}", str(file)))
    assert doubt[0] == key
    assert words in doubt[1]


QUIET = [
    ("[server]\nlisten = '127.0.0.2:1'\nmetrics_listen = '[::1]:1'", "nobody else reaches these"),
    ("[server]\nlisten = 'localhost:1'\nmetrics_listen = ''", "nor this, nor what is switched off"),
    ("[server]\nlisten = 'unix:/tmp/x'", "nor a socket of this machine"),
    (OPEN + "[tls]\nclient_authorities = '{file}'", "who has a certificate is known"),
    (OPEN + "[access]\ntokens = '{file}'\n[tls]\ncertificate = '{file}'", "tokens in TLS"),
    (
        METRICS + "[access]\ntokens = '{file}'\n[tls]\nside_port = true",
        "a token for the side port in TLS",
    ),
    (f"[judge.backends.m]\n{BACKEND}'https://models/v1'", "a key in TLS"),
    (f"[judge.backends.m]\n{BACKEND}'http://127.0.0.1:8000/v1'", "a key that stays here"),
    ("[server]\ndrain_seconds = 20\nlame_duck_seconds = 5", "an end within 30 s"),
    ("[engine]\nmax_queued_items = 9\n[server]\nmax_batch_items = 9", "bounds that fit"),
]


@pytest.mark.parametrize(("text", "why"), QUIET, ids=[why for _, why in QUIET])
def test_what_may_well_be_meant_is_not_told(tmp_path, text, why):
    file = tmp_path / "file"
    file.write_text("")
    assert told(text.replace("{file}", str(file))) == [], why
