"""An outcome that another deployment of this service gave."""

from __future__ import annotations

from verifier.types import Outcome


class Elsewhere(Outcome, frozen=True):
    """With what that deployment said of itself, which is truer than what can be seen from here.

    Attributes:
        verifier: name and version of what decided there; empty if nothing got to decide.
        work_seconds: seconds inside the verifier there. All the rest was waiting: here, on the way,
            and there.
    """

    verifier: str = ""
    work_seconds: float = 0.0
