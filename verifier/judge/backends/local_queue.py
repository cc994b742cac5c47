"""The queue of a judge's model and the thread that owns it.

No timer and no waiting for company: when the model is free it takes what is queued, the oldest
first. Replies are written side by side, as many as may be and as fit together without much padding;
labels are weighed one question at a time. Work whose caller has gone is dropped before it is
computed, and writing ends when nobody waits for any of it. When memory runs out, half as many are
tried.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import torch

from prm.errors import ModelError
from verifier.errors import BackendError
from verifier.judge.backends.local_model import Row, Written
from verifier.judge.backends.refusals import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifier.judge.backends.local_model import LocalModel
    from verifier.judge.backends.local_prompt import Ids

# Of a batch's prompts, as many tokens as all would have that are as long as the longest:
_FREE_TOKENS: Final = 4_096  # up to here, padding costs next to nothing
_MASKED_TOKENS: Final = 16_384  # where there is padding: its mask has as many columns for each
_MOST_TOKENS: Final = 65_536  # of equally long prompts, such as one question's votes
_MOST_PADDED: Final = 1.5  # times the tokens that are no padding


@dataclass(frozen=True, slots=True)
class Weighed:
    """How likely each label is.

    Attributes:
        logs: natural logarithms of the probabilities; see `LocalModel.weigh`.
    """

    logs: tuple[float, ...]


@dataclass(slots=True, eq=False)
class Job:
    """A question that waits for its answer.

    Attributes:
        prompt: its ids.
        labels: to be weighed; empty if a reply is to be written.
        max_tokens, temperature, seed: of the reply; see `Row`.
        opening: the thinking that the prompt has begun, which is part of the reply.
        begin: called once, from the model's thread, when its turn comes.
        future: gets `Written` or `Weighed`; cancel it to give the question up.
        began: on the monotonic clock, when its turn came.
        ended: the same of its end.
    """

    prompt: Ids
    labels: tuple[Ids, ...] = ()
    max_tokens: int = 1
    temperature: float = 0.0
    seed: int | None = None
    opening: str = ""
    begin: Callable[[], None] = lambda: None
    future: Future[Any] = field(default_factory=Future)
    began: float = 0.0
    ended: float = 0.0

    @property
    def seconds(self) -> float:
        """What it took, without waiting for its turn."""
        return self.ended - self.began

    def answer(self, found: Written | Weighed) -> None:
        """Hands the answer out, if anybody still waits for it."""
        self.ended = time.monotonic()
        with suppress(InvalidStateError):
            self.future.set_result(found)

    def fail(self, error: Exception) -> None:
        """Tells that there will be none."""
        with suppress(InvalidStateError):
            self.future.set_exception(error)


class ModelThread:
    """Runs one model in a thread of its own.

    Args:
        model: nobody else computes with it.
        max_batch: replies written side by side, >= 1.
        max_queued: questions waiting at once, >= 1.
    """

    def __init__(self, model: LocalModel, max_batch: int, max_queued: int) -> None:
        self._model = model
        self._name = model.about.name
        self._max_batch = max_batch
        self._max_queued = max_queued
        self._queue: deque[Job] = deque()
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"judge-{self._name}", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Queues a question.

        Raises:
            BusyError: too many wait already.
            BackendError: closed.
        """
        with self._changed:
            if self._closed:
                raise BackendError(f"{self._name!r} was closed")
            if len(self._queue) >= self._max_queued:  # those given up hold no place
                self._queue = deque(each for each in self._queue if not each.future.cancelled())
            waiting = len(self._queue)
            if waiting >= self._max_queued:
                raise BusyError(f"{waiting} questions wait for {self._name!r}, no more may")
            self._queue.append(job)
            self._changed.notify()

    def close(self) -> None:
        """Ends the thread; what it is at is given up, and what is queued fails."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._queue and not self._closed:
                    self._changed.wait()
                if self._closed:
                    break
                jobs = self._take()
            for job in jobs:
                job.began = time.monotonic()
                with suppress(Exception):  # the caller's, which must not end the thread
                    job.begin()
            self._work(jobs)
        for job in self._queue:
            job.fail(BackendError(f"{self._name!r} was closed"))

    def _take(self) -> list[Job]:
        """The oldest question, and those behind it that are written beside it."""
        waiting = deque(job for job in self._queue if not job.future.cancelled())
        taken: list[Job] = []
        left: deque[Job] = deque()
        for job in waiting:
            beside = not job.labels and len(taken) < self._max_batch and _fits(taken, job)
            (taken if beside or not taken else left).append(job)
        self._queue = left
        return taken

    def _work(self, jobs: Sequence[Job]) -> None:
        """Answers questions; whatever goes wrong is told to those who asked."""
        jobs = [job for job in jobs if not job.future.done()]
        if not jobs:
            return
        try:
            if jobs[0].labels:
                jobs[0].answer(Weighed(self._model.weigh(jobs[0].prompt, jobs[0].labels)))
            else:
                self._model.write([self._row(job) for job in jobs])
            problem = f"{self._name!r} was closed"  # if anybody has no answer by now
        except Exception as error:  # noqa: BLE001 - told to those whose work it was
            if _is_memory(error) and len(jobs) > 1:
                middle = len(jobs) // 2
                self._work(jobs[:middle])
                self._work(jobs[middle:])
                return
            kind = "" if isinstance(error, ModelError) else f"{type(error).__name__}: "
            problem = f"{self._name!r} failed: {kind}{error}"
        for job in jobs:
            job.fail(BackendError(problem))

    def _row(self, job: Job) -> Row:
        return Row(
            prompt=job.prompt,
            max_tokens=job.max_tokens,
            temperature=job.temperature,
            seed=job.seed,
            gone=lambda: self._closed or job.future.cancelled(),
            done=job.answer,
        )


def _fits(taken: Sequence[Job], job: Job) -> bool:
    """Whether a reply is written beside others: see the bounds above."""
    if any(other.labels for other in taken):
        return False
    lengths = [len(other.prompt) for other in (*taken, job)]
    tokens, longest = sum(lengths), max(lengths)
    width = longest * len(lengths)
    if width == tokens:
        return width <= _MOST_TOKENS
    return width <= _FREE_TOKENS or width <= min(_MASKED_TOKENS, _MOST_PADDED * tokens)


def _is_memory(error: Exception) -> bool:
    """Whether memory ran out: CUDA has an exception of its own, the CPU's allocator only words."""
    kinds = (MemoryError, torch.OutOfMemoryError)
    return isinstance(error, kinds) or "can't allocate memory" in str(error)
