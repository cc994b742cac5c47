"""Spans from a caller through a real service to a real collector; and collectors that are none."""

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager

import grpc
import pytest
from judge_service import honest
from misbehaving_server import serving
from monitored import scrape
from opentelemetry.sdk.trace import TracerProvider
from otlp_collector import Collector, attributes
from program import free_port, wait_until
from wire_items import math_item

from verifier.client import AsyncClient, Client
from verifier.config import Config, ServerConfig
from verifier.config.judge import JudgeConfig
from verifier.config.judge_backends import OpenAiBackendConfig
from verifier.config.tracing import TracingConfig
from verifier.outcome.judge import JudgeVerifier
from verifier.outcome.math import MathVerifier
from verifier.registry import Registry
from verifier.server.lifecycle import ServingProcess
from verifier.types import Verdict
from verifier.v1 import service_pb2

SERVICE = "verifier.v1.VerifierService"
TRACER = TracerProvider().get_tracer("a trainer")
ADD = "def add(a, b):\n    return a + b\n"


def secret_row(name="row-SECRET-id"):
    """A row whose every text can be found again."""
    return {
        "id": name,
        "prompt": "SECRET prompt",
        "completion": "SECRET words \\boxed{4}",
        "group_id": "SECRET group",
        "math": {"reference_answers": ["4", "SECRET"]},
    }


@asynccontextmanager
async def traced(endpoint, *, ratio=0.0, url="http://127.0.0.1:9/v1"):
    """A service in this process that sends its spans to `endpoint`."""
    config = Config(
        server=ServerConfig(
            listen="127.0.0.1:0", metrics_listen="127.0.0.1:0", lame_duck_seconds=0.05
        ),
        judge=JudgeConfig(backends={"main": OpenAiBackendConfig(base_url=url, model="tiny")}),
        tracing=TracingConfig(endpoint=endpoint, sample_ratio=ratio),
    )
    verifiers = [MathVerifier(None), JudgeVerifier(config.judge.parts({}))]
    process = ServingProcess(config, Registry(verifiers))
    await process.start()
    process.target = f"127.0.0.1:{process.port}"
    try:
        yield process
    finally:
        await process.close()


@pytest.fixture
def collector():
    with Collector() as running:
        yield running


def configured(tmp_path, endpoint, ratio):
    path = tmp_path / "service.toml"
    path.write_text(f'[tracing]\nendpoint = "{endpoint}"\nsample_ratio = {ratio}\n')
    return path


def test_a_callers_trace_goes_on_through_a_real_service(serve, tmp_path, collector):
    server = serve("--config", configured(tmp_path, collector.endpoint, 0.0))
    code = {"entry_point": "add", "cases": [{"args_json": "[1, 2]", "expected_json": "3"}]}
    rows = [secret_row(), {"completion": ADD, "code": {"function": code}}]
    with Client(server.target, timeout_seconds=60) as client:
        client.score([secret_row()])  # by itself: nobody asked for its trace
        with TRACER.start_as_current_span("step") as span:
            results = client.score(rows)
        caller = span.get_span_context()
    assert results[0].verdict is Verdict.CORRECT
    call = collector.wait_for(f"{SERVICE}/Score")[0]
    assert int.from_bytes(call.trace_id) == caller.trace_id
    assert int.from_bytes(call.parent_span_id) == caller.span_id
    assert attributes(call)["verifier.items"] == 2
    assert attributes(call)["rpc.response.status_code"] == "OK"
    (score,) = collector.wait_for("score")
    assert [one.name for one in collector.below(call)] == ["read", "score", "write"]
    for item in collector.below(score):  # the program, if this machine may run it
        assert item.name == "code/1"
        assert [one.name for one in collector.below(item)] == ["work"]
        assert attributes(item)["verifier.work_seconds"] > 0
    for span in collector.spans:
        assert span.trace_id == call.trace_id
        assert span.start_time_unix_nano <= span.end_time_unix_nano
    assert collector.resources[0]["service.name"] == "verifier"
    code, log = server.stop()
    assert code == 0, log
    assert len(collector.named(f"{SERVICE}/Score")) == 1


def test_nothing_that_a_caller_wrote_is_in_any_span(serve, tmp_path, collector):
    server = serve("--config", configured(tmp_path, collector.endpoint, 1.0))
    rows = [
        *(secret_row(f"SECRET {number}") for number in range(20)),
        {"id": "SECRET a", "completion": "SECRET", "plugin": {"name": "SECRET"}},
        {"id": "SECRET b", "completion": "SECRET", "judge": {"backend": "SECRET"}},
        {"id": "SECRET c", "completion": "SECRET", "process": {"model": "SECRET"}},
        {"id": "SECRET d", "completion": "SECRET", "code": {"language": "SECRET"}},
    ]
    with Client(server.target, timeout_seconds=60) as client:
        client.score(rows)
    with grpc.insecure_channel(server.target) as channel:
        strange = channel.unary_unary(f"/{SERVICE}/SECRET")
        score = channel.unary_unary(f"/{SERVICE}/Score")
        hostile = (("tracestate", "SECRET=1"), ("traceparent", "SECRET"), ("x-name", "SECRET"))
        for call, message in ((strange, b""), (score, b"SECRET")):
            with pytest.raises(grpc.RpcError):
                call(message, metadata=hostile, timeout=30)
    server.stop()
    assert collector.named(f"{SERVICE}/Score")
    assert not any(b"SECRET" in message for message in collector.messages)


@pytest.mark.parametrize(
    ("value", "goes_on", "why"),
    [
        (f"00-{'ab' * 16}-{'cd' * 8}-01", True, "as it should be"),
        (f"cc-{'ab' * 16}-{'cd' * 8}-01-more", True, "a later version, which may say more"),
        (f"00-{'AB' * 16}-{'cd' * 8}-01", False, "capital letters"),
        (f"00-{'00' * 16}-{'cd' * 8}-01", False, "no trace"),
        (f"00-{'ab' * 16}-{'00' * 8}-01", False, "no span"),
        (f"ff-{'ab' * 16}-{'cd' * 8}-01", False, "a version that there will never be"),
        (f"00-{'ab' * 16}-{'cd' * 8}", False, "no flags"),
        ("x" * 5_000, False, "anything at all, of what gRPC lets through"),
        ("", False, "nothing"),
    ],
)
async def test_a_traceparent_is_continued_only_if_it_is_one(
    collector, connect, value, goes_on, why
):
    async with traced(collector.endpoint, ratio=1.0) as service:
        stub = connect(service.target)
        request = service_pb2.ScoreRequest(items=[math_item("a")])
        response = await stub.Score(request, metadata=(("traceparent", value),), timeout=30)
        assert len(response.results) == 1
    (call,) = collector.named(f"{SERVICE}/Score")
    assert (call.trace_id == bytes.fromhex("ab" * 16)) == goes_on, why


async def test_a_stream_has_one_span_with_one_below_it_for_each_message(collector):
    async def rows():
        for number in range(6):
            yield {**secret_row(str(number))}

    async with (
        traced(collector.endpoint, ratio=1.0) as service,
        AsyncClient(service.target, batch_items=2) as client,
    ):
        assert len([one async for one in client.stream(rows())]) == 6
    (call,) = collector.named(f"{SERVICE}/ScoreStream")
    assert attributes(call)["verifier.items"] == 6
    assert {one.name for one in collector.below(call)} == {"score"}


async def test_a_refused_call_says_how_it_ended(collector, connect):
    async with traced(collector.endpoint, ratio=1.0) as service:
        call = service_pb2.ScoreRequest(items=[math_item("a")])
        call.work_limit.seconds = -1
        with pytest.raises(grpc.aio.AioRpcError):
            await connect(service.target).Score(call, timeout=30)
        with pytest.raises(grpc.aio.AioRpcError):
            await connect(service.target).Select(service_pb2.SelectRequest(), timeout=30)
    (span,) = collector.named(f"{SERVICE}/Score")
    assert attributes(span)["rpc.response.status_code"] == "INVALID_ARGUMENT"
    assert span.status.code == 0  # the caller's mistake is no error of the server
    (span,) = collector.named(f"{SERVICE}/Select")
    assert span.status.code == 2


async def test_a_cancelled_call_leaves_its_span(collector, connect):
    async def hang(_request, _body):
        await asyncio.sleep(60)

    async with serving(hang) as judge, traced(collector.endpoint, ratio=1.0, url=judge.url) as one:
        client = AsyncClient(one.target)
        row = {"prompt": "2+2?", "completion": "4", "judge": {}}
        asked = asyncio.create_task(client.score([row]))
        while not judge.inside:
            await asyncio.sleep(0.01)
        asked.cancel()
        await asyncio.wait((asked,))
        await client.close()
        await asyncio.to_thread(wait_until, lambda: not judge.inside)
    (span,) = collector.named(f"{SERVICE}/Score")
    assert attributes(span)["rpc.response.status_code"] == "CANCELLED"


async def test_a_trace_reaches_the_judges_backend_and_is_as_long_as_it_may_be(collector):
    rows = [
        {"id": f"{number}", "prompt": "2+2?", "completion": f"good {number}", "judge": {}}
        for number in range(50)
    ]
    async with (
        serving(honest) as judge,
        traced(collector.endpoint, url=judge.url) as service,
        AsyncClient(service.target, batch_items=64, timeout_seconds=60) as client,
    ):
        await client.score([rows[0]])
        with TRACER.start_as_current_span("step") as span:
            results = await client.score(rows[1:])
        trace = f"{span.get_span_context().trace_id:032x}"
    assert {result.verdict for result in results} == {Verdict.SCORED}
    sent = [headers.get("traceparent", "") for headers in judge.headers]
    # Not sampled, the first one still has an id, and says that nobody keeps it.
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", sent[0])
    assert all(re.fullmatch(rf"00-{trace}-[0-9a-f]{{16}}-01", one) for one in sent[1:])
    assert len(sent) == 50
    assert 0 < len(collector.named("judge call")) <= 32
    assert len(collector.named("judge/1")) <= 32
    (call,) = collector.named(f"{SERVICE}/Score")
    assert attributes(call)["verifier.items"] == 49


@pytest.mark.parametrize("kind", ["nobody listens", "never answers"])
def test_a_collector_that_is_gone_costs_nothing_but_its_spans(serve, tmp_path, kind):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, by the kernel, and is silent
        port = free_port() if kind == "nobody listens" else silent.getsockname()[1]
        server = serve("--config", configured(tmp_path, f"127.0.0.1:{port}", 1.0))
        with Client(server.target, timeout_seconds=60, batch_items=1) as client:

            def lost():
                results = client.score([secret_row(str(number)) for number in range(40)])
                assert {result.verdict for result in results} == {Verdict.CORRECT}
                page = scrape(server.metrics_port)
                return 'verifier_trace_spans_total{outcome="failed"} 0.0' not in page

            wait_until(lost)
        code, log = server.stop(signal.SIGTERM, timeout=30)
    assert code == 0, log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert sum("traces are lost" in line["event"] for line in lines) == 1
    assert "opentelemetry" not in log
    assert "Traceback" not in log


def test_a_collector_that_comes_late_gets_what_follows(serve, tmp_path):
    with Collector() as collector:
        endpoint = collector.endpoint
    server = serve("--config", configured(tmp_path, endpoint, 1.0))
    with Client(server.target, timeout_seconds=60) as client:
        client.score([secret_row()])
        wait_until(lambda: 'outcome="failed"} 0.0' not in scrape(server.metrics_port))
        late = Collector()
        assert late._server.add_insecure_port(endpoint)
        with late:

            def arrived():
                client.score([secret_row()])
                return late.named(f"{SERVICE}/Score")

            wait_until(arrived)
            _, log = server.stop()
    assert "traces are sent again" in log


def test_without_an_endpoint_opentelemetry_is_not_even_loaded():
    words = (
        "import sys, verifier.server.lifecycle as one\n"
        "from verifier.config import Config\n"
        "one.ServingProcess(Config())\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_without_the_extra_the_service_says_what_to_install(tmp_path):
    path = configured(tmp_path, "127.0.0.1:4317", 1.0)
    words = (
        "import sys\n"
        "sys.modules['opentelemetry.sdk'] = None\n"
        "from verifier.cli.main import main\n"
        f"sys.argv = ['verifier-cli', 'serve', '--config', {str(path)!r}]\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, timeout=100, check=False
    )
    assert done.returncode == 2
    assert b"verifier-service[tracing]" in done.stderr
