"""What an expression is made of, before anything is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.mathematics.limits import MAX_NUMERIC_DEPTH, MAX_NUMERIC_NODES
from verifier.mathematics.syntax import (
    Apply,
    BasedNumber,
    BigOperator,
    Equation,
    Logic,
    Node,
    Number,
    Piecewise,
    Quantity,
    Relation,
    Symbol,
)
from verifier.mathematics.traversal import CONSTANTS, children

if TYPE_CHECKING:
    from collections.abc import Iterable

_OF_COMPLEX: Final = frozenset(("conj", "re", "im", "arg"))
_WITH_KINKS: Final = frozenset(
    ("abs", "floor", "ceil", "sign", "max", "min", "mod", "gcd", "lcm", "root", "Piecewise")
)
_WITH_STEPS: Final = frozenset(("floor", "ceil", "sign", "mod", "gcd", "lcm"))
_COMPLEX_LETTERS: Final = ("z", "w", "omega", "zeta")
_CONSTANTS: Final = frozenset(("pi", "e", "i"))
_NO_NUMBERS: Final = CONSTANTS - _CONSTANTS
_CONDITIONS: Final = (Relation, Logic, Equation)
_KNOWN: Final = (Apply, Number, BasedNumber, Symbol, Quantity, BigOperator, Piecewise, *_CONDITIONS)


class Survey(NamedTuple):
    """What one or several expressions contain.

    Attributes:
        symbols: their free variables.
        heads: of `Apply` and `BigOperator`, and ``Piecewise``.
        imaginary: whether the imaginary unit occurs.
    """

    symbols: frozenset[str]
    heads: frozenset[str]
    imaginary: bool

    @property
    def has_kinks(self) -> bool:
        """Tells whether the expression may follow different formulas in different places."""
        return not self.heads.isdisjoint(_WITH_KINKS)

    @property
    def has_steps(self) -> bool:
        """Tells whether the expression may stand still between places where it jumps."""
        return not self.heads.isdisjoint(_WITH_STEPS)

    @property
    def is_complex(self) -> bool:
        """Tells whether the expression speaks of complex numbers."""
        return self.imaginary or not self.heads.isdisjoint(_OF_COMPLEX)

    def complex_symbols(self) -> frozenset[str]:
        """Lists the variables that stand for complex numbers.

        Where i itself is written, a + bi has real a and b, and only z and w are complex; where only
        a conjugate or the like is taken, every variable is.
        """
        if not self.is_complex:
            return frozenset()
        if not self.imaginary:
            return self.symbols
        return frozenset(name for name in self.symbols if name.startswith(_COMPLEX_LETTERS))


def survey(*nodes: Node) -> Survey | None:
    """Surveys expressions; None if one of them is no single value, or too large."""
    if any(isinstance(node, _CONDITIONS) for node in nodes):
        return None
    symbols: set[str] = set()
    heads: set[str] = set()
    left = MAX_NUMERIC_NODES
    waiting: list[tuple[Node, int, frozenset[str]]] = [(node, 0, frozenset()) for node in nodes]
    while waiting:
        node, depth, bound = waiting.pop()
        left -= 1
        if left < 0 or depth > MAX_NUMERIC_DEPTH or not isinstance(node, _KNOWN):
            return None
        if isinstance(node, Symbol):
            if node.name not in bound:
                symbols.add(node.name)
        elif isinstance(node, Apply):
            heads.add(node.head)
            waiting += [(part, depth + 1, bound) for part in node.args]
        else:
            heads.add(getattr(node, "head", type(node).__name__))
            waiting.extend(_inside(node, depth + 1, bound))
    if symbols & _NO_NUMBERS:
        return None
    return Survey(frozenset(symbols - _CONSTANTS), frozenset(heads), "i" in symbols)


def _inside(
    node: Node, depth: int, bound: frozenset[str]
) -> Iterable[tuple[Node, int, frozenset[str]]]:
    for part in children(node):
        if isinstance(node, BigOperator) and part is node.body:
            yield part, depth, bound | {node.variable}
        else:
            yield part, depth, bound
