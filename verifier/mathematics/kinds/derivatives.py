r"""Derivatives left as ``\frac{d}{dx} x^3``: worked out, wherever there is a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact.derivatives import derivative
from verifier.mathematics.syntax import Apply, Node, Number, Symbol, TooComplexError
from verifier.mathematics.traversal import contains, map_children

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge
    from verifier.mathematics.verdicts import Comparison

_HEAD: Final = "derivative"


def compare_derivatives(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where a derivative stands on a side and can be worked out; None elsewhere."""
    if not (contains(candidate, _is_derivative) or contains(reference, _is_derivative)):
        return None
    try:
        ours, theirs = _worked_out(candidate), _worked_out(reference)
    except TooComplexError:
        return None
    return None if (ours, theirs) == (candidate, reference) else judge.compare(ours, theirs)


def _is_derivative(node: Node) -> bool:
    return isinstance(node, Apply) and node.head == _HEAD


def _worked_out(node: Node) -> Node:
    """Replaces every derivative by its value.

    Raises:
        TooComplexError: there is no rule for one, or it gets too large.
    """
    node = map_children(node, _worked_out)
    if not isinstance(node, Apply) or node.head != _HEAD:
        return node
    result, variable, order = node.args
    if not isinstance(variable, Symbol) or not isinstance(order, Number):
        raise TooComplexError("a derivative by no letter")
    for _ in range(int(order.value)):
        result = derivative(result, variable.name)
    return result
