"""A front that hands tasks on: what comes back, how calls are shared, and every way it can fail."""

import asyncio
import time
from collections import Counter

from deployments import Obedient, calls_of, code_at, deployed, page, row, until
from program import free_port

from verifier.client import AsyncClient
from verifier.config.admission import AdmissionConfig
from verifier.deadline import Deadline
from verifier.types import Reason, Verdict

ROWS_AT_ONCE = 2_000
CALLS_AT_ONCE = 500


async def test_what_the_other_side_says_comes_back_whole():
    async with (
        deployed(Obedient()) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target) as client,
    ):
        code, math = await client.score(
            [
                row("a", 0.25, seconds=0.2),
                {"id": "b", "completion": "\\boxed{4}", "math": {"reference_answers": ["4"]}},
            ]
        )
        await until(lambda: front.engine.registry.forwarded["code"].version == "7")
        infos = {info.name: info for info in await client.list_verifiers()}
    assert (code.verdict, code.reason, code.reward) == (
        Verdict.SCORED,
        Reason.ALL_TESTS_PASSED,
        0.25,
    )
    assert (code.id, code.message, code.verifier) == ("a", "so", "code/7")
    assert (code.detail.passed, code.detail.isolation) == (1, "full")
    assert 0.2 <= code.work_seconds < 30, "the other side's work, which is known there alone"
    assert (math.verdict, math.verifier.partition("/")[0]) == (Verdict.CORRECT, "math")
    assert infos["code"].kind == "forwarded"
    assert (infos["code"].version, infos["code"].isolation) == ("7", "full")
    assert infos["math"].kind == "inline"


async def test_terms_of_a_composite_go_where_their_tasks_go():
    terms = [
        {"name": "works", "weight": 0.5, "code": row("", 1.0)["code"]},
        {"name": "form", "weight": 0.5, "format": {"rules": [{"think": {}}]}},
    ]
    item = {"id": "c", "completion": row("", 1.0)["completion"], "composite": {"terms": terms}}
    async with (
        deployed(Obedient()) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target) as client,
    ):
        (result,) = await client.score([item])
    assert result.reward == 0.5
    assert [term.reward for term in result.detail.terms] == [1.0, 0.0]


async def test_failures_of_the_other_side_keep_their_reasons_and_their_neighbours():
    rows = [row("a"), row("b", fails=True), row("c", 0.5), {**row("d"), "completion": "no json"}]
    async with (
        deployed(Obedient()) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target) as client,
    ):
        results = await client.score(rows)
    assert [result.reward for result in results] == [1.0, None, 0.5, None]
    assert [result.reason for result in results[1::2]] == [
        Reason.SANDBOX_UNAVAILABLE,
        Reason.INTERNAL,
    ]


async def test_items_that_come_at_once_share_calls():
    """Each alone in a call of its own to the front, as fast as its loop begins them."""
    async with deployed(Obedient()) as back, deployed(forward=code_at(back)) as front:
        verifier = front.engine.registry.forwarded["code"]
        items = [one async for one in _items(ROWS_AT_ONCE)]
        results = await asyncio.gather(*(front.engine.score([item]) for item in items))
        calls = await calls_of(back, "ScoreStream")
    assert [one.reward for (one,) in results] == [item_number(item) for item in items]
    assert calls <= 2 * -(-ROWS_AT_ONCE // 64), "nearly full calls"
    assert verifier.counts.sent == ROWS_AT_ONCE
    assert verifier.counts.away == 0


async def test_callers_of_one_item_each_share_calls_over_the_wire():
    async with (
        deployed(Obedient()) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target, concurrency=CALLS_AT_ONCE, batch_items=1) as client,
    ):
        results = await client.score([row(number, number) for number in range(CALLS_AT_ONCE)])
        calls = await calls_of(back, "ScoreStream")
        alone = await calls_of(front, "Score")
    assert [result.reward for result in results] == list(range(CALLS_AT_ONCE))
    assert alone == CALLS_AT_ONCE
    assert calls < CALLS_AT_ONCE, "how many fewer is a matter of time, and measured elsewhere"


async def _items(count):
    from verifier.convert.items import item_from_proto
    from verifier.convert.rows import dict_to_proto

    for number in range(count):
        yield item_from_proto(dict_to_proto(row(number, number)), "")


def item_number(item):
    return float(item.id)


async def test_a_slow_neighbour_in_the_same_call_delays_nobody():
    obedient = Obedient()
    async with (
        deployed(obedient) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target) as client,
    ):
        slow = asyncio.create_task(client.score([row("slow", waits=True)]))
        (quick,) = await client.score([row("quick", 0.5)])
        # In one call of one caller, too: as soon as known, by a stream.
        both = _rows([row("waits", waits=True), row("not", 0.75)])
        first = await anext(client.stream(both))
        assert (quick.reward, first.id, first.reward) == (0.5, "not", 0.75)
        assert not slow.done()
        obedient.open.set()
        ((last,),) = await asyncio.gather(slow)
        assert last.reward == 1.0


async def _rows(rows):
    for one in rows:
        yield one


async def test_each_item_ends_by_its_own_deadline():
    obedient = Obedient()
    async with (
        deployed(obedient) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target, timeout_seconds=3.0) as hurried,
        AsyncClient(front.target) as patient,
    ):
        waiting = asyncio.create_task(patient.score([row("patient", waits=True)]))
        late, quick = await hurried.score([row("late", waits=True), row("quick", 0.5)])
        assert not waiting.done()
        obedient.open.set()
        ((result,),) = await asyncio.gather(waiting)
    assert (late.verdict, late.reason, late.reward) == (Verdict.UNSCORED, Reason.DEADLINE, None)
    assert quick.reward == 0.5
    assert result.reward == 1.0


async def test_the_work_limit_is_the_other_sides_to_keep():
    async with (
        deployed(Obedient()) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target) as client,
    ):
        (result,) = await client.score([row("a", seconds=600)], work_limit_seconds=0.2)
        assert (result.reason, result.verifier) == (Reason.DEADLINE, "code/7")
        (again,) = await client.score([row("a", 0.5)], work_limit_seconds=30)
        assert again.reward == 0.5


async def test_a_caller_that_goes_takes_its_items_along():
    obedient = Obedient()
    async with deployed(obedient) as back, deployed(forward=code_at(back)) as front:
        counts = front.engine.registry.forwarded["code"].counts
        async with AsyncClient(front.target) as client:
            call = asyncio.create_task(client.score([row(n, waits=True) for n in range(5)]))
            await until(lambda: obedient.begun == 5)
            call.cancel()
            await until(lambda: obedient.cancelled == 5)
            await until(lambda: counts.away == 0)
            assert front.engine.admission.inside == back.engine.admission.inside == 0
            (result,) = await client.score([row("after", 0.5)])
    assert result.reward == 0.5


async def test_a_full_deployment_is_waited_for_and_nothing_is_lost():
    async with (
        deployed(Obedient(), engine={"max_queued_items": 4}) as back,
        deployed(forward=code_at(back, batch_items=4)) as front,
        AsyncClient(front.target) as client,
    ):
        results = await client.score([row(n, n / 100, seconds=0.01) for n in range(100)])
    assert [result.reward for result in results] == [n / 100 for n in range(100)]


async def test_one_that_stays_full_until_the_deadline_is_overloaded_and_never_wrong():
    obedient = Obedient()
    async with (
        deployed(obedient, engine={"max_queued_items": 1}) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(back.target) as other,
        AsyncClient(front.target, timeout_seconds=1.5) as client,
    ):
        holding = asyncio.create_task(other.score([row("holds", waits=True)]))
        await until(lambda: obedient.begun == 1)
        results = await client.score([row(n) for n in range(3)])
        obedient.open.set()
        await holding
    assert {result.verdict for result in results} == {Verdict.UNSCORED}
    assert {result.reason for result in results} <= {Reason.OVERLOADED, Reason.DEADLINE}


async def test_calls_that_are_refused_come_again_when_they_are_told_to():
    """Refused before they are read, so that not even their items are known there."""
    obedient = Obedient()
    async with (
        deployed(obedient, admission=AdmissionConfig(max_calls=1)) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target) as client,
        AsyncClient(front.target, timeout_seconds=2.0) as hurried,
    ):
        holding = asyncio.create_task(client.score([row("holds", 0.25, waits=True)]))
        await until(lambda: obedient.begun == 1)
        waiting = asyncio.create_task(client.score([row("waits", 0.5)]))
        (late,) = await hurried.score([row("late")])
        assert not waiting.done()
        obedient.open.set()
        ((held,), (waited,)) = await asyncio.gather(holding, waiting)
    assert (held.reward, waited.reward) == (0.25, 0.5)
    assert late.verdict is Verdict.UNSCORED
    assert late.reason in {Reason.OVERLOADED, Reason.DEADLINE}


async def test_an_absent_deployment_leaves_the_rest_at_work_and_is_found_when_it_comes():
    port = free_port()
    table = {"code": {"target": f"127.0.0.1:{port}"}}
    async with deployed(forward=table) as front, AsyncClient(front.target) as client:
        assert (await page(front, "readyz"))[0] == 200
        status, text = await page(front, "healthz")
        assert status == 200
        assert f"code forwarded: does not answer: 127.0.0.1:{port}: UNAVAILABLE" in text
        rows = [row("a"), {"id": "b", "completion": "4", "math": {"reference_answers": ["4"]}}]
        missing, math = await client.score(rows)
        assert (missing.verdict, missing.reason) == (Verdict.UNSCORED, Reason.BACKEND_UNAVAILABLE)
        assert str(port) in missing.message
        assert math.verdict is Verdict.CORRECT
        async with deployed(Obedient(), server={"listen": f"127.0.0.1:{port}"}):
            reward = None
            end = time.monotonic() + 30
            while reward is None:
                assert time.monotonic() < end, "it was not found"
                (result,) = await client.score([row("a", 0.5)])
                reward = result.reward
            assert (reward, result.verifier) == (0.5, "code/7")
            assert "code forwarded: " in (await page(front, "healthz"))[1]
            assert "answers" in (await page(front, "healthz"))[1]


async def test_another_version_is_told_as_soon_as_it_answers():
    port = free_port()
    table = {"code": {"target": f"127.0.0.1:{port}"}}
    server = {"listen": f"127.0.0.1:{port}"}
    newer = Obedient()
    newer.version = "8-rc.1"
    async with deployed(forward=table) as front, AsyncClient(front.target) as client:
        async with deployed(Obedient(), server=server):
            assert await _scored_by(client, "code/7")
        async with deployed(newer, server=server):
            assert await _scored_by(client, "code/8-rc.1")
            await until(lambda: front.engine.registry.forwarded["code"].version == "8-rc.1")


async def _scored_by(client, verifier):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        (result,) = await client.score([row("a")])
        if result.reward is not None:
            return result.verifier == verifier
    return False


async def test_the_metrics_tell_what_was_handed_on():
    async with (
        deployed(Obedient()) as back,
        deployed(forward=code_at(back)) as front,
        AsyncClient(front.target) as client,
    ):
        await client.score([row("a"), row("b", fails=True)])
        end, text = time.monotonic() + 30, ""
        while 'code="OK"' not in text and time.monotonic() < end:  # a call ends after its results
            _, text = await page(front, "metrics")
    shown = dict(line.rsplit(" ", 1) for line in text.splitlines() if "verifier_forward_" in line)
    assert float(shown['verifier_forward_calls_total{code="OK",task="code"}']) >= 1
    assert float(shown['verifier_forward_items_total{task="code"}']) == 2
    assert float(shown['verifier_forward_reachable{task="code"}']) == 1
    assert float(shown['verifier_forward_away_items{task="code"}']) == 0
    verdicts = [line for line in text.splitlines() if line.startswith("verifier_items_total")]
    assert Counter('verifier="code/7"' in line for line in verdicts)[True] == 2


async def test_a_call_without_time_left_never_leaves():
    obedient = Obedient()
    async with deployed(obedient) as back, deployed(forward=code_at(back)) as front:
        items = [one async for one in _items(3)]
        results = await front.engine.score(items, deadline=Deadline.after(-1.0))
    assert {result.reason for result in results} == {Reason.DEADLINE}
    assert obedient.begun == 0
