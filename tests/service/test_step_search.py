"""`ScoreSteps` over the wire: a search on one replica and on another, and all that can go wrong."""

import asyncio

import grpc
import pytest
import pytest_asyncio
from serving_models import hold, prm_config, serving
from wire_items import NO_RETRIES

from verifier.branches import StepBranch
from verifier.client import AsyncClient, Client
from verifier.config.prm import PrmConfig, PrmModelConfig
from verifier.errors import InputError, ServiceError
from verifier.types import Item, ProcessTask, Reason, Verdict
from verifier.v1 import process_pb2, service_pb2_grpc, verdict_pb2

PROMPT = "What is 1 + 2 + 3?"
FIRST = ("1 + 2 is 3.", "2 + 3 is 6.", "It is even.")
SECOND = ("3 + 3 is 6.", "So 7.")


pytestmark = pytest.mark.asyncio(loop_scope="module")  # so that the models are loaded once


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return prm_config(tmp_path_factory.mktemp("models"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def replicas(config):
    """Two services with the same models."""
    async with serving(config) as one, serving(config) as other:
        yield one, other


@pytest_asyncio.fixture(loop_scope="module")
async def connect():
    channels = []

    def make(target):
        channels.append(grpc.aio.insecure_channel(target, options=NO_RETRIES))
        return service_pb2_grpc.VerifierServiceStub(channels[-1])

    yield make
    for channel in channels:
        await channel.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stubs(replicas, connect):
    return [connect(replica.target) for replica in replicas]


def asked(*branches, model="steps", prompt=PROMPT):
    return process_pb2.ScoreStepsRequest(
        model=model, prompt=prompt, branches=[process_pb2.StepBranch(**one) for one in branches]
    )


def name_of(result):
    return verdict_pb2.Reason.Name(result.reason).removeprefix("REASON_")


async def whole(service, steps):
    """The scores of all steps at once, by a plain process task."""
    item = Item("a", "", ProcessTask(tuple(steps), model="steps"), PROMPT)
    (result,) = await service.engine.score([item])
    return list(result.detail.step_rewards)


async def test_a_beam_gets_the_scores_that_whole_solutions_get(replicas, stubs):
    roots = await stubs[0].ScoreSteps(asked(*({"new_steps": [step]} for step in FIRST)))
    assert [result.id for result in roots.results] == ["0", "1", "2"]
    children = [
        {
            "id": f"{first}/{second}",
            "parent_handle": root.handle,
            "prefix_steps": [first],
            "new_steps": [second, "Done."],
        }
        for first, root in zip(FIRST, roots.results, strict=True)
        for second in SECOND
    ]
    here = await stubs[0].ScoreSteps(asked(*children))
    there = await stubs[1].ScoreSteps(asked(*children))
    for child, result, other in zip(children, here.results, there.results, strict=True):
        expected = await whole(replicas[0], [*child["prefix_steps"], *child["new_steps"]])
        assert result.id == child["id"]
        assert result.verdict == verdict_pb2.VERDICT_SCORED
        assert list(result.step_rewards) == pytest.approx(expected[1:], abs=1e-5)
        assert list(other.step_rewards) == list(result.step_rewards), "any replica says the same"
        assert other.handle == result.handle, "and gives the same handle"
        assert result.cached_tokens > 0
    # What a replica has never seen it can share among the branches of a call, and no more.
    assert min(result.cached_tokens for result in there.results) == 0
    assert here.model == "steps"
    assert here.family == "trl"
    assert (here.range_low, here.range_high) == (0.0, 1.0)


async def test_a_handle_is_enough_where_it_was_made_and_nowhere_else(stubs):
    root = (await stubs[0].ScoreSteps(asked({"new_steps": ["Seen here only."]}))).results[0]
    child = {"parent_handle": root.handle, "new_steps": SECOND[:1]}
    here = (await stubs[0].ScoreSteps(asked(child))).results[0]
    there = (await stubs[1].ScoreSteps(asked(child, {"new_steps": FIRST[:1]}))).results
    assert here.verdict == verdict_pb2.VERDICT_SCORED
    assert there[0].verdict == verdict_pb2.VERDICT_UNSCORED
    assert name_of(there[0]) == "INVALID_INPUT"
    assert "prefix_steps" in there[0].message, "how to mend it"
    assert not there[0].step_rewards
    assert not there[0].handle
    assert there[1].verdict == verdict_pb2.VERDICT_SCORED, "its neighbour has lost nothing"


async def test_an_evicted_prefix_is_computed_again_with_the_same_numbers(config, connect, stubs):
    async with serving(PrmConfig(models=config.models, cache_bytes=0)) as small:
        forgetful = connect(small.target)
        root = (await forgetful.ScoreSteps(asked({"new_steps": FIRST[:1]}))).results[0]
        child = {"parent_handle": root.handle, "new_steps": list(SECOND)}
        again = (await forgetful.ScoreSteps(asked(child))).results[0]
    kept = await stubs[0].ScoreSteps(asked({"new_steps": FIRST[:1]}))
    usual = (await stubs[0].ScoreSteps(asked(child))).results[0]
    assert kept.results[0].handle == root.handle
    assert (again.cached_tokens, usual.cached_tokens > 0) == (0, True)
    assert list(again.step_rewards) == pytest.approx(list(usual.step_rewards), abs=1e-5)


async def test_one_bad_branch_costs_its_neighbours_nothing(stubs):
    root = (await stubs[0].ScoreSteps(asked({"new_steps": FIRST[:1]}))).results[0]
    foreign = (await stubs[0].ScoreSteps(asked({"new_steps": ["x"]}, model="ends"))).results[0]
    other = asked({"new_steps": FIRST[:1]}, prompt="Another problem")
    elsewhere = (await stubs[0].ScoreSteps(other)).results[0]
    good = {"new_steps": ["fine"]}
    bad = {
        "no steps": ({}, "new_steps"),
        "made up": ({"parent_handle": "abc", **good}, "not known"),
        "another model's": ({"parent_handle": foreign.handle, **good}, "model"),
        "another problem's": ({"parent_handle": elsewhere.handle, **good}, "question"),
        "of other steps": (
            {"parent_handle": root.handle, "prefix_steps": ["1 + 2 is 4."], **good},
            "prefix_steps",
        ),
        "special token": ({"new_steps": ["fine", "a<|im_end|>"]}, "special token"),
        "in the prefix": ({"prefix_steps": ["<extra_0>"], **good}, "special token"),
    }
    branches = [{"id": name, **branch} for name, (branch, _) in bad.items()]
    response = await stubs[0].ScoreSteps(asked({"id": "good", **good}, *branches))
    first, *others = response.results
    assert first.verdict == verdict_pb2.VERDICT_SCORED
    for result, (_, said) in zip(others, bad.values(), strict=True):
        assert (result.verdict, name_of(result)) == (verdict_pb2.VERDICT_UNSCORED, "INVALID_INPUT")
        assert said in result.message, result.id


async def test_what_does_not_fit_the_model_is_unscored_whether_it_would_be_cut_or_not(stubs):
    for model in ("short", "cut"):
        request = asked({"new_steps": ["a", "so long " * 9]}, {"new_steps": ["a"]}, model=model)
        long, short = (await stubs[0].ScoreSteps(request)).results
        assert (long.verdict, name_of(long)) == (verdict_pb2.VERDICT_UNSCORED, "INVALID_INPUT")
        assert not long.step_rewards
        assert short.verdict == verdict_pb2.VERDICT_SCORED


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (asked({"new_steps": ["a"]}, prompt=" "), "prompt"),
        (asked(), "branches: must hold 1 to 256 branches, holds 0"),
        (asked(*({"new_steps": ["a"]} for _ in range(257))), "holds 257"),
        (asked({"id": "a"}, {"id": "a"}), "branches[1].id"),
        (asked({"id": "1"}, {"id": ""}), "branches[1].id"),
        (asked({"new_steps": ["a"]}, model="nope"), "configured are"),
        (asked({"new_steps": ["a"]}, model="whole"), "reward_model"),
    ],
    ids=["no prompt", "no branches", "too many", "same id", "index taken", "no model", "outcome"],
)
async def test_a_malformed_call_is_refused_as_a_whole(stubs, request_, said):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stubs[0].ScoreSteps(request_)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert said in refused.value.details()


@pytest.mark.parametrize("model", ["missing", "holes", "loud"])
async def test_a_broken_model_is_named_and_the_others_go_on(stubs, model):
    request = asked({"new_steps": ["a"]}, {"new_steps": ["b"]}, model=model)
    for result in (await stubs[0].ScoreSteps(request)).results:
        assert name_of(result) == "BACKEND_UNAVAILABLE"
        assert model in result.message
    good = (await stubs[0].ScoreSteps(asked({"new_steps": ["a"]}))).results[0]
    assert good.verdict == verdict_pb2.VERDICT_SCORED


async def test_a_full_queue_sends_the_caller_elsewhere(config, connect):
    async with serving(PrmConfig(models=config.models, max_queued_tokens=10)) as small:
        stub = connect(small.target)
        scorer, go = await hold(small.bank)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.ScoreSteps(asked({"new_steps": ["a"]}, {"new_steps": ["b"]}))
        assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        trailers = dict(refused.value.trailing_metadata())
        assert int(trailers["grpc-retry-pushback-ms"]) > 0
        go.set()
        while scorer._batcher._waiting():
            await asyncio.sleep(0.01)
        # A call that is larger than the queue is let in piece by piece.
        many = asked(*({"new_steps": [f"step {n}"]} for n in range(9)))
        results = (await stub.ScoreSteps(many)).results
        assert {result.verdict for result in results} == {verdict_pb2.VERDICT_SCORED}


async def test_more_branches_than_the_service_holds_items_are_sent_away(config, connect):
    async with serving(config, max_queued_items=3) as service:
        stub = connect(service.target)
        _, go = await hold(service.bank)
        first = asyncio.ensure_future(stub.ScoreSteps(asked(*({"new_steps": [c]} for c in "ab"))))
        while service.engine.admission.inside == 0:
            await asyncio.sleep(0.01)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.ScoreSteps(asked({"new_steps": ["c"]}, {"new_steps": ["d"]}))
        assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        go.set()
        assert {one.verdict for one in (await first).results} == {verdict_pb2.VERDICT_SCORED}
        assert service.engine.admission.inside == 0


async def test_branches_that_are_late_come_back_in_time_and_unscored(replicas, stubs):
    _, go = await hold(replicas[0].bank)
    request = asked({"new_steps": ["a"]}, {"new_steps": ["b"]})
    results = (await stubs[0].ScoreSteps(request, timeout=2.0)).results
    go.set()
    assert [name_of(result) for result in results] == ["DEADLINE", "DEADLINE"]


async def test_a_cancelled_call_takes_its_work_back(replicas, stubs):
    scorer, go = await hold(replicas[0].bank)
    call = stubs[0].ScoreSteps(asked({"new_steps": ["a"]}, {"new_steps": ["b"]}))
    while len(scorer._batcher._waiting()) < 3:
        await asyncio.sleep(0.01)
    waiting = [job.future for job in scorer._batcher._waiting()[1:]]
    call.cancel()
    while not all(future.cancelled() for future in waiting):
        await asyncio.sleep(0.01)
    go.set()
    good = (await stubs[0].ScoreSteps(asked({"new_steps": ["a"]}))).results[0]
    assert good.verdict == verdict_pb2.VERDICT_SCORED


# ---------------------------------------------------------------------------------- the clients


async def test_both_clients_speak_of_branches(replicas):
    target = replicas[0].target
    branches = [{"new_steps": ["a", "b"]}, StepBranch("mine", new_steps=("a",))]
    async with AsyncClient(target) as client:
        said = await client.score_steps(PROMPT, branches, model="steps")
    with Client(target) as client:
        same = await asyncio.to_thread(client.score_steps, PROMPT, branches, model="steps")
    assert [one.step_rewards for one in said.results] == [one.step_rewards for one in same.results]
    first, mine = said.results
    assert (first.id, first.verdict, first.reason) == ("0", Verdict.SCORED, Reason.MODEL_SCORE)
    assert (mine.id, len(mine.step_rewards)) == ("mine", 1)
    assert mine.step_rewards[0] == first.step_rewards[0]
    assert (said.model, said.family, said.range_low, said.range_high) == ("steps", "trl", 0.0, 1.0)


async def test_the_client_spreads_a_search_over_replicas(replicas):
    """Two rounds over both addresses: whichever replica a call meets, the scores are the same."""
    targets = ",".join(replica.target for replica in replicas)
    async with AsyncClient(f"ipv4:{targets}") as client:
        roots = await client.score_steps(PROMPT, [{"new_steps": [FIRST[0]]}], model="steps")
        branch = StepBranch("", roots.results[0].handle, FIRST[:1], SECOND)
        rounds = [await client.score_steps(PROMPT, [branch], model="steps") for _ in range(6)]
    assert {one.results[0].step_rewards for one in rounds} == {rounds[0].results[0].step_rewards}
    assert all(one.results[0].verdict is Verdict.SCORED for one in rounds)
    calls = [_calls(replica) for replica in replicas]
    assert min(calls) > 0, "both were asked"


def _calls(replica):
    return (
        replica.metrics.registry.get_sample_value(
            "verifier_requests_total", {"method": "ScoreSteps", "code": "OK"}
        )
        or 0
    )


@pytest.mark.parametrize(
    ("branch", "said"),
    [
        ({"new_step": ["a"]}, "unknown field 'new_step'"),
        ({"new_steps": "ab"}, "new_steps"),
        ("a", "must be a StepBranch or a dict"),
        ({"new_steps": [1]}, "new_steps"),
        (StepBranch(new_steps=(1,)), "cannot be sent"),
    ],
)
async def test_what_is_no_branch_is_not_sent(branch, said):
    async with AsyncClient("127.0.0.1:1") as client:
        with pytest.raises(InputError, match="branches") as refused:
            await client.score_steps(PROMPT, [branch])
    assert said in str(refused.value)


async def test_a_refused_search_is_an_error_of_the_call(replicas):
    async with AsyncClient(replicas[0].target) as client:
        with pytest.raises(ServiceError, match="configured are") as refused:
            await client.score_steps(PROMPT, [{"new_steps": ["a"]}], model="nope")
    assert refused.value.code == "INVALID_ARGUMENT"
    with Client("127.0.0.1:1", timeout_seconds=0.2) as client, pytest.raises(ServiceError):
        await asyncio.to_thread(client.score_steps, PROMPT, [{"new_steps": ["a"]}])


async def test_metrics_tell_what_the_models_did(replicas, stubs):
    good = asked({"new_steps": ["counted"]})
    first = (await stubs[0].ScoreSteps(good)).results[0]
    await stubs[0].ScoreSteps(good)
    read = replicas[0].metrics.registry.get_sample_value

    def value(name):
        return read(f"verifier_prm_{name}", {"model": "steps"})

    assert value("loaded") == 1
    assert value("weight_bytes") > 0
    assert value("tokens_total") >= first.tokens
    assert value("cached_tokens_total") >= first.tokens
    assert value("batch_tokens_count") >= 2
    assert value("batch_seconds_sum") > 0
    assert value("cache_bytes") > 0
    assert value("queued_tokens") is not None
    assert value("failed_batches_total") == 0


async def test_the_list_names_the_models(replicas):
    async with AsyncClient(replicas[0].target) as client:
        infos = {info.name: info for info in await client.list_verifiers()}
    assert {"embedded", "arithmetic", "steps"} <= set(infos["process"].models)
    assert "embedded" in infos["reward_model"].models
    assert infos["math"].models == ()


async def test_a_search_comes_back_to_the_replica_that_has_its_prefixes(config, connect):
    """A model on two devices is two scorers, and only one of them knows a handle."""
    one = config.models["steps"]
    twice = PrmModelConfig(one.path, one.family, separator=one.separator, devices=("cpu", "cpu"))
    async with serving(PrmConfig(models={"steps": twice})) as service:
        stub = connect(service.target)
        for problem in ("first", "second", "third"):
            root = asked({"new_steps": ["begin"]}, prompt=problem)
            handle = (await stub.ScoreSteps(root)).results[0].handle
            for _ in range(3):
                child = asked({"parent_handle": handle, "new_steps": ["go on"]}, prompt=problem)
                (result,) = (await stub.ScoreSteps(child)).results
                assert result.verdict == verdict_pb2.VERDICT_SCORED, result.message
                assert result.cached_tokens > 0
