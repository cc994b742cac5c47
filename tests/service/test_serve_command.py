"""`verifier-cli serve` as an operator meets it: signals, health, restarts, memory."""

import asyncio
import json
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import grpc
import psutil
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from program import Program, free_port, wait_until
from wire_items import math_item, plugin_item

from verifier.client import AsyncClient, Client
from verifier.errors import ServiceError
from verifier.types import Verdict
from verifier.v1 import service_pb2, service_pb2_grpc

ROW = {"completion": "\\boxed{4}", "math": {"reference_answers": ["4"]}}
SLOW = {"completion": "x", "plugin": {"name": "slow", "options": {"seconds": 0.5}}}


def get(server, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.metrics_port}{path}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def health_of(server, name):
    with grpc.insecure_channel(server.target) as channel:
        request = health_pb2.HealthCheckRequest(service=name)
        return health_pb2_grpc.HealthStub(channel).Check(request, timeout=5).status


def test_sigterm_says_no_then_finishes_then_exits_0(serve, tmp_path):
    configuration = tmp_path / "service.toml"
    configuration.write_text("[server]\nlame_duck_seconds = 1.5\n")
    server = serve("--config", configuration)
    assert get(server, "/readyz")[0] == 200
    with Client(server.target) as client:
        client.score([SLOW])  # the workers are warm
        results = []
        slow = threading.Thread(
            target=lambda: results.extend(client.score([{**SLOW, "id": str(n)} for n in range(4)]))
        )
        slow.start()
        wait_until(lambda: "verifier_inside_items 4.0" in get(server, "/metrics")[1])
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: get(server, "/readyz")[0] == 503)
        assert get(server, "/healthz")[0] == 200
        for name in ("", "readiness", "verifier.v1.VerifierService"):
            assert health_of(server, name) == health_pb2.HealthCheckResponse.NOT_SERVING
        # A lame duck still takes calls: a balancer may not have noticed yet.
        with grpc.insecure_channel(server.target) as channel:  # one that heeds no health
            stub = service_pb2_grpc.VerifierServiceStub(channel)
            late = stub.Score(service_pb2.ScoreRequest(items=[math_item("late")]), timeout=5)
            assert late.results[0].reward == 1.0
        slow.join(timeout=30)
    assert [result.verdict for result in results] == [Verdict.CORRECT] * 4
    code, log = server.stop()
    assert code == 0, log
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert events[0] == "serving"
    assert events[-1] == "ended"


def test_sigterm_in_mid_stream_answers_what_was_sent_and_names_another_replica(serve):
    server = serve()
    item = plugin_item("slow", "slow", seconds=1.5)
    with grpc.insecure_channel(server.target) as channel:
        finished = threading.Event()

        def requests():
            yield service_pb2.ScoreStreamRequest(items=[item, math_item("quick")])
            finished.wait(60)  # the stream stays open: only the service may end it

        stream = service_pb2_grpc.VerifierServiceStub(channel).ScoreStream(requests())
        (quick,) = next(stream).results
        server.process.send_signal(signal.SIGTERM)
        (slow,) = next(stream).results
        with pytest.raises(grpc.RpcError) as ended:
            next(stream)
        finished.set()
    assert [(r.id, r.reward) for r in (quick, slow)] == [("quick", 1.0), ("slow", 1.0)]
    assert ended.value.code() is grpc.StatusCode.UNAVAILABLE
    assert "another replica" in ended.value.details()
    assert server.stop()[0] == 0


def test_a_second_signal_ends_it_at_once(serve, tmp_path):
    configuration = tmp_path / "service.toml"
    configuration.write_text("[server]\nlame_duck_seconds = 300\n")
    server = serve("--config", configuration)
    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: get(server, "/readyz")[0] == 503)
    assert server.stop(signal.SIGTERM)[0] == 0


def test_workers_die_with_a_killed_service(serve):
    server = serve()
    with Client(server.target) as client:
        client.score([SLOW])
    workers = psutil.Process(server.process.pid).children(recursive=True)
    assert workers
    server.stop(signal.SIGKILL)
    psutil.wait_procs(workers, timeout=20)
    assert not [worker for worker in workers if worker.is_running()]


def test_no_worker_survives_a_drained_service(serve):
    server = serve()
    workers = psutil.Process(server.process.pid).children(recursive=True)
    assert workers
    assert server.stop()[0] == 0
    assert not [worker for worker in workers if worker.is_running()]


def test_an_address_in_use_is_said_so(program, server):
    code, _, err = program.run("serve", "--listen", server.target, "--metrics-listen", "")
    assert code == 2
    assert server.target in err
    assert "Traceback" not in err


def test_a_side_port_in_use_is_said_so(program, server):
    code, _, err = program.run(
        *("serve", "--listen", "127.0.0.1:0"),
        *("--metrics-listen", f"127.0.0.1:{server.metrics_port}"),
    )
    assert code == 2
    assert str(server.metrics_port) in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[server]\nlisten = 5\n", ":2: server.listen: must be text"),
        ("[server]\nlissten = 'x'\n", ":2: server.lissten: is no key here; did you mean listen"),
        ("[server]\nmax_batch_items = 0\n", ":2: server.max_batch_items: must be at least 1"),
        ("[server]\nmax_message_bytes = 2147483648\n", "server.max_message_bytes: must be at most"),
        ("[server]\nkeepalive_seconds = 1e7\n", "server.keepalive_seconds: must be at most"),
        ("[server]\nmetrics_listen = 'unix:/tmp/x'\n", "server.metrics_listen: must be HOST:PORT"),
        ("[logs]\nlevel = 'loud'\n", ":2: logs.level: must be one of"),
        ("not toml", ":1: is not TOML"),
    ],
)
def test_a_bad_configuration_names_file_and_key(program, tmp_path, text, words):
    configuration = tmp_path / "service.toml"
    configuration.write_text(text)
    code, _, err = program.run("serve", "--config", configuration)
    assert code == 2
    assert "service.toml" in err
    assert words in err


def test_list_and_check_say_what_works(program, server):
    for address in ((), ("--address", server.target)):
        code, out, _ = program.run("list", "--json", *address)
        names = [json.loads(line)["name"] for line in out.splitlines()]
        assert code == 0
        assert names == sorted(names)
        assert {"math", "text", "format", "plugin:slow"} <= set(names)
    code, out, _ = program.run("check")
    assert code == 0
    assert out.count(" ok") >= 3
    assert program.run("list", "--address", "127.0.0.1:1")[0] == 3


def test_list_loads_neither_grpc_nor_protobuf(program):
    code = (
        "import sys; from verifier.cli.main import main; main(['list']); "
        "print([m for m in ('grpc', 'google.protobuf', 'rich', 'torch', 'sympy', 'aiohttp') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_serving_process_is_small(serve):
    """150 MB without models; measured after work, not before."""
    server = serve()
    with Client(server.target) as client:
        client.score([{**ROW, "id": str(n)} for n in range(20_000)])
    assert psutil.Process(server.process.pid).memory_info().rss < 150_000_000


# --------------------------------------------------------------------------------- two replicas


async def test_calls_are_spread_over_all_addresses(serve):
    servers = [serve(), serve()]
    target = "ipv4:" + ",".join(server.target for server in servers)
    async with AsyncClient(target, batch_items=10) as client:
        await client.score([{**ROW, "id": str(n)} for n in range(2000)])
    for server in servers:
        line = next(
            line
            for line in get(server, "/metrics")[1].splitlines()
            if line.startswith("verifier_requests_total") and "Score" in line
        )
        assert float(line.split()[-1]) > 50


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_replica_that_ends_costs_no_row(serve, number):
    servers = [serve(), serve()]
    target = "ipv4:" + ",".join(server.target for server in servers)
    async with AsyncClient(target, batch_items=8) as client:
        await client.score([ROW])
        scoring = asyncio.create_task(client.score([{**ROW, "id": str(n)} for n in range(20_000)]))
        await asyncio.sleep(0.3)
        servers[0].process.send_signal(number)
        results = await scoring
    assert {result.verdict for result in results} == {Verdict.CORRECT}
    assert len(results) == 20_000


def test_a_reader_of_the_log_that_stalls_does_not_stall_the_service(program):
    """Standard error is a pipe that nobody reads while far more is logged than it holds."""
    port, metrics_port = free_port(), free_port()
    process = program.start(
        *("serve", "--listen", f"127.0.0.1:{port}"),
        *("--metrics-listen", f"127.0.0.1:{metrics_port}"),
    )
    with Client(f"127.0.0.1:{port}", batch_items=1) as client:
        wait_until(lambda: _answers(client))
        results = client.score([{**ROW, "id": str(n)} for n in range(2000)])
    assert {result.reward for result in results} == {1.0}
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    lines = log.decode().splitlines()
    assert sum('"event": "call"' in line for line in lines) >= 2000
    assert '"ended"' in lines[-1]


def _answers(client):
    try:
        return client.score([ROW])
    except ServiceError:
        return False


def test_sigterm_while_workers_start_ends_it_without_waiting_for_them(tmp_path, program):
    (tmp_path / "slow_start.py").write_text(
        "import time\n"
        "class Slow:\n"
        "    version, description = '1', 'Takes an hour to load.'\n"
        "    def __init__(self): time.sleep(3600)\n"
    )
    information = tmp_path / "slow_start-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-start\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[verifier.plugins]\nslow = slow_start:Slow\n")
    starting = Program(str(tmp_path)).start(
        *("serve", "--listen", "127.0.0.1:0", "--metrics-listen", "")
    )
    wait_until(lambda: psutil.Process(starting.pid).children())
    starting.send_signal(signal.SIGTERM)
    _, log = starting.communicate(timeout=50)
    assert starting.returncode == 0, log
