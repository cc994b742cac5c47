r"""Bound letters by place: \{x : x > 1\} and \{t : t > 1\} are one set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.mathematics.kinds.terms import rewritten, symbols
from verifier.mathematics.syntax import Relation, SetBuilder, Symbol

if TYPE_CHECKING:
    from verifier.mathematics.syntax import Node


def rename_bound(builder: SetBuilder) -> SetBuilder:
    r"""Names the letters that a set builder binds by their place: ``bound 1``, ``bound 2``.

    Those are the letters of the element that a condition is about; where the element is an
    expression, those of the element that are said to lie in a set: the k of
    ``\{k \pi : k \in \mathbb{Z}\}``, but not the a of ``\{k a : k \in \mathbb{Z}\}``.
    """
    if isinstance(builder.element, Symbol):
        bound = [builder.element.name]
    else:
        ranged = {
            condition.operands[0].name
            for condition in builder.conditions
            if isinstance(condition, Relation)
            and condition.signs == ("in",)
            and isinstance(condition.operands[0], Symbol)
        }
        bound = sorted(ranged & symbols(builder.element))
    names = {name: Symbol(f"bound {place}") for place, name in enumerate(bound, start=1)}

    def renamed(node: Node) -> Node | None:
        return names.get(node.name) if isinstance(node, Symbol) else None

    conditions = tuple(rewritten(condition, renamed) for condition in builder.conditions)
    return SetBuilder(rewritten(builder.element, renamed), conditions)
