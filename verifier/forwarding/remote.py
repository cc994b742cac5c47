"""A verifier that stands for another deployment's verifier of the same task."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import grpc

from verifier.caller import CURRENT_CALLER
from verifier.convert.items import item_to_proto
from verifier.convert.results import info_from_proto
from verifier.errors import InputError, ServiceError
from verifier.forwarding.batch import Batch, Parcel
from verifier.forwarding.failures import explanation, relayed
from verifier.forwarding.hops import CURRENT_HOPS
from verifier.forwarding.outbox import Outbox
from verifier.forwarding.partner import Partner
from verifier.forwarding.sending import Sender, seconds_until
from verifier.metrics.forwarding import ForwardCounts
from verifier.terms import CURRENT_TERMS
from verifier.v1 import service_pb2, service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.config.sharing import ForwardConfig
    from verifier.deadline import Deadline
    from verifier.forwarding.connection import Connection
    from verifier.types import Item, Outcome, SelfTest, Task
    from verifier.v1 import judge_pb2, process_pb2

_LIST_SECONDS: Final = 5.0  # for the other side to say what it has
_START_SECONDS: Final = 2.0  # that starting waits for it; what comes later is learned later
_REFRESH_SECONDS: Final = 30.0  # between two looks at its list
_LEAST_SECONDS: Final = 1.0  # between two looks, whatever happens
_MOST_SILENT_SECONDS: Final = 8.0  # between two looks while it does not answer


class ForwardedVerifier:
    """Has another deployment verify; see `AsyncVerifier`.

    | The other side                              | Outcome                                    |
    |---------------------------------------------|--------------------------------------------|
    | answers                                     | its own, detail and version included       |
    | cannot be reached, or went away thrice      | UNSCORED / BACKEND_UNAVAILABLE             |
    | refuses our token, or the call as such      | UNSCORED / BACKEND_UNAVAILABLE             |
    | is full until the deadline                  | UNSCORED / OVERLOADED                      |
    | fails inside                                | UNSCORED / INTERNAL                        |
    | or we do not take a message of this size    | UNSCORED / INVALID_INPUT                   |

    Outcomes are not cached here: the other side does that, and knows when its version changes.

    Args:
        name: of the task, as rows spell it.
        task_type: of its items.
        config: the table ``[forward.TASK]``.
        connection: the way there.
        self_test: items that show whether the other side works.

    Attributes:
        version, description, members, isolation, models: the other side's, once it has told them.
        counts: for metrics.
        places: items that may be out at once.
    """

    deterministic = False
    work_limit_seconds = math.inf  # the other side keeps its own, and knows when work begins

    def __init__(
        self,
        name: str,
        task_type: type[Task],
        config: ForwardConfig,
        connection: Connection,
        self_test: SelfTest = (),
    ) -> None:
        self.name = name
        self.task_type = task_type
        self.self_test = self_test
        self.counts = ForwardCounts()
        self.places = config.batch_items * config.concurrency
        self._connection = connection
        self._partner = Partner(name, connection.target, self.counts)
        self._sender = Sender(connection, self._partner, self.counts, self._open)
        self._outbox = Outbox(self._send, config.batch_items, self.counts)
        self._adopt()
        self._channel: grpc.aio.Channel | None = None
        self._stub: Any = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def state(self) -> str:
        """Whether the other side answers, and if not, why; one line."""
        return self._partner.state

    async def start(self) -> None:
        """Asks the other side what it has. If that is not there, it is found once it is."""
        if self._watching is None:
            looked = asyncio.Event()
            self._watching = asyncio.create_task(self._watch(looked))
            with suppress(TimeoutError):
                async with asyncio.timeout(_START_SECONDS):
                    await looked.wait()

    async def close(self) -> None:
        """Cancels what is out, and closes the channel."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None
        await self._outbox.close()
        if self._channel is not None:
            channel, self._channel, self._stub = self._channel, None, None
            await channel.close()

    async def verify(self, item: Item, started: Callable[[], None]) -> Outcome:  # noqa: ARG002 - see below
        """The other side's outcome of one item.

        `started` is never called: when its work begins there is known there alone, in whose outcome
        it stands.

        Raises:
            InputError: the item cannot be sent.
            TypeError: the item's task is of another kind.
        """
        if not isinstance(item.task, self.task_type):
            raise TypeError(f"{self.name} cannot score a {type(item.task).__name__}")
        try:
            message = item_to_proto(item)
        except (AttributeError, RecursionError, TypeError, ValueError) as error:
            raise InputError(f"cannot be sent: {error}") from error
        parcel = Parcel(message, CURRENT_TERMS.get(), CURRENT_CALLER.get().name, CURRENT_HOPS.get())
        return await self._outbox.ask(parcel)

    async def score_steps(
        self, request: process_pb2.ScoreStepsRequest, deadline: Deadline
    ) -> process_pb2.ScoreStepsResponse:
        """Passes a whole call on: handles belong to the replica that gave them.

        Raises:
            InputError, OverloadedError, ServiceError: the other side's status, in our words.
        """
        response: process_pb2.ScoreStepsResponse = await self._relay(
            self._open().ScoreSteps, request, deadline
        )
        return response

    async def judge(
        self, request: judge_pb2.JudgeRequest, deadline: Deadline
    ) -> judge_pb2.JudgeResponse:
        """Passes a whole call on: its completions are compared with each other.

        Raises:
            InputError, OverloadedError, ServiceError: the other side's status, in our words.
        """
        response: judge_pb2.JudgeResponse = await self._relay(self._open().Judge, request, deadline)
        return response

    async def _relay(self, method: Any, request: Any, deadline: Deadline) -> Any:
        metadata = self._connection.metadata(CURRENT_HOPS.get(), (CURRENT_CALLER.get().name,))
        code = grpc.StatusCode.CANCELLED
        try:
            response = await method(request, timeout=seconds_until(deadline), metadata=metadata)
            code = grpc.StatusCode.OK
        except grpc.aio.AioRpcError as error:
            code = error.code()
            raise relayed(error, self._connection) from error
        finally:
            self.counts.calls[code.name] += 1
        if response is None:  # what gRPC gives for bytes that are no message
            words = f"{self._connection.target}: the response cannot be read"
            raise ServiceError(words, code=grpc.StatusCode.INTERNAL.name)
        return response

    def _open(self) -> Any:
        """The stub of the channel, opened when first needed."""
        if self._stub is None:
            self._channel = self._connection.open()
            self._stub = service_pb2_grpc.VerifierServiceStub(self._channel)
        return self._stub

    async def _send(self, batch: Batch) -> None:
        await self._sender.send(batch, self._outbox)

    async def _watch(self, looked: asyncio.Event) -> None:
        """Keeps what is known of the other side fresh; sets `looked` once it has been asked."""
        silent = 0
        while True:
            silent = 0 if await self._look() else silent + 1
            looked.set()
            await asyncio.sleep(_LEAST_SECONDS)
            wait = _REFRESH_SECONDS if not silent else min(2.0**silent, _MOST_SILENT_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait - _LEAST_SECONDS):
                    await self._partner.news.wait()

    async def _look(self) -> bool:
        """Asks for the list of verifiers; whether it came."""
        try:
            response = await self._open().ListVerifiers(
                service_pb2.ListVerifiersRequest(),
                timeout=_LIST_SECONDS,
                metadata=self._connection.metadata(0),
            )
        except grpc.aio.AioRpcError as error:
            self._partner.is_silent(explanation(error, self._connection))
            return False
        self._partner.lists([info_from_proto(info) for info in response.verifiers])
        self._adopt()
        return True

    def _adopt(self) -> None:
        """Says of itself what the other side says of its verifier."""
        info = self._partner.info
        self.version = info.version
        self.description = info.description
        self.members = info.members
        self.isolation = info.isolation
        self.models = info.models
