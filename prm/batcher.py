"""The queue of a model and the thread that owns it: the whole batching policy in one file.

No timer and no waiting for company: when the model is free it takes what is queued, first come
first served, up to a budget of tokens that are not known yet. What callers share, within a batch or
with earlier ones, is computed once. A text longer than the budget takes several passes. Work whose
caller has gone, or whose time is up, is dropped before it is computed. When memory runs out, the
budget is halved and the batch tried again.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch

from prm.errors import BusyError, GoneError, ModelError, PrmError
from prm.observing import BatchReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from prm.model import RewardModel
    from prm.observing import ScorerObserver
    from prm.prefix_tree import Node, PrefixTree
    from prm.settings import ScorerLimits
    from prm.steps import Pieces


@dataclass(slots=True, eq=False)
class Job:
    """One text that waits for its scores.

    Attributes:
        pieces: of the text.
        tokens: in them.
        keep: whether all pieces may stay in the tree afterwards, or only the header's.
        deadline: on the monotonic clock; None for none.
        on_start: called once, when its first pass begins.
        finish: from the computed nodes to what the future gets.
        future: the caller's.
        nodes: of the tree, once it has grown.
        computed_tokens: computed for it.
        queued_at: on the monotonic clock.
    """

    pieces: Pieces
    tokens: int
    keep: bool
    deadline: float | None = None
    on_start: Callable[[], None] | None = None
    finish: Callable[[Job], Any] = lambda job: job
    future: Future[Any] = field(default_factory=Future)
    nodes: list[Node] = field(default_factory=list)
    computed_tokens: int = 0
    queued_at: float = field(default_factory=time.monotonic)

    @property
    def reused_tokens(self) -> int:
        """Known from elsewhere."""
        return self.tokens - self.computed_tokens

    @property
    def kept_pieces(self) -> int:
        """How many pieces may stay."""
        return len(self.pieces) if self.keep else self.pieces.header


@dataclass(slots=True)
class _Pass:
    """What the next pass computes, for whom."""

    nodes: list[Node] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    finishing: list[Job] = field(default_factory=list)
    charged: Counter[Job] = field(default_factory=Counter)  # tokens of the pass by whose they are
    tokens: int = 0
    waited: float = 0.0


class Batcher:
    """Runs one model in a thread of its own.

    Args:
        model: what is run; nobody else may.
        limits: budget of a pass, bound of the queue.
        tree: what is known already; belongs to the thread.
        observer: told of every pass.
    """

    def __init__(
        self,
        model: RewardModel,
        limits: ScorerLimits,
        tree: PrefixTree,
        observer: ScorerObserver | None,
    ) -> None:
        self._model = model
        self._limits = limits
        self._tree = tree
        self._observer = observer
        self._budget = limits.max_batch_tokens
        self._queue: deque[Job] = deque()
        self._queued_tokens = 0
        self._dropped = 0
        self._closed = False
        self._idle_since: float | None = time.monotonic()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"prm-{model.name}", daemon=True)
        self._thread.start()

    @property
    def idle_seconds(self) -> float:
        """Since when nothing is queued; 0 while something is."""
        since = self._idle_since
        return 0.0 if since is None else time.monotonic() - since

    def put(self, job: Job) -> None:
        """Queues a job.

        Raises:
            BusyError: the queue holds too many tokens.
            GoneError: closed.
        """
        with self._changed:
            if self._closed:
                raise GoneError(f"{self._model.name!r} was unloaded")
            waiting = self._queued_tokens
            if waiting and waiting + job.tokens > self._limits.max_queued_tokens:
                raise BusyError(
                    f"{waiting} tokens wait for {self._model.name!r}, at most "
                    f"{self._limits.max_queued_tokens} may"
                )
            self._queue.append(job)
            self._queued_tokens += job.tokens
            self._idle_since = None
            self._changed.notify()

    def close(self) -> None:
        """Ends the thread after the pass in progress; what is queued fails with GoneError."""
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
            try:
                self._step()
            except Exception as error:  # noqa: BLE001 - a dead thread would leave all to wait for ever
                self._begin_anew(error)
        for job in self._take(len(self._queue)):
            self._end(job, GoneError(f"{self._model.name!r} was unloaded"))

    def _begin_anew(self, error: Exception) -> None:
        """What nobody foresaw went wrong between passes: nothing that is half done is trusted."""
        name = self._model.name
        for job in self._take(len(self._queue)):
            job.nodes = []
            self._end(job, ModelError(f"{name!r} failed: {type(error).__name__}: {error}"))
        self._tree.clear()
        self._rest()

    def _step(self) -> None:
        """One pass: choose, compute, hand out."""
        chosen = self._choose()
        if not chosen.jobs:
            self._rest()
            return
        for job in chosen.jobs:
            _begin(job)
        began = time.monotonic()
        failure = self._compute(chosen) if chosen.nodes else None
        seconds = time.monotonic() - began
        if failure is None:
            for job in chosen.finishing:
                self._remove(job)
                self._end(job, None)
        self._report(chosen, seconds, failed=failure is not None)
        self._rest()

    def _choose(self) -> _Pass:
        """First come first served, until the budget is used up."""
        chosen = _Pass()
        taken: set[Node] = set()
        now = time.monotonic()
        for job in self._waiting():
            if job.future.cancelled() or (job.deadline is not None and job.deadline <= now):
                self._remove(job)
                self._end(job, GoneError("time ran out before it was computed"))
                self._dropped += 1
                continue
            if not job.nodes:
                job.nodes = self._tree.grow(job.pieces, job.kept_pieces)
            chosen.jobs.append(job)
            chosen.waited = max(chosen.waited, now - job.queued_at)
            if not self._fill(chosen, taken, job):
                break
            chosen.finishing.append(job)
        return chosen

    def _fill(self, chosen: _Pass, taken: set[Node], job: Job) -> bool:
        """Puts what a job lacks into the pass; whether all of it found room."""
        for node in job.nodes:
            if node.computed or node in taken:
                continue
            if chosen.nodes and chosen.tokens + len(node.ids) > self._budget:
                return False
            chosen.nodes.append(node)
            taken.add(node)
            chosen.tokens += len(node.ids)
            job.computed_tokens += len(node.ids)
            chosen.charged[job] += len(node.ids)
        return True

    def _compute(self, chosen: _Pass) -> Exception | None:
        """Runs the model's networks; on failure nobody keeps anything of the pass."""
        ends = Counter(node for job in chosen.finishing for node in job.nodes)
        keep = [node.kept or node.users > ends[node] for node in chosen.nodes]
        try:
            for network in self._model.networks:
                network.run(chosen.nodes, keep)
        except Exception as error:  # noqa: BLE001 - told to those whose work it was
            for node in chosen.nodes:
                node.caches.clear()
                node.outputs.clear()
                node.last_hidden.clear()
            self._failed(chosen, error)
            return error
        for node in chosen.nodes:
            node.computed = True
        return None

    def _failed(self, chosen: _Pass, error: Exception) -> None:
        if _is_memory(error) and len(chosen.nodes) > 1:
            self._budget = max(chosen.tokens // 2, 1)
            for job, tokens in chosen.charged.items():
                job.computed_tokens -= tokens
            return
        name = self._model.name
        problem = error if isinstance(error, PrmError) else ModelError(f"{name!r} failed: {error}")
        for job in chosen.jobs:
            self._remove(job)
            self._end(job, problem)

    def _end(self, job: Job, error: Exception | None) -> None:
        """Tells the caller, if there still is one, and lets go of the job's nodes."""
        result = None
        if error is None:
            try:
                result = job.finish(job)
            except Exception as problem:  # noqa: BLE001 - the caller's to hear
                error = problem
        with suppress(InvalidStateError):  # cancelled in the meantime
            if error is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(error)
        self._tree.release(job.nodes)
        job.nodes = []

    def _waiting(self) -> list[Job]:
        with self._changed:
            return list(self._queue)

    def _remove(self, job: Job) -> None:
        with self._changed:
            self._queue.remove(job)
            self._queued_tokens -= job.tokens

    def _take(self, count: int) -> list[Job]:
        with self._changed:
            jobs = [self._queue.popleft() for _ in range(count)]
            self._queued_tokens -= sum(job.tokens for job in jobs)
            return jobs

    def _rest(self) -> None:
        with self._changed:
            if not self._queue:
                self._idle_since = time.monotonic()

    def _report(self, chosen: _Pass, seconds: float, *, failed: bool) -> None:
        if self._observer is None:
            return
        dropped, self._dropped = self._dropped, 0
        self._observer.batch(
            BatchReport(
                model=self._model.name,
                jobs=len(chosen.jobs),
                tokens=chosen.tokens,
                reused_tokens=sum(job.reused_tokens for job in chosen.finishing),
                queued_jobs=len(self._queue),
                queued_tokens=self._queued_tokens,
                waited_seconds=chosen.waited,
                seconds=seconds,
                cache_bytes=self._tree.bytes,
                evictions=self._tree.evictions,
                dropped_jobs=dropped,
                failed=failed,
            )
        )


def _begin(job: Job) -> None:
    """Tells the caller that waiting is over; what goes wrong there must not end the thread."""
    on_start, job.on_start = job.on_start, None
    if on_start is not None:
        with suppress(Exception):
            on_start()


def _is_memory(error: Exception) -> bool:
    """Whether memory ran out: CUDA has an exception of its own, the CPU's allocator only words."""
    kinds = (MemoryError, torch.OutOfMemoryError)
    return isinstance(error, kinds) or "can't allocate memory" in str(error)
