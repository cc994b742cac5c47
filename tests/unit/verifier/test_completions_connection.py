"""Connections that are kept, and servers that close them all the same."""

import pytest
from misbehaving_server import hang, reset, said, serving
from openai_backends import ask, backend

from verifier.errors import BackendError

BOTH = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


@BOTH
async def test_a_kept_connection_that_was_closed_is_no_failed_attempt(stream):
    async with (
        serving(said("first"), reset, said("second")) as server,
        backend(server, stream=stream, attempts=1) as made,
    ):
        replies = [await ask(made), await ask(made)]

    assert [(reply.text, reply.retries) for reply in replies] == [("first", 0), ("second", 0)]
    assert len(server.bodies) == 3
    assert server.bodies[1] == server.bodies[2]
    assert len(server.peers) == 2, "the second question went over a connection of its own"


async def test_a_new_connection_that_breaks_is_a_failed_attempt():
    async with serving(reset, said()) as server, backend(server, attempts=1) as made:
        with pytest.raises(BackendError, match=r"connection broke.*asked once"):
            await ask(made)
    assert len(server.bodies) == 1


async def test_a_request_that_breaks_every_connection_is_not_sent_for_ever():
    async with serving(said(), reset) as server, backend(server, attempts=2) as made:
        await ask(made)
        with pytest.raises(BackendError, match=r"connection broke.*asked 2 times"):
            await ask(made)
    assert len(server.bodies) == 1 + 1 + 2, "once over the kept one, then each attempt over its own"


async def test_an_answer_that_does_not_come_is_waited_for_once():
    async with (
        serving(said(), hang) as server,
        backend(server, attempts=1, timeout_seconds=0.2) as made,
    ):
        await ask(made)
        with pytest.raises(BackendError, match="timed out"):
            await ask(made)
    assert len(server.bodies) == 2
