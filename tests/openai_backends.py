"""Judges behind OpenAI's chat API, and what they are asked, for tests of the backend."""

import asyncio
from contextlib import asynccontextmanager

from verifier.judge.asking import Message, OneOf, Question, Subject
from verifier.judge.backends.openai import OpenAiBackend, OpenAiSettings
from verifier.judge_task import ReadFrom

KEY = "sk-not-a-real-key"
YES_NO = OneOf((("Yes", 1.0), ("No", 0.0)))
HANG_GUARD = 60  # seconds; no test should take a tenth of it


def question(text="1+1=2?", form=YES_NO, read_from=ReadFrom.TEXT, **changes):
    given = {"schema": "", "max_tokens": 64, "temperature": 0.0, "seed": None} | changes
    messages = (Message("system", "You judge."), Message("user", text))
    subject = Subject("yes_no", "", (text,))
    return Question(messages, form, read_from, **given, subject=subject)


@asynccontextmanager
async def backend(server, model="tiny", **changes):
    """A backend that asks this server, or this URL; in a hurry, so that tests are quick."""
    url = server if isinstance(server, str) else server.url
    fast = {"backoff_seconds": 0.001, "attempts": 3, "timeout_seconds": 5.0}
    made = OpenAiBackend("main", OpenAiSettings(url, model, **(fast | changes)))
    await made.start()
    try:
        async with asyncio.timeout(HANG_GUARD):
            yield made
    finally:
        await made.close()


def nobody():
    """Does not want to know when its question was taken."""


async def ask(made, *args, **changes):
    return await made.ask(question(*args, **changes), nobody)
