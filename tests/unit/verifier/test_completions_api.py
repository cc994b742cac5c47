"""The client of OpenAI-compatible servers, against a real one that misbehaves on demand."""

import asyncio
import time

import pytest
from misbehaving_server import (
    after,
    answer,
    choice,
    drip,
    dumped,
    good,
    half,
    hang,
    one_only,
    raw,
    refuses_many,
    reset,
    serving,
    status,
)
from program import free_port

from verifier.completions.answers import Choice, RequestRefusedError
from verifier.completions.api import CompletionsApi
from verifier.completions.settings import ApiSettings, Sampling
from verifier.errors import BackendError, ServiceError

SAMPLING = Sampling(max_tokens=8, temperature=0.5)
KEY = "sk-not-a-real-key"


def client(server, **changes):
    url = server if isinstance(server, str) else server.url
    fast = {"backoff_seconds": 0.001, "attempts": 3, "timeout_seconds": 5.0}
    return CompletionsApi(ApiSettings(url, "tiny", **(fast | changes)))


async def test_a_prefix_is_continued_by_completions():
    async with serving(good) as server, client(server) as api:
        choices = await api.complete("1+1=", SAMPLING, count=2, seed=5)

    assert choices == [Choice("text 5", finished=True), Choice("text 6", finished=True)]
    assert server.paths == ["/v1/completions"]
    assert server.bodies == [
        {
            "model": "tiny",
            "prompt": "1+1=",
            "max_tokens": 8,
            "temperature": 0.5,
            "seed": 5,
            "n": 2,
        }
    ]
    assert (api.usage.calls, api.usage.prompt_tokens, api.usage.completion_tokens) == (1, 3, 4)


async def test_what_is_not_given_is_not_sent():
    """Servers differ in whether null stands for the default."""
    async with serving(good) as server, client(server) as api:
        await api.complete("a", SAMPLING)
        await api.complete("a", Sampling(8, top_p=0.9, stop=("\n",)), seed=1)

    assert set(server.bodies[0]) == {"model", "prompt", "max_tokens", "temperature"}
    assert (server.bodies[1]["top_p"], server.bodies[1]["stop"]) == (0.9, ["\n"])


async def test_a_chat_that_ends_with_the_assistant_is_continued():
    user, assistant = {"role": "user", "content": "q"}, {"role": "assistant", "content": "so"}
    async with serving(good) as server, client(server) as api:
        choices = await api.chat([user, assistant], SAMPLING, seed=1)
        await api.chat([user], SAMPLING)

    assert choices == [Choice("text 1", finished=True)]
    assert server.paths == ["/v1/chat/completions"] * 2
    assert server.bodies[0]["messages"] == [user, assistant]
    assert server.bodies[0]["continue_final_message"] is True
    assert server.bodies[0]["add_generation_prompt"] is False
    assert not {"continue_final_message", "add_generation_prompt"} & set(server.bodies[1])


FINISHES = [
    ("stop", True, "by itself, or at a stop text"),
    ("eos_token", True, "TGI's word"),
    ("stop_sequence", True, "TGI's word for a stop text"),
    ("length", False, "cut"),
    ("content_filter", False, "filtered"),
    ("abort", False, "vLLM gave up"),
    (None, False, "does not say"),
]


@pytest.mark.parametrize(
    ("reason", "finished"), [row[:2] for row in FINISHES], ids=[row[2] for row in FINISHES]
)
async def test_only_what_ended_by_itself_is_finished(reason, finished):
    async with serving(answer(choice("x", reason))) as server, client(server) as api:
        assert await api.complete("a", SAMPLING) == [Choice("x", finished)]


PASSING = [
    (status(429), "HTTP 429", "too many requests"),
    (status(429, Retry_After="0.01"), "HTTP 429", "too many requests, with a pause"),
    (status(500), "HTTP 500", "an error of the server"),
    (status(503, "<html>busy</html>"), "HTTP 503", "an error page"),
    (status(408), "HTTP 408", "a timeout on the server's side"),
    (reset, "connection broke: ServerDisconnectedError", "a reset"),
    (half, "connection broke: ClientPayloadError", "half an answer"),
    (raw(b"no json"), "malformed answer", "no JSON"),
    (raw(b""), "malformed answer", "nothing"),
    (raw(b'{"choices": [{"text": "\xff"}]}'), "malformed answer", "no UTF-8"),
    (raw(b"[" * 100_000), "malformed answer", "nested too deep"),
    (dumped([]), "malformed answer", "a list"),
    (dumped({"error": "no"}), "malformed answer", "an error with status 200"),
    (dumped({"choices": None}), "malformed answer", "null for choices"),
    (dumped({"choices": [{"text": 7}]}), "malformed answer", "a number for a text"),
    (answer(), "an answer without a choice", "no choice"),
    (answer({"finish_reason": "stop"}), "an answer without a choice", "a choice of nothing"),
    (answer({"message": {"content": None}}), "an answer without a choice", "null for content"),
]


@pytest.mark.parametrize("behave", [row[0] for row in PASSING], ids=[row[2] for row in PASSING])
async def test_what_may_pass_is_tried_again(behave):
    async with serving(behave, behave, good) as server, client(server) as api:
        assert await api.complete("a", SAMPLING) == [Choice("text 0", finished=True)]

    assert len(server.bodies) == 3
    assert server.bodies[0] == server.bodies[2], "the same seed: an attempt is no new draw"
    assert (api.usage.calls, api.usage.retries, api.usage.failures) == (3, 2, 0)


@pytest.mark.parametrize(
    ("behave", "reason"), [row[:2] for row in PASSING], ids=[row[2] for row in PASSING]
)
async def test_what_does_not_pass_is_an_error_of_the_backend(behave, reason):
    async with serving(behave) as server, client(server) as api:
        with pytest.raises(BackendError, match=reason):
            await api.complete("a", SAMPLING)

    assert len(server.bodies) == 3
    assert api.usage.failures == 1


@pytest.mark.parametrize("behave", [hang, drip], ids=["nothing", "a byte now and then"])
async def test_an_answer_that_does_not_come_is_given_up(behave):
    async with serving(behave) as server, client(server, timeout_seconds=0.1) as api:
        with pytest.raises(BackendError, match="timed out"):
            await api.complete("a", SAMPLING)


async def test_an_answer_beyond_all_bounds_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr("verifier.completions.api._MAX_ANSWER_BYTES", 1000)
    async with serving(raw(b" " * 100_000)) as server, client(server) as api:
        with pytest.raises(BackendError, match="more than 1000 bytes"):
            await api.complete("a", SAMPLING)


FATAL = [
    (status(401), "HTTP 401", "UNAUTHENTICATED", "a wrong key"),
    (status(403), "HTTP 403", "PERMISSION_DENIED", "not allowed"),
    (status(404, "no model 'tiny'"), "no model 'tiny'", "NOT_FOUND", "no such model"),
    (
        status(429, '{"error": {"code": "insufficient_quota"}}'),
        "insufficient_quota",
        "RESOURCE_EXHAUSTED",
        "nothing left to spend",
    ),
    (
        status(307, Location="http://127.0.0.1:1/v1"),
        "is not followed to 'http://127.0.0.1:1/v1'",
        "UNAVAILABLE",
        "a redirect",
    ),
]


@pytest.mark.parametrize(
    ("behave", "said", "code"), [row[:3] for row in FATAL], ids=[row[3] for row in FATAL]
)
async def test_what_concerns_every_request_is_an_error_of_the_service(behave, said, code):
    async with serving(behave) as server, client(server) as api:
        with pytest.raises(ServiceError, match=said) as caught:
            await api.complete("a", SAMPLING, count=3)

    assert caught.value.code == code
    assert len(server.bodies) == 1, "no attempt can mend it"


@pytest.mark.parametrize("number", [400, 413, 422])
async def test_a_request_that_is_refused_is_not_tried_again(number):
    async with serving(status(number, "prompt is too long")) as server, client(server) as api:
        with pytest.raises(RequestRefusedError, match=f"HTTP {number}: prompt is too long"):
            await api.complete("a", SAMPLING)

    assert len(server.bodies) == 1


async def test_a_server_that_is_not_there_is_told_at_once():
    async with client(f"http://127.0.0.1:{free_port()}/v1", attempts=9) as api:
        with pytest.raises(ServiceError, match="cannot connect") as caught:
            await api.complete("a", SAMPLING, count=4)

    assert caught.value.code == "UNAVAILABLE"
    assert api.usage.calls == 1


async def test_a_server_that_goes_away_is_waited_for_and_then_given_up():
    async with serving(good) as server:
        api = client(server)
        await api.__aenter__()
        await api.complete("a", SAMPLING)
    with pytest.raises(ServiceError, match="cannot connect"):
        await api.complete("a", SAMPLING)
    await api.__aexit__(None, None, None)

    assert api.usage.calls == 1 + 3


async def test_a_server_that_only_fails_counts_as_gone():
    async with serving(status(500)) as server, client(server, max_failures=3) as api:
        for _ in range(2):
            with pytest.raises(BackendError):
                await api.complete("a", SAMPLING)
        with pytest.raises(ServiceError, match="3 requests in a row failed, the last with: HTTP"):
            await api.complete("a", SAMPLING)


async def test_a_server_that_has_taken_no_request_yet_counts_as_gone_too():
    """Most likely the model's name is wrong, or a parameter: no row would fare better."""
    refused = status(400, "no such model")
    async with serving(refused) as server, client(server, max_failures=2) as api:
        with pytest.raises(RequestRefusedError):
            await api.complete("a", SAMPLING)
        with pytest.raises(ServiceError, match="the last with: HTTP 400: no such model"):
            await api.complete("a", SAMPLING)


async def test_a_server_that_refuses_some_requests_is_there():
    async with (
        serving(good, status(400, "too long")) as server,
        client(server, max_failures=2) as api,
    ):
        await api.complete("a", SAMPLING)
        for _ in range(4):
            with pytest.raises(RequestRefusedError):
                await api.complete("a" * 100, SAMPLING)


async def test_an_answer_between_failures_shows_that_it_is_there():
    script = [status(500), good, status(500)]
    async with serving(*script) as server, client(server, attempts=1, max_failures=2) as api:
        with pytest.raises(BackendError):
            await api.complete("a", SAMPLING)
        await api.complete("a", SAMPLING)
        with pytest.raises(BackendError):
            await api.complete("a", SAMPLING)


MANY = [
    (good, [4, 4], "gives as many as asked"),
    (one_only, [4, 1, 1, 1, 1, 1, 1, 1], "ignores the number"),
    (refuses_many, [4, 1, 1, 1, 1, 1, 1, 1, 1], "refuses a number"),
]


@pytest.mark.parametrize(
    ("behave", "numbers"), [row[:2] for row in MANY], ids=[row[2] for row in MANY]
)
async def test_many_choices_come_from_every_kind_of_server(behave, numbers):
    """What a server can is learnt once; requests for one each have seeds of their own."""
    async with serving(behave) as server, client(server) as api:
        first = await api.complete("a", SAMPLING, count=4, seed=10)
        second = await api.complete("a", SAMPLING, count=4, seed=20)

    assert sorted(one.text for one in first) == [f"text {10 + n}" for n in range(4)]
    assert sorted(one.text for one in second) == [f"text {20 + n}" for n in range(4)]
    assert [body.get("n", 1) for body in server.bodies] == numbers


async def test_choices_are_kept_where_others_fail():
    script = [one_only, one_only, status(500), status(500), one_only]
    async with serving(*script) as server, client(server, attempts=1) as api:
        choices = await api.complete("a", SAMPLING, count=5, seed=0)

    assert len(choices) == 3


async def test_an_error_that_concerns_all_is_not_hidden_by_choices():
    async with serving(one_only, one_only, status(401)) as server, client(server) as api:
        with pytest.raises(ServiceError):
            await api.complete("a", SAMPLING, count=4)


async def test_no_more_requests_are_in_flight_than_allowed():
    async with serving(after(0.02, good)) as server, client(server, concurrency=3) as api:
        await asyncio.gather(*(api.complete("a", SAMPLING) for _ in range(12)))

    assert server.most_inside == 3
    assert len(server.bodies) == 12


async def test_a_pause_between_attempts_holds_up_nobody_else():
    async with (
        serving(status(500), good) as server,
        client(server, concurrency=1, backoff_seconds=30.0) as api,
    ):
        waiting = asyncio.create_task(api.complete("a", SAMPLING))
        while not server.bodies:
            await asyncio.sleep(0.001)
        assert await api.complete("b", SAMPLING)
        waiting.cancel()


async def test_everybody_waits_as_long_as_the_server_asks():
    async with serving(status(429, Retry_After="0.2"), good) as server, client(server) as api:
        first = asyncio.create_task(api.complete("a", SAMPLING))
        while not api._paused_until:
            await asyncio.sleep(0.001)
        paused_until = api._paused_until
        await api.complete("b", SAMPLING)
        assert time.monotonic() >= paused_until
        await first


async def test_cancelling_a_call_cancels_its_requests():
    async with serving(hang) as server, client(server) as api:
        call = asyncio.create_task(api.complete("a", SAMPLING))
        while not server.inside:
            await asyncio.sleep(0.001)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        async with asyncio.timeout(5):
            while any(not conn.closed for conn in _connections(api)):
                await asyncio.sleep(0.001)


def _connections(api):
    return list(api._connections._kept.connector._acquired)


async def test_the_key_goes_into_the_header_and_nowhere_else():
    repeats = status(400, f"bad key {KEY}\x1b[31m", Content_Type="text/plain")
    async with serving(repeats) as server, client(server, api_key=KEY) as api:
        with pytest.raises(RequestRefusedError) as caught:
            await api.complete("a", SAMPLING)

    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert KEY not in repr(api.settings)
    assert str(caught.value) == "HTTP 400: bad key …?[31m"


async def test_without_a_key_there_is_no_header():
    async with serving(good) as server, client(server) as api:
        await api.complete("a", SAMPLING)

    assert "Authorization" not in server.headers[0]


async def test_it_is_used_as_a_context():
    with pytest.raises(RuntimeError, match="async with"):
        await client("http://127.0.0.1:1/v1").complete("a", SAMPLING)
