"""A judge behind OpenAI's chat API that fails: every question ends, as what it is."""

import asyncio
import gzip
import time

import pytest
from aiohttp import web
from misbehaving_server import (
    DONE,
    after,
    drip,
    dumped,
    either,
    endless,
    event,
    half,
    hang,
    part,
    raw,
    refuses,
    reset,
    said,
    serving,
    status,
    streamed,
    torn,
)
from openai_backends import KEY, ask, backend, nobody, question
from program import free_port

from verifier.errors import BackendError, InputError
from verifier.judge.backends.openai import OpenAiBackend, OpenAiSettings

BOTH = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
QUICK = {"timeout_seconds": 0.15}  # for servers that would take for ever


async def bad_gzip(_request, _body):
    return web.Response(body=b"no gzip at all", headers={"Content-Encoding": "gzip"})


async def bomb(_request, _body):
    packed = gzip.compress(b" " * 5_000_000)
    return web.Response(body=packed, headers={"Content-Encoding": "gzip"})


def html(number):
    return status(number, "<html><body>Sorry!</body></html>", Content_Type="text/html")


def whole_or(whole, *pieces):
    """A broken document for those who want none in parts, and a broken stream for the rest."""
    return either(raw(whole), streamed(*pieces))


GOOD_PART = event(part({"content": "Verdict: yes"}))
BIG_PART = event(part({"content": "x" * 100_000}))
PASSING = [
    (status(429), "HTTP 429", {}, "too many requests"),
    (status(429, Retry_After="0.01"), "HTTP 429", {}, "too many requests, with a pause"),
    (status(408), "HTTP 408", {}, "a timeout on the server's side"),
    (status(409), "HTTP 409", {}, "a conflict"),
    (status(425), "HTTP 425", {}, "too early"),
    (status(500), "HTTP 500", {}, "an error of the server"),
    (html(502), "HTTP 502", {}, "a proxy's page"),
    (status(503, Retry_After="0.01"), "HTTP 503", {}, "busy"),
    (hang, "timed out", QUICK, "nothing"),
    (drip, "timed out", QUICK, "a byte now and then"),
    (reset, "connection broke", {}, "a reset"),
    (either(half, torn(GOOD_PART)), "connection broke", {}, "half an answer"),
    (whole_or(b"", GOOD_PART), "malformed|broke off", {}, "half an answer that ends well"),
    (whole_or(b'{"choices": [', GOOD_PART + event({})[:-9]), "malf|broke off", {}, "half a line"),
    (html(200), "malformed|broke off", {}, "a page"),
    (whole_or(b"no json", b"data: no json\n\n"), "malformed", {}, "no JSON"),
    (whole_or(b"\xff\xfe", b'data: {"model": "\xff"}\n\n'), "malformed", {}, "no UTF-8"),
    (
        whole_or(b'"\\ud800"', b'data: {"model": "\\ud800"}\n\n'),
        "malformed",
        {},
        "half a character",
    ),
    (whole_or(b"[" * 100_000, b"data: " + b"[" * 100_000 + b"\n\n"), "malf", {}, "nested too deep"),
    (whole_or(b"[]", b"data: []\n\n"), "malformed", {}, "a list"),
    (dumped({"choices": None}), "malformed", {}, "null for choices"),
    (dumped({"error": {"message": "no"}}), "malformed", {}, "an error with status 200"),
    (dumped({"choices": [{"message": {"content": 7}}]}), "malformed", {}, "a number for a text"),
    (either(raw(b"{}"), streamed(event({"error": "no"}))), "malf|failed in", {}, "an error inside"),
    (said("half a ver", "abort"), "the server gave up", {}, "given up"),
    (said("half a ver", "error"), "the server gave up", {}, "an error for a reason"),
    (bad_gzip, "connection broke", {}, "no gzip"),
    (bomb, "more than 1048576 bytes", {}, "a bomb"),
    (whole_or(b" " * 2_000_000, b"data: " + b" " * 2_000_000), "more than", {}, "a huge answer"),
    (either(said("x" * 2**21), streamed(*[BIG_PART] * 16)), "more than", {}, "beyond all bounds"),
]
OF_PASSING = pytest.mark.parametrize(
    ("behave", "reason", "changes"), [row[:3] for row in PASSING], ids=[row[3] for row in PASSING]
)


@BOTH
@OF_PASSING
async def test_what_may_pass_is_asked_again(behave, reason, changes, stream):
    async with (
        serving(behave, said()) as server,
        backend(server, stream=stream, **changes) as made,
    ):
        reply = await ask(made)

    assert (reply.text, reply.retries) == ("Verdict: yes", 1)
    assert server.bodies[0] == server.bodies[1]


@BOTH
@OF_PASSING
async def test_what_does_not_pass_is_an_error_of_the_backend(behave, reason, changes, stream):
    async with (
        serving(behave) as server,
        backend(server, stream=stream, attempts=2, **changes) as made,
    ):
        with pytest.raises(BackendError, match=reason) as caught:
            await ask(made)

    assert str(caught.value).startswith("judge backend 'main': ")
    assert str(caught.value).endswith(", asked 2 times")
    assert len(server.bodies) == 2


FINAL = [
    (status(401), BackendError, "does not take the API key; see api_key_env: HTTP 401"),
    (status(403), BackendError, "may not use this model; see api_key_env and model: HTTP 403"),
    (status(404, "no model 'tiny'"), BackendError, "see model and base_url: .* no model 'tiny'"),
    (status(405), BackendError, "HTTP 405"),
    (status(429, '{"code": "insufficient_quota"}'), BackendError, "nothing left to spend"),
    (
        status(307, Location="http://127.0.0.1:1/v1"),
        BackendError,
        "see base_url: HTTP 307: is not followed to 'http://127.0.0.1:1/v1'",
    ),
    (status(400, "too long"), InputError, "takes no such question: HTTP 400: too long"),
    (status(413), InputError, "HTTP 413"),
    (status(422, "x" * 10_000), InputError, "HTTP 422: xxxx"),
]


@BOTH
@pytest.mark.parametrize(("behave", "kind", "words"), FINAL)
async def test_what_no_attempt_can_mend_is_asked_once(behave, kind, words, stream):
    async with serving(behave) as server, backend(server, stream=stream) as made:
        with pytest.raises(kind, match=words) as caught:
            await ask(made)

    assert len(str(caught.value)) < 400
    assert len(server.bodies) == 1


@BOTH
async def test_a_server_that_is_not_there_is_an_error_of_the_backend(stream):
    url = f"http://127.0.0.1:{free_port()}/v1"
    async with backend(url, stream=stream, attempts=2) as made:
        with pytest.raises(BackendError, match=r"cannot connect: .*, asked 2 times"):
            await ask(made)


@BOTH
async def test_the_key_is_in_no_error(stream):
    repeats = status(401, f"bad key {KEY}\x1b[31m")
    async with serving(repeats) as server, backend(server, stream=stream, api_key=KEY) as made:
        with pytest.raises(BackendError) as caught:
            await ask(made)

    error = caught.value
    while error is not None:
        assert KEY not in repr(error)
        error = error.__cause__ or error.__context__
    assert "bad key …?[31m" in str(caught.value)


# --------------------------------------------------------------- servers that know other fields


async def test_a_server_that_does_not_know_the_options_of_streams_is_asked_without_them():
    async with (
        serving(refuses("stream_options", said())) as server,
        backend(server, stream=True) as made,
    ):
        first, second = await ask(made), await ask(made)

    assert first.text == second.text == "Verdict: yes"
    assert (first.retries, second.retries) == (0, 0)
    assert ["stream_options" in body for body in server.bodies] == [True, False, False]


@BOTH
async def test_a_server_that_calls_the_limit_otherwise_is_understood(stream):
    picky = refuses("max_tokens", said(), "Use 'max_completion_tokens' instead of")
    async with serving(picky) as server, backend(server, stream=stream) as made:
        assert (await ask(made)).text == (await ask(made)).text == "Verdict: yes"

    assert [body.get("max_completion_tokens") for body in server.bodies] == [None, 64, 64]


# ------------------------------------------------------------------- permits, pauses, the breaker


@BOTH
async def test_no_more_requests_are_in_flight_than_allowed(stream):
    async with (
        serving(after(0.01, said())) as server,
        backend(server, stream=stream, concurrency=3) as made,
    ):
        await asyncio.gather(*(ask(made) for _ in range(12)))

    assert server.most_inside == 3
    assert len(server.bodies) == 12


async def test_a_question_is_said_to_be_taken_once_and_when_its_turn_has_come():
    told = []
    script = [status(500), status(500), said()]
    async with serving(*script) as server, backend(server, concurrency=1) as made:
        waiting = [
            asyncio.create_task(made.ask(question(), lambda number=number: told.append(number)))
            for number in range(3)
        ]
        assert (await waiting[0]).retries + (await waiting[1]).retries >= 1
        await waiting[2]

    assert told == [0, 1, 2]


async def test_a_rate_holds_for_all_attempts():
    began = time.monotonic()
    async with (
        serving(status(500), said()) as server,
        backend(server, requests_per_second=20) as made,
    ):
        await asyncio.gather(*(ask(made) for _ in range(5)))

    assert len(server.bodies) == 6
    assert time.monotonic() - began >= (6 - 2) / 20 - 0.01, "two may begin together"


async def test_everybody_waits_as_long_as_the_server_asks():
    async with (
        serving(status(429, Retry_After="0.2"), said()) as server,
        backend(server) as made,
    ):
        first = asyncio.create_task(ask(made))
        while not made._guard._paused_until:
            await asyncio.sleep(0.001)
        until = made._guard._paused_until
        assert len(server.bodies) == 1
        await ask(made)
        assert time.monotonic() >= until
        await first


async def test_a_pause_between_attempts_holds_up_nobody_else():
    async with (
        serving(status(500), said()) as server,
        backend(server, concurrency=1, backoff_seconds=1e9) as made,
    ):
        made._backoff = lambda _attempts: 30.0
        waiting = asyncio.create_task(ask(made))
        while not server.bodies:
            await asyncio.sleep(0.001)
        assert (await ask(made)).text
        waiting.cancel()


@BOTH
async def test_a_server_that_only_fails_is_left_alone_and_found_again(stream):
    failing = [status(500)] * 4
    async with serving(*failing, said()) as server:
        settings = {"attempts": 2, "failures_to_open": 4, "open_seconds": 0.2}
        async with backend(server, stream=stream, **settings) as made:
            for _ in range(2):
                with pytest.raises(BackendError, match="HTTP 500, asked 2 times"):
                    await ask(made)
            with pytest.raises(BackendError, match=r"'main' is left alone .*, the last: HTTP 500"):
                await ask(made)
            assert len(server.bodies) == 4, "the last one was not sent"
            while True:
                try:
                    reply = await ask(made)
                except BackendError:
                    await asyncio.sleep(0.01)
                else:
                    break

    assert reply.text == "Verdict: yes"
    assert len(server.bodies) == 5


@pytest.mark.parametrize("number", [400, 404, 429])
async def test_a_server_that_refuses_is_there(number):
    async with (
        serving(status(number), said()) as server,
        backend(server, attempts=1, failures_to_open=1) as made,
    ):
        with pytest.raises((BackendError, InputError)):
            await ask(made)
        assert (await ask(made)).text


# --------------------------------------------------------------------------- callers that go away


STUCK = [
    (hang, "before the answer"),
    (either(drip, endless(GOOD_PART)), "in the middle of the answer"),
    (either(drip, endless(GOOD_PART, DONE)), "before the connection is free again"),
]


@BOTH
@pytest.mark.parametrize("behave", [row[0] for row in STUCK], ids=[row[1] for row in STUCK])
async def test_a_caller_that_goes_takes_its_request_with_it(behave, stream):
    """The server sees the connection close, and the permit is free for the next one."""
    async with (
        serving(behave, said()) as server,
        backend(server, stream=stream, concurrency=1) as made,
    ):
        call = asyncio.create_task(ask(made))
        while not server.inside:
            await asyncio.sleep(0.001)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        while not server.left:
            await asyncio.sleep(0.001)
        assert (await ask(made)).text == "Verdict: yes"

    assert len(server.bodies) == 2


async def test_a_caller_may_go_while_it_waits():
    """For a permit, for a pause to end, between two attempts: what it held is free again."""
    async with (
        serving(status(429, Retry_After="30"), said()) as server,
        backend(server, concurrency=1) as made,
    ):
        calls = [asyncio.create_task(ask(made)) for _ in range(3)]
        while not made._guard._paused_until:
            await asyncio.sleep(0.001)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        made._guard._paused_until = 0.0
        assert (await ask(made)).text

    assert all(call.cancelled() for call in calls)


async def test_a_request_that_was_to_find_out_and_is_cancelled_leaves_that_to_the_next():
    script = [status(500), hang, said()]
    async with (
        serving(*script) as server,
        backend(server, attempts=1, failures_to_open=1, open_seconds=0.0) as made,
    ):
        with pytest.raises(BackendError, match="HTTP 500"):
            await ask(made)
        finds_out = asyncio.create_task(ask(made))
        while not server.inside:
            await asyncio.sleep(0.001)
        with pytest.raises(BackendError, match="until one request shows"):
            await ask(made)
        finds_out.cancel()
        await asyncio.gather(finds_out, return_exceptions=True)
        assert (await ask(made)).text


async def test_closing_ends_what_is_asked_and_what_will_be():
    async with serving(hang) as server, backend(server) as made:
        call = asyncio.create_task(ask(made))
        while not server.inside:
            await asyncio.sleep(0.001)
        await made.close()
        await made.close()
        with pytest.raises(BackendError):
            await call
        with pytest.raises(BackendError, match="closed"):
            await ask(made)


async def test_a_backend_that_was_never_started_may_be_closed():
    made = OpenAiBackend("main", OpenAiSettings("http://127.0.0.1:1/v1", "tiny"))
    with pytest.raises(BackendError, match="not started"):
        await made.ask(question(), nobody)
    await made.close()
