r"""What brackets enclose: a group, a tuple, an interval, a set, a set by its property."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.reading.building import joined
from verifier.mathematics.syntax import (
    Apply,
    Matrix,
    Node,
    Relation,
    Sequence,
    SetBuilder,
    UnreadableError,
)

if TYPE_CHECKING:
    from verifier.mathematics.reading.expression import Parser

_CLOSING: Final = {
    "(": frozenset((")", "]")),
    "[": frozenset((")", "]")),
    "{": frozenset(("}",)),
    "\\{": frozenset(("\\}",)),
    "|": frozenset(("|",)),
    "lfloor": frozenset(("rfloor",)),
    "lceil": frozenset(("rceil",)),
}
_HEADS: Final = {"|": "abs", "lfloor": "floor", "lceil": "ceil"}
_SEPARATORS: Final = frozenset((",", ";"))
INFIX: Final = {"choose": "binom", "over": "/", "atop": "binom"}
"""TeX's commands between two arguments, with what they mean."""


def read_group(parser: Parser) -> Node:
    """Reads a bracket and all up to the one that closes it."""
    opening = parser.advance()
    mark = opening.text if opening.kind == "command" else opening.kind
    parser.enter()
    bars, parser.bars = parser.bars, int(mark in {"|", "\\{"})
    items: list[Node] = []
    if not _closes(parser, mark):
        items.append(_first(parser, mark))
        if parser.next.kind in {":", "|", "mid"} and mark in {"{", "\\{"}:
            node = _set_builder(parser, items[0])
            _closed(parser, mark, bars)
            return node
        while parser.next.kind in _SEPARATORS:
            parser.advance()
            if not _closes(parser, mark):
                items.append(parser.statement())
    return _grouped(mark, _closed(parser, mark, bars), items)


def read_arguments(parser: Parser) -> tuple[Node, ...]:
    """Reads the arguments of a function from the bracket on."""
    group = read_group(parser)
    if isinstance(group, Sequence) and group.brackets in {"()", "[]", ""}:
        return group.items
    return (group,)


def _first(parser: Parser, mark: str) -> Node:
    node = parser.statement()
    if mark == "{" and parser.next.kind == "command" and parser.next.text in INFIX:
        return Apply(INFIX[parser.advance().text], (node, parser.sum()))
    return node


def _closes(parser: Parser, mark: str) -> bool:
    following = parser.next
    return bool(_CLOSING[mark] & {following.kind, following.text})


def _closed(parser: Parser, mark: str, bars: int) -> str:
    """Takes the closing bracket."""
    if not _closes(parser, mark):
        raise UnreadableError(f"unexpected {parser.next.text[:20]!r} in brackets")
    parser.bars = bars
    parser.leave()
    return parser.advance().kind


def _grouped(mark: str, closing: str, items: list[Node]) -> Node:
    if mark in _HEADS:
        if len(items) != 1:
            raise UnreadableError("no single value between bars")
        return _determinant(items[0]) if mark == "|" else Apply(_HEADS[mark], (items[0],))
    if mark == "\\{":
        return Sequence("{}", tuple(items))
    if not items:
        if mark == "{":
            return Sequence("{}", ())
        raise UnreadableError("empty brackets")
    if len(items) == 1:
        if mark + closing in {"(]", "[)"}:
            raise UnreadableError("brackets that do not match")
        return items[0]
    if mark == "{":
        return Sequence("", tuple(items))  # TeX shows no plain braces: a list without brackets
    return Sequence(mark + closing, tuple(items))


def _determinant(node: Node) -> Node:
    return Apply("det" if isinstance(node, Matrix) else "abs", (node,))


def _set_builder(parser: Parser, element: Node) -> Node:
    r"""Reads what stands behind the bar of ``\{x \in A : x > 2\}``."""
    parser.advance()
    conditions: list[Node] = []
    parser.bars = 0
    if isinstance(element, Relation) and element.signs == ("in",):
        conditions.append(element)
        element = element.operands[0]
    conditions.append(parser.statement())
    while parser.next.kind in _SEPARATORS:
        either = parser.advance().text == "or"
        condition = parser.statement()
        if either:
            condition = joined("or", conditions.pop(), condition)
        conditions.append(condition)
    return SetBuilder(element, tuple(conditions))
