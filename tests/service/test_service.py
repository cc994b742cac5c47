"""A real service on a real port: every RPC, every way a call can go wrong."""

import asyncio
import json

import aiohttp
import grpc
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from wire_items import math_item, plugin_item

from verifier.client.channel import CHANNEL_OPTIONS
from verifier.v1 import (
    item_pb2,
    math_pb2,
    service_pb2,
    verdict_pb2,
)


async def test_score_answers_in_order_and_one_bad_item_fails_nobody_else(stub):
    request = service_pb2.ScoreRequest(
        items=[
            math_item("right"),
            item_pb2.ScoreItem(id="no task", completion="x"),
            math_item("wrong", "\\boxed{5}"),
            item_pb2.ScoreItem(id="no reference", math=math_pb2.MathTask()),
            plugin_item("dies", "dies"),
        ]
    )
    results = (await stub.Score(request)).results
    assert [result.id for result in results] == [item.id for item in request.items]
    assert [verdict_pb2.Verdict.Name(result.verdict)[8:] for result in results] == [
        "CORRECT",
        "UNSCORED",
        "INCORRECT",
        "UNSCORED",
        "UNSCORED",
    ]
    assert [result.HasField("reward") for result in results] == [True, False, True, False, False]
    assert "math.reference_answers" in results[3].message


async def test_items_without_id_get_their_index(stub):
    request = service_pb2.ScoreRequest(items=[math_item(), math_item()])
    assert [result.id for result in (await stub.Score(request)).results] == ["0", "1"]


async def test_an_id_that_occurs_twice_is_named_with_both_places(stub):
    request = service_pb2.ScoreRequest(items=[math_item("a"), math_item("b"), math_item("a")])
    results = (await stub.Score(request)).results
    assert results[0].verdict == verdict_pb2.VERDICT_CORRECT
    assert results[2].reason == verdict_pb2.REASON_INVALID_INPUT
    assert "item 0 and item 2" in results[2].message


async def test_an_empty_batch_is_an_empty_answer(stub):
    assert not (await stub.Score(service_pb2.ScoreRequest())).results


async def test_a_value_this_version_does_not_know_is_invalid_input(stub):
    item = math_item("new")
    item.math.policy.units = 99
    (result,) = (await stub.Score(service_pb2.ScoreRequest(items=[item]))).results
    assert result.reason == verdict_pb2.REASON_INVALID_INPUT
    assert "math.policy.units" in result.message


async def test_too_many_items_are_a_malformed_call(start_service, connect):
    service = await start_service(max_batch_items=2)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await connect(service.target).Score(service_pb2.ScoreRequest(items=[math_item()] * 3))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "at most 2" in refused.value.details()


async def test_a_work_limit_that_is_no_duration_is_a_malformed_call(stub):
    request = service_pb2.ScoreRequest(items=[math_item()])
    request.work_limit.seconds = -1
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.Score(request)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize(
    "completion", ["", "\0", "\ufffd" * 100, "x" * 20_000_000, "\\boxed{" * 1000]
)
async def test_any_text_gets_a_result(stub, completion):
    (result,) = (
        await stub.Score(service_pb2.ScoreRequest(items=[math_item("x", completion)]))
    ).results
    assert result.verdict == verdict_pb2.VERDICT_INCORRECT
    assert result.reward == 0


async def test_a_deadline_of_a_millisecond_gives_no_reward(stub):
    request = service_pb2.ScoreRequest(items=[math_item(str(n)) for n in range(2000)])
    results, code = [], grpc.StatusCode.OK
    try:
        results = (await stub.Score(request, timeout=0.001)).results
    except grpc.aio.AioRpcError as error:
        code = error.code()
    assert code in (grpc.StatusCode.OK, grpc.StatusCode.DEADLINE_EXCEEDED)
    for result in results:
        assert result.HasField("reward") == (result.verdict != verdict_pb2.VERDICT_UNSCORED)
    # The service is as well as before.
    (after,) = (await stub.Score(service_pb2.ScoreRequest(items=[math_item()]))).results
    assert after.verdict == verdict_pb2.VERDICT_CORRECT


async def test_partial_results_come_before_the_deadline(stub):
    request = service_pb2.ScoreRequest(
        items=[math_item("quick"), plugin_item("slow", "slow", seconds=60)]
    )
    quick, slow = (await stub.Score(request, timeout=2.0)).results
    assert quick.verdict == verdict_pb2.VERDICT_CORRECT
    assert slow.reason == verdict_pb2.REASON_DEADLINE
    assert not slow.HasField("reward")


async def test_a_cancelled_call_frees_its_room(service, stub):
    call = stub.Score(service_pb2.ScoreRequest(items=[plugin_item("x", "slow", seconds=60)]))
    while not service.engine.admission.inside:
        await asyncio.sleep(0.01)
    call.cancel()
    while service.engine.admission.inside:
        await asyncio.sleep(0.01)
    (after,) = (
        await stub.Score(service_pb2.ScoreRequest(items=[plugin_item("x", "slow", seconds=0)]))
    ).results
    assert after.verdict == verdict_pb2.VERDICT_CORRECT


async def test_ten_times_the_queue_is_refused_with_pushback_while_health_answers(
    start_service, connect
):
    """Every call ends as a right result or as RESOURCE_EXHAUSTED; nothing hangs, nothing is 0."""
    service = await start_service(max_queued_items=20, processes=2)
    stub = connect(service.target)
    health = health_pb2_grpc.HealthStub(grpc.aio.insecure_channel(service.target))

    async def call(number):
        items = [
            math_item(f"{number}-m"),
            plugin_item(f"{number}-p", "slow", seconds=0.05),
        ]
        try:
            return (await stub.Score(service_pb2.ScoreRequest(items=items))).results
        except grpc.aio.AioRpcError as error:
            return error

    calls = [asyncio.create_task(call(number)) for number in range(100)]
    while not service.engine.admission.inside:
        await asyncio.sleep(0.001)
    for name in ("", "readiness"):
        answer = await health.Check(health_pb2.HealthCheckRequest(service=name), timeout=5)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    outcomes = await asyncio.gather(*calls)
    refused = [outcome for outcome in outcomes if isinstance(outcome, grpc.aio.AioRpcError)]
    scored = [outcome for outcome in outcomes if not isinstance(outcome, grpc.aio.AioRpcError)]
    assert refused
    assert scored
    for error in refused:
        assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        trailers = dict(error.trailing_metadata())
        assert int(trailers["grpc-retry-pushback-ms"]) > 0
    for results in scored:
        assert [result.reward for result in results] == [1.0, 1.0]
    assert service.engine.admission.inside == 0


async def test_clients_that_obey_pushback_get_everything_scored(start_service, connect):
    service = await start_service(max_queued_items=20, processes=2)
    stub = connect(service.target, CHANNEL_OPTIONS)
    request = service_pb2.ScoreRequest(
        items=[plugin_item("p", "slow", seconds=0.01)] + [math_item()] * 5
    )
    answers = await asyncio.gather(*(stub.Score(request) for _ in range(12)))
    assert all(answer.results[0].reward == 1.0 for answer in answers)


# ----------------------------------------------------------------------------------- other RPCs


async def test_a_later_part_says_that_it_is_not_there(stub):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.Select(service_pb2.SelectRequest())
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert "Select" in refused.value.details()


async def test_list_names_only_what_works(stub):
    answer = await stub.ListVerifiers(service_pb2.ListVerifiersRequest())
    names = {info.name for info in answer.verifiers}
    working = {"math", "text", "format", "code", "process", "reward_model", "plugin:agrees"}
    assert working <= names
    assert {"composite", "judge", "puzzle"} <= names
    assert all(info.version and info.description for info in answer.verifiers)


async def test_reflection_tells_the_schema(service):
    def ask():
        with grpc.insecure_channel(service.target) as channel:
            database = ProtoReflectionDescriptorDatabase(channel)
            names = database.get_services()
            found = DescriptorPool(database).FindServiceByName("verifier.v1.VerifierService")
            return names, {method.name for method in found.methods}

    names, methods = await asyncio.to_thread(ask)
    assert "verifier.v1.VerifierService" in names
    assert methods == {"Score", "ScoreStream", "ScoreSteps", "Judge", "Select", "ListVerifiers"}


async def test_side_port_tells_health_readiness_and_counts(service, stub):
    items = [math_item("a"), math_item("b", "\\boxed{5}"), plugin_item("c", "dies")]
    await stub.Score(service_pb2.ScoreRequest(items=items))
    url = f"http://127.0.0.1:{service.metrics_port}"
    async with aiohttp.ClientSession() as session:
        for path in ("/healthz", "/readyz"):
            async with session.get(url + path) as answer:
                assert answer.status == 200
        async with session.get(url + "/metrics") as answer:
            text = await answer.text()
        service._ready = False
        async with session.get(url + "/readyz") as answer:
            assert answer.status == 503
        async with session.get(url + "/healthz") as answer:
            assert answer.status == 200
    for line in (
        'verifier_items_total{reason="EQUIVALENT",verdict="CORRECT",verifier="math/2"} 1.0',
        'verifier_items_total{reason="INTERNAL",verdict="UNSCORED",verifier="plugin:dies/1"} 1.0',
        'verifier_failures_total{verifier="plugin:dies/1"} 1.0',
        'verifier_requests_total{code="OK",method="Score"} 1.0',
        'verifier_item_work_seconds_count{verifier="math/2"} 2.0',
        'verifier_reward_sum{verifier="math/2"} 1.0',
        "verifier_inside_items 0.0",
    ):
        assert line in text


async def test_one_log_line_per_call_and_no_completion_in_it(service, stub, capsys):
    words = "the completion's own words"
    await stub.Score(service_pb2.ScoreRequest(items=[math_item("a", words)]))
    await asyncio.sleep(0.05)
    lines = [line for line in capsys.readouterr().err.splitlines() if '"call"' in line]
    assert len(lines) == 1
    assert json.loads(lines[0])["code"] == "OK"
    assert words not in lines[0]


# ------------------------------------------------------------------- what must not cost neighbours


async def test_bytes_that_are_no_message_are_a_malformed_call(service):
    async with grpc.aio.insecure_channel(service.target) as channel:
        for path, call in (("Score", channel.unary_unary), ("ScoreStream", channel.stream_stream)):
            raw = call(f"/verifier.v1.VerifierService/{path}")
            garbage = b"\xff\xff\xff"
            rpc = raw(garbage) if path == "Score" else raw(iter([garbage]))
            assert await rpc.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_options_no_json_can_hold_cost_only_their_own_item(stub):
    bad = plugin_item("bad", "agrees", value=float("nan"))
    request = service_pb2.ScoreRequest(items=[math_item("a"), bad, math_item("b")])
    results = (await stub.Score(request)).results
    assert [result.HasField("reward") for result in results] == [True, False, True]


@pytest.mark.parametrize(
    "data", ["[1]", "x", '{"a": NaN}', '{"a": 1' + "0" * 400 + "}", '{"a":' * 60 + "1" + "}" * 60]
)
async def test_a_plugin_s_odd_data_costs_only_its_own_item(stub, data):
    bad = plugin_item("bad", "agrees", data=data)
    request = service_pb2.ScoreRequest(items=[math_item("a"), bad, math_item("b")])
    results = (await stub.Score(request)).results
    assert [result.HasField("reward") for result in results] == [True, False, True]
    assert results[1].reason == verdict_pb2.REASON_INTERNAL
