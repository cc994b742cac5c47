"""Infinity as an answer: equal to itself with its sign, and to nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.mathematics.kinds.terms import infinity_of
from verifier.mathematics.verdicts import OTHER_STRUCTURE, SAME_STRUCTURE, Comparison

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge
    from verifier.mathematics.syntax import Node


def compare_infinities(candidate: Node, reference: Node, _judge: Judge) -> Comparison | None:
    """Compares where at least one side is infinite; None where none is."""
    ours, theirs = infinity_of(candidate), infinity_of(reference)
    if not ours and not theirs:
        return None
    return SAME_STRUCTURE if ours == theirs else OTHER_STRUCTURE
