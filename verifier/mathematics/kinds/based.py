"""Comparing integers with their base written: 204 in base five is no 204 in base seven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.syntax import Apply, BasedNumber, Node, Number, Symbol
from verifier.mathematics.traversal import is_expression
from verifier.mathematics.verdicts import EXACT_DIFFERENT, EXACT_EQUAL, OTHER_STRUCTURE, Comparison

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge


_TEN: Final = 10


def compare_based(candidate: Node, reference: Node, _judge: Judge) -> Comparison | None:
    """Compares where a side has its base written; None where none has.

    Bases must agree. Where the reference alone names one it was implied, and the digits count:
    ``204`` answers ``204_5``, but 54, which that is worth, does not. A candidate that alone names a
    base is in another one than was asked for. Base ten is as good as none.
    """
    if isinstance(candidate, BasedNumber) and isinstance(reference, BasedNumber):
        same = (candidate.base, candidate.value) == (reference.base, reference.value)
        return EXACT_EQUAL if same else EXACT_DIFFERENT
    for based, other in ((candidate, reference), (reference, candidate)):
        if isinstance(based, BasedNumber):
            if not is_expression(other):
                return None
            digits = _digits(other)
            if digits is None or (based is candidate and based.base != _TEN):
                return OTHER_STRUCTURE
            return EXACT_EQUAL if digits == _bare(based.digits) else EXACT_DIFFERENT
    return None


def _bare(digits: str) -> str:
    sign = "-" if digits.startswith("-") else ""
    return sign + (digits.lstrip("-").lstrip("0") or "0")


def _digits(node: Node) -> str | None:
    """Reads an integer as its digits; also ``1A``, which was read as a product."""
    if isinstance(node, Apply) and node.head == "neg":
        inner = _digits(node.args[0])
        return None if inner is None else f"-{inner}"
    if isinstance(node, Number) and isinstance(node.value, int) and not node.places:
        return str(node.value)
    if isinstance(node, Symbol) and len(node.name) == 1 and node.name.isascii():
        return node.name if node.name.isupper() else None
    if isinstance(node, Apply) and node.head == "*":
        parts = [_digits(part) for part in node.args]
        return None if None in parts else "".join(part or "" for part in parts)
    return None
