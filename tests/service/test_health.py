"""Health: every watch hears of every change, whoever else watches, and there are not too many."""

import asyncio

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from verifier.server.health import HealthService

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
UNKNOWN = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN


@pytest.fixture
async def health():
    service = HealthService(max_watches=3)
    await service.set("readiness", SERVING)
    return service


@pytest.fixture
async def stub(health):
    server = grpc.aio.server()
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield health_pb2_grpc.HealthStub(channel)
    await server.stop(None)


def _request(name="readiness"):
    return health_pb2.HealthCheckRequest(service=name)


async def _next(watch):
    return (await asyncio.wait_for(watch.read(), 30)).status


async def test_a_watch_hears_of_the_drain_after_another_one_has_ended(health, stub):
    first, second = stub.Watch(_request()), stub.Watch(_request())
    assert [await _next(first), await _next(second)] == [SERVING, SERVING]
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first.read()
    third = stub.Watch(_request())  # when this one is answered, the end of the first has been seen
    assert await _next(third) == SERVING
    await health.enter_graceful_shutdown()
    assert [await _next(second), await _next(third)] == [NOT_SERVING, NOT_SERVING]


async def test_a_name_that_comes_later_is_told_to_those_who_wait_for_it(health, stub):
    watch = stub.Watch(_request("later"))
    assert await _next(watch) == UNKNOWN
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Check(_request("later"), timeout=30)
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    await health.set("later", SERVING)
    assert await _next(watch) == SERVING
    assert (await stub.Check(_request("later"), timeout=30)).status == SERVING


async def test_once_it_drains_it_never_serves_again(health, stub):
    await health.enter_graceful_shutdown()
    await health.set("readiness", SERVING)
    assert (await stub.Check(_request(), timeout=30)).status == NOT_SERVING


async def test_one_watch_too_many_is_refused_until_another_ends(health, stub):
    watches = [stub.Watch(_request()) for _ in range(3)]
    for watch in watches:
        await _next(watch)
    with pytest.raises(grpc.aio.AioRpcError, match="too many") as caught:
        await _next(stub.Watch(_request()))
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    watches.pop().cancel()
    async with asyncio.timeout(30):
        while True:
            try:
                assert await _next(stub.Watch(_request())) == SERVING
            except grpc.aio.AioRpcError:
                await asyncio.sleep(0.01)
            else:
                break
    assert (await stub.Check(_request(), timeout=30)).status == SERVING
