"""Several completions against each other: the words of what is asked and what is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verifier.types import JudgeDetail

if TYPE_CHECKING:
    from verifier.types import JudgeMode, JudgeTask, Outcome


@dataclass(frozen=True, slots=True)
class Contest:
    """What a judge is asked in one call.

    Attributes:
        mode: how many completions are judged at once.
        prompt: what was asked of the policy.
        completions: one or more for POINTWISE, two for PAIRWISE, 2 to 26 for LISTWISE.
        task: how to judge.
    """

    mode: JudgeMode
    prompt: str
    completions: tuple[str, ...]
    task: JudgeTask


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was said of several completions.

    Attributes:
        outcomes: one each, in their order.
        ranking: their indices, best first; empty if they were not or could not be compared.
        detail: of the comparison.
    """

    outcomes: tuple[Outcome, ...]
    ranking: tuple[int, ...] = ()
    detail: JudgeDetail = field(default_factory=JudgeDetail)
