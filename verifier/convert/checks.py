"""The limits of every task, checked on our own words, whichever way a task came in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from verifier.convert.code_checks import check_code
from verifier.convert.composite_checks import check_composite
from verifier.convert.judge_checks import check_judge
from verifier.errors import InputError
from verifier.types import (
    CodeTask,
    CompositeTask,
    FormatTask,
    JudgeTask,
    MathTask,
    ProcessTask,
    PuzzleTask,
    RewardModelTask,
    TextMode,
    TextTask,
)

if TYPE_CHECKING:
    from verifier.types import MathPolicy, Task


def check_task(task: Task) -> None:
    """Refuses a task that breaks a limit of the contract.

    Raises:
        InputError: names the field and its range.
    """
    if isinstance(task, MathTask):
        _check_references(task.reference_answers, "math.reference_answers")
        _check_policy(task.policy)
    elif isinstance(task, TextTask):
        _check_references(task.reference_answers, "text.reference_answers")
        _check_threshold(task)
    elif isinstance(task, CodeTask):
        check_code(task)
    elif isinstance(task, ProcessTask):
        _check_finite(task.threshold, "process.threshold")
        _check_finite(task.aggregation_threshold, "process.aggregation_threshold")
    elif isinstance(task, RewardModelTask):
        _check_finite(task.threshold, "reward_model.threshold")
    elif isinstance(task, JudgeTask):
        check_judge(task)
    elif isinstance(task, PuzzleTask):
        _check_puzzle(task)
    elif isinstance(task, CompositeTask):
        check_composite(task, check_task)
    elif isinstance(task, FormatTask) and not task.rules:
        raise InputError("must hold at least one rule", field="format.rules")


def _check_references(references: tuple[str, ...], field: str) -> None:
    if not references:
        raise InputError("must hold at least one reference answer", field=field)


def _check_policy(policy: MathPolicy) -> None:
    _check_tolerance(policy.relative_tolerance, "relative_tolerance", below=1.0)
    _check_tolerance(policy.absolute_tolerance, "absolute_tolerance", below=math.inf)


def _check_tolerance(value: float | None, name: str, *, below: float) -> None:
    if value is not None and not 0 <= value < below:
        raise InputError(f"must be in [0, {below}), is {value}", field=f"math.policy.{name}")


def _check_finite(value: float | None, field: str) -> None:
    if value is not None and not math.isfinite(value):
        raise InputError(f"must be finite, is {value}", field=field)


def _check_puzzle(task: PuzzleTask) -> None:
    given = [name for name in task.__struct_fields__ if getattr(task, name) is not None]
    if len(given) != 1:
        said = f"has {' and '.join(given)}" if given else "has none"
        known = ", ".join(task.__struct_fields__)
        raise InputError(f"must have exactly one of {known}; {said}", field="puzzle")


def _check_threshold(task: TextTask) -> None:
    if task.threshold is None:
        return
    if task.mode is not TextMode.F1:
        raise InputError("only mode f1 has a threshold", field="text.threshold")
    if not 0 < task.threshold <= 1:
        raise InputError(f"must be in (0, 1], is {task.threshold}", field="text.threshold")
