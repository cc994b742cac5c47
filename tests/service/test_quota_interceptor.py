"""Quotas where calls meet them: single messages are refused, streams are read more slowly."""

import grpc
import pytest

from verifier.access import Quotas
from verifier.caller import CURRENT_CALLER, Caller
from verifier.errors import OverloadedError
from verifier.metrics import Metrics
from verifier.server.interceptors import CallInterceptor
from verifier.v1 import item_pb2, service_pb2, service_pb2_grpc


class _As(grpc.aio.ServerInterceptor):
    """Makes every call one of the same caller."""

    def __init__(self, caller):
        self._caller = caller

    async def intercept_service(self, continuation, details):
        CURRENT_CALLER.set(self._caller)
        return await continuation(details)


class _Service(service_pb2_grpc.VerifierServiceServicer):
    """Takes everything, unless it is told to be full."""

    full = False

    async def Score(self, request, context):  # noqa: N802 - the contract's name
        if self.full:
            raise OverloadedError("full", retry_after_seconds=0.1)
        return service_pb2.ScoreResponse()

    async def ScoreStream(self, requests, context):  # noqa: N802
        async for _ in requests:
            yield service_pb2.ScoreStreamResponse()


class _Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def service():
    return _Service()


@pytest.fixture
async def start(service):
    started = []

    async def make(quotas):
        caller = Caller("one", items_per_second=100.0)
        interceptors = (_As(caller), CallInterceptor(Metrics(), quotas))
        server = grpc.aio.server(interceptors=interceptors)
        service_pb2_grpc.add_VerifierServiceServicer_to_server(service, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
        started.extend((channel.close, lambda: server.stop(None)))
        return service_pb2_grpc.VerifierServiceStub(channel)

    yield make
    for close in started:
        await close()


def _items(number):
    return [item_pb2.ScoreItem(id=str(one)) for one in range(number)]


async def test_a_call_beyond_the_rate_is_refused_until_it_has_been_paid_for(start):
    clock = _Clock()
    stub = await start(Quotas(clock))
    request = service_pb2.ScoreRequest(items=_items(100))
    await stub.Score(request, timeout=30)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Score(request, timeout=30)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert dict(caught.value.trailing_metadata())["grpc-retry-pushback-ms"] == "1000"
    clock.now = 1.0
    await stub.Score(request, timeout=30)


async def test_what_a_full_queue_turns_away_costs_no_quota(start, service):
    stub = await start(Quotas(_Clock()))
    request = service_pb2.ScoreRequest(items=_items(100))
    service.full = True
    for _ in range(3):
        with pytest.raises(grpc.aio.AioRpcError, match="full"):
            await stub.Score(request, timeout=30)
    service.full = False
    await stub.Score(request, timeout=30)


async def test_a_stream_is_read_as_fast_as_its_caller_may_send(start):
    stub = await start(Quotas())

    async def requests():
        for _ in range(4):
            yield service_pb2.ScoreStreamRequest(items=_items(40))

    answers = [answer async for answer in stub.ScoreStream(requests(), timeout=30)]
    assert len(answers) == 4
