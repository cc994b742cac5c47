"""The client for event loops."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self
from weakref import WeakKeyDictionary

import grpc

from verifier.client.batches import Batch, Collection, Row, explain
from verifier.client.channel import CHANNEL_OPTIONS
from verifier.client.judgements import comparison_of, judge_request
from verifier.client.outbox import Outbox
from verifier.client.settings import ClientSettings
from verifier.client.steps import Branch, steps_request, steps_scores
from verifier.convert.results import info_from_proto, result_from_proto
from verifier.model_task import EMBEDDED
from verifier.types import JudgeMode
from verifier.v1 import service_pb2, service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sequence
    from types import TracebackType

    from verifier.branches import BranchScores
    from verifier.contest import Comparison
    from verifier.types import JudgeTask, Result, VerifierInfo

_FAILED_WRITE: Final = "Internal error from Core"  # as grpc.aio words it


class AsyncClient(ClientSettings):
    """Scores rows on a running service.

    It may be pickled, used from several event loops and survive a fork: a channel is opened on
    first use in each process and loop, because one opened elsewhere would be dead.

    Takes the arguments of `ClientSettings`.
    """

    def _forget(self) -> None:
        self._channels: WeakKeyDictionary[asyncio.AbstractEventLoop, grpc.aio.Channel]
        self._channels = WeakKeyDictionary()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes this loop's channel; the next call would open another."""
        channel = self._channels.pop(asyncio.get_running_loop(), None)
        if channel is not None:
            await channel.close()

    def _open(self) -> grpc.aio.Channel:
        credentials = self._credentials()
        if credentials is None:
            return grpc.aio.insecure_channel(self.target, options=CHANNEL_OPTIONS)
        return grpc.aio.secure_channel(self.target, credentials, options=CHANNEL_OPTIONS)

    def _stub(self) -> Any:
        self._notice_fork()
        loop = asyncio.get_running_loop()
        channel = self._channels.get(loop)
        if channel is None:
            channel = self._open()
            self._channels[loop] = channel
        return service_pb2_grpc.VerifierServiceStub(channel)

    async def score(
        self, rows: Iterable[Row], *, work_limit_seconds: float | None = None
    ) -> list[Result]:
        """One result per row, in order.

        A row that could not be scored, for whatever reason, is UNSCORED and says why; it never
        costs the others theirs.

        Args:
            rows: dicts in the shape of a file's row, or `Item`s. Without an id, a row gets its
                index.
            work_limit_seconds: upper bound on one row's work, waiting not counted.

        Raises:
            ServiceError: the service cannot be reached at all, or refuses the caller.
        """
        collection = Collection(rows, self.batch_items)
        stub = self._stub()
        permits = asyncio.Semaphore(self.concurrency)

        async def call(batch: Batch) -> None:
            async with permits:
                try:
                    response = await stub.Score(batch.request(work_limit_seconds), **self._call())
                except grpc.aio.AioRpcError as error:
                    collection.failed(batch, error)
                else:
                    collection.answered(batch, response)

        await _all_or_none(call(batch) for batch in collection.batches)
        return collection.results()

    async def stream(
        self, rows: AsyncIterable[Row], *, work_limit_seconds: float | None = None
    ) -> AsyncIterator[Result]:
        """Results as they finish, matched by id; rows are sent as they come.

        Raises:
            InputError: a row is no item.
            ServiceError: the stream broke; rows without a result may be sent again.
        """
        outbox = Outbox(self.batch_items, work_limit_seconds)
        filling = asyncio.create_task(outbox.fill(rows))
        call = self._stub().ScoreStream(outbox.requests(), **self._call())
        try:
            async for response in call:
                for message in response.results:
                    yield result_from_proto(message)
            await filling  # raises what the rows raised
        except grpc.aio.AioRpcError as error:
            await self._explain_stream(error)
        finally:
            filling.cancel()
            call.cancel()

    async def _explain_stream(self, error: grpc.aio.AioRpcError) -> NoReturn:
        """Says why a stream broke.

        A service that refuses a stream does so while we write, and grpc.aio then reports the failed
        write and loses the status that came. A call that carries nothing is refused for the same.

        Raises:
            ServiceError: always.
        """
        if error.details() == _FAILED_WRITE:
            await self.list_verifiers()
        raise explain(error)[1] from error

    async def score_steps(
        self, prompt: str, branches: Iterable[Branch], *, model: str = EMBEDDED
    ) -> BranchScores:
        """Scores of new steps on top of prefixes, one result per branch in order.

        Send a branch's ``prefix_steps`` beside its ``parent_handle``: with them any replica can go
        on, whether or not it made the handle and however long ago that was.

        Args:
            prompt: the problem that all branches answer.
            branches: dicts with the fields of `StepBranch`, or those. Without an id, a branch gets
                its index.
            model: its name in the service's configuration.

        Raises:
            InputError: one of them is no branch.
            ServiceError: the service cannot be reached, is full, or refuses the call.
        """
        request = steps_request(prompt, branches, model)
        try:
            response = await self._stub().ScoreSteps(request, **self._call())
        except grpc.aio.AioRpcError as error:
            raise explain(error)[1] from error
        return steps_scores(response, request)

    async def judge(
        self,
        prompt: str,
        completions: Sequence[str],
        task: JudgeTask | Mapping[str, object],
        *,
        mode: JudgeMode | str = JudgeMode.PAIRWISE,
    ) -> Comparison:
        """What a generative judge says of several completions of one prompt.

        Args:
            prompt: what was asked of the policy.
            completions: any number for POINTWISE, two for PAIRWISE, 2 to 26 for LISTWISE.
            task: how to judge, a `JudgeTask` or a dict in the shape of a row's ``judge``.
            mode: each alone, two against each other, or all in one ranking.

        Returns:
            One outcome each; in a comparison, its reward is the share of the others that it beats.

        Raises:
            InputError: there is no such mode, or the task is none.
            ServiceError: the service cannot be reached, is full, or refuses the call.
        """
        request = judge_request(prompt, completions, task, mode)
        try:
            response = await self._stub().Judge(request, **self._call())
        except grpc.aio.AioRpcError as error:
            raise explain(error)[1] from error
        return comparison_of(response, request)

    async def list_verifiers(self) -> list[VerifierInfo]:
        """What works on the service.

        Raises:
            ServiceError: the service cannot be reached.
        """
        request = service_pb2.ListVerifiersRequest()
        try:
            response = await self._stub().ListVerifiers(request, **self._call())
        except grpc.aio.AioRpcError as error:
            raise explain(error)[1] from error
        return [info_from_proto(info) for info in response.verifiers]


async def _all_or_none(calls: Iterable[Any]) -> None:
    """Runs calls side by side; the first that raises ends the others and is raised."""
    tasks = [asyncio.create_task(call) for call in calls]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
