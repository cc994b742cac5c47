"""Several completions against each other, in the eyes of a judge, within a caller's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.attribution import attribute, out_of_time
from verifier.contest import Comparison
from verifier.deadline import Deadline, ItemClock
from verifier.errors import InputError

if TYPE_CHECKING:
    from verifier.contest import Contest
    from verifier.outcome.judge import JudgeVerifier


async def compare(judge: JudgeVerifier, contest: Contest, deadline: Deadline) -> Comparison:
    """Asks the judge.

    Args:
        judge: whom.
        contest: what.
        deadline: without a verdict by then, all completions are UNSCORED / DEADLINE.

    Raises:
        InputError: not as many completions as the mode takes.
    """
    clock = ItemClock(judge.work_limit_seconds, deadline)
    try:
        async with clock.timeout:
            return await judge.compare(
                contest.task, contest.prompt, contest.completions, contest.mode, clock.start
            )
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - attributed: a failure is no verdict
        if isinstance(error, TimeoutError) and clock.timeout.expired():
            failed = out_of_time(started=clock.started_at is not None)
        else:
            failed = attribute(error)
        return Comparison((failed,) * len(contest.completions))
