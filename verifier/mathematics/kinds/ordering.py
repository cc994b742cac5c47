"""Which of two constants is less, where that can be proven; with units, where they are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.numeric.balls import (
    HugeError,
    NoEvidenceError,
    precision,
    real_field,
)
from verifier.mathematics.numeric.constants import order
from verifier.mathematics.numeric.evaluator import Effort, Evaluator, Reading
from verifier.mathematics.numeric.survey import survey
from verifier.mathematics.syntax import Quantity, TooComplexError

if TYPE_CHECKING:
    from verifier.mathematics.numeric.balls import Ball
    from verifier.mathematics.syntax import Node

_BITS: Final = 96  # tells apart what is not made to be close


def proven_order(left: Node, right: Node) -> int | None:
    """Tells -1, 0 or 1 for less, equal and greater; None if none of them can be proven."""
    if _unit(left) != _unit(right):
        return None
    return order(left, right)


def ball_of(node: Node) -> Ball | None:
    """Computes bounds of a real constant, which put most pairs of constants in order at once.

    None for what is no real constant, has a unit, or depends on the base of a bare logarithm.
    """
    found = None if _unit(node) else survey(node)
    if found is None or found.symbols or found.imaginary or "log" in found.heads:
        return None
    try:
        with precision() as set_bits:
            set_bits(_BITS)
            ball = Evaluator(real_field(), {}, Reading(), Effort(), _BITS).value(node)
    except (NoEvidenceError, HugeError, TooComplexError, ArithmeticError, ValueError):
        return None
    return ball if ball.is_finite() else None


def _unit(node: Node) -> str:
    return node.unit if isinstance(node, Quantity) else ""
