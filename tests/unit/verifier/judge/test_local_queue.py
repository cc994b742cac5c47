"""Questions to a judge in this process that wait, leave, or meet a failure."""

import asyncio

import pytest
import tiny_models
import torch
from local_judges import (
    TEXTS,
    ask,
    batched,
    held,
    judge,
    labelled,
    question,
    queued,
    seen_rows,
    together,
    words,
)

from verifier.errors import BackendError
from verifier.judge.backends.local_queue import Job, _fits
from verifier.judge.backends.refusals import BusyError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_models.build(tmp_path_factory.mktemp("judges") / "chat", "implicit_prm")


@pytest.fixture
async def backend(folder):
    async with judge(folder) as made:
        yield made


async def test_the_caller_is_told_when_its_turn_comes(backend):
    told = []
    async with held(backend):
        task = asyncio.create_task(
            backend.ask(question(), lambda: told.append(asyncio.get_running_loop()))
        )
        await queued(backend, 1)
        assert told == []
    await task
    assert told == [asyncio.get_running_loop()]


async def test_a_callers_own_error_does_not_end_the_thread(backend):
    backend._working[1].put(Job((1,), begin=lambda: 1 / 0))
    assert len(await ask(backend, question())) == 1


async def test_who_leaves_while_waiting_is_never_computed(backend, monkeypatch):
    counts = seen_rows(backend, monkeypatch)
    async with together(backend, question(), question(TEXTS[1]), labelled()) as tasks:
        tasks[0].cancel()
        tasks[2].cancel()
    await tasks[1]
    assert counts == [1, 1], "the one that held the thread, and the one that stayed"


async def test_writing_ends_when_nobody_waits_for_it(backend):
    """Else the next question would wait for 60 000 tokens."""
    begun = asyncio.Event()
    long = question(max_tokens=30_000)
    async with held(backend):
        tasks = [asyncio.create_task(backend.ask(long, begun.set)) for _ in range(2)]
        await queued(backend, 2)
    await begun.wait()
    for task in tasks:
        task.cancel()
    assert len(await ask(backend, question(TEXTS[1]))) == 1
    assert all(task.cancelled() for task in tasks)


async def test_who_leaves_takes_nothing_from_others(backend):
    (alone,) = await ask(backend, question(max_tokens=60))
    begun = asyncio.Event()
    async with held(backend):
        leaving = asyncio.create_task(backend.ask(question(TEXTS[1], max_tokens=500), begun.set))
        staying = asyncio.create_task(backend.ask(question(max_tokens=60), lambda: None))
        await queued(backend, 2)
    await begun.wait()
    leaving.cancel()
    assert (await staying).text == alone.text


async def test_a_short_reply_does_not_wait_for_a_long_one(backend):
    async with together(backend, question(max_tokens=30_000), question()) as (long, short):
        pass
    await short
    assert not long.done()
    long.cancel()


async def test_a_full_queue_says_so_and_has_room_again_when_somebody_leaves(folder):
    async with judge(folder, max_queued=2) as backend:
        async with together(backend, question(), question(TEXTS[1])) as tasks:
            with pytest.raises(BusyError, match="2 questions wait"):
                await ask(backend, question())
            tasks[0].cancel()
            tasks.append(asyncio.create_task(backend.ask(question(), lambda: None)))
            await asyncio.sleep(0)
        assert await tasks[1]
        assert await tasks[2]


def prompts(*lengths, labels=()):
    return [Job((1,) * length, labels) for length in lengths]


COMPANY = [
    ("short ones, whatever their lengths", prompts(10, 400), prompts(1000), True),
    ("a long one pads short ones", prompts(5000), prompts(100), False),
    ("long ones of about a length", prompts(5000), prompts(4000), True),
    ("too much masked padding", prompts(6000, 6000), prompts(5999), False),
    ("equal ones need no mask", prompts(6000, 6000), prompts(6000), True),
    ("too much at once", prompts(*[6000] * 10), prompts(6000), False),
    ("labels are weighed by themselves", prompts(10, labels=((1,),)), prompts(10), False),
]


@pytest.mark.parametrize(
    ("taken", "more", "fits"), [row[1:] for row in COMPANY], ids=[row[0] for row in COMPANY]
)
def test_padding_is_bounded(taken, more, fits):
    assert _fits(taken, *more) is fits


async def test_the_oldest_goes_first_and_others_wait_for_fitting_company(backend, monkeypatch):
    counts = seen_rows(backend, monkeypatch)
    asked = [question("word " * 700, max_tokens=1)]
    asked += [question(text, max_tokens=1) for text in TEXTS]
    await batched(backend, *asked)
    assert counts == [1, 1, 4]


STEADY = [
    ("half precision, alone", {"dtype": "bfloat16"}, {}, [1, 1, 1]),
    ("half precision in company, as wished", {"dtype": "bfloat16", "steady": False}, {}, [1, 2]),
    (
        "frequencies that depend on the longest text",
        {},
        {"rope_parameters": {"rope_type": "dynamic", "factor": 2.0, "rope_theta": 10_000.0}},
        [1, 1, 1],
    ),
]


@pytest.mark.parametrize(
    ("settings", "keys", "batches"), [row[1:] for row in STEADY], ids=[row[0] for row in STEADY]
)
async def test_what_company_would_change_is_written_alone(
    tmp_path, monkeypatch, settings, keys, batches
):
    folder = tiny_models.build(tmp_path / "chat", "implicit_prm", **keys)
    async with judge(folder, **settings) as backend:
        counts = seen_rows(backend, monkeypatch)
        await batched(backend, question(), question(TEXTS[1]))
    assert counts == batches


async def test_when_memory_runs_out_fewer_are_tried(backend, monkeypatch):
    model = backend._working[0]
    write, counts = model.write, []

    def tight(rows):
        counts.append(len(rows))
        if len(rows) > 1:
            raise torch.OutOfMemoryError("no room")
        write(rows)

    alone = words([reply for text in TEXTS for reply in await ask(backend, question(text))])
    monkeypatch.setattr(model, "write", tight)
    assert words(await batched(backend, *map(question, TEXTS))) == alone
    assert counts == [1, 4, 2, 1, 1, 2, 1, 1]


async def test_a_failure_is_told_and_the_next_question_answered(backend, monkeypatch):
    model = backend._working[0]
    with monkeypatch.context() as broken:
        broken.setattr(model, "write", lambda rows: 1 / 0)
        with pytest.raises(BackendError, match="'chat' failed: ZeroDivisionError"):
            await ask(backend, question())
    assert await ask(backend, question())


async def test_closing_gives_up_what_is_written_and_what_waits(folder):
    async with judge(folder) as backend:
        begun = asyncio.Event()
        writing = asyncio.create_task(backend.ask(question(max_tokens=30_000), begun.set))
        await begun.wait()
        waiting = asyncio.create_task(backend.ask(labelled(), lambda: None))
        await queued(backend, 1)
        await backend.close()
        for task in (writing, waiting):
            with pytest.raises(BackendError, match="closed"):
                await task
        with pytest.raises(BackendError, match="closed"):
            await ask(backend, question())
