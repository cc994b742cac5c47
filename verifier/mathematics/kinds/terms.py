r"""What an expression is made of: whether it is constant, and what it may be a polynomial in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from verifier.mathematics.limits import MAX_LEVELS
from verifier.mathematics.syntax import (
    Apply,
    BasedNumber,
    Equation,
    Logic,
    Node,
    Number,
    Quantity,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CONSTANTS: Final = frozenset(("pi", "e", "i", "infty"))
NAMED_SETS: Final = frozenset(
    ("Reals", "Integers", "Naturals", "Rationals", "Complexes", "emptyset", "...")
)
ALGEBRAIC: Final = frozenset(("+", "neg", "*", "/", "^", "abs", "pm", "mp"))
# Of these a name is not made: "ln x > 1" is to be solved for x, "f(x) > 1" says what f(x) is.
_SOLVABLE: Final = frozenset(
    (
        *("root", "exp", "ln", "log", "log10", "floor", "ceil", "sign", "factorial", "degree"),
        *("max", "min", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan"),
        *("sinh", "cosh", "tanh"),
    )
)


def is_constant(node: Node) -> bool:
    """Tells whether an expression is a number whatever its letters are: it has none."""
    if isinstance(node, Apply):
        return not node.head.startswith("call ") and all(map(is_constant, node.args))
    if isinstance(node, Quantity):
        return is_constant(node.value)
    if isinstance(node, Symbol):
        return node.name in CONSTANTS
    return isinstance(node, Number | BasedNumber)


def infinity_of(node: Node) -> int:
    """Tells the sign of an infinity: 1, -1, or 0 for anything else."""
    if isinstance(node, Apply) and node.head in {"neg", "+"} and len(node.args) == 1:
        return infinity_of(node.args[0]) * (-1 if node.head == "neg" else 1)
    return 1 if node == Symbol("infty") else 0


def unknowns(node: Node) -> frozenset[Node]:
    """Collects the letters and function values that an expression is made of by arithmetic.

    Functions that one could solve for their argument, ``ln x``, come as they stand.
    """
    if is_constant(node):
        return frozenset()
    if isinstance(node, Apply) and node.head in ALGEBRAIC:
        return frozenset().union(*map(unknowns, node.args))
    if isinstance(node, Quantity):
        return unknowns(node.value)
    return frozenset((node,))


def names_a_value(node: Node) -> bool:
    """Tells whether what `unknowns` collected can stand for a variable: x, f(x), f'(x)."""
    if isinstance(node, Symbol):
        return node.name not in NAMED_SETS
    return isinstance(node, Apply) and node.head not in _SOLVABLE


def symbols(node: Node) -> frozenset[str]:
    """Collects the free letters of an expression, a relation or a set."""
    if isinstance(node, Symbol):
        return frozenset() if node.name in CONSTANTS | NAMED_SETS else frozenset((node.name,))
    found = frozenset[str]().union(*map(symbols, parts(node)))
    if isinstance(node, SetBuilder) and isinstance(node.element, Symbol):
        return found - {node.element.name}
    return found


def parts(node: Node) -> tuple[Node, ...]:
    """Lists the direct parts of the trees that relations and sets are made of."""
    if isinstance(node, Apply | Logic):
        return node.args
    if isinstance(node, Sequence):
        return node.items
    if isinstance(node, Relation):
        return node.operands
    if isinstance(node, Equation):
        return node.left, node.right
    if isinstance(node, SetBuilder):
        return node.element, *node.conditions
    return (node.value,) if isinstance(node, Quantity) else ()


def rewritten(node: Node, rewrite: Callable[[Node], Node | None]) -> Node:
    """Replaces every part that `rewrite` has another for, outermost first."""
    other = rewrite(node)
    if other is not None:
        return other
    new = tuple(rewritten(part, rewrite) for part in parts(node))
    rebuild = _REBUILT.get(type(node))
    return rebuild(node, new) if rebuild is not None else node


def has_signs(node: Node) -> bool:
    """Tells whether an expression stands for two by a plus-or-minus sign."""
    return (isinstance(node, Apply) and node.head in {"pm", "mp"}) or any(
        map(has_signs, parts(node))
    )


def both_signs(node: Node) -> tuple[Node, Node]:
    """Writes an expression with plus-or-minus signs out twice: upper signs, then lower ones."""

    def upper(part: Node) -> Node | None:
        return _signed(part, "mp", upper)

    def lower(part: Node) -> Node | None:
        return _signed(part, "pm", lower)

    return rewritten(node, upper), rewritten(node, lower)


def _signed(part: Node, minus: str, rewrite: Callable[[Node], Node | None]) -> Node | None:
    if not isinstance(part, Apply) or part.head not in {"pm", "mp"}:
        return None
    *first, last = (rewritten(arg, rewrite) for arg in part.args)
    signed = Apply("neg", (last,)) if part.head == minus else last
    return Apply("+", (*first, signed)) if first else signed


def is_shallow(node: Node) -> bool:
    """Tells whether a tree is within `MAX_LEVELS`, so that recursion over it is safe."""
    level = [node]
    for _ in range(MAX_LEVELS):
        level = [part for one in level for part in parts(one)]
        if not level:
            return True
    return False


_REBUILT: Final[dict[type, Callable[[Any, tuple[Node, ...]], Node]]] = {
    Apply: lambda node, new: Apply(node.head, new),
    Logic: lambda node, new: Logic(node.head, new),
    Sequence: lambda node, new: Sequence(node.brackets, new),
    Relation: lambda node, new: Relation(new, node.signs),
    Equation: lambda _, new: Equation(*new),
    SetBuilder: lambda _, new: SetBuilder(new[0], new[1:]),
    Quantity: lambda node, new: Quantity(new[0], node.unit, node.percent),
}
