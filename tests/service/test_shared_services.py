"""Services that share outcomes in a real Redis, and configurations that cannot work."""

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest
from deployments import Obedient, deployed, row
from redis_server import BINARY, MISSING, RedisServer

from verifier.client import AsyncClient
from verifier.config import Config
from verifier.config.sharing import SharedCacheConfig
from verifier.errors import ConfigError
from verifier.sharing.assembly import shared_results

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BINARY is None, reason=MISSING),
]

SECRET = "a secret of more than 16 characters"  # noqa: S105 - of a server that lives for seconds


@pytest.fixture
def server():
    server = RedisServer()
    yield server
    server.stop()


async def written(results):
    """Waits until nothing waits to be written."""
    while results._writing is not None:
        await asyncio.sleep(0.001)


ENVIRONMENT = {"SHARED_KEY": SECRET}


@asynccontextmanager
async def sharing(server, monkeypatch, key=SECRET, **options):
    monkeypatch.setenv("SHARED_URL", server.url)
    monkeypatch.setenv("SHARED_KEY", key)
    table = SharedCacheConfig("SHARED_URL", "SHARED_KEY")
    verifier = Obedient()
    verifier.deterministic = options.pop("deterministic", True)
    async with deployed(verifier, shared_cache=table, **options) as service:
        service.obedient = verifier
        async with AsyncClient(service.target) as client:
            service.client = client
            yield service


async def test_what_one_service_worked_out_another_one_knows(server, monkeypatch):
    rows = [row(number, number / 10) for number in range(10)]
    async with (
        sharing(server, monkeypatch) as one,
        sharing(server, monkeypatch, engine={"cache_entries": 0}) as other,
    ):
        first = await one.client.score(rows)
        await written(one.engine._shared)
        second = await other.client.score(rows)
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{other.metrics_port}/metrics"
            async with session.get(url) as answer:
                text = await answer.text()
    assert (one.obedient.begun, other.obedient.begun) == (10, 0)
    for before, after in zip(first, second, strict=True):
        assert (after.reward, after.detail, after.verifier, after.id, after.work_seconds) == (
            *(before.reward, before.detail, before.verifier, before.id),
            0.0,
        )
    assert "verifier_shared_cache_hits_total 10.0" in text
    assert 'verifier_shared_cache_failures_total{trouble="forged"} 0.0' in text


async def test_a_service_with_another_secret_works_everything_out_itself(server, monkeypatch):
    async with sharing(server, monkeypatch) as one:
        await one.client.score([row("a", 0.25)])
    async with sharing(server, monkeypatch, key="another secret of the forger") as other:
        (result,) = await other.client.score([row("a", 0.25)])
        assert other.obedient.begun == 1
        assert other.engine._shared.counts.troubles["forged"] == 1
    assert result.reward == 0.25


async def test_what_may_differ_each_time_is_not_shared(server, monkeypatch):
    async with sharing(server, monkeypatch, deterministic=False) as one:
        await one.client.score([row("a")] * 1)
        await one.client.score([row("a")] * 1)
        assert one.obedient.begun == 2
    with server.client() as client:
        assert client.keys("*") == []


async def test_a_redis_that_dies_under_load_costs_no_item(server, monkeypatch):
    async with sharing(server, monkeypatch, engine={"cache_entries": 0}) as one:
        rows = [row(number, number / 300, seconds=0.01) for number in range(300)]
        scoring = asyncio.create_task(one.client.score(rows))
        while one.obedient.begun < 5:
            await asyncio.sleep(0.001)
        server.kill()
        results = await scoring
    assert [result.reward for result in results] == [number / 300 for number in range(300)]


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "shared_cache.redis_url_env"),
        ({"SHARED_URL": "redis://127.0.0.1"}, "shared_cache.key_env"),
        ({"SHARED_URL": "redis://127.0.0.1", "SHARED_KEY": "too short"}, "16 characters"),
        ({"SHARED_URL": "127.0.0.1", **ENVIRONMENT}, "shared_cache.redis_url_env: this is no URL"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused(environ, words):
    config = Config(shared_cache=SharedCacheConfig("SHARED_URL", "SHARED_KEY"))
    with pytest.raises(ConfigError, match=words):
        shared_results(config, environ)


def test_without_an_url_nothing_is_shared():
    assert shared_results(Config(), {}) is None
