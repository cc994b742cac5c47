"""How a judge goes about it, whichever backend it asks."""

from __future__ import annotations

from dataclasses import dataclass

EMBEDDED = "embedded"
"""The judge that comes with the service: used where no backend is configured, and under its own
name, never in place of another one."""


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """What all judgements share.

    Attributes:
        backend: whom a task asks that names none.
        max_calls: of backends, for one item: votes times criteria.
        attempts_per_vote: how often a vote is asked for until it can be read.
        temperature: of several votes, and of asking again.
        cache_sampled: whether replies at a temperature above 0 are kept, too: the same question
            with the same seed then gets the same answer.
        work_limit_seconds: the longest that one item may take, waiting not counted.
    """

    backend: str = EMBEDDED
    max_calls: int = 256
    attempts_per_vote: int = 3
    temperature: float = 0.7
    cache_sampled: bool = False
    work_limit_seconds: float = 600.0
