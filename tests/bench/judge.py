"""1,000 judgements by a backend of 100 ms, 64 at once: time over the ideal, CPU, memory.

The backend is a server of our own in another process that waits and answers; our backend and the
`openai` package ask it the same, whole and as a stream, each with one semaphore. Judgements go all
the way: engine, template, backend, reading. Bare aiohttp, which neither retries nor guards nor
reads more than the text, shows what is the machine's. Every round measures every path once, on
connections that are open already. The ideal is the time in which nothing but waiting happens:
1,000 / 64 x 100 ms.
"""

import asyncio
import itertools
import re
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from statistics import median

import aiohttp
import msgspec
import psutil
from aiohttp import web

from tests.bench.cpu import Meter
from tests.bench.table import Table, milli, times
from verifier.config.judge import JudgeConfig
from verifier.config.judge_backends import OpenAiBackendConfig
from verifier.engine import Engine
from verifier.judge.asking import Message, OneOf, Question, Subject
from verifier.judge.backends.openai import OpenAiBackend, OpenAiSettings
from verifier.judge_task import ReadFrom
from verifier.outcome.judge import JudgeVerifier
from verifier.registry import Registry
from verifier.types import Item, JudgeTask, Verdict

_CALLS = 1000
_AT_ONCE = 64
_SECONDS = 0.1
_IDEAL = _CALLS / _AT_ONCE * _SECONDS
_AIM = 1.15
_THOUSANDS = 20
_MARK = re.compile(r"carry the mark ([a-z0-9]+),")
_PARTS = 8  # of a streamed answer; the mark is in one of them
_TEXT = "The sum is right, and so is the answer.\nVerdict k3v9xq: Yes"
_PROMPT = "Is the completion right?\n" + "We add the two numbers and check the sum again. " * 20
_MESSAGES = ({"role": "system", "content": "You judge."}, {"role": "user", "content": _PROMPT})


def run(rounds):
    """A table of all paths."""
    table = Table(
        "A judge behind HTTP",
        f"{_CALLS:,} questions, {_AT_ONCE} at once, to a server that takes {_SECONDS * 1e3:.0f} ms "
        f"for each; median of the rounds. Over ideal: wall time over {_IDEAL:.3f} s; the aim is at "
        f"most {_AIM}. CPU: of the client's process.",
        ("client", "wall s", "over ideal", "CPU ms a call", "x openai's CPU"),
    )
    paths = {
        "judgements, whole": partial(_judgements, stream=False),
        "judgements, stream": partial(_judgements, stream=True),
        "ours, whole": partial(_ours, stream=False),
        "bare aiohttp, whole": _bare,
        "openai, whole": partial(_openai, stream=False),
        "ours, stream": partial(_ours, stream=True),
        "openai, stream": partial(_openai, stream=True),
    }
    measured = {name: [] for name in paths}
    with _serving() as url:
        for _ in range(rounds):
            for name, client in paths.items():
                measured[name].append(asyncio.run(_measure(client, url)))
    used = {name: median(meter.own for meter in meters) for name, meters in measured.items()}
    for name, meters in measured.items():
        wall = median(meter.wall for meter in meters)
        peer = used[f"openai, {name.rpartition(' ')[2]}"]
        ratios = (f"{wall / _IDEAL:.3f}", milli(used[name] / _CALLS), times(used[name] / peer))
        table.add(name, f"{wall:.3f}", *ratios)
        memory = asyncio.run(_memory(url))
    return [table, memory]


async def _memory(url):
    """Resident memory while judgements go on; the first thousand loads what it needs."""
    table = Table(
        "Memory of a judge",
        f"Resident memory of a process after so many judgements, {_AT_ONCE} at once, no cache.",
        ("judgements", "MB"),
    )
    process = psutil.Process()
    async with _judgements(url, stream=False) as ask:
        for thousand in range(1, _THOUSANDS + 1):
            await asyncio.gather(*(ask() for _ in range(1000)))
            if thousand in {1, 2, _THOUSANDS // 2, _THOUSANDS}:
                table.add(f"{thousand * 1000:,}", f"{process.memory_info().rss / 1e6:.1f}")
    return table


async def _measure(client, url):
    async with client(url) as ask:
        await asyncio.gather(*(ask() for _ in range(2 * _AT_ONCE)))
        with Meter() as meter:
            texts = await asyncio.gather(*(ask() for _ in range(_CALLS)))
    if set(texts) != {_TEXT}:
        raise SystemExit("an answer is not what the server said")
    return meter


@asynccontextmanager
async def _ours(url, *, stream):
    settings = OpenAiSettings(url, "judge", concurrency=_AT_ONCE, stream=stream)
    backend = OpenAiBackend("bench", settings)
    question = Question(
        messages=tuple(Message(**one) for one in _MESSAGES),
        form=OneOf((("Yes", 1.0), ("No", 0.0))),
        read_from=ReadFrom.TEXT,
        schema="",
        max_tokens=64,
        temperature=0.0,
        seed=1,
        subject=Subject("yes_no", _PROMPT, ("",)),
    )

    async def ask():
        return (await backend.ask(question, lambda: None)).text

    await backend.start()
    try:
        yield ask
    finally:
        await backend.close()


@asynccontextmanager
async def _judgements(url, *, stream):
    config = JudgeConfig(
        backends={"bench": OpenAiBackendConfig(url, "judge", concurrency=_AT_ONCE, stream=stream)},
        cache_entries=0,
    )
    numbers = itertools.count()
    async with Engine(Registry([JudgeVerifier(config.parts())])) as engine:
        await engine.start()

        async def ask():
            completion = f"{next(numbers)}: the sum is right."
            task = JudgeTask(template="yes_no", threshold=0.5)
            (result,) = await engine.score([Item("", completion, task, _PROMPT)])
            return _TEXT if result.verdict is Verdict.CORRECT else result.message

        yield ask


@asynccontextmanager
async def _bare(url):
    permits = asyncio.Semaphore(_AT_ONCE)
    body = {"model": "judge", "messages": _MESSAGES, "max_tokens": 64, "temperature": 0, "seed": 1}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=_AT_ONCE)) as session:

        async def ask():
            async with permits, session.post(f"{url}/chat/completions", json=body) as response:
                return (await response.json())["choices"][0]["message"]["content"]

        yield ask


@asynccontextmanager
async def _openai(url, *, stream):
    from openai import AsyncOpenAI

    permits = asyncio.Semaphore(_AT_ONCE)
    more = {"stream": True, "stream_options": {"include_usage": True}} if stream else {}
    async with AsyncOpenAI(base_url=url, api_key="none", max_retries=4, timeout=120) as client:

        async def ask():
            async with permits:
                answer = await client.chat.completions.create(
                    model="judge", messages=_MESSAGES, max_tokens=64, temperature=0, seed=1, **more
                )
                if not stream:
                    return answer.choices[0].message.content
                return "".join(
                    [part.choices[0].delta.content or "" async for part in answer if part.choices]
                )

        yield ask


# ---------------------------------------------------------------------------- the other process


@contextmanager
def _serving():
    command = [sys.executable, "-m", "tests.bench.judge"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.kill()


async def _serve():
    usage = {"prompt_tokens": 230, "completion_tokens": 20}
    whole = {"message": {"role": "assistant", "content": _TEXT}, "finish_reason": "stop"}
    body = msgspec.json.encode({"model": "judge", "choices": [whole], "usage": usage})
    parts = [b"data: " + msgspec.json.encode(document) + b"\n\n" for document in _documents(usage)]
    parts.append(b"data: [DONE]\n\n")

    async def answer(request):
        asked = msgspec.json.decode(await request.read())
        await asyncio.sleep(_SECONDS)
        mark = _MARK.search(asked["messages"][-1]["content"])
        word = mark[1].encode() if mark else b"k3v9xq"
        if not asked.get("stream"):
            said = body.replace(b"k3v9xq", word)
            return web.Response(body=said, content_type="application/json")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for part in parts:
            await response.write(part.replace(b"k3v9xq", word))
        return response

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def _documents(usage):
    size = -(-len(_TEXT) // _PARTS)
    common = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "judge"}
    for start in range(0, len(_TEXT), size):
        delta = {"content": _TEXT[start : start + size]}
        yield common | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield common | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    yield common | {"choices": [], "usage": usage | {"total_tokens": 250}}


if __name__ == "__main__":
    asyncio.run(_serve())
