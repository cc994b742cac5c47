"""Walking typed trees: the parts of a node, rebuilding it from others, its free variables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Equation,
    Logic,
    Matrix,
    Node,
    Number,
    Piecewise,
    Quantity,
    Ratio,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CONSTANTS: Final = frozenset(
    (
        *("pi", "e", "i", "infty", "...", "emptyset"),
        *("Reals", "Integers", "Naturals", "Rationals", "Complexes"),
    )
)
"""Names of `Symbol` that are no variables."""


def children(node: Node) -> tuple[Node, ...]:
    """Lists the parts of a node; none for leaves."""
    match node:
        case Apply() | Logic():
            return node.args
        case Sequence() | Ratio():
            return node.items
        case Matrix():
            return tuple(entry for row in node.rows for entry in row)
        case Equation():
            return (node.left, node.right)
        case Relation():
            return node.operands
        case Quantity():
            return (node.value,)
        case BigOperator():
            return tuple(part for part in (node.lower, node.upper, node.body) if part is not None)
        case SetBuilder():
            return (node.element, *node.conditions)
        case Piecewise():
            return tuple(part for case in node.cases for part in case if part is not None)
        case _:
            return ()


def map_children(node: Node, change: Callable[[Node], Node]) -> Node:
    """Rebuilds a node with each of its parts changed; leaves are returned as they are."""
    match node:
        case Apply():
            return Apply(node.head, tuple(map(change, node.args)))
        case Logic():
            return Logic(node.head, tuple(map(change, node.args)))
        case Sequence():
            return Sequence(node.brackets, tuple(map(change, node.items)))
        case Ratio():
            return Ratio(tuple(map(change, node.items)))
        case Matrix():
            return Matrix(tuple(tuple(map(change, row)) for row in node.rows))
        case Equation():
            return Equation(change(node.left), change(node.right))
        case Relation():
            return Relation(tuple(map(change, node.operands)), node.signs)
        case Quantity():
            return replace(node, value=change(node.value))
        case _:
            return _map_binders(node, change)


def _map_binders(node: Node, change: Callable[[Node], Node]) -> Node:
    def change_optional(part: Node | None) -> Node | None:
        return None if part is None else change(part)

    match node:
        case BigOperator():
            lower, upper = change_optional(node.lower), change_optional(node.upper)
            return replace(node, lower=lower, upper=upper, body=change(node.body))
        case SetBuilder():
            return SetBuilder(change(node.element), tuple(map(change, node.conditions)))
        case Piecewise():
            cases = tuple((change(value), change_optional(when)) for value, when in node.cases)
            return Piecewise(cases)
        case _:
            return node


def contains(node: Node, wanted: Callable[[Node], bool]) -> bool:
    """Tells whether a node or any part of it is wanted."""
    return wanted(node) or any(contains(part, wanted) for part in children(node))


def is_expression(node: Node) -> bool:
    """Tells whether a tree has nothing but numbers, symbols and what is computed from them."""
    if isinstance(node, Apply):
        return all(map(is_expression, node.args))
    return isinstance(node, Number | Symbol)


def free_symbols(node: Node) -> frozenset[str]:
    """Collects the variables of a tree; those that a big operator or a set binds are not free."""
    if isinstance(node, Symbol):
        return frozenset() if node.name in CONSTANTS else frozenset((node.name,))
    found: frozenset[str] = frozenset().union(*map(free_symbols, children(node)))
    if isinstance(node, BigOperator):
        bounds = [part for part in (node.lower, node.upper) if part is not None]
        outside: frozenset[str] = frozenset().union(*map(free_symbols, bounds))
        indefinite = node.head == "int" and not bounds
        return found if indefinite else (free_symbols(node.body) - {node.variable}) | outside
    if isinstance(node, SetBuilder):
        return found - free_symbols(node.element)
    return found
