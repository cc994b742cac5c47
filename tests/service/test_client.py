"""The clients where trainers use them: threads, loops, forks, pickles; and how calls fail."""

import asyncio
import multiprocessing
import os
import pickle
import threading

import grpc
import pytest

from verifier.client import AsyncClient, Client
from verifier.client.batches import Collection
from verifier.client.outbox import Outbox
from verifier.errors import ServiceError
from verifier.types import (
    BoxedRule,
    FormatTask,
    Item,
    MathPolicy,
    MathTask,
    PercentPolicy,
    PluginTask,
    Reason,
    TextMode,
    TextTask,
    ThinkAnswerRule,
    Verdict,
)
from verifier.v1 import item_pb2, math_pb2, service_pb2, service_pb2_grpc

ROW = {"completion": "\\boxed{4}", "math": {"reference_answers": ["4"]}}
ROWS = [
    ROW,
    {
        "id": "text",
        "completion": "It is Paris.",
        "text": {"reference_answers": ["Paris"], "mode": "contains"},
    },
    Item("percent", "50%", MathTask(("1/2",), MathPolicy(percent=PercentPolicy.EXACT))),
    Item("f1", "x b", TextTask(("b c",), TextMode.F1)),
    Item("format", "\\boxed{1}", FormatTask((BoxedRule(), ThinkAnswerRule()))),
    Item("slow", "x", PluginTask("slow", '{"seconds": 0}')),
    item_pb2.ScoreItem(id="wire", completion="5", math=math_pb2.MathTask(reference_answers=["4"])),
    {"id": "bad", "completion": "x", "maths": {}},
    Item("later", "x", PluginTask("not installed")),
    {"id": "text", "completion": "twice", "text": {"reference_answers": ["x"]}},
]
EXPECTED = [
    ("0", Verdict.CORRECT, 1.0),
    ("text", Verdict.CORRECT, 1.0),
    ("percent", Verdict.CORRECT, 1.0),
    ("f1", Verdict.SCORED, 0.5),
    ("format", Verdict.INCORRECT, 0.0),
    ("slow", Verdict.CORRECT, 1.0),
    ("wire", Verdict.INCORRECT, 0.0),
    ("bad", Verdict.UNSCORED, None),
    ("later", Verdict.UNSCORED, None),
    ("text", Verdict.UNSCORED, None),
]


def seen(results):
    return [(result.id, result.verdict, result.reward) for result in results]


def test_rows_of_every_kind_in_order(server):
    with Client(server.target, batch_items=3) as client:
        assert seen(client.score(ROWS)) == EXPECTED
        assert client.score([]) == []


async def test_rows_of_every_kind_in_order_asynchronously(server):
    async with AsyncClient(server.target, batch_items=3) as client:
        assert seen(await client.score(ROWS)) == EXPECTED
        assert {info.name for info in await client.list_verifiers()} >= {"math", "text", "format"}


def test_details_come_back_as_they_were(server):
    with Client(server.target) as client:
        here, f1, rules = client.score([ROWS[0], ROWS[3], ROWS[4]])
    assert (here.detail.candidate, here.detail.span) == ("4", (7, 8))
    assert f1.detail.f1 == 0.5
    assert [rule.passed for rule in rules.detail.rules] == [True, False]


async def test_a_stream_gives_every_row_its_result(server):
    async def rows():
        for number in range(500):
            yield {**ROW, "id": str(number)}

    async with AsyncClient(server.target) as client:
        results = {result.id: result async for result in client.stream(rows())}
    assert len(results) == 500
    assert {result.reward for result in results.values()} == {1.0}


async def test_a_stream_given_up_half_way_leaves_the_client_well(server):
    async def rows():
        while True:
            yield ROW

    async with AsyncClient(server.target) as client:
        for _ in range(20):  # the service once died of this, some of the time
            stream = client.stream(rows())
            assert (await anext(stream)).reward == 1.0
            await stream.aclose()
            assert (await client.score([ROW]))[0].reward == 1.0


def test_one_client_in_several_event_loops(server):
    client = AsyncClient(server.target)
    for _ in range(3):
        assert asyncio.run(client.score([ROW]))[0].reward == 1.0


def test_one_client_in_many_threads(server):
    with Client(server.target) as client:
        rewards = []
        threads = [
            threading.Thread(target=lambda: rewards.extend(r.reward for r in client.score([ROW])))
            for _ in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    assert rewards == [1.0] * 16


def test_a_pickled_client_works(server):
    with Client(server.target, timeout_seconds=30) as client:
        client.score([ROW])
        with pickle.loads(pickle.dumps(client)) as copy:  # noqa: S301 - made a line above
            assert copy.score([ROW])[0].reward == 1.0
            assert copy.timeout_seconds == 30

    async def call():
        async with pickle.loads(pickle.dumps(AsyncClient(server.target))) as copy:  # noqa: S301
            return await copy.score([ROW])

    assert asyncio.run(call())[0].reward == 1.0


def _score_in_child(client, connection):
    connection.send([result.reward for result in client.score([ROW])])


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_a_client_used_before_works_in_a_child_process(server, method):
    context = multiprocessing.get_context(method)
    ours, theirs = context.Pipe()
    with Client(server.target, timeout_seconds=30) as client:
        client.score([ROW])
        child = context.Process(target=_score_in_child, args=(client, theirs))
        child.start()
        assert ours.poll(60)
        assert ours.recv() == [1.0]
        child.join(timeout=30)
        assert child.exitcode == 0
        assert client.score([ROW])[0].reward == 1.0


def test_nothing_listens_there(server):
    with Client("127.0.0.1:1") as client, pytest.raises(ServiceError) as failed:
        client.score([ROW])
    assert failed.value.code == "UNAVAILABLE"


async def test_time_that_runs_out_is_unscored_and_never_0(server):
    slow = Item("slow", "x", PluginTask("slow", '{"seconds": 30}'))
    async with AsyncClient(server.target, timeout_seconds=1.0, batch_items=1) as client:
        late, quick = await client.score([slow, ROW])
    assert (late.verdict, late.reason, late.reward) == (Verdict.UNSCORED, Reason.DEADLINE, None)
    assert quick.reward == 1.0


class _Misbehaving(service_pb2_grpc.VerifierServiceServicer):
    """A service that answers as the first completion says."""

    def Score(self, request, context):  # noqa: N802 - gRPC's name
        behaviour = request.items[0].completion
        if behaviour == "too few":
            return service_pb2.ScoreResponse()
        if behaviour == "fine":
            return service_pb2.ScoreResponse(
                results=[{"id": "x", "verdict": "VERDICT_CORRECT", "reward": 1, "reason": 1}]
            )
        context.abort(grpc.StatusCode[behaviour], "as you wish")
        return None


@pytest.fixture
def misbehaving():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        running = grpc.server(pool)
        service_pb2_grpc.add_VerifierServiceServicer_to_server(_Misbehaving(), running)
        port = running.add_insecure_port("127.0.0.1:0")
        running.start()
        yield f"127.0.0.1:{port}"
        running.stop(None).wait()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("INTERNAL", Reason.INTERNAL),
        ("UNKNOWN", Reason.INTERNAL),
        ("UNAVAILABLE", Reason.BACKEND_UNAVAILABLE),
        ("RESOURCE_EXHAUSTED", Reason.OVERLOADED),
        ("DEADLINE_EXCEEDED", Reason.DEADLINE),
    ],
)
def test_a_call_that_fails_costs_its_own_rows_only(misbehaving, code, reason):
    rows = [
        {"id": name, "completion": name, "math": {"reference_answers": ["4"]}}
        for name in (code, "fine")
    ]
    with Client(misbehaving, batch_items=1) as client:
        failed, fine = client.score(rows)
    assert (failed.verdict, failed.reason, failed.reward) == (Verdict.UNSCORED, reason, None)
    assert "as you wish" in failed.message
    assert fine.reward == 1.0


@pytest.mark.parametrize("code", ["INVALID_ARGUMENT", "UNAUTHENTICATED", "UNIMPLEMENTED"])
def test_a_call_refused_for_what_it_is_raises(misbehaving, code):
    with Client(misbehaving) as client, pytest.raises(ServiceError, match="as you wish") as refused:
        client.score([{"completion": code, "math": {"reference_answers": ["4"]}}])
    assert refused.value.code == code


def test_another_number_of_results_than_items_is_an_error(misbehaving):
    with Client(misbehaving) as client, pytest.raises(ServiceError, match="0 results"):
        client.score([{"completion": "too few", "math": {"reference_answers": ["4"]}}])


@pytest.mark.parametrize("name", ["batch_items", "concurrency"])
def test_settings_that_would_never_send_anything_are_refused(name):
    with pytest.raises(ValueError, match=f"{name} must be at least 1"):
        Client("localhost:1", **{name: 0})


def test_items_with_strange_texts_are_scored_and_what_is_no_item_costs_itself(server):
    strange = Item("\ud800", "\ud800 \\boxed{4}", MathTask(("4",)), "\ud800", "\ud800")
    with Client(server.target) as client:
        scored, *bad, good = client.score(
            [strange, Item("t", None, MathTask(("4",))), Item("j", "x", PluginTask("p", "{")), ROW]
        )
    assert (scored.id, scored.reward, good.reward) == ("\ufffd", 1.0, 1.0)
    assert [result.reason for result in bad] == [Reason.INVALID_INPUT] * 2


def test_a_response_that_cannot_be_read_is_an_error():
    collection = Collection([ROW], 64)
    with pytest.raises(ServiceError, match="cannot be read"):
        collection.answered(collection.batches[0], None)


async def test_rows_of_a_stream_are_merged_up_to_a_size():
    async def rows():
        for number in range(6):
            yield {**ROW, "id": str(number), "completion": "x" * (1024 * 1024)}

    outbox = Outbox(64, None)
    await outbox.fill(rows())
    sent = [[item.id for item in request.items] async for request in outbox.requests()]
    assert sent == [["0", "1", "2"], ["3", "4", "5"]]


def test_children_are_told_apart_by_process(server):
    client = Client(server.target)
    client.score([ROW])
    client._pid = os.getpid() + 1  # as a forked child sees it
    assert client.score([ROW])[0].reward == 1.0
    client.close()
