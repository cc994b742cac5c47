"""Which of two constants is less, where that can be proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.mathematics.exact import algebra
from verifier.mathematics.exact.algebra import Budget
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.numeric.evaluation import NoEvidenceError, approximate, clearly_differ
from verifier.mathematics.syntax import Quantity, TooComplexError

if TYPE_CHECKING:
    from verifier.mathematics.syntax import Node


def proven_order(left: Node, right: Node) -> int | None:
    """Tells -1, 0 or 1 for less, equal and greater; None if none of them can be proven."""
    if _unit(left) != _unit(right):
        return None
    try:
        budget = Budget()
        ours = canonical(left, budget)
        if algebra.same(ours, canonical(right, budget), budget):
            return 0
        first, second = approximate(left), approximate(right)
    except (TooComplexError, NoEvidenceError, OverflowError):
        return None
    if not clearly_differ(first, second) or first.value.imag or second.value.imag:
        return None
    return -1 if first.value.real < second.value.real else 1


def _unit(node: Node) -> str:
    return node.unit if isinstance(node, Quantity) else ""
