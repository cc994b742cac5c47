"""The shared cache of replies, against a real Redis: what it keeps, and that it never hurts."""

import asyncio
import json
import logging
from dataclasses import replace

import msgspec
import pytest
from program import wait_until
from redis_server import BINARY, MISSING, RedisServer

from verifier.errors import ConfigError
from verifier.judge.asking import Reply
from verifier.judge.cache import MemoryCache, TieredCache, reply_key
from verifier.judge.observing import CacheTrouble, JudgeObserver
from verifier.judge.redis_cache import RedisCache

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BINARY is None, reason=MISSING),
]

PASSWORD = "s3cret/with:odd@signs%"  # noqa: S105 - of a server that lives for seconds
PATIENT = 60.0  # seconds: ends a hang, decides nothing
IMPATIENT = 0.05
KEY = "judge1:" + "a" * 64
OTHER = "judge1:" + "b" * 64
WHOLE = Reply(
    text="Grün ✓ 𝄞\0\nVerdict abc: 5",
    cut=True,
    labels=(("Yes", -0.25), ("No", -1.5)),
    model="some/model",
    prompt_tokens=123,
    completion_tokens=45,
    seconds=1.25,
    retries=2,
    note="of little use",
)


class Watching(JudgeObserver):
    def __init__(self):
        self.troubles = []
        self.reasons = []

    def cache_failed(self, trouble, reason):
        self.troubles.append(trouble)
        self.reasons.append(reason)


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
async def open_cache():
    opened = []

    def opening(url, ttl_seconds=1000.0, timeout_seconds=PATIENT, observer=None, **options):
        cache = RedisCache(url, ttl_seconds, timeout_seconds, **options)
        cache.watch(observer or JudgeObserver())
        opened.append(cache)
        return cache

    yield opening
    for cache in opened:
        await cache.close()


@pytest.fixture
def raw(shared_redis):
    with shared_redis.client() as client:
        client.flushall()
        yield client


# ------------------------------------------------------------------------ what it keeps


async def test_a_reply_comes_back_whole_in_another_process_of_the_service(
    shared_redis, raw, open_cache
):
    await open_cache(shared_redis.url).put(KEY, WHOLE)
    elsewhere = open_cache(shared_redis.url)
    assert await elsewhere.get(KEY) == WHOLE
    assert await elsewhere.get(OTHER) is None


async def test_a_long_reply_is_kept_and_one_beyond_bounds_is_not(shared_redis, raw, open_cache):
    cache, watching = open_cache(shared_redis.url), Watching()
    long = Reply("long " * 200_000)
    await cache.put(KEY, long)
    assert await cache.get(KEY) == long
    await cache.put(OTHER, Reply("x" * 3_000_000))
    assert raw.keys("*") == [b"verifier:" + KEY.encode()]
    assert watching.troubles == []


async def test_a_text_that_is_no_unicode_is_not_kept_and_does_no_harm(
    shared_redis, raw, open_cache
):
    cache = open_cache(shared_redis.url)
    await cache.put(KEY, Reply("half a \ud83d"))
    assert raw.keys("*") == []


async def test_what_is_put_is_forgotten_after_its_time(shared_redis, raw, open_cache):
    cache = open_cache(shared_redis.url, ttl_seconds=0.05)
    await cache.put(KEY, WHOLE)
    await asyncio.to_thread(wait_until, lambda: not raw.exists(f"verifier:{KEY}"))
    assert await cache.get(KEY) is None
    await open_cache(shared_redis.url, ttl_seconds=500).put(KEY, WHOLE)
    assert 0 < raw.pttl(f"verifier:{KEY}") <= 500_000


async def test_what_another_version_kept_is_not_found(shared_redis, raw, open_cache):
    cache = open_cache(shared_redis.url)
    await cache.put(KEY, WHOLE)
    assert await cache.get(KEY.replace("judge1", "judge2")) is None
    assert await cache.get(KEY) == WHOLE


async def test_what_is_not_near_is_fetched_once(shared_redis, raw, open_cache):
    watching = Watching()
    far = open_cache(shared_redis.url, observer=watching)
    await TieredCache(MemoryCache(10), far).put(KEY, WHOLE)
    fresh = TieredCache(MemoryCache(10), far)
    assert await fresh.get(KEY) == WHOLE
    raw.flushall()
    assert await fresh.get(KEY) == WHOLE, "kept near since"
    assert await TieredCache(MemoryCache(10), far).get(KEY) is None


# ------------------------------------------------------------------------ what is no reply


def kept(key, **changes):
    fields = msgspec.to_builtins(WHOLE) | changes
    return msgspec.msgpack.encode([key, fields])


GARBAGE = {
    "words": b"hello",
    "nothing packed": b"\xc1",
    "a pickle": b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94.",
    "json": json.dumps(["a", {"text": "b"}]).encode(),
    "half of one": kept(KEY)[:-5],
    "one and more": kept(KEY) + b"\x00",
    "no text": msgspec.msgpack.encode([KEY, {"cut": False}]),
    "a number for a text": kept(KEY, text=5),
    "bytes for a text": kept(KEY, text=b"Verdict"),
    "a field too many": msgspec.msgpack.encode([KEY, {"text": "a"}, 1]),
    "labels without figures": kept(KEY, labels=[["Yes"]]),
    "a tower of lists": b"\x91" * 1_000_000,
    "a length that is not there": b"\xdd\xff\xff\xff\xff",
    "longer than anything kept": kept(KEY, text="x" * 3_000_000),
    "the reply to another question": kept(OTHER),
}


@pytest.mark.parametrize("value", GARBAGE.values(), ids=GARBAGE)
async def test_what_is_no_reply_to_this_question_counts_as_absent(
    value, shared_redis, raw, open_cache
):
    watching = Watching()
    cache = open_cache(shared_redis.url, observer=watching)
    raw.set(f"verifier:{KEY}", value)
    assert await cache.get(KEY) is None
    assert watching.troubles == [CacheTrouble.UNREADABLE]
    await cache.put(KEY, WHOLE)
    assert await cache.get(KEY) == WHOLE, "and is written over"


async def test_a_reply_that_is_right_is_read_as_the_table_writes_it(shared_redis, raw, open_cache):
    raw.set(f"verifier:{KEY}", kept(KEY))
    assert await open_cache(shared_redis.url).get(KEY) == WHOLE


async def test_a_name_that_somebody_uses_for_a_list_counts_as_absent(shared_redis, raw, open_cache):
    watching = Watching()
    cache = open_cache(shared_redis.url, observer=watching)
    raw.rpush(f"verifier:{KEY}", "a", "b")
    for _ in range(5):
        assert await cache.get(KEY) is None
    assert watching.troubles == [CacheTrouble.UNREADABLE] * 5, "and Redis is not left alone for it"


# ------------------------------------------------------------------------ a Redis that fails


async def test_a_redis_that_dies_in_mid_run_is_left_alone_and_found_again(own_redis, open_cache):
    watching, clock = Watching(), Clock()
    cache = open_cache(own_redis.url, observer=watching, clock=clock)
    await cache.put(KEY, WHOLE)
    own_redis.kill()
    for _ in range(5):
        assert await cache.get(KEY) is None
        await cache.put(KEY, WHOLE)
    down, alone = CacheTrouble.DOWN, CacheTrouble.LEFT_ALONE
    assert watching.troubles == [down] * 3 + [alone] * 7
    clock.now += 6
    assert [await cache.get(KEY) for _ in range(3)] == [None] * 3
    assert watching.troubles[10:] == [down, alone, alone], "one looks, the others stay away"
    own_redis.start()
    clock.now += 6
    assert await cache.get(KEY) is None, "it was started empty"
    await cache.put(KEY, WHOLE)
    assert await cache.get(KEY) == WHOLE
    assert len(watching.troubles) == 13


async def test_a_restart_between_two_questions_costs_nothing(own_redis, open_cache):
    watching = Watching()
    cache = open_cache(own_redis.url, observer=watching)
    await cache.put(KEY, WHOLE)
    own_redis.kill()
    own_redis.start()
    await cache.put(KEY, WHOLE)
    assert await cache.get(KEY) == WHOLE
    assert watching.troubles == []


async def test_a_redis_that_hangs_holds_nobody_up(own_redis, open_cache):
    watching, clock = Watching(), Clock()
    cache = open_cache(own_redis.url, timeout_seconds=IMPATIENT, observer=watching, clock=clock)
    patient = open_cache(own_redis.url)
    await patient.put(KEY, WHOLE)
    own_redis.freeze()
    async with asyncio.timeout(PATIENT):  # not the bound itself, which no test can measure
        found = await asyncio.gather(*(cache.get(KEY) for _ in range(100)))
        await cache.put(OTHER, WHOLE)
    assert found == [None] * 100
    assert set(watching.troubles) == {CacheTrouble.SLOW, CacheTrouble.LEFT_ALONE}
    own_redis.thaw()
    assert await patient.get(KEY) == WHOLE


async def test_a_caller_that_leaves_does_not_shift_the_answers_of_others(own_redis, open_cache):
    cache = open_cache(own_redis.url)
    replies = {f"judge1:{number}": replace(WHOLE, text=str(number)) for number in range(20)}
    for key, reply in replies.items():
        await cache.put(key, reply)
    own_redis.freeze()
    leaving = [asyncio.create_task(cache.get(key)) for key in replies]
    for _ in range(50):  # the first eight have connected and asked by then
        await asyncio.sleep(0)
    for task in leaving:
        task.cancel()
    assert all(
        isinstance(one, asyncio.CancelledError)
        for one in await asyncio.gather(*leaving, return_exceptions=True)
    )
    own_redis.thaw()
    found = await asyncio.gather(*(cache.get(key) for key in replies))
    assert found == list(replies.values())


async def test_a_full_redis_takes_nothing_and_fails_nothing(own_redis, open_cache):
    watching = Watching()
    cache = open_cache(own_redis.url, observer=watching)
    with own_redis.client() as client:
        client.config_set("maxmemory", "1mb")
    await cache.put(KEY, Reply("x" * 500_000))
    assert watching.troubles == [CacheTrouble.DOWN]
    assert await cache.get(KEY) is None


async def test_what_speaks_another_protocol_is_down(open_cache):
    async def speak(reader, writer):
        await reader.readline()
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        watching = Watching()
        cache = open_cache(f"redis://127.0.0.1:{port}/0", observer=watching)
        assert await cache.get(KEY) is None
        assert watching.troubles == [CacheTrouble.DOWN]
        await cache.close()


async def test_after_the_end_nothing_is_asked_and_nothing_raised(own_redis, open_cache):
    watching = Watching()
    cache = open_cache(own_redis.url, observer=watching)
    await cache.put(KEY, WHOLE)
    await cache.close()
    await cache.close()
    assert await cache.get(KEY) is None
    await cache.put(KEY, WHOLE)
    assert watching.troubles == []


# ------------------------------------------------------------------------ passwords


@pytest.fixture(scope="module")
def guarded():
    server = RedisServer(PASSWORD, tcp=True)
    yield server
    server.stop()


async def test_a_password_is_told_to_redis_and_to_nobody_else(guarded, open_cache, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    for url in (guarded.url, guarded.tcp_url):
        watching = Watching()
        cache = open_cache(url, observer=watching)
        await cache.put(KEY, WHOLE)
        assert await cache.get(KEY) == WHOLE
        wrong = open_cache(url.replace("s3cret", "wr0ng"), observer=watching)
        assert await wrong.get(KEY) is None
        gone = open_cache("redis://:s3cret@127.0.0.1:1/0", observer=watching)
        assert await gone.get(KEY) is None
        assert watching.troubles == [CacheTrouble.DOWN] * 2
        said = [*watching.reasons, repr(cache), str(wrong), caplog.text, *capfd.readouterr()]
        assert not any(secret in line for line in said for secret in ("s3cret", "wr0ng", "odd"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:6379",
        "http://:s3cret@127.0.0.1/0",
        "redis://:s3cret/odd@127.0.0.1:6379/0",
        "redis://:s3cret@127.0.0.1:notaport/0",
        "redis://:s3cret@[::1/0",
        "redis://:s3cret@127.0.0.1/0?socket_timeout=s3cret",
        "redis://127.0.0.1/0?s3cret=1",
    ],
)
def test_an_url_that_is_none_is_refused_without_being_quoted(url):
    with pytest.raises(ConfigError, match="no URL of the form redis://USER") as refused:
        RedisCache(url, 1000)
    error = refused.value
    assert "s3cret" not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


async def test_questions_find_their_replies(shared_redis, raw, open_cache):
    """The key as the judge makes it, through a real Redis."""
    from verifier.judge.asking import Message, OneOf, Question, Subject
    from verifier.types import ReadFrom

    question = Question(
        messages=(Message("user", "lone \ud83d"),),
        form=OneOf((("Yes", 1.0), ("No", 0.0))),
        read_from=ReadFrom.TEXT,
        schema="",
        max_tokens=5,
        temperature=0.0,
        seed=None,
        subject=Subject("yes_no", "p", ("c",)),
    )
    cache = open_cache(shared_redis.url)
    await cache.put(reply_key("b m", "yes_no/1", question), WHOLE)
    assert await cache.get(reply_key("b m", "yes_no/1", question)) == WHOLE
    assert await cache.get(reply_key("b m", "yes_no/2", question)) is None
