"""Judges in this process, on tiny random models: what they say means nothing and never changes."""

import asyncio
import json
import threading
from contextlib import asynccontextmanager

import torch
from safetensors.torch import load_file, save_file

from verifier.judge.asking import Message, OneOf, Question, Subject
from verifier.judge.backends.local import LocalBackend, LocalSettings
from verifier.judge.backends.local_queue import Job
from verifier.types import ReadFrom

YES_NO = OneOf((("Yes", 1.0), ("No", 0.0)))
SUBJECT = Subject("yes_no", "", ("",))
TEXTS = [
    "Is 3 + 4 = 7?",
    "no",
    "How many apples are left? " * 12,
    "Step 1: We add 3 and 4, and so we have 7.",
]


def question(text=TEXTS[0], **changes):
    given = {
        "messages": (Message("user", text),),
        "form": YES_NO,
        "read_from": ReadFrom.TEXT,
        "schema": "",
        "max_tokens": 12,
        "temperature": 0.0,
        "seed": None,
        "subject": SUBJECT,
    }
    return Question(**(given | changes))


def labelled(text=TEXTS[0], form=YES_NO):
    return question(text, form=form, read_from=ReadFrom.LABELS)


async def ask(backend, *asked):
    """The replies to questions that are asked at the same time."""
    return await asyncio.gather(*(backend.ask(each, lambda: None) for each in asked))


def words(replies):
    return [(reply.text, reply.cut, reply.completion_tokens) for reply in replies]


@asynccontextmanager
async def judge(folder, **settings):
    backend = LocalBackend("local", LocalSettings(str(folder), **settings))
    try:
        await backend.start()
        yield backend
    finally:
        await backend.close()


@asynccontextmanager
async def held(backend):
    """Stops the model's thread, so that what is asked meanwhile waits for it together."""
    reached, go = threading.Event(), threading.Event()
    hold = Job((1,), begin=lambda: (reached.set(), go.wait(60)))
    backend._working[1].put(hold)
    await asyncio.to_thread(reached.wait, 60)
    try:
        yield
    finally:
        go.set()


async def queued(backend, count):
    while len(backend._working[1]._queue) < count:
        await asyncio.sleep(0.001)


@asynccontextmanager
async def together(backend, *asked):
    """Questions that all wait before the first is answered, as tasks."""
    async with held(backend):
        tasks = [asyncio.create_task(backend.ask(each, lambda: None)) for each in asked]
        await queued(backend, len(asked))
        yield tasks


async def batched(backend, *asked):
    async with together(backend, *asked) as tasks:
        pass
    return await asyncio.gather(*tasks)


def seen_rows(backend, monkeypatch):
    """How many rows each batch had."""
    model, counts = backend._working[0], []
    write = model.write
    monkeypatch.setattr(model, "write", lambda rows: (counts.append(len(rows)), write(rows)))
    return counts


def change(folder, values=None, drop=(), **keys):
    """Changes weights and configuration of a folder."""
    path = folder / "model.safetensors"
    weights = {name: each for name, each in load_file(path).items() if name not in drop}
    for name, value in (values or {}).items():
        weights[name] = torch.full_like(weights[name], value)
    save_file(weights, path, metadata={"format": "pt"})
    config = folder / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | keys))
