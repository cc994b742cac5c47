"""An OpenAI-compatible server over real HTTP that misbehaves as it is told.

Each request takes the next behaviour of the script; the last one stays. What was asked is kept, and
how many went before they had their answer. Behaviours of chats stream where a stream is asked for.
"""

import asyncio
import json
from contextlib import asynccontextmanager

from aiohttp import web


class Misbehaving:
    """The server's side. `script` holds coroutine functions from a request to a response."""

    def __init__(self, *script):
        self.script = list(script)
        self.bodies = []
        self.paths = []
        self.headers = []
        self.peers = set()
        self.inside = self.most_inside = self.left = 0
        self.url = ""

    async def handle(self, request):
        self.paths.append(request.path)
        self.headers.append(dict(request.headers))
        self.peers.add(request.transport.get_extra_info("peername"))
        body = await request.json()
        self.bodies.append(body)
        behave = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            return await behave(request, body)
        except (asyncio.CancelledError, ConnectionError):
            self.left += 1
            raise
        finally:
            self.inside -= 1


@asynccontextmanager
async def serving(*script):
    """Serves on a free port while the block runs."""
    server = Misbehaving(*script)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()


def choice(text="a step", reason="stop", path="completions"):
    said = {"text": text} if path == "completions" else {"message": {"content": text}}
    return {"index": 0, "finish_reason": reason, **said}


def answer(*choices, **more):
    """Answers with these choices, whatever was asked."""

    async def behave(_request, _body):
        return web.json_response({"choices": list(choices), **more})

    return behave


async def good(request, body):
    """As many choices as asked for, numbered from the seed on."""
    path = "chat" if request.path.endswith("chat/completions") else "completions"
    first = body.get("seed", 0)
    choices = [choice(f"text {first + n}", path=path) for n in range(body.get("n", 1))]
    usage = {"prompt_tokens": 3, "completion_tokens": 2 * len(choices)}
    return web.json_response({"choices": choices, "usage": usage})


async def one_only(request, body):
    """Ignores `n`, as transformers does."""
    return await good(request, {**body, "n": 1})


async def refuses_many(request, body):
    """Refuses `n`, as llama.cpp does."""
    if "n" in body:
        return web.json_response({"error": "Only one completion choice is allowed"}, status=400)
    return await good(request, body)


def status(number, text="{}", **headers):
    async def behave(_request, _body):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=number, text=text, headers=names)

    return behave


def raw(text):
    async def behave(_request, _body):
        return web.Response(body=text, content_type="application/json")

    return behave


async def reset(request, _body):
    """Closes the connection without a word."""
    request.transport.abort()
    return web.Response()


async def half(request, _body):
    """Announces more than it sends."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"choices": [')
    request.transport.abort()
    return response


async def hang(_request, _body):
    await asyncio.sleep(60)
    return web.Response()


async def drip(request, _body):
    """Sends a byte now and then, for ever."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.02)


def after(seconds, behave):
    async def later(request, body):
        await asyncio.sleep(seconds)
        return await behave(request, body)

    return later


def dumped(value):
    return raw(json.dumps(value).encode())


# --------------------------------------------------------------------------- chats, streams too


USAGE = {"prompt_tokens": 11, "completion_tokens": 7}


def said(text="Verdict: yes", reason="stop", *, model="tiny-v2", usage=USAGE, places=None):
    """Answers a chat with this text, streamed character by character if a stream is asked for."""

    async def behave(request, body):
        told = {"model": model, "usage": usage}
        logprobs = {} if places is None else {"logprobs": {"content": places}}
        if not body.get("stream"):
            whole = {"message": {"role": "assistant", "content": text}, "finish_reason": reason}
            return web.json_response({"choices": [whole | logprobs], **told})
        return await stream(request, *(event(part) for part in parts(text, reason, **told)), DONE)

    return behave


def parts(text, reason="stop", *, model="tiny-v2", usage=USAGE):
    """The documents of a stream: role, text, end, and how many tokens it took."""
    yield part({"role": "assistant", "content": ""}, model=model)
    if text is not None:
        for char in text:
            yield part({"content": char}, model=model)
    yield part({}, reason, model=model)
    if usage is not None:
        yield {"choices": [], "model": model, "usage": usage}


def part(delta, reason=None, **more):
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}], **more}


def event(document):
    return b"data: " + json.dumps(document).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


async def stream(request, *pieces):
    """Sends these pieces of a stream, and ends it."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response


def streamed(*pieces):
    async def behave(request, _body):
        return await stream(request, *pieces)

    return behave


def either(whole, in_parts):
    """One behaviour for those who want a stream, and another for the rest."""

    async def behave(request, body):
        return await (in_parts if body.get("stream") else whole)(request, body)

    return behave


def torn(*pieces):
    """Sends these pieces of a stream and drops the connection."""

    async def behave(request, _body):
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
        request.transport.abort()
        return response

    return behave


def endless(*pieces, every=0.02):
    """Sends these pieces of a stream and then a comment now and then, for ever."""

    async def behave(request, _body):
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
        while True:
            await response.write(b": still here\n\n")
            await asyncio.sleep(every)

    return behave


def then_closes(behave):
    """Answers well and closes the connection, which it had promised to keep."""

    async def closing(request, body):
        response = await behave(request, body)
        await response.prepare(request)
        await response.write_eof()
        request.transport.close()
        return response

    return closing


def refuses(field, behave, said="Unknown parameter"):
    """Takes no request that holds this field, and says so."""

    async def picky(request, body):
        if field in body:
            return web.json_response({"error": {"message": f"{said}: {field}"}}, status=400)
        return await behave(request, body)

    return picky
