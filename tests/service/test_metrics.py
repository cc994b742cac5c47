"""No label ever comes from a caller, and what is counted of calls is right."""

import grpc
import pytest
from monitored import scrape
from prometheus_client.parser import text_string_to_metric_families
from wire_items import math_item

from verifier.client import Client
from verifier.v1 import service_pb2

SERVICE = "/verifier.v1.VerifierService"


def hostile_rows(mark):
    """A row for each place in which a caller may put a word of its own."""
    code = {"language": mark, "stdio": {"cases": [{"stdin": mark, "expected_stdout": mark}]}}
    tasks = [
        {"math": {"reference_answers": [mark]}},
        {"text": {"reference_answers": [mark]}},
        {"code": code},
        {"format": {"rules": [{"regex": {"pattern": mark}}]}},
        {"format": {"rules": [{"ifeval": {"instruction_id_list": [mark], "kwargs": [{}]}}]}},
        {"format": {"rules": [{"language_consistency": {"language": mark}}]}},
        {"format": {"rules": [{"length": {"unit": "LENGTH_UNIT_TOKENS", "tokenizer": mark}}]}},
        {"process": {"steps": [mark], "model": mark}},
        {"reward_model": {"model": mark}},
        {"judge": {"backend": mark}},
        {"judge": {"template": mark}},
        {"judge": {"rubric": {"criteria": [{"name": mark, "description": mark}]}}},
        {"composite": {"recipe": mark, "base": {"math": {"reference_answers": ["4"]}}}},
        {"composite": {"terms": [{"name": mark, "math": {"reference_answers": ["4"]}}]}},
        {"plugin": {"name": mark, "options": {mark: mark}}},
        {"puzzle": {"name": mark}},
        {mark: 1},
    ]
    return [
        {"id": f"{mark}-{n}", "prompt": mark, "completion": mark, "group_id": mark, **task}
        for n, task in enumerate(tasks)
    ]


def call_with(target, mark):
    """Every RPC, and one that there is not, with words of the caller's own."""
    metadata = ((f"x-{mark}", mark), ("user-agent", mark), ("x-verifier-caller", mark))
    messages = {
        "ScoreSteps": b"\x0a" + bytes([len(mark)]) + mark.encode(),  # the model's name
        "Judge": b"\x12" + bytes([len(mark)]) + mark.encode(),
        "Select": b"",
        "ListVerifiers": b"",
        "Score": mark.encode(),
        mark: mark.encode(),
        f"../{mark}": b"",
    }
    with grpc.insecure_channel(target) as channel:
        for method, message in messages.items():
            call = channel.unary_unary(f"{SERVICE}/{method}")
            try:
                call(message, metadata=metadata, timeout=30)
            except grpc.RpcError as error:
                assert error.code() is not grpc.StatusCode.UNAVAILABLE  # noqa: PT017
        with pytest.raises(grpc.RpcError):
            channel.unary_unary(f"/{mark}/{mark}")(b"", timeout=30)


def series(page):
    """Every series there is, without the bounds of histograms."""
    return {
        (one.name, tuple(sorted(one.labels.items())))
        for family in text_string_to_metric_families(page)
        for one in family.samples
    }


def test_no_label_comes_from_a_caller(server):
    def seen_after(mark):
        with Client(server.target, timeout_seconds=60) as client:
            client.score(hostile_rows(mark))
        call_with(server.target, mark)
        page = scrape(server.metrics_port)
        assert mark not in page
        return series(page)

    first = seen_after("wildebeest")
    # Other words make no other series: however many callers think of, there are no more.
    assert seen_after("aardvark") == first


def test_calls_and_their_bytes_are_counted(serve):
    server = serve()
    request = service_pb2.ScoreRequest(items=[math_item("a"), math_item("b")])

    def value(name, **labels):
        for family in text_string_to_metric_families(scrape(server.metrics_port)):
            for one in family.samples:
                if one.name == name and labels.items() <= one.labels.items():
                    return one.value
        return None

    with grpc.insecure_channel(server.target) as channel:
        score = channel.unary_unary(
            f"{SERVICE}/Score", service_pb2.ScoreRequest.SerializeToString, lambda data: data
        )
        answer = score(request, timeout=30)
        assert value("verifier_received_bytes_total", method="Score") == request.ByteSize()
        assert value("verifier_sent_bytes_total", method="Score") == len(answer)
        assert value("verifier_open_calls", method="Score") == 0

        stream = channel.stream_stream(f"{SERVICE}/ScoreStream")
        ended = stream(iter(()), timeout=30)
        assert list(ended) == []
        assert value("verifier_open_calls", method="ScoreStream") == 0
    assert value("verifier_ready") == 1
    assert value("verifier_draining") == 0
    assert value("process_threads") >= 1
    assert value("process_resident_memory_bytes") > 2**20
