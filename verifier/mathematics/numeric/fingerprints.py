"""One rough value of an expression, to tell at a glance that two of many are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from verifier.mathematics.numeric.balls import HugeError, NoEvidenceError, precision, real_field
from verifier.mathematics.numeric.evaluator import Effort, Evaluator, Reading
from verifier.mathematics.syntax import Apply, Node, Number, Sequence, Symbol, TooComplexError
from verifier.mathematics.traversal import contains, free_symbols, is_expression

if TYPE_CHECKING:
    from collections.abc import Sequence as Several

_BITS: Final = 96  # the least precision there is a price for
_PLACES: Final = (0.73, 1.37, 2.11, 0.41, 3.19, 1.79, 2.83, 0.59)  # of the variables, by name
_NEAR: Final = 0.02  # further apart than any rounding of an answer
# What has several readings, or another meaning than its value, is left to a real comparison.
_TUPLES: Final = frozenset(("()", "[]"))
_READINGS: Final = frozenset(("log", "pm", "mp", "degree"))


def fingerprints(nodes: Several[Node]) -> list[Any]:
    """Evaluates each of several answers once, all at the same point.

    Returns:
        A ball for each, or None where only a real comparison can tell: outside the reals, where
        notation has several readings, or where all together took too long.
    """
    names = sorted(frozenset().union(*map(free_symbols, nodes)))
    if len(names) > len(_PLACES):
        return [None] * len(nodes)
    with precision() as set_bits:
        set_bits(_BITS)
        field = real_field()
        point = {name: field.ball(place) for name, place in zip(names, _PLACES, strict=False)}
        evaluator = Evaluator(field, point, Reading(), Effort(), _BITS)
        return [_fingerprint(node, evaluator) for node in nodes]


def are_apart(one: Any, other: Any) -> bool:
    """Tells whether two fingerprints prove two answers different, whatever was rounded."""
    if one is None or other is None:
        return False
    if isinstance(one, tuple) or isinstance(other, tuple):
        both = isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other)
        return both and any(map(are_apart, one, other))
    gap = (one - other).abs_lower()
    return bool(gap > (one.abs_upper() + other.abs_upper()) * _NEAR)


def _fingerprint(node: Node, evaluator: Evaluator) -> Any:
    if isinstance(node, Sequence) and node.brackets in _TUPLES:
        return tuple(_fingerprint(item, evaluator) for item in node.items)
    if not is_expression(node) or contains(node, _is_open):
        return None
    try:
        ball = evaluator.value(node)
    except (NoEvidenceError, HugeError, TooComplexError, ArithmeticError, ValueError):
        return None
    return ball if ball.is_finite() else None


def _is_open(node: Node) -> bool:
    if not isinstance(node, Apply):
        return False
    if node.head == "^" and not isinstance(node.args[0], Symbol):
        exponent = node.args[1]  # a root of what may be negative
        return not (isinstance(exponent, Number) and isinstance(exponent.value, int))
    return node.head in _READINGS or node.head.startswith("call ")
