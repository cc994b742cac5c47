"""The verifier ``format``: does the completion obey all of these rules?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from verifier.errors import WorkLimitError
from verifier.format_rules import (
    BoxedRule,
    LengthRule,
    LengthUnit,
    RegexRule,
    ThinkAnswerRule,
    XmlCountRule,
)
from verifier.formats.bounds import INLINE
from verifier.formats.checking import Checker
from verifier.formats.lengths import NO_TOKENIZERS, Tokenizers
from verifier.formats.table import RULES
from verifier.formats.worker import TARGET, decode_answer, encode_call, worker_argument
from verifier.pending import Pending
from verifier.types import FormatTask, Item, Outcome, Reason, SelfTest, Task, Verdict
from verifier.workers.pool import WorkerLimits, WorkerPool
from verifier.workers.worker import WorkerOvertimeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.workers.counts import WorkerCounts

FORMAT_LIMITS: Final = WorkerLimits(
    processes=1, memory_bytes=2 * 1024**3, max_calls=1000, cpu_seconds=20.0
)
"""Of the processes in which long completions are checked: several times what any check within its
bounds of work was seen to take."""

_PATIENCE: Final = 3.0  # times the CPU limit by the clock: for a worker that waits for the CPU
_TAGGED: Final = "<think>a</think><answer>b</answer>"


class FormatVerifier:
    """Form only: whether the answer in it is right is for another verifier to say.

    | Rules                                   | Outcome                                          |
    |-----------------------------------------|--------------------------------------------------|
    | all hold                                | CORRECT / FORMAT_OK, reward 1                    |
    | one does not                            | INCORRECT / FORMAT_VIOLATION, reward 0           |
    | some give a score, all others hold      | SCORED, reward the mean of the scores; FORMAT_OK |
    |                                         | if all are the best possible, else               |
    |                                         | FORMAT_VIOLATION                                 |
    | one has parameters that make no sense   | UNSCORED / INVALID_INPUT                         |
    | one came to the bound of its work       | UNSCORED / UNDECIDED                             |
    | none asked for                          | UNSCORED / INVALID_INPUT                         |

    The detail lists every rule in the order asked; the message is the first violation.

    Runs inline within the bounds of `INLINE`. Longer completions, and what comes to those bounds,
    go to worker processes, so that nobody waits behind them.

    Args:
        tokenizers: those of the configuration; its self-test shows whether each can be used.
        workers: bounds of the worker processes, started when first needed; None to check all
            completions inline.
    """

    name = "format"
    version = "2"
    task_type: type[Task] = FormatTask
    description = "Says whether a completion has the form asked for, by named rules."
    self_test: SelfTest = (
        (Item("tags", _TAGGED, FormatTask((ThinkAnswerRule(),))), Verdict.CORRECT),
        (Item("no tags", "b", FormatTask((ThinkAnswerRule(),))), Verdict.INCORRECT),
        (Item("box", r"\boxed{1}", FormatTask((BoxedRule(),))), Verdict.CORRECT),
        (Item("counted", "1", FormatTask((XmlCountRule(),))), Verdict.SCORED),
        (Item("no pattern", "1", FormatTask((RegexRule("("),))), Verdict.UNSCORED),
    )
    members: tuple[str, ...] = tuple(name for name, _ in RULES.values())

    def __init__(
        self,
        tokenizers: Tokenizers = NO_TOKENIZERS,
        workers: WorkerLimits | None = None,
    ) -> None:
        self._whole = Checker(tokenizers)
        self._inline = Checker(tokenizers, INLINE)
        # A worker would not know a tokenizer that is in no file.
        self._limits = workers if set(tokenizers.names) <= tokenizers.paths.keys() else None
        self._argument = worker_argument(tokenizers.paths)
        self._pool: WorkerPool | None = None
        seconds = workers.cpu_seconds if workers else None
        self.work_limit_seconds = _PATIENCE * seconds if seconds else math.inf
        for name in tokenizers.names:
            task = FormatTask((LengthRule(LengthUnit.TOKENS, tokenizer=name),))
            self.self_test = (*self.self_test, (Item(f"tokens {name}", "1", task), Verdict.CORRECT))

    def verify(self, item: Item) -> Outcome:
        """Scores one completion; `Pending` if a worker should do it. Raises on no text.

        Raises:
            TypeError: the item's task is not a `FormatTask`.
        """
        task = item.task
        if not isinstance(task, FormatTask):
            raise TypeError(f"format cannot score a {type(task).__name__}")
        if self._limits is None:
            return self._whole.settle(task, item)
        try:
            return self._inline.check(task, item)
        except WorkLimitError as error:
            call = encode_call(task, item)
            if call is None:
                return self._whole.settle(task, item)
            return Pending(Verdict.UNSCORED, Reason.UNDECIDED, None, str(error), question=call)

    async def finish(self, pending: Pending, started: Callable[[], None]) -> Outcome:
        """What a worker says of a pending outcome.

        Raises:
            WorkerDiedError: a worker process died of something else than its CPU limit.
            WorkerFailedError: a worker failed on this completion.
        """
        if not isinstance(pending.question, bytes):
            raise TypeError("this outcome is another verifier's")
        if self._pool is None:
            limits = self._limits or FORMAT_LIMITS
            self._pool = WorkerPool(TARGET, self._argument, limits)
        try:
            return decode_answer(await self._pool.call(pending.question, started))
        except WorkerOvertimeError:
            return Outcome.unscored(Reason.UNDECIDED, "the check used up its CPU seconds")

    @property
    def places(self) -> int:
        """Items worth having at the workers at once: one on each, and one that waits."""
        return 2 * (self._limits or FORMAT_LIMITS).processes

    @property
    def worker_counts(self) -> WorkerCounts | None:
        """What happened to the worker processes; None while there are none."""
        return self._pool.counts if self._pool else None

    async def start(self) -> None:
        """Starts nothing: few completions are so long, and a worker takes a tenth of a second."""

    async def close(self) -> None:
        """Kills the worker processes."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
