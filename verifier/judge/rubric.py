"""From judged criteria to the score of a rubric.

HealthBench's rule (arXiv 2505.08775): the points of what is met, over all points that could be
earned, within 0 and 1. Points may be negative, for what must not be. Added to it here: degrees of
being met, and criteria without which the whole is worth nothing.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final, overload

from verifier.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.judge_task import Criterion

MET: Final = 0.5
"""The score from which on a criterion is met: half of the votes, or the middle of the scale."""

_FIELD: Final = "judge.rubric.criteria"


def points(criterion: Criterion) -> float:
    """What a criterion counts for: its weight, 1 if that is 0."""
    return criterion.weight or 1.0


def check(criteria: Sequence[Criterion]) -> None:
    """Refuses criteria that have no score, whatever is judged.

    Raises:
        InputError: a name is blank or occurs twice; a weight is no finite number; a criterion is
            required and its weight negative, so that it must be and must not be; or no weight is
            positive, so that there is nothing to earn.
    """
    names: set[str] = set()
    for place, criterion in enumerate(criteria):
        at = f"{_FIELD}[{place}]"
        if not criterion.name.strip() or criterion.name in names:
            problem = f"must be there and unique, is {criterion.name!r}"
            raise InputError(problem, field=f"{at}.name")
        names.add(criterion.name)
        if not math.isfinite(criterion.weight):
            raise InputError(f"must be finite, is {criterion.weight}", field=f"{at}.weight")
        if criterion.required and criterion.weight < 0:
            problem = "must not go with a negative weight: turn the criterion round, or drop one"
            raise InputError(problem, field=f"{at}.required")
    if not any(points(criterion) > 0 for criterion in criteria):
        problem = "no criterion has a positive weight: there is nothing to be met"
        raise InputError(problem, field=_FIELD)


@overload
def score(criteria: Sequence[Criterion], scores: Sequence[float]) -> float: ...
@overload
def score(criteria: Sequence[Criterion], scores: Sequence[float | None]) -> float | None: ...
def score(criteria: Sequence[Criterion], scores: Sequence[float | None]) -> float | None:
    """The score of the whole.

    Args:
        criteria: of the rubric.
        scores: how far each is met, 0 to 1, in the same order; None where it could not be read.

    Returns:
        0 to 1: 0 if a required criterion has less than `MET`; else each one's points times its
        score, added up, over the sum of the positive points. None if any score is None: the whole
        is then UNSCORED, for what was not read could have been worth anything, and a zero for the
        part that was read would look like a judgement of the whole.

    Raises:
        InputError: as `check`.
        ValueError: there are not as many scores as criteria.
    """
    check(criteria)
    judged = list(zip(criteria, scores, strict=True))
    read = [(criterion, value) for criterion, value in judged if value is not None]
    if len(read) < len(judged):
        return None
    if any(criterion.required and value < MET for criterion, value in read):
        return 0.0
    # Exact: points may be of any size, and what is met in full is worth 1, not a rounding less.
    weights = [Fraction(points(criterion)) for criterion, _ in read]
    earned = sum(weight * Fraction(value) for weight, (_, value) in zip(weights, read, strict=True))
    possible = sum(weight for weight in weights if weight > 0)
    return float(min(max(earned / possible, Fraction(0)), Fraction(1)))
