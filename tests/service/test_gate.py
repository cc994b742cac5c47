"""A real service under its own bounds: refused unread with a time to come back, and healthy."""

import asyncio
import urllib.request

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from program import wait_until
from wire_items import math_item, plugin_item

from verifier.client import AsyncClient
from verifier.v1 import service_pb2, verdict_pb2

ONE = service_pb2.ScoreRequest(items=[math_item()])
LONG = service_pb2.ScoreRequest(items=[plugin_item("x", "slow", seconds=30)])


def page(server, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{server.metrics_port}{path}") as answer:
        return answer.read().decode()


def inside(server):
    return "verifier_inside_items 1.0" in page(server, "/metrics")


@pytest.mark.parametrize(
    ("bounds", "reason"),
    [
        ("[admission]\nmax_calls = 1", "CALLS"),
        ("[admission]\nmax_bytes = 1", "BYTES"),
        ("[admission]\nmemory_bytes = 1000000", "MEMORY"),
        ("[engine]\nmax_queued_items = 1", "ITEMS"),
    ],
)
async def test_what_finds_no_room_is_refused_unread(serve, connect, tmp_path, bounds, reason):
    (tmp_path / "service.toml").write_text(f"{bounds}\n[code]\nslots = 1\n")
    server = serve("--config", tmp_path / "service.toml")
    stub = connect(server.target)
    (first,) = (await stub.Score(ONE)).results
    assert first.verdict == verdict_pb2.VERDICT_CORRECT, "the first is always let in"
    long = asyncio.ensure_future(stub.Score(LONG))
    await asyncio.to_thread(wait_until, lambda: inside(server))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        # More than one message can hold: had it been read, this would be the complaint.
        await stub.Score(service_pb2.ScoreRequest(items=[math_item(str(n)) for n in range(20_000)]))
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert int(dict(refused.value.trailing_metadata())["grpc-retry-pushback-ms"]) > 0
    metrics = await asyncio.to_thread(page, server, "/metrics")
    assert f'verifier_refused_items_total{{reason="{reason}"}} 1.0' in metrics
    async with grpc.aio.insecure_channel(server.target) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        answer = await health.Check(health_pb2.HealthCheckRequest(service="readiness"))
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    assert await asyncio.to_thread(page, server, "/readyz") == "ready\n"
    long.cancel()
    await asyncio.to_thread(wait_until, lambda: not inside(server))
    (after,) = (await stub.Score(ONE)).results
    assert after.verdict == verdict_pb2.VERDICT_CORRECT


async def test_calls_that_arrive_together_take_turns_and_none_is_lost(serve, tmp_path):
    (tmp_path / "service.toml").write_text("[admission]\nmax_arriving = 1\n[code]\nslots = 1\n")
    server = serve("--config", tmp_path / "service.toml")
    async with AsyncClient(server.target, batch_items=1, concurrency=200) as client:
        rows = [
            {"completion": f"\\boxed{{{n}}}", "math": {"reference_answers": [str(n % 400)]}}
            for n in range(600)
        ]
        results = await client.score(rows)
    assert [result.reward for result in results] == [1.0] * 400 + [0.0] * 200
    assert "verifier_inside_items 0.0" in page(server, "/metrics")


async def test_a_stream_waits_where_a_call_would_be_refused(serve, connect, tmp_path):
    (tmp_path / "service.toml").write_text("[engine]\nmax_queued_items = 1\n[code]\nslots = 1\n")
    server = serve("--config", tmp_path / "service.toml")
    stub = connect(server.target)
    long = asyncio.ensure_future(stub.Score(LONG))
    await asyncio.to_thread(wait_until, lambda: inside(server))
    stream = stub.ScoreStream()
    await stream.write(service_pb2.ScoreStreamRequest(items=[math_item("a")]))
    await stream.done_writing()
    await asyncio.sleep(0.2)
    long.cancel()
    results = [result async for response in stream for result in response.results]
    assert [result.verdict for result in results] == [verdict_pb2.VERDICT_CORRECT]
