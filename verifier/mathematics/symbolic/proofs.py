"""Proving that an expression is zero, by SymPy's simplifications in the order of what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sympy

if TYPE_CHECKING:
    from collections.abc import Callable

_SMALL: Final = 1e-10  # what rounding may leave of zero
_MAX_LEAVES: Final = 60  # for the algebraic proof: degrees multiply with every radical


def is_zero(expression: Any) -> bool:
    """Tells whether an expression is proven to be zero; False says nothing."""
    if expression == 0:
        return True
    written_out = sympy.expand(expression)
    if written_out == 0:
        return True
    for step in (*_STEPS, *_NUMBER_STEPS[: None if expression.is_number else 0], *_LAST_STEPS):
        try:
            if step(written_out) == 0:
                return True
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001, S112 - SymPy raises anything; the next step may do better
            continue
    return False


def _of_algebraic(it: Any) -> Any:
    """An algebraic number is zero exactly if its minimal polynomial is x."""
    if not it.is_algebraic or _leaves(it) > _MAX_LEAVES:
        return it
    unknown = sympy.Dummy()
    return sympy.minimal_polynomial(it, unknown) - unknown


def _of_real(it: Any) -> Any:
    """A real number is zero exactly if its exponential is one."""
    return sympy.exp(it) - 1 if it.is_extended_real else it


def _of_angle(it: Any) -> Any:
    """A small angle is zero exactly if its cosine is one and its sine zero."""
    if not (it.is_extended_real and it.has(sympy.atan) and abs(it.evalf(chop=_SMALL)) < 1):
        return it
    turned = sympy.exp((sympy.I * it).rewrite(sympy.log).expand())
    return sympy.expand(sympy.radsimp(turned)) - 1


def _leaves(expression: Any) -> int:
    return sum(1 for _ in sympy.preorder_traversal(expression))


# Each gives something that is zero only if what it is given is. Ever dearer ones.
_STEPS: Final[tuple[Callable[[Any], Any], ...]] = (
    lambda it: sympy.piecewise_fold(it) if it.has(sympy.Piecewise) else it,
    lambda it: sympy.cancel(sympy.together(it)),
    lambda it: sympy.expand_log(it).expand(),
    lambda it: sympy.expand(sympy.expand_trig(it)),
    sympy.radsimp,
    sympy.trigsimp,
    lambda it: sympy.powsimp(sympy.logcombine(it)),
    sympy.gammasimp,
)
_NUMBER_STEPS: Final[tuple[Callable[[Any], Any], ...]] = (_of_real, _of_angle, _of_algebraic)
_LAST_STEPS: Final[tuple[Callable[[Any], Any], ...]] = (
    sympy.simplify,
    lambda it: sympy.simplify(sympy.expand(it.rewrite(sympy.exp))),
    lambda it: sympy.simplify(sympy.expand_func(it)),
)
