"""How long a call may still take. Monotonic: a jumping wall clock changes nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock.

    Attributes:
        at: seconds on `time.monotonic`; infinity for no deadline.
    """

    at: float

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """The moment `seconds` from now; None means never."""
        return NEVER if seconds is None else cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """Seconds left: infinite without a deadline, negative once it has passed."""
        return self.at - time.monotonic()

    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining() <= 0


NEVER = Deadline(float("inf"))
