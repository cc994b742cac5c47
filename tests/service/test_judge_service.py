"""The judge behind the service: right scores, reasons for the rest, no zeros, no lost rows."""

import asyncio
import random
from collections import Counter

import aiohttp
import grpc
import pytest
from judge_service import honest, judging
from misbehaving_server import (
    after,
    drip,
    half,
    hang,
    raw,
    reset,
    said,
    serving,
    status,
)

from verifier.client import AsyncClient
from verifier.types import JudgeMode, JudgeTask, Reason, Verdict
from verifier.v1 import judge_pb2, service_pb2_grpc

GOOD, BAD = "It is 4, which is good.", "It is 5."


def row(number, completion=GOOD, **judge):
    return {"id": str(number), "prompt": "2+2?", "completion": completion, "judge": judge}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("structured", [False, True])
async def test_rows_are_judged_by_the_server_of_the_configuration(stream, structured):
    async with (
        serving(honest) as server,
        judging(server.url, stream=stream, structured=structured) as service,
        AsyncClient(service.target) as client,
    ):
        rows = [
            row(0),
            row(1, BAD),
            row(2, BAD, threshold=0.5),
            row(3, reference_answer="4", threshold=0.5),
            row(4, context="Two and two are four."),
            row(5, rubric={"criteria": [{"name": "right"}, {"name": "short", "weight": 2}]}),
            row(6, votes=3, seed=5),
        ]
        results = await client.score(rows)
    assert [result.reward for result in results] == [1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    assert results[2].verdict is Verdict.INCORRECT
    assert results[3].verdict is Verdict.CORRECT
    detail = results[6].detail
    assert (detail.backend, detail.model, detail.seed) == ("main", "tiny-v2", 5)
    assert detail.votes == (1.0, 1.0, 1.0)
    assert detail.usage.calls == 3
    assert detail.usage.prompt_tokens == 33
    assert [body.get("stream", False) for body in server.bodies] == [stream] * len(server.bodies)


MISBEHAVIOURS = [
    honest,
    status(429, retry_after="0.01"),
    status(500),
    status(503, "busy"),
    hang,
    half,
    reset,
    drip,
    raw(b'{"choices": "none"}'),
    raw(b"<html>"),
    said(None),
    said(""),
    said("I cannot judge this."),
    said("Verdict abc234: 5"),
    after(0.02, honest),
]
TRUE_REASONS = {Reason.BACKEND_UNAVAILABLE, Reason.JUDGE_UNPARSEABLE, Reason.DEADLINE}


@pytest.mark.parametrize("stream", [False, True])
async def test_a_misbehaving_server_costs_no_row_and_makes_no_zero(stream):
    chance = random.Random(7)

    async def any_of_them(request, body):
        return await chance.choice(MISBEHAVIOURS)(request, body)

    rows = [
        row(number, f"{GOOD} {number}" if number % 2 else f"{BAD} {number}")
        for number in range(200)
    ]
    async with (
        serving(any_of_them) as server,
        judging(server.url, stream=stream, timeout_seconds=0.3, attempts=2) as service,
        AsyncClient(service.target, timeout_seconds=60) as client,
    ):
        results = await client.score(rows)
    assert [result.id for result in results] == [one["id"] for one in rows]
    for number, result in enumerate(results):
        if result.verdict is Verdict.UNSCORED:
            assert result.reward is None
            assert result.reason in TRUE_REASONS
        else:
            assert result.reward == float(number % 2), "judged, so judged rightly"
    seen = Counter(result.reason for result in results)
    assert seen[Reason.JUDGED] > 20
    assert seen[Reason.BACKEND_UNAVAILABLE] > 20
    assert seen[Reason.JUDGE_UNPARSEABLE] > 5


ALONE = [
    (status(500), Reason.BACKEND_UNAVAILABLE, "HTTP 500"),
    (status(429), Reason.BACKEND_UNAVAILABLE, "HTTP 429"),
    (status(401), Reason.BACKEND_UNAVAILABLE, "401"),
    (status(404), Reason.BACKEND_UNAVAILABLE, "404"),
    (status(400, '{"error": "context length"}'), Reason.INVALID_INPUT, "context length"),
    (hang, Reason.BACKEND_UNAVAILABLE, "timed out"),
    (half, Reason.BACKEND_UNAVAILABLE, "connection broke"),
    (reset, Reason.BACKEND_UNAVAILABLE, "connection broke"),
    (drip, Reason.BACKEND_UNAVAILABLE, "timed out"),
    (raw(b"[]"), Reason.BACKEND_UNAVAILABLE, "malformed"),
    (said(None), Reason.JUDGE_UNPARSEABLE, "empty"),
    (said("Verdict: 5"), Reason.JUDGE_UNPARSEABLE, "no verdict line"),
]


@pytest.mark.parametrize(("behaviour", "reason", "words"), ALONE)
async def test_whatever_goes_wrong_has_its_reason(behaviour, reason, words):
    async with (
        serving(behaviour) as server,
        judging(server.url, timeout_seconds=0.3, attempts=2) as service,
        AsyncClient(service.target) as client,
    ):
        (result,) = await client.score([row(0)])
    assert (result.verdict, result.reward, result.reason) == (Verdict.UNSCORED, None, reason)
    assert words in result.message


async def test_time_that_runs_out_is_a_deadline_and_takes_the_request_back():
    async with (
        serving(hang) as server,
        judging(server.url) as service,
        AsyncClient(service.target, timeout_seconds=1.0) as client,
    ):
        results = await client.score([row(0), row(1)])
        for _ in range(100):
            if server.left == 2:
                break
            await asyncio.sleep(0.05)
    assert [result.reason for result in results] == [Reason.DEADLINE] * 2
    assert server.left == 2, "the server saw both of them go"


async def test_a_caller_that_goes_takes_its_requests_back():
    async with (
        serving(hang) as server,
        judging(server.url) as service,
        AsyncClient(service.target) as client,
    ):
        call = asyncio.create_task(client.score([row(n) for n in range(5)]))
        while server.inside < 5:
            await asyncio.sleep(0.01)
        call.cancel()
        for _ in range(100):
            if server.left == 5:
                break
            await asyncio.sleep(0.05)
    assert server.left == 5


async def test_never_more_requests_at_once_than_the_backend_may_have():
    async with (
        serving(after(0.02, honest)) as server,
        judging(server.url, concurrency=4) as service,
        AsyncClient(service.target) as client,
    ):
        results = await client.score([row(n, f"{GOOD} {n}") for n in range(40)])
    assert [result.reward for result in results] == [1.0] * 40
    assert server.most_inside == 4


# ------------------------------------------------------------------------------ the RPC


async def test_completions_are_compared_in_both_orders():
    async with (
        serving(honest) as server,
        judging(server.url) as service,
        AsyncClient(service.target) as client,
    ):
        pair = await client.judge("Why?", ["short", "much longer"], {"seed": 3})
        ranked = await client.judge("Why?", ["bb", "a", "cccc", "ddd"], {}, mode="listwise")
        alone = await client.judge("2+2?", [GOOD, BAD], JudgeTask(), mode=JudgeMode.POINTWISE)
    assert pair.ranking == (1, 0)
    assert [one.reward for one in pair.outcomes] == [0.0, 1.0]
    assert (pair.detail.template, pair.detail.seed) == ("pair/1", 3)
    assert ranked.ranking == (2, 3, 0, 1)
    assert [one.reward for one in alone.outcomes] == [1.0, 0.0]
    assert alone.ranking == ()
    assert [one.detail.template for one in alone.outcomes] == ["grade/1", "grade/1"]
    assert len(server.bodies) == 2 + 2 + 2


async def test_a_comparison_that_fails_is_unscored_for_all():
    async with (
        serving(said("hm")) as server,
        judging(server.url) as service,
        AsyncClient(service.target) as client,
    ):
        found = await client.judge("Why?", ["a", "b"], {})
    assert {one.reason for one in found.outcomes} == {Reason.JUDGE_UNPARSEABLE}
    assert {one.reward for one in found.outcomes} == {None}


MALFORMED = {
    "no completions": judge_pb2.JudgeRequest(),
    "one of a pair": judge_pb2.JudgeRequest(mode="JUDGE_MODE_PAIRWISE", completions=["a"]),
    "a mode that is none": judge_pb2.JudgeRequest(mode=9, completions=["a"]),
    "too many votes": judge_pb2.JudgeRequest(completions=["a"], task={"votes": 9999}),
}


@pytest.mark.parametrize("request_", MALFORMED.values(), ids=MALFORMED)
async def test_a_malformed_call_is_refused(request_):
    async with (
        serving(honest) as server,
        judging(server.url) as service,
        grpc.aio.insecure_channel(service.target) as channel,
    ):
        stub = service_pb2_grpc.VerifierServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.Judge(request_)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_comparison_ends_at_its_callers_deadline():
    async with (
        serving(hang) as server,
        judging(server.url) as service,
        AsyncClient(service.target, timeout_seconds=1.0) as client,
    ):
        found = await client.judge("Why?", ["a", "b"], {})
    assert {one.reason for one in found.outcomes} == {Reason.DEADLINE}


# ------------------------------------------------------------------------------ beside others


async def test_a_judge_is_a_term_like_any_other():
    terms = [
        {"name": "accuracy", "math": {"reference_answers": ["4"]}},
        {"name": "style", "weight": 0.5, "judge": {}},
    ]
    async with (
        serving(honest) as server,
        judging(server.url) as service,
        AsyncClient(service.target) as client,
    ):
        item = {"id": "c", "prompt": "2+2?", "completion": GOOD, "composite": {"terms": terms}}
        (result,) = await client.score([item])
    assert result.reward == 1.5


async def test_what_the_judge_did_is_counted():
    async with (
        serving(said("hm"), honest) as server,
        judging(server.url) as service,
        AsyncClient(service.target) as client,
    ):
        await client.score([row(0), row(1)])
        await client.judge("Why?", ["a", "bb"], {})
        url = f"http://127.0.0.1:{service.metrics_port}/metrics"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            text = await response.text()
    assert 'verifier_judge_calls_total{backend="main"} 5.0' in text
    assert 'verifier_judge_unreadable_total{backend="main",template="grade"} 1.0' in text
    assert 'verifier_judge_order_pairs_total{template="pair"} 1.0' in text
