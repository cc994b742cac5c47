"""The client for threads."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Self

import grpc

from verifier.client.batches import Collection, Row, explain
from verifier.client.channel import CHANNEL_OPTIONS
from verifier.client.judgements import comparison_of, judge_request
from verifier.client.settings import ClientSettings
from verifier.client.steps import Branch, steps_request, steps_scores
from verifier.convert.results import info_from_proto
from verifier.model_task import EMBEDDED
from verifier.types import JudgeMode
from verifier.v1 import service_pb2, service_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    from verifier.branches import BranchScores
    from verifier.contest import Comparison
    from verifier.types import JudgeTask, Result, VerifierInfo


class Client(ClientSettings):
    """Scores rows on a running service, from any thread.

    It may be pickled and survives a fork: a channel is opened on first use in each process.

    Takes the arguments of `ClientSettings`.
    """

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._channel: grpc.Channel | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the channel; the next call would open another."""
        with self._lock:
            channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def _open(self) -> grpc.Channel:
        credentials = self._credentials()
        if credentials is None:
            return grpc.insecure_channel(self.target, options=CHANNEL_OPTIONS)
        return grpc.secure_channel(self.target, credentials, options=CHANNEL_OPTIONS)

    def _stub(self) -> Any:
        self._notice_fork()
        with self._lock:
            if self._channel is None:
                self._channel = self._open()
            return service_pb2_grpc.VerifierServiceStub(self._channel)

    def score(
        self, rows: Iterable[Row], *, work_limit_seconds: float | None = None
    ) -> list[Result]:
        """One result per row, in order; see `AsyncClient.score`.

        Raises:
            ServiceError: the service cannot be reached at all, or refuses the caller.
        """
        collection = Collection(rows, self.batch_items)
        stub = self._stub()
        waiting = deque(collection.batches)
        flying: deque[tuple[Any, Any]] = deque()
        try:
            while waiting or flying:
                while waiting and len(flying) < self.concurrency:
                    batch = waiting.popleft()
                    request = batch.request(work_limit_seconds)
                    flying.append((batch, stub.Score.future(request, **self._call())))
                batch, call = flying.popleft()
                try:
                    collection.answered(batch, call.result())
                except grpc.RpcError as error:
                    collection.failed(batch, error)
        finally:
            for _, call in flying:
                call.cancel()
        return collection.results()

    def score_steps(
        self, prompt: str, branches: Iterable[Branch], *, model: str = EMBEDDED
    ) -> BranchScores:
        """Scores of new steps on top of prefixes; see `AsyncClient.score_steps`.

        Raises:
            InputError: one of them is no branch.
            ServiceError: the service cannot be reached, is full, or refuses the call.
        """
        request = steps_request(prompt, branches, model)
        try:
            response = self._stub().ScoreSteps(request, **self._call())
        except grpc.RpcError as error:
            raise explain(error)[1] from error
        return steps_scores(response, request)

    def judge(
        self,
        prompt: str,
        completions: Sequence[str],
        task: JudgeTask | Mapping[str, object],
        *,
        mode: JudgeMode | str = JudgeMode.PAIRWISE,
    ) -> Comparison:
        """What a judge says of several completions of one prompt; see `AsyncClient.judge`.

        Raises:
            InputError: there is no such mode, or the task is none.
            ServiceError: the service cannot be reached, is full, or refuses the call.
        """
        request = judge_request(prompt, completions, task, mode)
        try:
            response = self._stub().Judge(request, **self._call())
        except grpc.RpcError as error:
            raise explain(error)[1] from error
        return comparison_of(response, request)

    def list_verifiers(self) -> list[VerifierInfo]:
        """What works on the service.

        Raises:
            ServiceError: the service cannot be reached.
        """
        request = service_pb2.ListVerifiersRequest()
        try:
            response = self._stub().ListVerifiers(request, **self._call())
        except grpc.RpcError as error:
            raise explain(error)[1] from error
        return [info_from_proto(info) for info in response.verifiers]
