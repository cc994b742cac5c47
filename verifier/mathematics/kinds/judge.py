"""What a comparer of one kind may ask of the whole: the policy, and to compare its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from verifier.mathematics.syntax import Node
    from verifier.mathematics.verdicts import Comparison
    from verifier.types import MathPolicy


class Judge(Protocol):
    """Compares two answers of any kind; comparers of one kind get it to compare parts.

    Attributes:
        policy: how strictly to compare.
    """

    @property
    def policy(self) -> MathPolicy:
        """How strictly to compare."""
        ...

    def compare(self, candidate: Node, reference: Node) -> Comparison:
        """Compares two answers of any kind.

        Raises:
            TooComplexError: this answer has cost all the work it may.
        """
        ...
