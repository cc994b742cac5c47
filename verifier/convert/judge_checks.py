"""The limits of a judge's task, checked on our own words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from verifier.errors import InputError
from verifier.judge import rubric

if TYPE_CHECKING:
    from verifier.types import Criterion, JudgeTask

MAX_VOTES: Final = 256
MAX_CRITERIA: Final = 256


def check_judge(task: JudgeTask) -> None:
    """Refuses a judge's task that breaks a limit of the contract.

    Raises:
        InputError: names the field and its range.
    """
    if not 0 <= task.votes <= MAX_VOTES:
        raise InputError(f"must be 1 to {MAX_VOTES}, is {task.votes}", field="judge.votes")
    if task.threshold is not None and not math.isfinite(task.threshold):
        raise InputError(f"must be finite, is {task.threshold}", field="judge.threshold")
    if task.temperature is not None and not 0 <= task.temperature < math.inf:
        problem = f"must be at least 0, is {task.temperature}"
        raise InputError(problem, field="judge.temperature")
    if task.max_tokens is not None and task.max_tokens < 1:
        raise InputError(f"must be at least 1, is {task.max_tokens}", field="judge.max_tokens")
    if task.seed is not None and not 0 <= task.seed < 2**31:
        raise InputError(f"must be in [0, 2**31), is {task.seed}", field="judge.seed")
    if task.rubric is not None:
        _check_criteria(task.rubric.criteria)


def _check_criteria(criteria: tuple[Criterion, ...]) -> None:
    if not 1 <= len(criteria) <= MAX_CRITERIA:
        problem = f"must hold 1 to {MAX_CRITERIA} criteria, holds {len(criteria)}"
        raise InputError(problem, field="judge.rubric.criteria")
    rubric.check(criteria)
