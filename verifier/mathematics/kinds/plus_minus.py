r"""The two values of ``\pm``: ``1 \pm \sqrt{2}`` is the list of both, the upper signs first."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from verifier.mathematics.limits import MAX_SIGNS
from verifier.mathematics.syntax import Apply, Logic, Node, Number, Sequence
from verifier.mathematics.traversal import children, contains, map_children
from verifier.mathematics.verdicts import Comparison, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.mathematics.kinds.judge import Judge

_LISTS: Final = frozenset(("", "{}"))


def compare_plus_minus(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    r"""Compares where a ``\pm`` stands for two values; None where none stands.

    All signs of one value are upper or all are lower. Where that gives another answer and one side
    has several ``\pm`` and no ``\mp``, its signs are also taken independently of each other.
    """
    if not has_plus_minus(candidate) and not has_plus_minus(reference):
        return None
    coupled = judge.compare(expand_plus_minus(candidate), expand_plus_minus(reference))
    if coupled.match is Match.EQUAL:
        return coupled
    free = (_expand_freely(candidate), _expand_freely(reference))
    for ours in (candidate, free[0]):
        for theirs in (reference, free[1]):
            if ours is None or theirs is None or (ours is candidate and theirs is reference):
                continue
            outcome = judge.compare(expand_plus_minus(ours), expand_plus_minus(theirs))
            if outcome.match is Match.EQUAL:
                return outcome
    return coupled


def has_plus_minus(node: Node) -> bool:
    r"""Tells whether a ``\pm`` or ``\mp`` stands anywhere in a tree."""
    return contains(node, _is_sign)


def expand_plus_minus(node: Node) -> Node:
    r"""Replaces what holds a ``\pm`` by the list of its two values: all signs upper, all lower.

    A list, a set, or a row of alternatives takes both values as elements of its own; anything else
    becomes a list of two. A tree without the signs is returned as it is.
    """
    if not has_plus_minus(node):
        return node
    spliced = _spliced(node)
    if not has_plus_minus(spliced):
        return spliced
    upper, lower = _signed(spliced, upper=True), _signed(spliced, upper=False)
    return upper if upper == lower else Sequence("", (upper, lower))


def _is_sign(node: Node) -> bool:
    return isinstance(node, Apply) and node.head in {"pm", "mp"}


def _spliced(node: Node) -> Node:
    """Expands the elements of every list and set in a tree."""
    inner = map_children(node, _spliced)
    if isinstance(inner, Sequence) and inner.brackets in _LISTS:
        return Sequence(inner.brackets, tuple(_elements(inner.items)))
    if isinstance(inner, Logic) and inner.head == "or":
        return Logic("or", tuple(_elements(inner.args)))
    return inner


def _elements(items: tuple[Node, ...]) -> Iterator[Node]:
    for item in items:
        if has_plus_minus(item):
            yield _signed(item, upper=True)
            yield _signed(item, upper=False)
        else:
            yield item


def _signed(node: Node, *, upper: bool) -> Node:
    inner = map_children(node, lambda part: _signed(part, upper=upper))
    if isinstance(inner, Apply) and inner.head in {"pm", "mp"}:
        return inner.args[0] if (inner.head == "pm") is upper else _negative(inner.args[0])
    return inner


def _negative(node: Node) -> Node:
    if isinstance(node, Number):
        return Number(-node.value, node.places, node.digits)
    return Apply("neg", (node,))


def _expand_freely(node: Node) -> Node | None:
    r"""Lists the values by every choice of signs; None where that is no other reading."""
    signs = list(_signs(node))
    if isinstance(node, Sequence) or not 1 < len(signs) <= MAX_SIGNS:
        return None
    if any(sign.head == "mp" for sign in signs):
        return None
    return Sequence(
        "",
        tuple(_chosen(node, iter(choice)) for choice in product((True, False), repeat=len(signs))),
    )


def _signs(node: Node) -> Iterator[Apply]:
    if isinstance(node, Apply) and node.head in {"pm", "mp"}:
        yield node
    for part in children(node):
        yield from _signs(part)


def _chosen(node: Node, choices: Iterator[bool]) -> Node:
    if isinstance(node, Apply) and node.head == "pm":
        upper = next(choices)
        inner = _chosen(node.args[0], choices)
        return inner if upper else _negative(inner)
    return map_children(node, lambda part: _chosen(part, choices))
