"""Deployments that hand tasks on, and one that answers them as its items ask."""

import asyncio
import json
import time
from contextlib import asynccontextmanager

import aiohttp

from verifier.config import Config, ServerConfig
from verifier.config.server import EngineConfig
from verifier.config.sharing import ForwardConfig
from verifier.config.verifiers import FormatConfig, MathConfig, PluginsConfig
from verifier.errors import SandboxError
from verifier.outcome.composite import CompositeVerifier
from verifier.registry import Registry
from verifier.server.lifecycle import ServingProcess
from verifier.types import CodeDetail, CodeTask, Outcome, Reason, Verdict

TESTS = {"cases": [{"stdin": "", "expected_stdout": "4"}]}


class Obedient:
    """Stands for the code verifier and does as completions say.

    Attributes:
        begun, cancelled: how many items have been.
        open: what items wait for that say so.
    """

    name = "code"
    version = "7"
    description = "Does as it is told."
    task_type = CodeTask
    work_limit_seconds = 60.0
    deterministic = False
    isolation = "full"
    self_test = ()

    def __init__(self):
        self.begun = self.cancelled = 0
        self.open = asyncio.Event()

    async def start(self):
        pass

    async def close(self):
        pass

    async def verify(self, item, started):
        orders = json.loads(item.completion)
        self.begun += 1
        started()
        try:
            if orders.get("waits"):
                await self.open.wait()
            await asyncio.sleep(orders.get("seconds", 0))
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if orders.get("fails"):
            raise SandboxError("no jails today")
        detail = CodeDetail(1, 1, (), "full")
        return Outcome(Verdict.SCORED, Reason.ALL_TESTS_PASSED, orders["reward"], "so", detail)


def row(name, reward=1.0, **orders):
    """A row for it."""
    orders["reward"] = reward
    return {"id": str(name), "completion": json.dumps(orders), "code": {"stdio": TESTS}}


@asynccontextmanager
async def deployed(*verifiers, forward=None, engine=None, **tables):
    """A service on a free port: with these verifiers, or with all and some of them elsewhere."""
    server = {"lame_duck_seconds": 0.05, "drain_seconds": 5.0, **tables.pop("server", {})}
    config = Config(
        server=ServerConfig(**{"listen": "127.0.0.1:0", "metrics_listen": "127.0.0.1:0", **server}),
        engine=EngineConfig(**(engine or {})),
        math=MathConfig(workers=0),
        format=FormatConfig(workers=0),
        plugins=PluginsConfig(enabled=False),
        forward={name: ForwardConfig(**table) for name, table in (forward or {}).items()},
        **tables,
    )
    registry = Registry([*verifiers, CompositeVerifier()]) if verifiers else None
    process = ServingProcess(config, registry)
    try:
        await process.start()
        process.target = f"127.0.0.1:{process.port}"
        yield process
    finally:
        await process.close()


def code_at(*services, **table):
    targets = ",".join(service.target for service in services)
    return {"code": {"target": f"ipv4:{targets}", **table}}


async def page(service, name):
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{service.metrics_port}/{name}") as answer,
    ):
        return answer.status, await answer.text()


async def calls_of(service, method):
    """How many calls of a method have ended on a service."""
    _, text = await page(service, "metrics")
    lines = (line for line in text.splitlines() if line.startswith("verifier_requests_total"))
    return sum(float(line.split()[-1]) for line in lines if f'"{method}"' in line)


async def until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.01)
