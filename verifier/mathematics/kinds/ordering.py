"""Which of two constants is less, where that can be proven; with units, where they are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.mathematics.numeric.constants import order
from verifier.mathematics.syntax import Quantity

if TYPE_CHECKING:
    from verifier.mathematics.syntax import Node


def proven_order(left: Node, right: Node) -> int | None:
    """Tells -1, 0 or 1 for less, equal and greater; None if none of them can be proven."""
    if _unit(left) != _unit(right):
        return None
    return order(left, right)


def _unit(node: Node) -> str:
    return node.unit if isinstance(node, Quantity) else ""
