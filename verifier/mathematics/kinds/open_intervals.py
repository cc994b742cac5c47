"""Sets whose ends have parameters, (-a, a): pieces as written, in no proven order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.mathematics.kinds.real_sets import NotASetError
from verifier.mathematics.kinds.set_reading import flattened, is_pair
from verifier.mathematics.kinds.terms import infinity_of, is_constant, symbols
from verifier.mathematics.limits import MAX_UNORDERED
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Logic,
    Node,
    Quantity,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
)

if TYPE_CHECKING:
    from collections.abc import Sequence as Several

_RISING: Final = {"<": "()", "<=": "[]"}
_FALLING: Final = {">": "()", ">=": "[]"}


@dataclass(frozen=True, slots=True)
class Interval:
    """One piece.

    Attributes:
        low: None for minus infinity.
        high: None for infinity.
        brackets: as written; round at infinity.
    """

    low: Node | None
    high: Node | None
    brackets: str


@dataclass(frozen=True, slots=True)
class Unsorted:
    """A union of pieces.

    Attributes:
        pieces: at most `MAX_UNORDERED`.
        variable: what is said to lie in it; None for a bare set.
    """

    pieces: tuple[Interval, ...]
    variable: Node | None = None


def read_unsorted(node: Node, parameters: frozenset[str]) -> Unsorted:
    """Reads a union of intervals, or a relation that bounds one letter by parameters.

    Args:
        node: the union or the relation.
        parameters: letters that are known to be none that runs over the set.

    Raises:
        NotASetError: it is neither, or has too many pieces.
    """
    if isinstance(node, Relation):
        if node.signs == ("in",):
            return Unsorted(read_unsorted(node.operands[1], parameters).pieces, node.operands[0])
        return _read_bounds(node, parameters)
    if isinstance(node, SetBuilder) and len(node.conditions) == 1:
        known = symbols(node) - symbols(node.element)
        found = read_unsorted(node.conditions[0], known)
        if found.variable == node.element:
            return Unsorted(found.pieces)
    parts = _joined_parts(node)
    if parts:
        return _joined([read_unsorted(part, parameters) for part in parts])
    if isinstance(node, Sequence):
        return _read_sequence(node)
    raise NotASetError("no union of intervals")


def _joined_parts(node: Node) -> Several[Node]:
    """Lists what a union joins; the one set that ``D = `` names; nothing for anything else."""
    if isinstance(node, Apply) and node.head == "cup":
        return flattened(node)
    if isinstance(node, Logic) and node.head == "or":
        return node.args
    return (node.right,) if isinstance(node, Equation) else ()


def _joined(parts: list[Unsorted]) -> Unsorted:
    pieces = tuple(piece for part in parts for piece in part.pieces)
    variables = {part.variable for part in parts}
    if len(variables) > 1 or len(pieces) > MAX_UNORDERED:
        raise NotASetError("too many variables or pieces")
    return Unsorted(pieces, variables.pop())


def _read_sequence(node: Sequence) -> Unsorted:
    if not all(_is_bound(item) for item in node.items):
        raise NotASetError("not numbers")
    if node.brackets == "{}" and len(node.items) <= MAX_UNORDERED:
        return Unsorted(tuple(Interval(item, item, "[]") for item in node.items))
    if not is_pair(node):
        raise NotASetError("a tuple")
    return Unsorted((_interval(node.items[0], node.items[1], node.brackets),))


def _is_bound(node: Node) -> bool:
    return isinstance(node, Apply | Quantity | Symbol) or is_constant(node)


def _interval(low: Node, high: Node, brackets: str) -> Interval:
    least, greatest = infinity_of(low), infinity_of(high)
    if least > 0 or greatest < 0:
        raise NotASetError("an interval of falling endpoints")
    if (least and brackets[0] == "[") or (greatest and brackets[1] == "]"):
        raise NotASetError("infinity is no element")
    return Interval(None if least else low, None if greatest else high, brackets)


def _read_bounds(node: Relation, parameters: frozenset[str]) -> Unsorted:
    """Reads x > a, or -a < x <= a: one letter that stands alone and nowhere else.

    Raises:
        NotASetError: there is no such letter.
    """
    rising = all(sign in _RISING for sign in node.signs)
    if not rising and not all(sign in _FALLING for sign in node.signs):
        raise NotASetError("no interval")
    operands, signs = node.operands, node.signs
    if not rising:
        operands = operands[::-1]
        signs = tuple("<=" if sign == ">=" else "<" for sign in reversed(signs))
    if len(operands) == 3:
        low, variable, high = operands
        brackets = _RISING[signs[0]][0] + _RISING[signs[1]][1]
        return Unsorted((_interval(low, high, brackets),), _alone(variable, low, high))
    if len(operands) != 2:
        raise NotASetError("a longer chain")
    low, high = operands
    # Of "x > a" the letter written first runs, unless it is known to be a parameter.
    is_low = isinstance(low, Symbol) and (isinstance(node.operands[0], Symbol) is rising)
    if isinstance(low, Symbol) and isinstance(high, Symbol) and parameters:
        is_low = low.name not in parameters
    if is_low:
        place = _interval(Apply("neg", (Symbol("infty"),)), high, "(" + _RISING[signs[0]][1])
        return Unsorted((place,), _alone(low, high))
    place = _interval(low, Symbol("infty"), _RISING[signs[0]][0] + ")")
    return Unsorted((place,), _alone(high, low))


def _alone(variable: Node, *others: Node) -> Node:
    if not isinstance(variable, Symbol) or is_constant(variable):
        raise NotASetError("no variable")
    if any(variable.name in symbols(other) for other in others):
        raise NotASetError("a variable on both sides")
    return variable
