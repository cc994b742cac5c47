"""What a tree contains, as far as it decides how SymPy is asked."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from verifier.mathematics.syntax import Apply, BigOperator, Node, Number, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator


def nodes_of(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    waiting: list[Any] = [node]
    while waiting:
        value = waiting.pop()
        if isinstance(value, tuple):
            waiting.extend(value)
        elif is_dataclass(value):
            yield value  # type: ignore[misc]
            waiting.extend(getattr(value, field.name) for field in fields(value))


def counting_symbols(node: Node) -> frozenset[str]:
    r"""Symbols that can only be positive integers: n in ``\sum_{k=1}^n`` and in ``n!``."""
    places: list[Node] = []
    for inner in nodes_of(node):
        if isinstance(inner, BigOperator) and inner.head in ("sum", "prod"):
            places += [bound for bound in (inner.lower, inner.upper) if bound is not None]
        elif isinstance(inner, Apply) and inner.head in ("factorial", "factorial2", "binom"):
            places += inner.args
    return frozenset(
        inner.name for place in places for inner in nodes_of(place) if isinstance(inner, Symbol)
    )


def integration_variable(node: Node) -> str | None:
    """The variable of an indefinite integral in the tree, if there is one."""
    for inner in nodes_of(node):
        if isinstance(inner, BigOperator) and inner.head == "int" and inner.lower is None:
            return inner.variable
    return None


def has_decimals(node: Node) -> bool:
    """Tells whether a number in the tree is written with decimals, and so may be rounded."""
    return any(isinstance(inner, Number) and inner.places is not None for inner in nodes_of(node))


def log_is_ambiguous(node: Node) -> bool:
    """Tells whether a bare "log" may be to base ten: it is natural where there is calculus."""
    inside = list(nodes_of(node))
    return any(
        isinstance(inner, Apply) and inner.head == "log" and len(inner.args) == 1
        for inner in inside
    ) and not any(
        isinstance(inner, BigOperator) or (isinstance(inner, Apply) and inner.head == "derivative")
        for inner in inside
    )
