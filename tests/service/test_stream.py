"""`ScoreStream`: nothing is lost, nobody waits for a neighbour, and every end is a clean one."""

import asyncio

import grpc
from wire_items import math_item, plugin_item

from verifier.v1 import service_pb2


async def test_stream_returns_every_item_as_it_finishes(stub):
    call = stub.ScoreStream()
    await call.write(
        service_pb2.ScoreStreamRequest(
            items=[plugin_item("slow", "slow", seconds=0.5), math_item("quick")]
        )
    )
    await call.write(service_pb2.ScoreStreamRequest(items=[math_item("later", "\\boxed{5}")]))
    await call.done_writing()
    seen = [result.id async for response in call for result in response.results]
    assert sorted(seen) == ["later", "quick", "slow"]
    assert seen[-1] == "slow"
    assert await call.code() is grpc.StatusCode.OK


async def test_stream_of_many_items_loses_none(stub):
    async def requests():
        for start in range(0, 20_000, 50):
            yield service_pb2.ScoreStreamRequest(
                items=[
                    math_item(str(n), f"\\boxed{{{n % 3}}}", "1") for n in range(start, start + 50)
                ]
            )

    results = {r.id: r async for response in stub.ScoreStream(requests()) for r in response.results}
    assert len(results) == 20_000
    assert all(results[str(n)].reward == float(n % 3 == 1) for n in range(20_000))


async def test_stream_slows_down_rather_than_being_refused(start_service, connect):
    service = await start_service(max_queued_items=4, processes=1)

    async def requests(name):
        for n in range(20):
            yield service_pb2.ScoreStreamRequest(
                items=[plugin_item(f"{name}{n}", "slow", seconds=0.01)]
            )

    stub = connect(service.target)

    async def collect(name):
        return [r async for response in stub.ScoreStream(requests(name)) for r in response.results]

    for results in await asyncio.gather(*(collect(name) for name in "abc")):
        assert [result.reward for result in results] == [1.0] * 20


async def test_stream_with_too_large_a_message_ends_as_malformed(start_service, connect):
    service = await start_service(max_batch_items=1)
    call = connect(service.target).ScoreStream()
    await call.write(service_pb2.ScoreStreamRequest(items=[math_item("a")]))
    assert (await call.read()).results[0].id == "a"
    await call.write(service_pb2.ScoreStreamRequest(items=[math_item("b"), math_item("c")]))
    assert await call.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_cancelled_stream_frees_its_room(service, stub):
    call = stub.ScoreStream()
    await call.write(service_pb2.ScoreStreamRequest(items=[plugin_item("x", "slow", seconds=60)]))
    while not service.engine.admission.inside:
        await asyncio.sleep(0.01)
    call.cancel()
    while service.engine.admission.inside:
        await asyncio.sleep(0.01)


async def test_draining_finishes_what_a_stream_has_sent_and_then_ends_it(service, stub):
    call = stub.ScoreStream()
    await call.write(service_pb2.ScoreStreamRequest(items=[plugin_item("x", "slow", seconds=0.5)]))
    while not service.engine.admission.inside:
        await asyncio.sleep(0.01)
    draining = asyncio.create_task(service.drain())
    response = await call.read()
    assert response.results[0].reward == 1.0
    assert await call.code() is grpc.StatusCode.UNAVAILABLE
    assert "another replica" in await call.details()
    await draining


async def test_draining_finishes_calls_in_flight(service, stub):
    call = asyncio.ensure_future(
        stub.Score(service_pb2.ScoreRequest(items=[plugin_item("x", "slow", seconds=0.6)]))
    )
    while not service.engine.admission.inside:
        await asyncio.sleep(0.01)
    await service.drain()
    assert (await call).results[0].reward == 1.0
