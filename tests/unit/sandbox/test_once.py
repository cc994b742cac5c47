"""Work done once for all who ask: sharing, failures, callers who go, and what is kept."""

import asyncio
import gc

import pytest

from sandbox.once import Once


class Work:
    """Work that waits to be let go, and counts how often it was begun."""

    def __init__(self, outcome="made"):
        self.begun = 0
        self.go = asyncio.Event()
        self.outcome = outcome

    async def __call__(self):
        self.begun += 1
        await self.go.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


async def begun(work, times=1):
    while work.begun < times:
        await asyncio.sleep(0)


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)


def once(max_size=100, size=lambda _: 1):
    return Once(max_size, size)


async def test_what_is_kept_is_not_made_again():
    shared, work = once(), Work()
    work.go.set()
    assert [await shared.get(b"k", work) for _ in range(3)] == ["made"] * 3
    assert work.begun == 1


async def test_other_keys_are_other_work():
    shared, work = once(), Work()
    work.go.set()
    await shared.get(b"a", work)
    await shared.get(b"b", work)
    assert work.begun == 2


async def test_all_who_ask_meanwhile_wait_for_the_first():
    shared, work = once(), Work()
    asking = [asyncio.create_task(shared.get(b"k", work)) for _ in range(10)]
    await begun(work)
    await settle()
    work.go.set()
    assert await asyncio.gather(*asking) == ["made"] * 10
    assert work.begun == 1


async def test_a_failure_is_everybodys_and_is_not_kept():
    shared, work = once(), Work(ValueError("no"))
    asking = [asyncio.create_task(shared.get(b"k", work)) for _ in range(3)]
    await begun(work)
    await settle()
    work.go.set()
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert [str(error) for error in found] == ["no"] * 3
    work.outcome = "well"
    assert await shared.get(b"k", work) == "well"
    assert work.begun == 2


async def test_a_failure_that_nobody_else_waits_for_leaves_no_complaint(caplog):
    shared, work = once(), Work(ValueError("no"))
    work.go.set()
    with pytest.raises(ValueError, match="no"):
        await shared.get(b"k", work)
    gc.collect()
    await settle()
    assert not caplog.records


async def test_when_the_first_has_gone_another_one_works_instead():
    shared, work = once(), Work()
    first, *others = (asyncio.create_task(shared.get(b"k", work)) for _ in range(4))
    await begun(work)
    await settle()
    first.cancel()
    await begun(work, 2)
    await settle()
    assert work.begun == 2, "one of those who wait works, not all of them"
    work.go.set()
    assert await asyncio.gather(*others) == ["made"] * 3
    with pytest.raises(asyncio.CancelledError):
        await first
    assert work.begun == 2


async def test_one_after_the_other_may_go():
    shared, work = once(), Work()
    asking = [asyncio.create_task(shared.get(b"k", work)) for _ in range(5)]
    for place in range(4):
        await begun(work, place + 1)
        await settle()
        asking[place].cancel()
    await begun(work, 5)
    work.go.set()
    assert await asking[4] == "made"


async def test_one_that_only_waits_may_go_and_costs_nobody_anything():
    shared, work = once(), Work()
    first, second, third = (asyncio.create_task(shared.get(b"k", work)) for _ in range(3))
    await begun(work)
    await settle()
    second.cancel()
    await settle()
    work.go.set()
    assert await asyncio.gather(first, third) == ["made", "made"]
    assert second.cancelled()
    assert work.begun == 1


async def test_all_may_go_and_the_next_one_begins_anew():
    shared, work = once(), Work()
    asking = [asyncio.create_task(shared.get(b"k", work)) for _ in range(3)]
    await begun(work)
    await settle()
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    work.go.set()
    assert await shared.get(b"k", work) == "made"


async def test_the_least_recently_used_goes_first():
    shared, made = once(max_size=2), []

    async def get(key):
        async def work():
            made.append(key)
            return key

        return await shared.get(key.encode(), work)

    for key in "abacb":
        await get(key)
    # c pushed out b, which a had been used after.
    assert made == ["a", "b", "c", "b"]


async def test_sizes_count_and_what_is_too_large_is_not_kept():
    shared = once(max_size=10, size=len)
    made = []

    async def get(text):
        async def work():
            made.append(text)
            return text

        return await shared.get(text.encode(), work)

    for text in ("x" * 11, "a" * 6, "b" * 4, "a" * 6, "b" * 4, "c" * 7, "b" * 4, "x" * 11):
        await get(text)
    assert [text[0] + str(len(text)) for text in made] == ["x11", "a6", "b4", "c7", "b4", "x11"]


async def test_what_has_no_size_is_not_worth_keeping():
    shared, work = once(size=lambda _: None), Work()
    work.go.set()
    await shared.get(b"k", work)
    await shared.get(b"k", work)
    assert work.begun == 2


async def test_cleared_it_knows_nothing():
    shared, work = once(), Work()
    work.go.set()
    await shared.get(b"k", work)
    shared.clear()
    await shared.get(b"k", work)
    assert work.begun == 2
