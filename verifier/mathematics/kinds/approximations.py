"""Answers with their approximation behind them: ``40/3 ≈ 13.33``. The exact side answers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.mathematics.numeric.constants import is_near
from verifier.mathematics.syntax import Equation, Node, Number, Quantity, Relation
from verifier.mathematics.verdicts import OTHER_STRUCTURE, Comparison

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge

_SIGN: Final = "≈"
_NEAR: Final = Fraction(1, 100)  # further away it is no approximation, but another value
_HUNDREDTH: Final = Fraction(1, 100)


def compare_approximations(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where at least one side carries an approximation; None where none does.

    A candidate whose approximation is far from its exact side contradicts itself.
    """
    ours, theirs = _approximated(candidate), _approximated(reference)
    if ours is None and theirs is None:
        return None
    if ours is not None and _is_far(ours):
        return OTHER_STRUCTURE
    exact = candidate if ours is None else ours.operands[0]
    return judge.compare(exact, reference if theirs is None else theirs.operands[0])


def _approximated(node: Node) -> Relation | None:
    return node if isinstance(node, Relation) and _SIGN in node.signs else None


def _is_far(relation: Relation) -> bool:
    exact = _value(relation.operands[0])
    return any(
        is_near(exact, _value(other), _NEAR, Fraction(0)) is False
        for other in relation.operands[1:]
    )


def _value(node: Node) -> Node:
    """Takes the value out of an equation and a unit's figure; a percentage counts in hundredths."""
    if isinstance(node, Equation):
        return _value(node.right)
    if isinstance(node, Relation):
        return _value(node.operands[-1])
    if not isinstance(node, Quantity):
        return node
    if node.percent and isinstance(node.value, Number):
        return Number(node.value.value * _HUNDREDTH)
    return node.value
