"""Deployments that answer as none of ours would: no verdict is made up, and no item hangs."""

import asyncio
import math
from contextlib import asynccontextmanager

import grpc
import pytest
from deployments import deployed, row

from verifier.client import AsyncClient
from verifier.forwarding.hops import HOPS_KEY
from verifier.types import Reason, Verdict
from verifier.v1 import (
    judge_pb2,
    process_pb2,
    result_pb2,
    service_pb2,
    service_pb2_grpc,
    verdict_pb2,
)


class Stranger(service_pb2_grpc.VerifierServiceServicer):
    """Answers a call's items by a function, which yields responses."""

    def __init__(self, behave):
        self._behave = behave
        self.calls = []

    async def ListVerifiers(self, request, context):  # noqa: N802 - gRPC's name
        info = service_pb2.VerifierInfo(name="code", version="1", description="Says what it likes.")
        return service_pb2.ListVerifiersResponse(verifiers=[info])

    async def ScoreStream(self, requests, context):  # noqa: N802 - gRPC's name
        async for request in requests:
            self.calls.append([item.completion for item in request.items])
            async for results in self._behave(request.items, context):
                yield service_pb2.ScoreStreamResponse(results=results)


@asynccontextmanager
async def fronting(behave, **table):
    """A client of a front whose programs a stranger runs."""
    server = grpc.aio.server()
    stranger = Stranger(behave)
    service_pb2_grpc.add_VerifierServiceServicer_to_server(stranger, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        target = {"code": {"target": f"127.0.0.1:{port}", **table}}
        async with deployed(forward=target) as front, AsyncClient(front.target) as client:
            client.stranger = stranger
            yield client
    finally:
        await server.stop(None)


def right(item, **changes):
    fields = {
        "id": item.id,
        "verdict": verdict_pb2.VERDICT_CORRECT,
        "reason": verdict_pb2.REASON_ALL_TESTS_PASSED,
        "reward": 1.0,
        "verifier": "code/1",
        **changes,
    }
    return result_pb2.ScoreResult(**fields)


def changed(**changes):
    async def behave(items, _context):
        yield [right(item, **changes) for item in items]

    return behave


async def nothing(_items, _context):
    for _ in ():
        yield []


async def empty(_items, _context):
    yield []


async def twice(items, _context):
    """The first that is said counts."""
    yield [right(item) for item in items]
    yield [right(item, verdict=verdict_pb2.VERDICT_INCORRECT, reward=0.0) for item in items]


async def backwards(items, _context):
    yield [right(item, reward=float(item.id)) for item in reversed(items)]


async def one_too_many(items, _context):
    yield [right(items[0], id=str(len(items))), *(right(item) for item in items)]


SCORED = {"twice": twice, "one too many": one_too_many}


@pytest.mark.parametrize("behave", SCORED.values(), ids=SCORED)
async def test_results_that_nobody_asked_for_change_nothing(behave):
    async with fronting(behave) as client:
        results = await client.score([row(n) for n in range(3)])
    assert [(one.verdict, one.reward) for one in results] == [(Verdict.CORRECT, 1.0)] * 3


async def test_results_find_their_items_in_any_order():
    async with fronting(backwards) as client:
        results = await client.score([row(n) for n in range(5)])
    assert [one.reward for one in results] == [0.0, 1.0, 2.0, 3.0, 4.0]


UNSCORED = {
    "no results": nothing,
    "an empty response": empty,
    "ids of others": changed(id="a"),
    "negative ids": changed(id="-1"),
    "digits that are none": changed(id="²"),
    "a verdict that we do not know": changed(verdict=99),
    "a reason that we do not know": changed(reason=9999),
    "no verdict": changed(verdict=verdict_pb2.VERDICT_UNSPECIFIED),
    "unscored with a reward": changed(
        verdict=verdict_pb2.VERDICT_UNSCORED, reason=verdict_pb2.REASON_DEADLINE
    ),
    "a reward that is no number": changed(reward=math.nan),
    "a reward without end": changed(reward=math.inf),
}


@pytest.mark.parametrize("behave", UNSCORED.values(), ids=UNSCORED)
async def test_what_is_no_result_is_no_verdict(behave):
    async with fronting(behave) as client:
        async with asyncio.timeout(60):
            results = await client.score([row(n) for n in range(3)])
    assert {(one.verdict, one.reward) for one in results} == {(Verdict.UNSCORED, None)}
    assert {one.reason for one in results} == {Reason.INTERNAL}


async def test_times_that_make_no_sense_do_no_harm():
    for seconds in (math.nan, math.inf, -5.0, 1e300):
        async with fronting(changed(work_seconds=seconds)) as client:
            (result,) = await client.score([row("a")])
        assert result.reward == 1.0
        assert 0.0 <= result.work_seconds < 60.0
        assert 0.0 <= result.queue_seconds < 60.0


async def test_an_item_that_breaks_every_call_costs_no_other_item_its_verdict():
    poison = row("poison", poison=True)

    async def behave(items, context):
        yield [right(items[0])] if "poison" not in items[0].completion else []
        if any("poison" in item.completion for item in items):
            await context.abort(grpc.StatusCode.UNAVAILABLE, "broken off")
        yield [right(item) for item in items[1:]]

    rows = [row(n, n) for n in range(10)]
    async with fronting(behave) as client:
        results = await client.score([*rows[:5], poison, *rows[5:]])
        calls = client.stranger.calls
    assert [one.reward for one in results] == [1.0] * 5 + [None] + [1.0] * 5
    assert results[5].reason is Reason.BACKEND_UNAVAILABLE
    assert sum(poison["completion"] in call for call in calls) == 3
    assert [poison["completion"]] in calls, "alone at last"


async def test_a_deployment_that_fails_inside_is_asked_again_and_then_believed():
    async def behave(_items, context):
        await context.abort(grpc.StatusCode.INTERNAL, "KeyError in the service")
        yield []

    async with fronting(behave) as client:
        (result,) = await client.score([row("a")])
    assert (result.verdict, result.reason) == (Verdict.UNSCORED, Reason.INTERNAL)
    assert "KeyError" in result.message
    assert len(client.stranger.calls) == 3


class Refuses(service_pb2_grpc.VerifierServiceServicer):
    """Ends every call that is passed on whole with one status."""

    def __init__(self, code):
        self._code = code
        self.metadata = []

    async def ScoreSteps(self, request, context):  # noqa: N802 - gRPC's name
        self.metadata.append(dict(context.invocation_metadata()))
        trailers = (("grpc-retry-pushback-ms", "70"),) if self._code in FULL else ()
        await context.abort(self._code, "so it is", trailers)

    Judge = ScoreSteps


FULL = {grpc.StatusCode.RESOURCE_EXHAUSTED}
STATUSES = {
    grpc.StatusCode.RESOURCE_EXHAUSTED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.INVALID_ARGUMENT: grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.DEADLINE_EXCEEDED: grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.UNIMPLEMENTED: grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.UNAUTHENTICATED: grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.PERMISSION_DENIED: grpc.StatusCode.FAILED_PRECONDITION,
}


@pytest.mark.parametrize(("code", "status"), STATUSES.items(), ids=lambda one: one.name)
async def test_calls_that_are_passed_on_whole_bring_the_others_status_back(code, status, connect):
    server, refuses = grpc.aio.server(), Refuses(code)
    service_pb2_grpc.add_VerifierServiceServicer_to_server(refuses, server)
    target = {"target": f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"}
    await server.start()
    try:
        async with deployed(forward={"process": target, "judge": target}) as front:
            stub = connect(front.target)
            for call, request in (
                (stub.ScoreSteps, process_pb2.ScoreStepsRequest()),
                (stub.Judge, judge_pb2.JudgeRequest()),
            ):
                with pytest.raises(grpc.aio.AioRpcError) as refused:
                    await call(request, timeout=30)
                assert refused.value.code() is status
                assert "so it is" in refused.value.details()
                trailers = dict(refused.value.trailing_metadata())
                assert trailers.get("grpc-retry-pushback-ms") == ("70" if code in FULL else None)
            assert front.engine.admission.inside == 0
    finally:
        await server.stop(None)
    assert {seen[HOPS_KEY] for seen in refuses.metadata} == {"1"}
