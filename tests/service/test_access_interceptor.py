"""The gate itself, in this process: whose call it is, seen by handlers and by nobody else."""

import asyncio
import gc
import time

import grpc
import pytest

from verifier.access import TokenBook, WatchedFiles, new_token
from verifier.access.tokens import Grant
from verifier.caller import ANONYMOUS, CURRENT_CALLER, Caller, Role
from verifier.metrics import Metrics
from verifier.server.access import METHOD_ROLES, AccessInterceptor, CallerFinder
from verifier.server.audit import UNKNOWN_METHOD

UNARY = "/verifier.v1.VerifierService/Score"
STREAM = "/verifier.v1.VerifierService/ScoreStream"


class Echo:
    """Answers with the name of the caller, and waits for company where that is asked for."""

    def __init__(self):
        self.company = asyncio.Barrier(2)

    async def unary(self, request, context):
        if request == b"together":
            await self.company.wait()
        inner = await asyncio.create_task(_name())
        return f"{CURRENT_CALLER.get().name} {inner}".encode()

    async def stream(self, requests, context):
        async for request in requests:
            if request == b"together":
                await self.company.wait()
            inner = await asyncio.create_task(_name())
            yield f"{CURRENT_CALLER.get().name} {inner}".encode()


async def _name():
    return CURRENT_CALLER.get().name


def _book(grants):
    import hashlib

    by_digest = {
        hashlib.sha256(token.encode()).digest(): Grant(caller) for token, caller in grants.items()
    }
    book = TokenBook(by_digest, {})
    return WatchedFiles(["nowhere"], lambda: book, 3600.0, lambda _: None)


@pytest.fixture
def tokens():
    return {name: new_token() for name in ("one", "two")}


@pytest.fixture
async def start(tokens):
    servers = []

    async def make(finder=None):
        grants = {token: Caller(name, frozenset({Role.SCORE})) for name, token in tokens.items()}
        finder = finder or CallerFinder(_book(grants))
        server = grpc.aio.server(interceptors=(AccessInterceptor(finder, Metrics()),))
        echo = Echo()
        for path, handler in (
            (UNARY, grpc.unary_unary_rpc_method_handler(echo.unary)),
            (STREAM, grpc.stream_stream_rpc_method_handler(echo.stream)),
        ):
            _, service, method = path.split("/")
            generic = grpc.method_handlers_generic_handler(service, {method: handler})
            server.add_generic_rpc_handlers((generic,))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        servers.append(server)
        return f"127.0.0.1:{port}"

    yield make
    for server in servers:
        await server.stop(None)


def _shown(token):
    return (("authorization", f"Bearer {token}"),)


@pytest.mark.parametrize("path", [UNARY, STREAM])
async def test_a_handler_and_its_tasks_see_their_caller_and_side_by_side_no_other(
    start, tokens, path
):
    async with grpc.aio.insecure_channel(await start()) as channel:

        async def ask(name):
            metadata = _shown(tokens[name])
            if path == UNARY:
                return await channel.unary_unary(path)(b"together", metadata=metadata, timeout=30)
            call = channel.stream_stream(path)(iter([b"together"]), metadata=metadata, timeout=30)
            return b"".join([answer async for answer in call])

        answers = await asyncio.gather(ask("one"), ask("two"))
    assert answers == [b"one one", b"two two"]
    assert CURRENT_CALLER.get() is ANONYMOUS


@pytest.mark.parametrize("path", [UNARY, STREAM])
async def test_where_nothing_is_asked_for_a_caller_has_the_name_of_its_host(start, path):
    async with grpc.aio.insecure_channel(await start(CallerFinder())) as channel:
        if path == UNARY:
            answer = await channel.unary_unary(path)(b"", timeout=30)
        else:
            call = channel.stream_stream(path)(iter([b""]), timeout=30)
            answer = b"".join([one async for one in call])
    assert answer == b"127.0.0.1 127.0.0.1"


async def test_a_single_message_reaches_its_handler_through_the_gate_for_certificates(start):
    """The gate makes a stream of it, which nobody sees on the wire; and needs a message."""
    finder = CallerFinder(certificates=True)
    finder.by_connection = lambda _context: Caller("peer")
    async with grpc.aio.insecure_channel(await start(finder)) as channel:
        assert await channel.unary_unary(UNARY)(b"", timeout=30) == b"peer peer"
        call = channel.stream_stream(UNARY)(iter([]), timeout=30)
        with pytest.raises(grpc.aio.AioRpcError, match="no message") as caught:
            await call.read()
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


class Silence:
    """A log that nobody reads."""

    def info(self, event, **fields):
        pass


async def test_ten_thousand_bad_tokens_leave_nothing_behind(tokens, monkeypatch):
    book = _book({token: Caller(name) for name, token in tokens.items()})
    metrics = Metrics()
    gate = AccessInterceptor(CallerFinder(book), metrics)

    class Details:
        def __init__(self, number):
            self.method = UNARY if number % 2 else f"/made.up/Method{number}"
            self.invocation_metadata = _shown(f"vt_{number}")

    class Context:
        def peer(self):
            return "ipv4:127.0.0.1:1"

        async def abort(self, code, message):
            raise grpc.aio.AbortError(message)

    async def absent(_details):
        return None

    async def refuse(number):
        handler = await gate.intercept_service(absent, Details(number))
        with pytest.raises(grpc.aio.AbortError):
            await anext(handler.stream_stream(None, Context()))

    # Twenty thousand lines would bury the suite's own.
    monkeypatch.setattr("verifier.server.audit._log", Silence())
    await refuse(0)
    await refuse(1)
    gc.collect()
    before = len(gc.get_objects())
    for number in range(10_000):
        await refuse(number)
    gc.collect()
    assert len(gc.get_objects()) - before < 1_000
    labels = {
        sample.labels["method"]
        for family in metrics.collect()
        if family.name == "verifier_requests"
        for sample in family.samples
    }
    assert labels == {"Score", UNKNOWN_METHOD}


async def test_a_token_that_expires_is_refused_at_the_next_call():
    import hashlib

    now = time.time()
    clock = [now]
    grant = Grant(Caller("one"), now + 10)
    book = TokenBook({hashlib.sha256(b"t").digest(): grant}, {})
    finder = CallerFinder(
        WatchedFiles(["nowhere"], lambda: book, 3600.0, lambda _: None), clock=lambda: clock[0]
    )
    assert finder.by_metadata(_shown("t")).name == "one"
    clock[0] += 10
    with pytest.raises(Exception, match="expired"):
        finder.by_metadata(_shown("t"))


def test_the_table_of_roles_knows_only_this_service():
    assert all(path.startswith("/verifier.v1.VerifierService/") for path in METHOD_ROLES)
