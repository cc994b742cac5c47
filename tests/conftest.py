"""Fixtures shared by all tests: real engines and real services on free ports."""

import os
import signal
from importlib.metadata import EntryPoint

import pytest
from hypothesis import settings

# Before torch is loaded: tests run on all cores already, and threads that wait for each other spin.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from verifier import logs
from verifier.config import Config, EngineConfig, LogsConfig, ServerConfig
from verifier.config.prm import PrmConfig
from verifier.engine import Engine, EngineLimits
from verifier.outcome.plugin import PluginVerifier
from verifier.registry import PLUGIN_GROUP, BuiltinSettings, Registry, builtin
from verifier.server.lifecycle import ServingProcess
from verifier.workers.pool import WorkerLimits

# Timing never decides: not on a busy machine, nor where the first example loads what it needs.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

# A shell's background job ignores Ctrl-C, and so would every process that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

SAMPLE_PLUGINS = ("Agrees", "Raises", "Hangs", "Dies", "Slow", "Prints", "Lies", "Eats", "Counts")


def sample_plugins(processes=1, names=SAMPLE_PLUGINS, **limits):
    """The plugins of tests/sample_plugins.py, as if they had been installed."""
    chosen = WorkerLimits(processes=processes, **limits)
    return [
        PluginVerifier.from_entry_point(
            EntryPoint(name.lower(), f"sample_plugins:{name}", PLUGIN_GROUP), chosen
        )
        for name in names
    ]


@pytest.fixture(autouse=True, scope="session")
def _structured_logs():
    """Logs as in production, on whatever standard error a test captures."""
    logs.configure(LogsConfig())


@pytest.fixture
async def engine():
    """An engine with every built-in verifier and every sample plugin."""
    async with Engine(Registry([*builtin(), *sample_plugins()])) as made:
        yield made


@pytest.fixture
async def bare_engine():
    """An engine with the built-in verifiers and no cache."""
    async with Engine(Registry(builtin()), EngineLimits(cache_entries=0)) as made:
        yield made


@pytest.fixture
async def start_service():
    """Starts services in this process; they end with the test."""
    running = []

    async def start(*, processes=1, max_queued_items=65_536, prm=None, **server):
        settings = {"lame_duck_seconds": 0.1, "drain_seconds": 5.0, **server}
        config = Config(
            server=ServerConfig(listen="127.0.0.1:0", metrics_listen="127.0.0.1:0", **settings),
            engine=EngineConfig(max_queued_items=max_queued_items),
            prm=prm or PrmConfig(),
        )
        ours = builtin(BuiltinSettings(prm=config.prm.settings()))
        registry = Registry([*ours, *sample_plugins(processes, ("Agrees", "Dies", "Slow"))])
        process = ServingProcess(config, registry)
        running.append(process)
        await process.start()
        process.target = f"127.0.0.1:{process.port}"
        return process

    yield start
    for process in running:
        await process.close()


@pytest.fixture
async def service(start_service):
    """One service with the default limits."""
    return await start_service()
