"""What a caller asks of a call beside its items, for verifiers that have to pass it on.

Most verifiers need none of it: the engine ends them in time. One that hands its items to another
process of its own queue has to tell that process, too.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from verifier.caller import ANONYMOUS, Caller
from verifier.deadline import NEVER, Deadline


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one call.

    Attributes:
        deadline: what has no verdict by then gets none.
        work_limit_seconds: upper bound on one item's work; None for each verifier's own.
        caller: whose call it is.
    """

    deadline: Deadline = NEVER
    work_limit_seconds: float | None = None
    caller: Caller = ANONYMOUS


NO_TERMS: Final = Terms()

# Set by the engine around each call, and read where an item enters a verifier.
CURRENT_TERMS: Final[ContextVar[Terms]] = ContextVar("terms", default=NO_TERMS)
