"""What a failed call to another deployment means, and what is believed of what that one says."""

import grpc
import pytest
from grpc.aio import AioRpcError, Metadata

from verifier.config.sharing import FORWARDABLE, ForwardConfig, SharedCacheConfig, sharing_problems
from verifier.convert.items import TASK_FIELDS
from verifier.errors import ConfigError, InputError, OverloadedError, ServiceError
from verifier.forwarding.connection import Connection
from verifier.forwarding.failures import (
    explanation,
    is_full,
    is_too_large,
    pushback_seconds,
    reason_of,
    relayed,
)
from verifier.forwarding.hops import CALLER_KEY, HOPS_KEY
from verifier.forwarding.partner import Partner
from verifier.metrics.forwarding import ForwardCounts
from verifier.server.status import status_of
from verifier.types import Reason, VerifierInfo

CODE = grpc.StatusCode
SIZE = "CLIENT: Received message larger than max (300 vs. 100)"
SECRET = "vt_secret"  # noqa: S105 - of nobody


def failure(code, details="words", **trailers):
    pairs = ((key.replace("_", "-"), value) for key, value in trailers.items())
    return AioRpcError(code, Metadata(), Metadata(*pairs), details)


def connection(name="code", **table):
    config = ForwardConfig(**{"target": "dns:///sandbox:50051", "token_env": "T", **table})
    return Connection(name, config, {"T": SECRET})


REASONS = [
    (CODE.UNAVAILABLE, Reason.BACKEND_UNAVAILABLE, CODE.UNAVAILABLE),
    (CODE.CANCELLED, Reason.BACKEND_UNAVAILABLE, CODE.UNAVAILABLE),  # a replica that was stopped
    (CODE.DEADLINE_EXCEEDED, Reason.DEADLINE, CODE.DEADLINE_EXCEEDED),
    (CODE.RESOURCE_EXHAUSTED, Reason.OVERLOADED, CODE.RESOURCE_EXHAUSTED),
    (CODE.INTERNAL, Reason.INTERNAL, CODE.INTERNAL),
    (CODE.UNKNOWN, Reason.INTERNAL, CODE.UNKNOWN),
    # The front's token, never the caller's: who calls the front must not look at its own.
    (CODE.UNAUTHENTICATED, Reason.BACKEND_UNAVAILABLE, CODE.FAILED_PRECONDITION),
    (CODE.PERMISSION_DENIED, Reason.BACKEND_UNAVAILABLE, CODE.FAILED_PRECONDITION),
    (CODE.FAILED_PRECONDITION, Reason.BACKEND_UNAVAILABLE, CODE.FAILED_PRECONDITION),
    (CODE.UNIMPLEMENTED, Reason.BACKEND_UNAVAILABLE, CODE.UNIMPLEMENTED),
    (CODE.INVALID_ARGUMENT, Reason.BACKEND_UNAVAILABLE, CODE.INVALID_ARGUMENT),
]


@pytest.mark.parametrize(("code", "reason", "status"), REASONS, ids=lambda one: one.name)
def test_each_status_has_one_meaning_for_items_and_one_for_whole_calls(code, reason, status):
    error = failure(code)
    assert reason_of(error) is reason
    assert status_of(relayed(error, connection()))[0] is status
    assert "words" in explanation(error, connection())
    assert SECRET not in explanation(error, connection())


def test_every_status_of_a_failed_call_has_a_meaning():
    for code in CODE:
        if code is not CODE.OK:
            assert isinstance(reason_of(failure(code)), Reason)
            assert isinstance(
                relayed(failure(code), connection()), (InputError, OverloadedError, ServiceError)
            )


def test_a_refused_token_names_the_key_to_look_at():
    for code in (CODE.UNAUTHENTICATED, CODE.PERMISSION_DENIED):
        assert "(look at forward.code.token_env)" in explanation(failure(code), connection())


def test_a_message_that_is_too_large_is_no_full_queue():
    error = failure(CODE.RESOURCE_EXHAUSTED, SIZE)
    assert is_too_large(error)
    assert not is_full(error)
    assert reason_of(error) is Reason.INVALID_INPUT
    assert is_full(failure(CODE.RESOURCE_EXHAUSTED))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("700", 0.7), ("0", 0.0), ("99999999", 30.0), ("-1", 1.0), ("soon", 1.0), ("²", 1.0)],
)
def test_a_pushback_is_obeyed_as_far_as_it_makes_sense(said, seconds):
    error = failure(CODE.RESOURCE_EXHAUSTED, grpc_retry_pushback_ms=said)
    assert pushback_seconds(error) == seconds
    again = relayed(error, connection())
    assert dict(status_of(again)[2]) == {"grpc-retry-pushback-ms": str(round(seconds * 1000))}


def test_without_a_pushback_a_full_deployment_is_left_alone_for_a_second():
    assert pushback_seconds(failure(CODE.RESOURCE_EXHAUSTED)) == 1.0


# ------------------------------------------------------------------------- what calls carry


def test_a_call_carries_hops_callers_and_the_token():
    carried = dict(connection().metadata(1, ["trainer", "eval", "trainer"]))
    assert carried == {
        HOPS_KEY: "2",
        CALLER_KEY: "eval,trainer",
        "authorization": f"Bearer {SECRET}",
    }


def test_names_of_callers_are_made_fit_for_a_header():
    names = ["ünï\ncode", "a,b", "x" * 1_000]
    carried = dict(connection(token_env="").metadata(0, names))
    assert carried[CALLER_KEY].startswith("_n__code,a_b,xxx")
    assert len(carried[CALLER_KEY]) == 200
    assert "authorization" not in carried


@pytest.mark.parametrize(
    ("table", "environ", "words"),
    [
        ({"token_env": "T"}, {}, "forward.code.token_env"),
        ({"token_env": "T"}, {"T": "two\nlines"}, "forward.code.token_env: the token must be"),
        ({"authorities": "/nowhere/ca.pem"}, {}, "forward.code.authorities: /nowhere/ca.pem: No"),
        (
            {"authorities": __file__, "certificate": __file__, "key": "/nowhere/key.pem"},
            {},
            "forward.code.key: /nowhere/key.pem: No",
        ),
        ({"authorities": __file__, "key": __file__}, {}, "forward.code: tls: a certificate and"),
    ],
)
def test_secrets_that_are_not_there_are_told_by_their_keys(table, environ, words):
    with pytest.raises(ConfigError, match=words) as refused:
        Connection("code", ForwardConfig("a:1", **table), environ)
    assert "lines" not in str(refused.value)


# -------------------------------------------------------------------- what is believed of it


def partner(version="7"):
    made = Partner("code", "a:1", ForwardCounts())
    made.lists([VerifierInfo("code", version, "Runs.", "async", isolation="full")])
    return made


DECIDERS = [
    ("code/7", "code/7", False),
    ("code/8", "code/8", True),  # of a replica that is newer than the list
    ("", "", False),  # nothing got to decide
    ("math/7", "code/7", False),
    ("code/", "code/7", False),
    ("code/7 8", "code/7", False),
    ("code/" + "9" * 41, "code/7", False),
    ('code/7",x="', "code/7", False),
]


@pytest.mark.parametrize(("said", "believed", "news"), DECIDERS)
def test_only_a_version_of_the_task_becomes_the_name_of_what_decided(said, believed, news):
    one = partner()
    assert one.heard_of(said) == believed
    assert one.news.is_set() is news


def test_a_version_that_is_none_is_not_taken_over():
    assert partner('1"} 5').id == "code/unknown"


def test_health_says_in_one_line_whether_it_answers():
    counts = ForwardCounts()
    one = Partner("code", "a:1", counts)
    assert (one.state, counts.reachable) == ("not asked yet", False)
    one.is_silent("UNAVAILABLE: two\nlines")
    assert (one.state, counts.reachable) == ("does not answer: UNAVAILABLE: two lines", False)
    one.has_answered()
    assert (one.state, counts.reachable) == ("a:1 answers", True)
    one.lists([])
    assert one.state == "a:1 answers, but has no verifier 'code'"


# ---------------------------------------------------------------------------- configuration


def test_whatever_task_a_row_may_have_can_be_forwarded_but_for_composites():
    assert {*FORWARDABLE, "composite", "plugin"} == set(TASK_FIELDS)


FORWARDS = [
    ({"code": {"target": "a:1"}}, []),
    ({"plugin:slow": {"target": "a:1"}}, []),
    ({"composite": {"target": "a:1"}}, ["forward.composite: cannot be handed on as a whole"]),
    ({"cod": {"target": "a:1"}}, ["forward.cod: is no task: there are math, code"]),
    ({"code": {"target": ""}}, ["forward.code.target: must be an address"]),
    ({"code": {"target": "a:1", "token_env": "ABSENT"}}, ["forward.code.token_env: "]),
    ({"code": {"target": "a:1", "token_env": "vt secret"}}, ["forward.code.token_env: must be"]),
    ({"code": {"target": "a:1", "authorities": "/no"}}, ["forward.code.authorities: /no is no"]),
    (
        {"code": {"target": "a:1", "authorities": __file__, "certificate": "/no", "key": "/no"}},
        ["forward.code.certificate: /no is no", "forward.code.key: /no is no"],
    ),
    (
        {"code": {"target": "a:1", "authorities": __file__, "certificate": __file__}},
        ["forward.code.key: certificate and key"],
    ),
    (
        {"code": {"target": "a:1", "certificate": __file__, "key": __file__}},
        ["forward.code.authorities: a certificate is shown over TLS only"],
    ),
]
CACHES = [
    ({}, []),
    ({"key_env": "KEY"}, []),  # without an URL nothing is shared
    ({"redis_url_env": "URL", "key_env": "KEY"}, []),
    ({"redis_url_env": "URL"}, ["shared_cache.key_env: is missing"]),
    ({"redis_url_env": "URL", "key_env": "SHORT"}, ["shared_cache.key_env: the variable holds 5"]),
    ({"redis_url_env": "ABSENT", "key_env": "KEY"}, ["shared_cache.redis_url_env: "]),
    ({"redis_url_env": "redis://h", "key_env": "KEY"}, ["shared_cache.redis_url_env: must be"]),
]
ENVIRONMENT = {"URL": "redis://h", "KEY": "k" * 16, "SHORT": "short"}


@pytest.mark.parametrize(("tables", "words"), FORWARDS)
def test_forwards_that_cannot_work_are_told(tables, words):
    forward = {name: ForwardConfig(**table) for name, table in tables.items()}
    told = [str(one) for one in sharing_problems(SharedCacheConfig(), forward, ENVIRONMENT)]
    assert len(told) == len(words)
    assert all(one.startswith(start) for one, start in zip(told, words, strict=True)), told


@pytest.mark.parametrize(("table", "words"), CACHES)
def test_caches_that_cannot_work_are_told_without_the_secret(table, words):
    told = [str(one) for one in sharing_problems(SharedCacheConfig(**table), {}, ENVIRONMENT)]
    assert len(told) == len(words)
    assert all(one.startswith(start) for one, start in zip(told, words, strict=True)), told
    assert "short" not in "".join(told)
