"""How long one caller waits: a single row on an idle service, and health beside a huge batch."""

import asyncio
import multiprocessing
import time
from statistics import quantiles

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.bench.rows import Rows, generate
from tests.bench.service import serving
from tests.bench.table import Table, milli
from verifier.client import AsyncClient, Client

_SINGLES = 1000
_HEALTH_CHECKS = 500
_BIG_BATCH = 16_000
_BATCHES = 3
_PAUSE_SECONDS = 0.002


async def _singles(target, items):
    waits = []
    async with AsyncClient(target) as client:
        await client.score(items[:100])
        for item in items[:_SINGLES]:
            start = time.perf_counter()
            await client.score([item])
            waits.append(time.perf_counter() - start)
    return waits


async def _health(target, goes_on):
    """Health checks one after the other, as long as `goes_on` says of their number."""
    waits = []
    async with grpc.aio.insecure_channel(target) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        await stub.Check(health_pb2.HealthCheckRequest())
        while goes_on(len(waits)):
            start = time.perf_counter()
            await stub.Check(health_pb2.HealthCheckRequest())
            waits.append(time.perf_counter() - start)
            await asyncio.sleep(_PAUSE_SECONDS)
    return waits


def _load(target, ready):
    """Huge batches, from a process of their own, so that the measuring one stays idle."""
    items = Rows(generate(_BIG_BATCH), "").items()
    ready.set()
    with Client(target, batch_items=_BIG_BATCH) as client:
        for _ in range(_BATCHES):
            client.score(items)


def run(rows):
    with serving(cache=False) as server:
        waits = {
            "one row, service idle": asyncio.run(_singles(server.target, rows.items())),
            "health check, service idle": asyncio.run(
                _health(server.target, lambda count: count < _HEALTH_CHECKS)
            ),
        }
        spawn = multiprocessing.get_context("spawn")
        ready = spawn.Event()
        load = spawn.Process(target=_load, args=(server.target, ready))
        load.start()
        ready.wait()
        waits[f"health check, beside batches of {_BIG_BATCH:,}"] = asyncio.run(
            _health(server.target, lambda _: load.is_alive())
        )
        load.join()
    table = Table(
        "Latency",
        "One call at a time over gRPC on this machine, wall time in milliseconds; load and measure "
        "share its cores.",
        ("call", "calls", "p50", "p99", "longest"),
    )
    for name, seconds in waits.items():
        cuts = quantiles(seconds, n=100)
        table.add(name, len(seconds), milli(cuts[49]), milli(cuts[98]), milli(max(seconds)))
    return [table]
