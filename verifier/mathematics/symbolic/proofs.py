"""Proving that an expression is zero, by SymPy's simplifications in the order of what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sympy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAX_LEAVES: Final = 60  # for the algebraic proof: degrees multiply with every radical


def is_zero(expression: Any) -> bool:
    """Tells whether an expression is proven to be zero; False says nothing."""
    return any(result == 0 for result in _simplified(expression))


def _simplified(expression: Any) -> Iterator[Any]:
    """The same expression, simplified in ever dearer ways."""
    yield expression
    written_out = sympy.expand(expression)
    yield written_out
    if expression.has(sympy.Piecewise):
        written_out = sympy.piecewise_fold(written_out)
        yield sympy.piecewise_simplify(written_out)
    for step in _STEPS:
        yield step(written_out)
    if expression.is_number and expression.is_algebraic and _leaves(expression) <= _MAX_LEAVES:
        unknown = sympy.Dummy()
        yield sympy.minimal_polynomial(expression, unknown) - unknown
    yield sympy.simplify(expression)
    yield sympy.simplify(sympy.expand(expression.rewrite(sympy.exp), complex=False))
    yield sympy.simplify(sympy.expand_func(expression))


def _leaves(expression: Any) -> int:
    return sum(1 for _ in sympy.preorder_traversal(expression))


_STEPS: Final[tuple[Callable[[Any], Any], ...]] = (
    lambda it: sympy.cancel(sympy.together(it)),
    lambda it: sympy.expand_log(it).expand(),
    lambda it: sympy.expand(sympy.expand_trig(it)),
    sympy.radsimp,
    sympy.trigsimp,
    lambda it: sympy.powsimp(sympy.logcombine(it)),
    sympy.gammasimp,
)
