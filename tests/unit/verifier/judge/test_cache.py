"""Replies kept: what is the same question, what may be kept, and how much of it."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.judge.asking import EachOf, Message, OneOf, Question, RankingOf, Reply, Subject
from verifier.judge.cache import MemoryCache, TieredCache, cacheable, reply_key
from verifier.judge.observing import JudgeObserver
from verifier.types import ReadFrom

QUESTION = Question(
    messages=(Message("system", "Judge."), Message("user", "What is 2+2? 4.")),
    form=OneOf((("Yes", 1.0), ("No", 0.0))),
    read_from=ReadFrom.TEXT,
    schema="",
    max_tokens=100,
    temperature=0.0,
    seed=None,
    subject=Subject("yes_no", "What is 2+2?", ("4.",)),
)
REPLY = Reply("Verdict abc: Yes", prompt_tokens=10, completion_tokens=5)


def key(backend_model="b m", template="yes_no/1", **changes):
    return reply_key(backend_model, template, replace(QUESTION, **changes))


def subject(**changes):
    return replace(QUESTION.subject, **changes)


# ------------------------------------------------------------------------ keys

CHANGES = {
    "messages": [
        (),
        (Message("system", "Judge. "), QUESTION.messages[1]),
        tuple(reversed(QUESTION.messages)),
        (Message("user", "Judge."), QUESTION.messages[1]),
        (*QUESTION.messages, Message("user", "")),
        (Message("system", "Judge.W"), Message("user", "hat is 2+2? 4.")),
        (Message("systemJudge.", ""), QUESTION.messages[1]),
    ],
    "form": [
        OneOf((("No", 0.0), ("Yes", 1.0))),
        OneOf((("Yes", 1.0), ("No", 0.5))),
        OneOf((("yes", 1.0), ("No", 0.0))),
        EachOf(1, (("Yes", 1.0), ("No", 0.0))),
        EachOf(2, (("Yes", 1.0), ("No", 0.0))),
        RankingOf(("Yes", "No")),
        RankingOf(("YesNo",)),
        RankingOf(("A", "B")),
    ],
    "read_from": [ReadFrom.JSON, ReadFrom.LABELS],
    "schema": ["{}"],
    "max_tokens": [99, 101],
    "temperature": [1e-9, 0.7],
    "seed": [0, 1, 2**31 - 1],
    "subject": [
        subject(template="grade"),
        subject(prompt="What is 2+2"),
        subject(completions=()),
        subject(completions=("4.", "")),
        subject(completions=("4", ".")),
        subject(reference_answer="4"),
    ],
}


def test_every_field_of_a_question_has_changes_here():
    assert list(CHANGES) == [field.name for field in fields(Question)]


def test_whatever_decides_a_reply_is_in_its_key():
    keys = [key(), key("b n"), key("b"), key("bm"), key(template="yes_no/2"), key(template="")]
    keys += [key(**{name: value}) for name, values in CHANGES.items() for value in values]
    keys += [key("b mx", template="/1"), key("b m", template="x/1")]
    assert len(set(keys)) == len(keys)


def test_a_key_is_the_same_in_every_process():
    assert key() == key()
    assert key(temperature=0) == key(temperature=0.0)
    # Written down: if this changes, what is kept is worth nothing, and the version must rise.
    assert key() == "judge1:de58445d6057e65cb6339c2355dcd07152f8f2af1cdb1a4ec0c915b2265f0d40"


@given(st.lists(st.text(st.characters()), min_size=8, max_size=8), st.integers(0, 6))
def test_texts_cannot_run_into_each_other(texts, where):
    def made(parts):
        a, b, c, d, e, f, g, h = parts
        shown = Subject(d, e, (f, g), h)
        messages = (Message("user", b), Message("user", c))
        return reply_key("b", a, replace(QUESTION, messages=messages, subject=shown))

    moved = list(texts)
    moved[where : where + 2] = ["", texts[where] + texts[where + 1]]
    assert (made(moved) == made(texts)) == (moved == texts)


@pytest.mark.parametrize("text", ["", "\0", "\ud83d lone", "𝄞", "a" * 1_000_000], ids=repr)
def test_any_text_has_a_key(text):
    made = reply_key(text, text, replace(QUESTION, messages=(Message("user", text),)))
    assert made.startswith("judge1:")
    assert len(made) == 71
    assert made.isascii()


@pytest.mark.parametrize(
    ("temperature", "seed", "sampled", "may"),
    [
        (0.0, None, False, True),
        (0.0, 5, False, True),
        (0.7, 5, False, False),
        (0.7, 5, True, True),
        (0.7, None, True, False),
        (0.7, None, False, False),
    ],
)
def test_only_what_would_be_the_same_again_may_be_kept(temperature, seed, sampled, may):
    question = replace(QUESTION, temperature=temperature, seed=seed)
    assert cacheable(question, sampled=sampled) is may


# ------------------------------------------------------------------------ memory


async def test_the_least_recently_used_goes_first():
    cache = MemoryCache(2)
    await cache.put("a", REPLY)
    await cache.put("b", REPLY)
    assert await cache.get("a") is REPLY
    await cache.put("c", REPLY)
    assert [await cache.get(key) for key in "abc"] == [REPLY, None, REPLY]
    assert len(cache) == 2


async def test_a_cache_of_none_keeps_none():
    cache = MemoryCache(0)
    await cache.put("a", REPLY)
    assert await cache.get("a") is None
    await cache.close()


async def test_long_replies_make_room_and_do_not_fill_the_memory():
    cache = MemoryCache(1000, max_bytes=100_000)
    for number in range(100):
        await cache.put(str(number), Reply("x" * 9_000))
    assert 5 <= len(cache) <= 11
    assert await cache.get("99") is not None
    await cache.put("huge", Reply("x" * 200_000))
    assert await cache.get("huge") is None
    assert await cache.get("99") is not None, "what could never fit drives nothing out"


async def test_labels_and_notes_count_as_well():
    cache = MemoryCache(1000, max_bytes=100_000)
    await cache.put("labels", Reply("", labels=(("x" * 1000, -1.0),) * 100))
    await cache.put("note", Reply("", note="x" * 200_000))
    assert len(cache) == 0


async def test_a_reply_put_again_is_the_new_one():
    cache = MemoryCache(2)
    await cache.put("a", REPLY)
    await cache.put("a", replace(REPLY, text="other"))
    assert (await cache.get("a")).text == "other"
    assert len(cache) == 1


# ------------------------------------------------------------------------ tiers


class Closing(MemoryCache):
    closed = 0
    watcher = None

    def watch(self, observer):
        self.watcher = observer

    async def close(self):
        self.closed += 1


async def test_what_the_far_cache_knew_is_kept_near():
    near, far = Closing(10), Closing(10)
    both = TieredCache(near, far)
    assert await both.get("a") is None
    await far.put("a", REPLY)
    assert await both.get("a") is REPLY
    assert await near.get("a") is REPLY
    await both.put("b", REPLY)
    assert await far.get("b") is await near.get("b") is REPLY
    observer = JudgeObserver()
    both.watch(observer)
    assert near.watcher is far.watcher is observer
    await both.close()
    assert (near.closed, far.closed) == (1, 1)
