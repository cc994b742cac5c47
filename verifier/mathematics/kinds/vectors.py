"""Arithmetic of tuples: ``3(1, 2)`` is (3, 6), and ``(1, 2) + t(0, 1)`` one tuple."""

from __future__ import annotations

from typing import Final

from verifier.mathematics.syntax import Apply, Node, Sequence

_TUPLES: Final = frozenset(("()", "[]"))


def folded_tuple(node: Node) -> Sequence | None:
    """Folds sums and multiples of tuples into one; None where there is no tuple or no sense."""
    if isinstance(node, Sequence):
        return node if node.brackets in _TUPLES and len(node.items) > 1 else None
    if not isinstance(node, Apply):
        return None
    if node.head == "neg":
        inner = folded_tuple(node.args[0])
        return None if inner is None else _each(inner, "neg")
    if node.head == "*":
        return _scaled(node.args)
    return _added(node.args) if node.head == "+" else None


def _scaled(factors: tuple[Node, ...]) -> Sequence | None:
    tuples = [place for place, factor in enumerate(factors) if folded_tuple(factor) is not None]
    if len(tuples) != 1:
        return None
    (place,) = tuples
    vector = folded_tuple(factors[place])
    others = (*factors[:place], *factors[place + 1 :])
    return None if vector is None else _each(vector, "*", *others)


def _added(terms: tuple[Node, ...]) -> Sequence | None:
    vectors = [folded_tuple(term) for term in terms]
    found = [vector for vector in vectors if vector is not None]
    if len(found) != len(terms) or len({len(vector.items) for vector in found}) != 1:
        return None
    columns = zip(*(vector.items for vector in found), strict=True)
    return Sequence(found[0].brackets, tuple(Apply("+", column) for column in columns))


def _each(vector: Sequence, head: str, *others: Node) -> Sequence:
    return Sequence(vector.brackets, tuple(Apply(head, (*others, item)) for item in vector.items))
