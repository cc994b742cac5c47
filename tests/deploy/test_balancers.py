"""The balancers' files in front of real replicas: calls are spread, and losing one loses nothing.

The files are those of deploy/balancers, with other addresses. Two replicas each; what is said of
two holds for more, since each has one line of its own.
"""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import grpc
import pytest
from balancers import FILES, HAProxy, Nginx, running, skip_unless_installed
from grpc_health.v1 import health_pb2, health_pb2_grpc
from program import Program, free_port, wait_until
from wire_items import NO_RETRIES, math_item

from verifier.client import AsyncClient
from verifier.types import Verdict
from verifier.v1 import service_pb2, service_pb2_grpc

KINDS = pytest.mark.parametrize("kind", [HAProxy, Nginx], ids=lambda kind: kind.name)
MOST_ROWS = 400_000  # in one wait; far more than any takes, so that none goes on for ever
# No workers: nothing here needs them, and a replica without starts sooner.
CONFIG = "[math]\nworkers = 0\n[format]\nworkers = 0\n[plugins]\nenabled = false\n"
LAME_DUCK = "[server]\nlame_duck_seconds = 3.0\n"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two replicas that no test ends."""
    with replicas(tmp_path_factory.mktemp("pair")) as two:
        yield two


@contextmanager
def replicas(folder, more=""):
    """Two replicas that a test may end."""
    config = folder / "service.toml"
    config.write_text(CONFIG + more)
    started = []

    def start(_):
        started.append(Program("").serve("--config", config))

    try:
        with ThreadPoolExecutor(2) as side_by_side:
            list(side_by_side.map(start, range(2)))
        yield started
    finally:
        for one in started:
            with suppress(subprocess.TimeoutExpired):
                one.stop(signal.SIGKILL)


@contextmanager
def balanced(kind, folder, two):
    """The running balancer, once it sends calls to both."""
    with running(kind, folder, [(one.port, one.metrics_port) for one in two]) as balancer:
        yield balancer


def rows(first, count):
    """Every third answer is wrong, so that a mix-up of rows would show."""
    return [
        {
            "id": f"row-{number}",
            "completion": f"\\boxed{{{number + (number % 3 == 0)}}}",
            "math": {"reference_answers": [str(number)]},
        }
        for number in range(first, first + count)
    ]


def expected(number):
    return Verdict.INCORRECT if number % 3 == 0 else Verdict.CORRECT


def check_rows(results, first, count):
    """Each row once, in its place, with the verdict that is right."""
    assert [result.id for result in results] == [f"row-{n}" for n in range(first, first + count)]
    wrong = {
        result.id: (result.verdict, result.reason, result.message)
        for number, result in enumerate(results, first)
        if result.verdict is not expected(number)
    }
    assert not wrong


def score_calls(replica):
    """Calls of Score that a replica has answered, by its own count."""
    with urllib.request.urlopen(f"http://127.0.0.1:{replica.metrics_port}/metrics") as page:
        text = page.read().decode()
    return sum(
        float(line.rpartition(" ")[2])
        for line in text.splitlines()
        if line.startswith("verifier_requests_total{") and 'method="Score"' in line
    )


# ------------------------------------------------------------------------------- the files


@KINDS
def test_the_balancer_itself_finds_nothing_wrong_with_the_file(kind, tmp_path):
    skip_unless_installed(kind)
    code, said = kind(tmp_path, [(free_port(), free_port()), (free_port(), free_port())]).check()
    assert code == 0, said
    assert "warn" not in said.lower()


@KINDS
def test_the_file_is_for_two_replicas_until_somebody_writes_a_third_line(kind, tmp_path):
    text = (FILES / kind.file).read_text()
    assert {"192.0.2.11:50051", "192.0.2.12:50051"} <= set(text.replace(";", " ").split())
    three = kind(tmp_path, [(1, 11), (2, 12), (3, 13)]).config.read_text()
    assert all(f"127.0.0.1:{port} " in three for port in (1, 2, 3))
    assert "192.0.2." not in "".join(
        line for line in three.splitlines() if not line.strip().startswith("#")
    )


# ------------------------------------------------------------------------------- while all is well


@KINDS
async def test_calls_of_one_channel_are_spread_over_the_replicas(kind, pair, tmp_path):
    with balanced(kind, tmp_path, pair) as balancer:
        before = [score_calls(one) for one in pair]
        async with AsyncClient(balancer.target, batch_items=2, concurrency=16) as client:
            check_rows(await client.score(rows(0, 1200)), 0, 1200)
    calls = [score_calls(one) - was for one, was in zip(pair, before, strict=True)]
    assert sum(calls) == 600
    assert min(calls) > 60, calls


@KINDS
async def test_a_streams_answer_comes_before_its_next_question(kind, pair, tmp_path):
    """Whoever gathers a stream before passing it on would wait here for ever."""
    answered = asyncio.Queue()

    async def one_by_one():
        for row in rows(0, 20):
            yield row
            await answered.get()

    with balanced(kind, tmp_path, pair) as balancer:
        async with AsyncClient(balancer.target) as client:
            seen = {}
            async for result in client.stream(one_by_one()):
                seen[result.id] = result.verdict
                answered.put_nowait(None)
    assert seen == {f"row-{number}": expected(number) for number in range(20)}


@KINDS
async def test_a_long_stream_passes_whole(kind, pair, tmp_path):
    async def all_of_them():
        for row in rows(0, 2000):
            yield row

    with balanced(kind, tmp_path, pair) as balancer:
        async with AsyncClient(balancer.target) as client:
            seen = [result async for result in client.stream(all_of_them())]
    check_rows(sorted(seen, key=lambda result: int(result.id[4:])), 0, 2000)


@KINDS
async def test_messages_of_20_megabytes_pass_in_both_directions(kind, pair, tmp_path):
    # An item that is refused comes back with its id: 20 of a megabyte go and come.
    huge = [
        service_pb2.ScoreRequest(
            items=[math_item(f"{number}" * 100, "x" * 20_000_000 + "\\boxed{4}")]
        )
        for number in range(2)
    ]
    many = service_pb2.ScoreRequest(items=[math_item("i" * 200 + str(n)) for n in range(16_000)])
    with balanced(kind, tmp_path, pair) as balancer:
        async with grpc.aio.insecure_channel(balancer.target, options=NO_RETRIES) as channel:
            stub = service_pb2_grpc.VerifierServiceStub(channel)
            for request in huge:
                response = await stub.Score(request)
                assert [result.id for result in response.results] == [request.items[0].id]
            response = await stub.Score(many)
    assert [result.id for result in response.results] == [item.id for item in many.items]
    assert response.ByteSize() > 4 * 1024**2  # what gRPC itself would refuse by default


@KINDS
async def test_a_watch_of_health_says_that_there_is_none(kind, pair, tmp_path):
    """A watch that ended at one replica would stop a client while only that one drains."""
    request = health_pb2.HealthCheckRequest(service="readiness")
    with balanced(kind, tmp_path, pair) as balancer:
        async with grpc.aio.insecure_channel(balancer.target) as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await anext(aiter(stub.Watch(request)))
            checked = await stub.Check(request)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert checked.status == health_pb2.HealthCheckResponse.SERVING


def test_haproxy_tells_prometheus_which_replicas_are_well(pair, tmp_path):
    with balanced(HAProxy, tmp_path, pair) as balancer:
        url = f"http://127.0.0.1:{balancer.metrics_port}/metrics"

        def both_are_up():
            with urllib.request.urlopen(url) as page:
                text = page.read().decode()
            return all(
                f'haproxy_server_status{{proxy="replicas",server="{server}",state="UP"}} 1' in text
                for server in ("r0", "r1")
            )

        wait_until(both_are_up)


# ------------------------------------------------------------------------------- while one goes


async def load_until(client, condition, chunk=400):
    """Scores chunks of rows, one after the other, until a condition holds; returns how many."""
    first = 0
    while not condition(first):
        assert first < MOST_ROWS
        check_rows(await client.score(rows(first, chunk)), first, chunk)
        first += chunk
    return first


async def end_under_load(client, replica, number):
    """Sends a signal while rows are scored, and goes on until the replica has ended, and after."""

    def ended(first):
        if first == 800:
            replica.process.send_signal(number)
        return first > 800 and replica.process.poll() is not None

    done = await load_until(client, ended)
    check_rows(await client.score(rows(done, 800)), done, 800)


@KINDS
@pytest.mark.timeout(300)  # three starts of the service, on a machine that may be busy
async def test_our_client_loses_nothing_while_replicas_end_and_come_back(kind, tmp_path):
    with replicas(tmp_path) as two, balanced(kind, tmp_path, two) as balancer:
        async with AsyncClient(balancer.target, batch_items=4, concurrency=16) as client:
            await end_under_load(client, two[0], signal.SIGTERM)
            assert two[0].process.returncode == 0
            with started_again(two[0], tmp_path):
                # It is found again, before the other one goes, and takes over from that.
                await asyncio.to_thread(wait_until, lambda: answers(two[0].metrics_port))
                await load_until(client, lambda _: score_calls(two[0]) > 0)
                await end_under_load(client, two[1], signal.SIGKILL)


@contextmanager
def started_again(replica, folder):
    """Another process at the address of one that has ended."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "verifier.cli.main", "serve", "--listen", replica.target),
            *("--metrics-listen", f"127.0.0.1:{replica.metrics_port}"),
            *("--config", str(folder / "service.toml")),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def answers(port):
    """Whether somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


async def test_behind_haproxy_even_a_client_that_never_retries_loses_nothing_to_sigterm(tmp_path):
    """The lame duck is longer than the check needs by far; calls go elsewhere before it ends."""
    request = service_pb2.ScoreRequest(items=[math_item("one")])
    with (
        replicas(tmp_path, LAME_DUCK) as two,
        balanced(HAProxy, tmp_path, two) as balancer,
        # As our options, but without any retry: what gets lost, is lost.
        grpc.insecure_channel(balancer.target, options=NO_RETRIES) as channel,
    ):
        score = service_pb2_grpc.VerifierServiceStub(channel).Score
        calls = 0
        while two[0].process.poll() is None:
            assert calls < MOST_ROWS
            flying = [score.future(request) for _ in range(8)]
            assert all(call.result().results[0].id == "one" for call in flying)
            calls += len(flying)
            if calls == 80:
                two[0].process.send_signal(signal.SIGTERM)
        assert two[0].process.returncode == 0


@KINDS
def test_without_any_replica_calls_are_refused_and_do_not_hang(kind, tmp_path):
    nobody = [(free_port(), free_port()), (free_port(), free_port())]
    with running(kind, tmp_path, nobody) as balancer:
        options = (("grpc.enable_retries", 0), ("grpc.service_config", json.dumps({})))
        with grpc.insecure_channel(balancer.target, options=options) as channel:
            stub = service_pb2_grpc.VerifierServiceStub(channel)
            with pytest.raises(grpc.RpcError) as caught:
                stub.Score(service_pb2.ScoreRequest(items=[math_item("one")]), timeout=60)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    # In gRPC's own form: what comes as a page of HTML is not tried again.
    assert caught.value.details() == "the balancer reaches no replica, or one has ended"
