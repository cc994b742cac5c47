"""Who calls: what admission, quotas and the audit line know of the other side."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

from msgspec import Struct

from verifier.word import Word


class Role(Word):
    """What a caller may do. Each is granted by itself; none implies another."""

    SCORE = "SCORE"  # Score, ScoreStream, ScoreSteps, Select, but for tasks that ask a judge
    JUDGE = "JUDGE"  # Judge, and tasks that ask a judge's backend, which may cost money
    ADMIN = "ADMIN"  # /metrics


class Caller(Struct, frozen=True):
    """One caller, as far as it could be told.

    Attributes:
        name: of its token, of its certificate, or the address it calls from; for logs and fairness.
        roles: what it may do.
        weight: its share of what is scarce, relative to others that wait for the same, > 0.
        max_items: of its own inside at once; 0: the configuration's ``admission.caller_items``.
        items_per_second: that it may send in the long run; 0: no bound.
    """

    name: str
    roles: frozenset[Role] = frozenset(Role)
    weight: float = 1.0
    max_items: int = 0
    items_per_second: float = 0.0


ANONYMOUS: Final = Caller("anonymous")

# Set by the server around each call, and read where a call's items enter the engine.
CURRENT_CALLER: Final[ContextVar[Caller]] = ContextVar("caller", default=ANONYMOUS)
