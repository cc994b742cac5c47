"""The program under test, with what every shape of tests needs to run it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verifier.types import Reason, RewardMode, TestOutcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.box import Prepared, Sandbox
    from sandbox.execution import Limits
    from verifier.types import CodeTask


@dataclass(slots=True)
class Subject:
    """One program and its task.

    Attributes:
        sandbox: runs it.
        program: ready to be run.
        task: says what it must do.
        limits: of each run.
        prompt: what was asked; trusted, like the tests.
        started: to be called when waiting for a slot is over.
    """

    sandbox: Sandbox
    program: Prepared
    task: CodeTask
    limits: Limits
    prompt: str
    started: Callable[[], None]

    def decided(self, outcome: TestOutcome) -> bool:
        """Whether the tests after this one need not be run any more.

        Where all must pass, the first that runs out of time decides; running the others out of
        time, too, would only keep everybody waiting.
        """
        if outcome.verdict is Verdict.CORRECT:
            return False
        if self.task.stop_at_first_failure and outcome.verdict is Verdict.INCORRECT:
            return True
        return (
            outcome.reason is Reason.TIME_LIMIT_EXCEEDED
            and self.task.reward_mode is RewardMode.ALL_PASS
        )

    def cut(self, outcomes: list[TestOutcome], total: int) -> list[TestOutcome]:
        """One outcome per test; those after the one that decided were not run."""
        for place, outcome in enumerate(outcomes):
            if self.decided(outcome):
                del outcomes[place + 1 :]
                break
        return outcomes + [NOT_RUN] * (total - len(outcomes))


NOT_RUN = TestOutcome(Verdict.UNSCORED, Reason.NOT_RUN, message="not run: an earlier test decided")
