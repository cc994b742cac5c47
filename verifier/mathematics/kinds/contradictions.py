"""Candidates that contradict themselves: ``i^8 = 2 = 1`` is no way of answering 1."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from verifier.mathematics.numeric.constants import is_near
from verifier.mathematics.syntax import Apply, Equation, Node, Number, Quantity, Relation
from verifier.mathematics.traversal import contains, free_symbols, is_expression
from verifier.mathematics.verdicts import OTHER_STRUCTURE, Comparison, Match

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge

_NEAR: Final = Fraction(1, 100)  # steps of a calculation are rounded with a loose hand


def compare_contradictions(candidate: Node, _reference: Node, judge: Judge) -> Comparison | None:
    """Refuses a candidate whose own equations of numbers are false; None for any other.

    Where a number is written as a decimal, near is good enough.
    """
    if isinstance(candidate, Equation):
        sides: tuple[Node, ...] = (candidate.left, candidate.right)
    elif isinstance(candidate, Relation) and set(candidate.signs) == {"="}:
        sides = candidate.operands
    else:
        return None
    constants = [side for side in sides if _is_constant(side)]
    false = any(_is_false(left, right, judge) for left, right in pairwise(constants))
    return OTHER_STRUCTURE if false else None


def _is_constant(node: Node) -> bool:
    node = _figure(node)
    return is_expression(node) and not free_symbols(node) and not contains(node, _is_call)


def _is_call(node: Node) -> bool:
    return isinstance(node, Apply) and node.head.startswith("call ")


def _is_false(left: Node, right: Node, judge: Judge) -> bool:
    if judge.compare(left, right).match is not Match.DIFFERENT:
        return False
    if _is_rounded(left) or _is_rounded(right):
        return is_near(_figure(left), _figure(right), _NEAR, Fraction(0)) is not True
    return True


def _figure(node: Node) -> Node:
    return node.value if isinstance(node, Quantity) else node


def _is_rounded(node: Node) -> bool:
    node = _figure(node)
    return isinstance(node, Number) and node.places is not None
