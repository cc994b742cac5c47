"""The RPCs: convert, hand to the engine, convert back. Nothing is decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verifier import __version__
from verifier.caller import CURRENT_CALLER
from verifier.convert.branches import branch_scores_to_proto, branches_from_proto
from verifier.convert.items import kinds_of
from verifier.convert.judgements import (
    comparison_to_proto,
    contest_from_proto,
    judgements_to_proto,
)
from verifier.convert.results import info_to_proto
from verifier.forwarding.registry import forwarded_tasks
from verifier.model_task import EMBEDDED
from verifier.outcome.judge import JudgeVerifier
from verifier.outcome.process import ProcessVerifier
from verifier.search.comparing import compare
from verifier.search.steps import StepSearch, score_branches
from verifier.server.calls import (
    check_batch_size,
    deadline_of,
    fill,
    items_from_proto,
    work_limit_of,
)
from verifier.server.judge_role import check_judge_role
from verifier.server.status import NotYetError
from verifier.server.stream import StreamSession
from verifier.types import Item, JudgeMode
from verifier.v1 import service_pb2, service_pb2_grpc

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator

    import grpc

    from verifier.engine import Engine
    from verifier.models.bank import ModelBank
    from verifier.server.gate import Room
    from verifier.v1 import judge_pb2, process_pb2

    Context = grpc.aio.ServicerContext[Any, Any]


class VerifierService(service_pb2_grpc.VerifierServiceServicer):
    """The service's handlers.

    Args:
        engine: decides.
        max_batch_items: items one message may carry.
        draining: set when the service is about to end; streams then finish what they have.
        room: for messages of streams.
    """

    def __init__(
        self, engine: Engine, max_batch_items: int, draining: asyncio.Event, room: Room
    ) -> None:
        self._engine = engine
        self._max_batch_items = max_batch_items
        self._draining = draining
        self._room = room
        self._bank = _bank_of(engine)
        self._judge = _judge_of(engine)
        self._forwarded = forwarded_tasks(engine.registry)

    async def Score(
        self, request: service_pb2.ScoreRequest, context: Context
    ) -> service_pb2.ScoreResponse:
        """A batch; see the contract."""
        number = len(request.items)
        check_batch_size(number, self._max_batch_items)
        deadline, caller = deadline_of(context), CURRENT_CALLER.get()
        self._engine.check_room(kinds_of(request.items), number, caller, deadline)
        items = await items_from_proto(request.items)
        check_judge_role(items, self._engine.registry)
        results = await self._engine.score(
            items,
            deadline=deadline,
            work_limit_seconds=work_limit_of(request),
            caller=caller,
        )
        return await fill(service_pb2.ScoreResponse(), results)

    async def ScoreStream(
        self, request_iterator: AsyncIterator[service_pb2.ScoreStreamRequest], context: Context
    ) -> AsyncIterator[service_pb2.ScoreStreamResponse]:
        """A stream; see the contract."""
        session = StreamSession(
            self._engine, deadline_of(context), self._max_batch_items, self._draining, self._room
        )
        async for results in session.run(request_iterator):
            yield await fill(service_pb2.ScoreStreamResponse(), results)

    async def ListVerifiers(
        self,
        request: service_pb2.ListVerifiersRequest,
        context: Context,
    ) -> service_pb2.ListVerifiersResponse:
        """What works here."""
        return service_pb2.ListVerifiersResponse(
            verifiers=[info_to_proto(info) for info in self._engine.registry.infos()],
            service_version=__version__,
        )

    async def ScoreSteps(
        self, request: process_pb2.ScoreStepsRequest, context: Context
    ) -> process_pb2.ScoreStepsResponse:
        """A search's branches; see the contract."""
        if (remote := self._forwarded.get("process")) is not None:
            with self._engine.hold(len(request.branches), CURRENT_CALLER.get()):
                return await remote.score_steps(request, deadline_of(context))
        if self._bank is None:
            raise NotYetError(
                "ScoreSteps needs the verifier `process`, which is not installed here"
            )
        branches = branches_from_proto(request, self._bank.settings.max_branches)
        search = StepSearch(request.model or EMBEDDED, request.prompt, branches)
        with self._engine.hold(len(branches), CURRENT_CALLER.get()):
            scores = await score_branches(self._bank, search, deadline_of(context))
        return branch_scores_to_proto(scores)

    async def Judge(
        self, request: judge_pb2.JudgeRequest, context: Context
    ) -> judge_pb2.JudgeResponse:
        """A judgement; see the contract."""
        if (remote := self._forwarded.get("judge")) is not None:
            with self._engine.hold(len(request.completions), CURRENT_CALLER.get()):
                return await remote.judge(request, deadline_of(context))
        if self._judge is None:
            raise NotYetError("Judge needs the verifier `judge`, which is not installed here")
        contest = contest_from_proto(request, self._max_batch_items)
        deadline = deadline_of(context)
        if contest.mode is JudgeMode.POINTWISE:
            items = [
                Item(str(number), completion, contest.task, contest.prompt)
                for number, completion in enumerate(contest.completions)
            ]
            caller = CURRENT_CALLER.get()
            scored = await self._engine.score(items, deadline=deadline, caller=caller)
            return judgements_to_proto(scored)
        with self._engine.hold(len(contest.completions), CURRENT_CALLER.get()):
            return comparison_to_proto(await compare(self._judge, contest, deadline))

    async def Select(
        self, request: service_pb2.SelectRequest, context: Context
    ) -> service_pb2.SelectResponse:
        """Not in this version."""
        raise NotYetError("Select is part of the search helpers, which this version lacks")


def _judge_of(engine: Engine) -> JudgeVerifier | None:
    """The engine's own judge, so that comparisons share its backends' bounds."""
    verifiers = (one for one in engine.registry if isinstance(one, JudgeVerifier))
    return next(verifiers, None)


def _bank_of(engine: Engine) -> ModelBank | None:
    """The models that the engine's own verifier asks, so that a search shares its queue."""
    verifiers = (one for one in engine.registry if isinstance(one, ProcessVerifier))
    return next((verifier.bank for verifier in verifiers), None)
