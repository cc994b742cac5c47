"""Outcomes that replicas share, in a real Redis: who finds what; nobody is fooled or hurt."""

import asyncio
import json

import msgspec
import pytest
from redis_server import BINARY, MISSING

from verifier.caching.guarded_redis import GuardedRedis
from verifier.caching.trouble import CacheTrouble
from verifier.config import Config
from verifier.config.verifiers import CodeConfig
from verifier.sharing.assembly import scopes
from verifier.sharing.results import MAX_BYTES, RedisResults
from verifier.sharing.sealing import Sealing
from verifier.types import (
    BoxedRule,
    CodeDetail,
    CodeTask,
    FormatTask,
    Item,
    MathTask,
    Outcome,
    PluginTask,
    ProcessTask,
    Reason,
    StdioCase,
    StdioTests,
    TestOutcome,
    ThinkRule,
    Verdict,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BINARY is None, reason=MISSING),
]

KEY = b"a secret of more than 16 characters"
PATIENT = 60.0  # seconds: ends a hang, decides nothing
TASK = CodeTask(stdio=StdioTests((StdioCase("", "4"),)))
ITEM = Item("a", "print(4)", TASK, "Print 4.", "g", 12)
TESTS = (TestOutcome(Verdict.CORRECT, Reason.ALL_TESTS_PASSED, 0.125, 0.25, 2**20, "so ✓"),)
RIGHT = Outcome.correct(
    Reason.ALL_TESTS_PASSED, "passed 1 of 1", CodeDetail(1, 1, TESTS, "full", None, "python 3.11")
)
WRONG = Outcome.incorrect(Reason.WRONG_ANSWER, "passed 0 of 1", CodeDetail(0, 1, (), "full"))
ID = "code/1"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def raw(shared_redis):
    with shared_redis.client() as client:
        client.flushall()
        yield client


@pytest.fixture
async def replica():
    opened = []

    def opening(url, key=KEY, scopes=None, *, timeout_seconds=PATIENT, ttl_seconds=1000, **options):
        redis = GuardedRedis(url, ttl_seconds, MAX_BYTES, timeout_seconds, **options)
        opened.append(RedisResults(redis, Sealing(key, scopes or {})))
        return opened[-1]

    yield opening
    for one in opened:
        await one.close()


async def written(results):
    """Waits until nothing waits to be written."""
    while results._writing is not None:
        await asyncio.sleep(0.001)


async def keep(results, item=ITEM, outcome=RIGHT, verifier=ID):
    await results.put(verifier, item, outcome)
    await written(results)


# ------------------------------------------------------------------------------- who finds what


async def test_an_outcome_comes_back_whole_in_another_replica(shared_redis, raw, replica):
    one, other = replica(shared_redis.url), replica(shared_redis.url)
    await keep(one)
    assert await other.get(ID, ITEM) == RIGHT
    assert (other.counts.hits, other.counts.misses, one.counts.written) == (1, 0, 1)


async def test_id_and_group_do_not_count(shared_redis, raw, replica):
    results = replica(shared_redis.url)
    await keep(results)
    assert await results.get(ID, msgspec.structs.replace(ITEM, id="b", group_id="")) == RIGHT


OTHERS = {
    "completion": (ID, {"completion": "print(4) "}),
    "prompt": (ID, {"prompt": "print 4."}),
    "tokens": (ID, {"completion_tokens": 13}),
    "no tokens": (ID, {"completion_tokens": None}),
    "truncated": (ID, {"truncated": True}),
    "tests": (ID, {"task": CodeTask(stdio=StdioTests((StdioCase("", "5"),)))}),
    "version": ("code/2", {}),
    "verifier": ("coder/1", {}),
    "texts exchanged": (ID, {"completion": "Print 4.", "prompt": "print(4)"}),
}


@pytest.mark.parametrize(("verifier", "changes"), OTHERS.values(), ids=OTHERS)
async def test_whatever_could_matter_does(verifier, changes, shared_redis, raw, replica):
    results = replica(shared_redis.url)
    await keep(results)
    assert await results.get(verifier, msgspec.structs.replace(ITEM, **changes)) is None


def test_tasks_with_nothing_in_them_have_names_of_their_own():
    tasks = [
        MathTask(("1",)),
        ProcessTask(("1",)),
        PluginTask("a"),
        PluginTask("a", '{"b": 1}'),
        PluginTask("a", '{"b": "1"}'),
        FormatTask((BoxedRule(),)),
        FormatTask((ThinkRule(),)),
        FormatTask((BoxedRule(), BoxedRule())),
    ]
    names = {Sealing(KEY, {}).name("x/1", Item("", "", task)) for task in tasks}
    assert len(names) == len(tasks)
    assert None not in names


def test_the_order_of_an_options_keys_does_not_count():
    sealing = Sealing(KEY, {})
    one, other = (
        Item("", "", PluginTask("a", json.dumps(options)))
        for options in ({"b": 1, "c": {"d": 2, "e": 3}}, {"c": {"e": 3, "d": 2}, "b": 1})
    )
    assert sealing.name("x/1", one) == sealing.name("x/1", other)


def test_a_text_that_no_message_can_hold_has_no_name():
    for item in (Item("", "\ud83d", TASK), Item("", "", TASK, "\ud83d")):
        assert Sealing(KEY, {}).name(ID, item) is None


async def test_deployments_that_could_decide_differently_do_not_share(shared_redis, raw, replica):
    one = replica(shared_redis.url, scopes=scopes(Config()))
    like = replica(shared_redis.url, scopes=scopes(Config(code=CodeConfig(slots=3))))
    other = replica(shared_redis.url, scopes=scopes(Config(code=CodeConfig(cpu_seconds=1.0))))
    await keep(one)
    assert await like.get(ID, ITEM) == RIGHT
    assert await other.get(ID, ITEM) is None


async def test_only_what_was_decided_is_kept(shared_redis, raw, replica):
    results = replica(shared_redis.url)
    await keep(results, outcome=Outcome.unscored(Reason.UNDECIDED, "who knows"))
    assert raw.keys("*") == []


async def test_questions_of_one_turn_go_as_one(shared_redis, raw, replica):
    results = replica(shared_redis.url)
    items = [Item("", str(number), TASK) for number in range(100)]
    await keep(results, items[7])
    reads = raw.info("stats")["total_reads_processed"]
    found = await asyncio.gather(*(results.get(ID, item) for item in items * 2))
    reads = raw.info("stats")["total_reads_processed"] - reads
    assert [outcome == RIGHT for outcome in found] == ([False] * 7 + [True] + [False] * 92) * 2
    assert raw.info("commandstats")["cmdstat_getrange"]["calls"] >= 100
    assert reads < 20, "not one packet for each"


# --------------------------------------------------------------------------------- who is fooled


def key_of(results, item=ITEM, verifier=ID):
    return "verifier:" + results._sealing.name(verifier, item)


async def test_what_somebody_without_the_secret_writes_is_not_believed(shared_redis, raw, replica):
    """Reward 1 for a wrong program, by one who knows everything but the secret."""
    results = replica(shared_redis.url)
    forger = replica(shared_redis.url, key=b"not the secret of these replicas")
    await keep(forger, ITEM, RIGHT)
    assert raw.exists(key_of(results)), "the name is no secret"
    assert await results.get(ID, ITEM) is None
    assert results.counts.troubles == {"forged": 1}
    await keep(results, ITEM, WRONG)
    assert await results.get(ID, ITEM) == WRONG, "and is written over"


async def test_a_true_outcome_of_another_item_is_not_believed(shared_redis, raw, replica):
    results = replica(shared_redis.url)
    good = Item("", "print(2+2)", TASK)
    await keep(results, good, RIGHT)
    await keep(results, ITEM, WRONG)
    raw.set(key_of(results), raw.get(key_of(results, good)))
    assert await results.get(ID, ITEM) is None
    assert results.counts.troubles == {"forged": 1}


def _flip(value, place):
    return value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]


MUTATIONS = {
    "nothing but a mark": lambda value: value[:32],
    "half a mark": lambda value: value[:10],
    "no mark": lambda value: value[32:],
    "a mark of zeros": lambda value: bytes(32) + value[32:],
    "another verdict": lambda value: _flip(value, 33),
    "another bit of the mark": lambda value: _flip(value, 0),
    "more": lambda value: value + b"\0",
    "less": lambda value: value[:-1],
    "words": lambda _: b"hello",
    "longer than anything kept": lambda value: value + bytes(MAX_BYTES),
}


@pytest.mark.parametrize("change", MUTATIONS.values(), ids=MUTATIONS)
async def test_a_value_that_was_changed_counts_as_absent(change, shared_redis, raw, replica):
    results = replica(shared_redis.url)
    await keep(results)
    raw.set(key_of(results), change(raw.get(key_of(results))))
    assert await results.get(ID, ITEM) is None
    assert results.counts.troubles == {"forged": 1}


async def test_what_a_replica_of_another_version_wrote_counts_as_absent(shared_redis, raw, replica):
    results = replica(shared_redis.url)
    name = results._sealing.name(ID, ITEM)
    for value in (
        results._sealing._mark(name, b"\xff\xff") + b"\xff\xff",
        results._sealing.seal(name, "code/2", RIGHT),
        results._sealing._mark(name, b"") + b"",
    ):
        raw.set(key_of(results), value)
        assert await results.get(ID, ITEM) is None
    assert results.counts.troubles == {"unreadable": 3}


async def test_a_name_used_for_a_list_counts_as_absent_and_costs_no_neighbour(
    shared_redis, raw, replica
):
    results = replica(shared_redis.url)
    other = Item("", "x", TASK)
    await keep(results, other)
    raw.rpush(key_of(results), "a")
    found = await asyncio.gather(results.get(ID, ITEM), results.get(ID, other))
    assert found == [None, RIGHT]
    assert results.counts.troubles == {"unreadable": 1}


# ---------------------------------------------------------------------------------- who is hurt


async def test_a_redis_that_dies_costs_nothing_but_the_hits(own_redis, replica):
    clock = Clock()
    results = replica(own_redis.url, clock=clock)
    await keep(results)
    own_redis.kill()
    for _ in range(5):
        assert await results.get(ID, ITEM) is None
    assert results.counts.troubles == {"down": 3, "left_alone": 2}
    own_redis.start()
    clock.now += 6
    await keep(results)
    assert await results.get(ID, ITEM) == RIGHT


async def test_a_redis_that_hangs_holds_nobody_up(own_redis, replica):
    results = replica(own_redis.url, timeout_seconds=0.05)
    own_redis.freeze()
    items = [Item("", str(number), TASK) for number in range(500)]
    async with asyncio.timeout(PATIENT):
        for item in items:
            await results.put(ID, item, RIGHT)
        found = await asyncio.gather(*(results.get(ID, item) for item in items))
        await written(results)
    assert found == [None] * 500
    assert results.counts.troubles["dropped"] == 500
    assert results._waiting_bytes == 0
    own_redis.thaw()


async def test_a_full_redis_takes_nothing_and_fails_nothing(own_redis, replica):
    results = replica(own_redis.url)
    with own_redis.client() as client:
        client.config_set("maxmemory", "1mb")
    await keep(results, outcome=msgspec.structs.replace(RIGHT, message="x" * 900_000))
    assert await results.get(ID, ITEM) is None
    assert results.counts.troubles["dropped"] == 1
    assert results.counts.troubles["down"] == 1


async def test_more_than_the_cache_takes_is_dropped_and_not_held(own_redis, replica):
    results = replica(own_redis.url)
    own_redis.freeze()
    large = msgspec.structs.replace(RIGHT, message="x" * 900_000)
    for number in range(100):
        await results.put(ID, Item("", str(number), TASK), large)
    assert results._waiting_bytes <= 32 * 1024**2
    assert results.counts.troubles["dropped"] >= 60
    await results.put(ID, ITEM, msgspec.structs.replace(RIGHT, message="x" * MAX_BYTES))
    own_redis.thaw()
    await written(results)


async def test_a_caller_that_leaves_costs_no_other_its_answer(shared_redis, raw, replica):
    results = replica(shared_redis.url)
    await keep(results)
    leaving = asyncio.create_task(results.get(ID, ITEM))
    staying = asyncio.create_task(results.get(ID, ITEM))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == RIGHT


async def test_after_the_end_nothing_is_asked_and_nothing_raised(shared_redis, raw, replica):
    results = replica(shared_redis.url)
    await results.put(ID, ITEM, RIGHT)
    await results.close()
    await results.close()
    assert raw.exists(key_of(results)), "what waited was written"
    assert await results.get(ID, ITEM) is None
    await results.put(ID, ITEM, RIGHT)
    assert results.counts.troubles == {}


def test_every_trouble_of_the_cache_is_counted_by_a_name_of_a_closed_list():
    from verifier.metrics.sharing import TROUBLES

    assert set(TROUBLES) == {one.value.lower() for one in CacheTrouble} | {"forged", "dropped"}
