r"""Candidates that are the question once more: equal to the answer, but not worked out.

``\int_0^1 x\,dx`` equals 1/2 and ``|x - 2| < 3`` the interval (-1, 5), but where the value or the
interval was asked for, a policy that learns to repeat questions must not be paid for it. So what
the reference has worked out must be worked out: sums, integrals, limits, derivatives, remainders,
determinants; inequalities and conditions must be solved for their variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Equation,
    Logic,
    Matrix,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
    Words,
)
from verifier.mathematics.traversal import children, contains, free_symbols

if TYPE_CHECKING:
    from verifier.mathematics.syntax import Node

_OPERATIONS: Final = frozenset(("derivative", "mod", "gcd", "lcm", "det", "trace", "transpose"))
_ORDERS: Final = frozenset(("<", "<=", ">", ">=", "!="))
_STATEMENTS: Final = (Relation, Logic, SetBuilder)
_WHOLE: Final = frozenset(("emptyset", "Reals"))


def restates_question(candidate: Node, reference: Node) -> bool:
    """Tells whether a candidate leaves to be worked out what the reference has worked out."""
    if _is_whole(reference) and isinstance(candidate, (*_STATEMENTS, Equation)):
        return not _is_solved(candidate)
    if _is_whole(candidate) and isinstance(reference, (Relation, Equation)):
        return not _is_solved(reference)  # x^2 + 1 = 0 was asked for, and not its solutions
    if isinstance(candidate, _STATEMENTS) and _is_solved(reference) and not _is_solved(candidate):
        return True
    last = _last_of_chain(candidate)
    return contains(last, _is_open) and not contains(reference, _is_open)


def _last_of_chain(node: Node) -> Node:
    """Takes the end of ``∫ … = … = 3``, which works it out."""
    if isinstance(node, Equation):
        return node.right
    if isinstance(node, Relation) and set(node.signs) == {"="}:
        return node.operands[-1]
    return node


def _is_open(node: Node) -> bool:
    if isinstance(node, BigOperator):
        return node.head in {"sum", "prod", "int", "lim"}
    if not isinstance(node, Apply):
        return False
    if node.head == "^" and isinstance(node.args[0], Matrix):
        return True
    return node.head in _OPERATIONS


def _is_whole(node: Node) -> bool:
    """Tells whether an answer is nothing or everything: no solution, all real numbers."""
    if isinstance(node, Sequence):
        return node.brackets == "{}" and not node.items
    return isinstance(node, Symbol) and node.name in _WHOLE


def _is_solved(node: Node) -> bool:
    """Tells whether every condition of an answer has its variable alone on a side."""
    if isinstance(node, Relation):
        return _is_solved_relation(node)
    if isinstance(node, Equation):
        return isinstance(node.left, Symbol) and not free_symbols(node.right)
    if isinstance(node, SetBuilder):
        return isinstance(node.element, Symbol) and all(map(_is_solved, node.conditions))
    if isinstance(node, Logic | Sequence):
        return all(map(_is_solved, children(node)))
    return not isinstance(node, Words)


def _is_solved_relation(node: Relation) -> bool:
    """Tells whether a relation bounds letters, or terms, by constants or other letters."""
    if not set(node.signs) <= _ORDERS:
        return True
    names = [operand for operand in node.operands if free_symbols(operand)]
    return all(_is_bare(name) for name in names) or len(names) > 1


def _is_bare(node: Node) -> bool:
    """Tells whether a term is what a question asks for: x, f(x), |z|; not 3x or x^2."""
    if isinstance(node, Apply):
        called = node.head.startswith("call ")
        return called or (node.head == "abs" and isinstance(node.args[0], Symbol))
    return isinstance(node, Symbol)
