"""An outcome that a verifier's second stage may still better; see `registry.StagedVerifier`."""

from __future__ import annotations

from verifier.types import Outcome


class Pending(Outcome, frozen=True):
    """Undecided inline: UNSCORED, and it stays so wherever nobody asks the second stage.

    Attributes:
        question: what the verifier's own `finish` needs; nobody else looks at it.
    """

    question: object = None
