"""Malformed requests in masses: each has its documented answer, and nothing stays behind."""

import asyncio

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from soaking import malformed, report
from soaking.messages import messages
from soaking.world import World
from wire_items import NO_RETRIES

from verifier.v1 import judge_pb2, process_pb2, service_pb2

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
CALLS = 12_000
CALL_SECONDS = 5.0  # a program may be asked to run for longer, and then the call ends
CONNECTIONS = 1_000
MOST_GROWTH_MIB = 200  # caches and pools may fill; every call that left 20 KB would be more
MOST_DESCRIPTORS = 64  # connections to the judge are kept


def test_malformed_requests_end_with_documented_codes_and_leave_nothing_behind():
    with World(count=1, balancers=False) as world:
        replica = world.replicas[0]
        done = asyncio.run(malformed.fuzz(replica, calls=CALLS, connections=CONNECTIONS, seed=8))
        for table in report.fuzz_tables(done):
            print(table.markdown())  # noqa: T201 - pytest shows it where it fails
        assert done.problems == []
        assert {method for method, _ in done.codes} >= {"Score", "ScoreStream", "Judge", "Select"}
        assert done.samples.growth("front MiB", 0.5) < MOST_GROWTH_MIB
        assert done.samples.growth("descriptors", 0.5) < MOST_DESCRIPTORS
        assert replica.terminate() == 0


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("Score", service_pb2.ScoreRequest),
        ("ScoreStream", service_pb2.ScoreStreamRequest),
        ("ScoreSteps", process_pb2.ScoreStepsRequest),
        ("Select", service_pb2.SelectRequest),
        ("Judge", judge_pb2.JudgeRequest),
    ],
)
def test_any_message_has_its_documented_answer(server, method, kind):
    allowed = malformed.documented_codes()

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(message=messages(kind))
    def answered(message):
        code, answers = ask(channel, method, message)
        if code == "OK":
            for answer in answers:
                assert malformed.oddity(method, answer) == ""
        else:
            assert code in allowed, (code, answers)

    with grpc.insecure_channel(server.target, options=NO_RETRIES) as channel:
        answered()
    assert server.process.poll() is None


def ask(channel, method, message):
    """The code, and the answers as bytes or the details."""
    name, data = f"/verifier.v1.VerifierService/{method}", message.SerializeToString()
    try:
        if method == "ScoreStream":
            call = channel.stream_stream(name)(iter([data]), timeout=CALL_SECONDS)
            return "OK", list(call)
        return "OK", [channel.unary_unary(name)(data, timeout=CALL_SECONDS)]
    except grpc.RpcError as error:
        return error.code().name, error.details()
