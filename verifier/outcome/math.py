"""The math verifier: is the completion's answer mathematically equal to a reference answer?"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.answers.choices import chosen_letter, without_label
from verifier.answers.options import options_in
from verifier.answers.references import stated_reference
from verifier.answers.rules import Found, find_answer
from verifier.mathematics.compare import compare, is_readable
from verifier.mathematics.reading.words import is_verbal
from verifier.mathematics.symbolic.wire import encode_pair
from verifier.mathematics.verdicts import Comparison, Match
from verifier.pending import Pending
from verifier.types import (
    Extraction,
    Item,
    MathDetail,
    MathPolicy,
    MathTask,
    Method,
    Outcome,
    Reason,
    SelfTest,
    Task,
    Verdict,
)
from verifier.workers.pool import WorkerLimits, WorkerOvertimeError, WorkerPool
from verifier.workers.remembered import RememberingPool

if TYPE_CHECKING:
    from collections.abc import Callable

SYMBOLIC_LIMITS: Final = WorkerLimits(
    processes=1, memory_bytes=512 * 1024**2, max_calls=500, cpu_seconds=2.0
)
"""Of the processes in which SymPy works: fewer than one row in a hundred gets there, SymPy itself
takes an eighth of that memory, and what it decides at all rarely takes it half a second."""

_WORKER: Final = "verifier.mathematics.symbolic.worker:serve"
_PATIENCE: Final = 3.0  # times the CPU limit by the clock: for a worker that waits for the CPU
_MAX_REMEMBERED: Final = 10_000  # pairs of answers; some two megabytes
_MAX_REFERENCES: Final = 2048  # letters of references, remembered over the rollouts of a prompt
_LETTER: Final = re.compile(
    r"\s*(?:\\(?:text|textbf|mathrm|mathbf)\s?\{)?\s*\(?([A-J])\)?[.:]?\s*\}?[.:]?\s*"
)
_DEFAULT_POLICY: Final = MathPolicy()
_MAX_SHOWN: Final = 60  # characters of an answer in a message

_HOW: Final = {
    Method.TEXT: "same text",
    Method.EXACT: "exact",
    Method.TOLERANCE: "within the digits written",
    Method.STRUCTURAL: "same expression",
    Method.ALGEBRAIC: "by exact algebra",
    Method.NUMERIC: "by numbers with error bounds",
    Method.SYMBOLIC: "by computer algebra",
}


class _Question(NamedTuple):
    """What is left to SymPy.

    Attributes:
        scoring: the item's, which words the outcome.
        found: the candidate.
        asked: references that SymPy may settle, each with the encoded pair of trees.
        hopeless: whether there are others that nobody can.
    """

    scoring: _Scoring
    found: Found
    asked: tuple[tuple[str, bytes], ...]
    hopeless: bool


class MathVerifier:
    """Compares the one candidate answer of a completion with the reference answers.

    Runs inline: exact arithmetic under size bounds, no threads, no clocks, no evaluation of text.
    What that leaves undecided but SymPy may settle goes on to killable worker processes.

    Args:
        symbolic: bounds of those processes, started when first needed; None for none.
    """

    name = "math"
    version = "1"
    task_type: type[Task] = MathTask
    description = "Is the completion's final answer mathematically equal to a reference answer?"
    self_test: SelfTest = (
        (Item("equal", r"so \boxed{1{,}000.50}", MathTask(("1000.5",))), Verdict.CORRECT),
        (Item("fraction", "The answer is 3/4.", MathTask(("0.75",))), Verdict.CORRECT),
        (Item("expression", r"\boxed{2x+3}", MathTask(("3+2x",))), Verdict.CORRECT),
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
        outcome = _Scoring(item, task).outcome(find_answer(item.completion, task.policy.extraction))
        if isinstance(outcome, Pending) and self._limits is None:
            return _settled(outcome)
        return outcome

    async def finish(self, pending: Pending, started: Callable[[], None]) -> Outcome:
        """What SymPy says of a pending outcome; the same, UNDECIDED, if it cannot tell either.

        Raises:
            WorkerDiedError: a worker process died of something else than its CPU limit.
            WorkerFailedError: a worker could not even say that it cannot tell.
        """
        question = pending.question
        if not isinstance(question, _Question):
            raise TypeError(f"not of this verifier: {question!r}")
        hopeless = question.hopeless
        for reference, pair in question.asked:
            match = await self._ask(pair, started)
            if match is Match.EQUAL:
                return question.scoring.correct(question.found, reference, Method.SYMBOLIC)
            hopeless |= match is Match.UNDECIDED
        if hopeless:
            return _settled(pending)
        return question.scoring.incorrect(question.found, Method.SYMBOLIC)

    async def _ask(self, pair: bytes, started: Callable[[], None]) -> Match:
        try:
            return Match((await self._workers().call(pair, started)).decode())
        except WorkerOvertimeError:
            return Match.UNDECIDED

    def _workers(self) -> RememberingPool:
        if self._pool is None:
            pool = WorkerPool(_WORKER, "", self._limits or SYMBOLIC_LIMITS)
            self._pool = RememberingPool(pool, _MAX_REMEMBERED)
        return self._pool

    async def start(self) -> None:
        """Starts the worker processes, if there are to be any."""
        if self._limits is not None:
            await self._workers().start()

    async def close(self) -> None:
        """Kills the worker processes."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None


class _Scoring:
    """One item's references and policy, compared with the candidate that was found.

    Args:
        item: what is scored.
        task: its task.
    """

    def __init__(self, item: Item, task: MathTask) -> None:
        self._item = item
        self._references = tuple(map(stated_reference, task.reference_answers))
        self._policy = task.policy
        self._echoed = task.policy.effective() if task.policy != _DEFAULT_POLICY else None

    def outcome(self, found: Found | None) -> Outcome:
        """Compares with one reference after the other; the first equal one decides."""
        if found is None:
            readable = any(map(is_readable, self._references))
            # All rollouts of a broken row agree, with or without an answer: none gets a 0.
            return self._no_answer() if readable else self._unreadable(MathDetail())
        undecided = unreadable = 0
        asked: list[tuple[str, bytes]] = []
        method: Method | None = None
        for reference in self._references:
            comparison = self._compare(found.text, reference)
            if comparison.match is Match.EQUAL:
                return self.correct(found, reference, comparison.method)
            pair = comparison.pending and encode_pair(*comparison.pending)
            if pair:
                asked.append((reference, pair))
            undecided += comparison.match is Match.UNDECIDED
            unreadable += comparison.match is Match.REFERENCE_UNPARSEABLE
            method = method or comparison.method
        if unreadable == len(self._references):
            return self._unreadable(self._detail(found, None))
        if undecided:
            return self._undecided(found, tuple(asked), hopeless=undecided > len(asked))
        return self._no_answer() if self._says_nothing(found) else self.incorrect(found, method)

    def _compare(self, candidate: str, reference: str) -> Comparison:
        """Compares with one reference; where that is a letter or options are listed, by choice."""
        letter = _letter_of(reference)
        if letter is None and not (candidate[:1].isalpha() or candidate[:1] in "(\\"):
            return compare(candidate, reference, self._policy)
        options = options_in(self._item.prompt) if self._item.prompt else {}
        chosen = chosen_letter(candidate, options) if letter or options else None
        if letter is not None and chosen is not None:
            match = Match.EQUAL if chosen == letter else Match.DIFFERENT
            return Comparison(match, Method.TEXT)
        if chosen is not None:
            return compare(options.get(chosen, candidate), reference, self._policy)
        return compare(without_label(candidate) or candidate, reference, self._policy)

    def correct(self, found: Found, reference: str, method: Method | None) -> Outcome:
        message = f"{_shown(found.text)} equals {_shown(reference)}{_how(method)}"
        detail = self._detail(found, method, reference)
        return Outcome.correct(Reason.EQUIVALENT, message, detail)

    def incorrect(self, found: Found, method: Method | None) -> Outcome:
        how = _how(method, equal=False)
        message = f"{_shown(found.text)} does not equal {_shown_all(self._references)}{how}"
        return Outcome.incorrect(Reason.NOT_EQUIVALENT, message, self._detail(found, method))

    def _undecided(
        self, found: Found, asked: tuple[tuple[str, bytes], ...], *, hopeless: bool
    ) -> Outcome:
        shown = _shown_all(self._references)
        message = f"cannot tell whether {_shown(found.text)} equals {shown}"
        detail = self._detail(found, None)
        if not asked:
            return Outcome.unscored(Reason.UNDECIDED, message, detail)
        question = _Question(self, found, asked, hopeless)
        return Pending(Verdict.UNSCORED, Reason.UNDECIDED, None, message, detail, question)

    def _unreadable(self, detail: MathDetail) -> Outcome:
        message = f"cannot read {_shown_all(self._references)} as mathematics"
        return Outcome.unscored(Reason.REFERENCE_UNPARSEABLE, message, detail)

    def _no_answer(self) -> Outcome:
        detail = MathDetail(policy=self._echoed)
        return Outcome.incorrect(Reason.NO_ANSWER, "no answer found", detail)

    def _says_nothing(self, found: Found) -> bool:
        """Tells whether a bare completion is words where no reference is: "I do not know"."""
        return (
            found.rule is Extraction.WHOLE
            and is_verbal(found.text)
            and not any(map(is_verbal, self._references))
        )

    def _detail(
        self, found: Found, method: Method | None, reference: str | None = None
    ) -> MathDetail:
        span = (found.start, found.end)
        return MathDetail(found.text, reference, method, found.rule, span, self._echoed)


def _settled(pending: Pending) -> Outcome:
    """Gives up on a pending outcome."""
    return Outcome.unscored(pending.reason, pending.message, pending.detail)


@lru_cache(maxsize=_MAX_REFERENCES)
def _letter_of(reference: str) -> str | None:
    """Reads a reference answer that is the letter of an option."""
    letter = _LETTER.fullmatch(reference)
    return letter[1] if letter else None


def _shown_all(references: tuple[str, ...]) -> str:
    return _shown(references[0]) if len(references) == 1 else f"any of {len(references)} references"


def _how(method: Method | None, *, equal: bool = True) -> str:
    if method is None or (not equal and method is not Method.EXACT):
        return ""
    return f" ({_HOW[method]})"


def _shown(text: str) -> str:
    if not text.strip():
        return "an empty text"
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"
