"""Fixtures around `verifier-cli` in processes of its own."""

import os
import signal
from pathlib import Path

import grpc
import pytest
from program import Program
from redis_server import RedisServer
from wire_items import NO_RETRIES

from verifier.v1 import service_pb2_grpc

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def plugin_path(tmp_path_factory):
    """A folder that makes the sample plugins look installed."""
    folder = tmp_path_factory.mktemp("installed")
    information = folder / "sample_plugins-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: sample-plugins\nVersion: 1.0\n"
    )
    (information / "entry_points.txt").write_text(
        "[verifier.plugins]\nslow = sample_plugins:Slow\ndies = sample_plugins:Dies\n"
    )
    return f"{folder}{os.pathsep}{TESTS}"


@pytest.fixture(scope="session")
def program(plugin_path):
    return Program(plugin_path)


@pytest.fixture(scope="session")
def server(program):
    """One service for all tests that only need one to be there."""
    running = program.serve()
    yield running
    code, log = running.stop()
    assert code == 0, log


@pytest.fixture
def serve(program):
    """Starts services that end with the test."""
    running = []

    def start(*arguments):
        running.append(program.serve(*arguments))
        return running[-1]

    yield start
    for one in running:
        one.stop(signal.SIGKILL)


@pytest.fixture
async def connect():
    channels = []

    def make(target, options=NO_RETRIES):
        channels.append(grpc.aio.insecure_channel(target, options=options))
        return service_pb2_grpc.VerifierServiceStub(channels[-1])

    yield make
    for channel in channels:
        await channel.close()


@pytest.fixture
async def stub(service, connect):
    return connect(service.target)


@pytest.fixture(scope="module")
def shared_redis():
    """One for all tests of a file."""
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def own_redis():
    """One that a test may kill or freeze."""
    server = RedisServer()
    yield server
    server.stop()
