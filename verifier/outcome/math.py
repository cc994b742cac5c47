"""The math verifier: is the completion's answer mathematically equal to a reference answer?"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Final

from verifier.pending import Pending
from verifier.types import Item, MathTask, Outcome, SelfTest, Task, Verdict
from verifier.workers.pool import WorkerLimits, WorkerPool
from verifier.workers.remembered import RememberingPool
from verifier.workers.worker import WorkerOvertimeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.workers.counts import WorkerCounts

    Score = Callable[[Item, MathTask], Outcome]

SYMBOLIC_LIMITS: Final = WorkerLimits(
    processes=1, memory_bytes=512 * 1024**2, max_calls=2000, cpu_seconds=2.0
)
"""Of the processes in which SymPy works: fewer than one row in a hundred gets there, SymPy itself
takes an eighth of that memory, and what it decides at all rarely takes it half a second."""

_WORKER: Final = "verifier.mathematics.symbolic.worker:serve"
_PATIENCE: Final = 3.0  # times the CPU limit by the clock: for a worker that waits for the CPU
_MAX_REMEMBERED: Final = 10_000  # pairs of answers; some two megabytes


_SERIES: Final = MathTask((r"\sum_{n=1}^{\infty} \frac{1}{n^2}",))  # only SymPy can settle it


class MathVerifier:
    """Compares the one candidate answer of a completion with the reference answers.

    Runs inline: exact arithmetic under size bounds, no threads, no clocks, no evaluation of text.
    What that leaves undecided but SymPy may settle goes on to killable worker processes.

    Args:
        symbolic: bounds of those processes, started when first needed; None for none.
    """

    name = "math"
    version = "2"
    task_type: type[Task] = MathTask
    description = "Is the completion's final answer mathematically equal to a reference answer?"
    self_test: SelfTest = (
        (Item("equal", r"so \boxed{1{,}000.50}", MathTask(("1000.5",))), Verdict.CORRECT),
        (Item("fraction", "The answer is 3/4.", MathTask(("0.75",))), Verdict.CORRECT),
        (Item("expression", r"\boxed{2x+3}", MathTask(("3+2x",))), Verdict.CORRECT),
        (Item("identity", r"\boxed{1-\cos^2 x}", MathTask((r"\sin^2 x",))), Verdict.CORRECT),
        (Item("interval", r"\boxed{x > 2}", MathTask((r"(2, \infty)",))), Verdict.CORRECT),
        (Item("series", r"\boxed{\frac{\pi^2}{6}}", _SERIES), Verdict.CORRECT),
        (Item("different", "#### 41", MathTask(("42",))), Verdict.INCORRECT),
        (Item("thinking", "<think>42", MathTask(("42",))), Verdict.INCORRECT),
        (Item("no reference", "42", MathTask(("",))), Verdict.UNSCORED),
    )

    def __init__(self, symbolic: WorkerLimits | None = SYMBOLIC_LIMITS) -> None:
        self._limits = symbolic
        self._pool: RememberingPool | None = None
        seconds = symbolic.cpu_seconds if symbolic else None
        self.work_limit_seconds = _PATIENCE * seconds if seconds else math.inf

    def verify(self, item: Item) -> Outcome:
        """Scores one completion; `Pending` if SymPy should have a look.

        Raises:
            TypeError: the item carries another kind of task.
        """
        task = item.task
        if not isinstance(task, MathTask):
            raise TypeError(f"a MathTask is needed, not {type(task).__name__}")
        outcome = _score()(item, task)
        if isinstance(outcome, Pending) and self._limits is None:
            return _settled(outcome)
        return outcome

    async def finish(self, pending: Pending, started: Callable[[], None]) -> Outcome:
        """What SymPy says of a pending outcome; the same, UNDECIDED, if it cannot tell either.

        Raises:
            WorkerDiedError: a worker process died of something else than its CPU limit.
            WorkerFailedError: a worker could not even say that it cannot tell.
        """
        from verifier.mathematics.scoring import settle  # noqa: PLC0415 - see `_score`

        async def ask(pair: bytes) -> bytes | None:
            try:
                return await self._workers().call(pair, started)
            except WorkerOvertimeError:
                return None

        outcome = await settle(pending, ask)
        return _settled(pending) if outcome is None else outcome

    def _workers(self) -> RememberingPool:
        if self._pool is None:
            pool = WorkerPool(_WORKER, "", self._limits or SYMBOLIC_LIMITS)
            self._pool = RememberingPool(pool, _MAX_REMEMBERED)
        return self._pool

    @property
    def places(self) -> int:
        """Items worth having at the workers at once: one on each, and one that waits."""
        return 2 * (self._limits or SYMBOLIC_LIMITS).processes

    @property
    def worker_counts(self) -> WorkerCounts | None:
        """What happened to the worker processes; None while there are none."""
        return self._pool.pool.counts if self._pool else None

    def preload(self) -> None:
        """Loads the comparison before the first item does."""
        _score()

    async def start(self) -> None:
        """Starts the worker processes, if there are to be any."""
        if self._limits is not None:
            await self._workers().start()

    async def close(self) -> None:
        """Kills the worker processes."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None


@cache
def _score() -> Score:
    """The comparison. Loading it takes a fifth of a second, which `list` and `--help` save."""
    from verifier.mathematics.scoring import score  # noqa: PLC0415

    return score


def _settled(pending: Pending) -> Outcome:
    """Gives up on a pending outcome."""
    return Outcome.unscored(pending.reason, pending.message, pending.detail)
