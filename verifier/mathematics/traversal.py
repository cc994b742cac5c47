"""Walking typed trees: the parts of a node, rebuilding it from others, its free variables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

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
    from collections.abc import Callable, Mapping

CONSTANTS: Final = frozenset(
    (
        *("pi", "e", "i", "infty", "...", "emptyset"),
        *("Reals", "Integers", "Naturals", "Rationals", "Complexes"),
    )
)
"""Names of `Symbol` that are no variables."""


def children(node: Node) -> tuple[Node, ...]:
    """Lists the parts of a node; none for leaves."""
    listed = _CHILDREN.get(type(node))
    return () if listed is None else listed(node)


_CHILDREN: Final[Mapping[type, Callable[[Any], tuple[Node, ...]]]] = {
    Apply: lambda node: node.args,
    Logic: lambda node: node.args,
    Sequence: lambda node: node.items,
    Ratio: lambda node: node.items,
    Matrix: lambda node: tuple(entry for row in node.rows for entry in row),
    Equation: lambda node: (node.left, node.right),
    Relation: lambda node: node.operands,
    Quantity: lambda node: (node.value,),
    BigOperator: lambda node: _present(node.lower, node.upper, node.body),
    SetBuilder: lambda node: (node.element, *node.conditions),
    Piecewise: lambda node: _present(*(part for case in node.cases for part in case)),
}


def _present(*parts: Node | None) -> tuple[Node, ...]:
    return tuple(part for part in parts if part is not None)


def map_children(node: Node, change: Callable[[Node], Node]) -> Node:
    """Rebuilds a node with each of its parts changed; leaves are returned as they are."""
    rebuild = _REBUILT.get(type(node))
    return node if rebuild is None else rebuild(node, change)


_REBUILT: Final[Mapping[type, Callable[[Any, Callable[[Node], Node]], Node]]] = {
    Apply: lambda node, change: Apply(node.head, tuple(map(change, node.args))),
    Logic: lambda node, change: Logic(node.head, tuple(map(change, node.args))),
    Sequence: lambda node, change: Sequence(node.brackets, tuple(map(change, node.items))),
    Ratio: lambda node, change: Ratio(tuple(map(change, node.items))),
    Matrix: lambda node, change: Matrix(tuple(tuple(map(change, row)) for row in node.rows)),
    Equation: lambda node, change: Equation(change(node.left), change(node.right)),
    Relation: lambda node, change: Relation(tuple(map(change, node.operands)), node.signs),
    Quantity: lambda node, change: replace(node, value=change(node.value)),
    BigOperator: lambda node, change: replace(
        node,
        lower=_optional(node.lower, change),
        upper=_optional(node.upper, change),
        body=change(node.body),
    ),
    SetBuilder: lambda node, change: SetBuilder(
        change(node.element), tuple(map(change, node.conditions))
    ),
    Piecewise: lambda node, change: Piecewise(
        tuple((change(value), _optional(when, change)) for value, when in node.cases)
    ),
}


def _optional(part: Node | None, change: Callable[[Node], Node]) -> Node | None:
    return None if part is None else change(part)


def contains(node: Node, wanted: Callable[[Node], bool]) -> bool:
    """Tells whether a node or any part of it is wanted."""
    left = [node]
    while left:
        part = left.pop()
        if wanted(part):
            return True
        listed = _CHILDREN.get(type(part))
        if listed is not None:
            left += listed(part)
    return False


def size(node: Node) -> int:
    """Counts the nodes of a tree."""
    return 1 + sum(map(size, children(node)))


def is_expression(node: Node) -> bool:
    """Tells whether a tree has nothing but numbers, symbols and what is computed from them."""
    if isinstance(node, Apply):
        return all(map(is_expression, node.args))
    return isinstance(node, Number | Symbol)


def free_symbols(node: Node) -> frozenset[str]:
    """Collects the variables of a tree; those that a big operator or a set binds are not free."""
    if isinstance(node, Symbol):
        return frozenset() if node.name in CONSTANTS else frozenset((node.name,))
    if isinstance(node, BigOperator):
        bounds = [part for part in (node.lower, node.upper) if part is not None]
        inside = free_symbols(node.body)
        if node.head == "int" and not bounds:
            return inside  # of an indefinite integral the variable stays free
        return (inside - {node.variable}).union(*map(free_symbols, bounds))
    if isinstance(node, SetBuilder):
        conditions: frozenset[str] = frozenset().union(*map(free_symbols, node.conditions))
        return conditions - free_symbols(node.element)
    return frozenset().union(*map(free_symbols, children(node)))
