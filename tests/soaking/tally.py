"""What became of every item: counted by path, kind and outcome, and whether it had a right to."""

import time
from collections import Counter
from dataclasses import dataclass, field

from verifier.types import Verdict

_EXAMPLES = 20  # kept of each kind of failure
_CLOSE = 1e-9  # rewards travel as doubles


@dataclass(frozen=True, slots=True)
class Unscored:
    """An item that could not be scored, to be explained by a fault of its time."""

    path: str
    kind: str
    reason: str
    message: str
    sent: float
    answered: float


@dataclass(slots=True)
class Tally:
    """Counts; `problems` is empty if all went as it must.

    Attributes:
        began: when, monotonic.
        outcomes: items by path, kind and outcome.
        unscored: those that need a fault to explain them.
        problems: what must never be: wrong verdicts, lost or doubled items, hangs.
        problem_count: how many; not every one is kept.
        slowest: seconds of the slowest call.
    """

    began: float = field(default_factory=time.monotonic)
    outcomes: Counter = field(default_factory=Counter)
    unscored: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    problem_count: int = 0
    slowest: float = 0.0
    retried_streams: int = 0
    _answered: set = field(default_factory=set)

    @property
    def items(self):
        """Items that have their end."""
        return self.outcomes.total()

    def problem(self, words):
        self.problem_count += 1
        if len(self.problems) < _EXAMPLES:
            self.problems.append(words)

    def took(self, seconds):
        self.slowest = max(self.slowest, seconds)

    def answer(self, path, known, result, sent):
        """One item's result."""
        if known.id in self._answered:
            self.problem(f"{path}: {known.id} was answered twice")
            return
        self._answered.add(known.id)
        now = time.monotonic()
        if result.id != known.id:
            self.problem(f"{path}: {result.id} stands where {known.id} was asked")
        elif result.verdict is Verdict.UNSCORED:
            self._unscored(path, known, result, (sent, now))
        elif result.verdict is not known.verdict or abs(result.reward - known.reward) > _CLOSE:
            self.outcomes[path, known.kind, "WRONG"] += 1
            self.problem(f"{path}: wrong verdict: {known} came to {result}")
        else:
            self.outcomes[path, known.kind, "right"] += 1

    def _unscored(self, path, known, result, times):
        self.outcomes[path, known.kind, str(result.reason.name)] += 1
        if result.reward is not None:
            self.problem(f"{path}: a reward on UNSCORED: {result}")
        one = Unscored(path, known.kind, result.reason.name, result.message[:200], *times)
        self.unscored.append(one)

    def missing(self, path, known, words):
        """An item that has no result at all."""
        self.outcomes[path, known.kind, "LOST"] += 1
        self.problem(f"{path}: {known.id} ({known.kind}): {words}")
