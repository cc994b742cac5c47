"""Evaluating sums, products, integrals, limits and derivatives that were left as they are."""

from __future__ import annotations

from typing import Any, Final

import sympy

_OPERATORS: Final = (
    sympy.Sum,
    sympy.Product,
    sympy.Integral,
    sympy.Limit,
    sympy.Derivative,
)
_INFINITIES: Final = (sympy.oo, -sympy.oo)
_UNUSABLE: Final = (sympy.nan, sympy.zoo)


class Evaluated:
    """An expression with its operators evaluated as far as SymPy can.

    Args:
        expression: with unevaluated operators.

    Attributes:
        given: the expression as it was.
        value: evaluated.
        conditions: under which `value` is what the expression is worth: ``|x| < 1`` for the
            geometric series. Elsewhere it is worth nothing, so nobody compares there.
        changed: whether there was anything to evaluate.
    """

    def __init__(self, expression: Any) -> None:
        self.given = expression
        self.conditions: list[Any] = []
        self.changed = expression.has(*_OPERATORS)
        self.value = self._evaluate(expression) if self.changed else expression

    @property
    def usable(self) -> bool:
        """Whether there is a value to speak of."""
        return not bool(self.value.has(*_UNUSABLE, sympy.AccumBounds))

    @property
    def integrates(self) -> bool:
        """Whether it had a definite integral, which SymPy has been known to get wrong."""
        return bool(self.given.has(sympy.Integral))

    def _evaluate(self, expression: Any) -> Any:
        """Evaluates innermost operators first."""
        if not expression.has(*_OPERATORS):
            return expression
        rebuilt = expression.func(*map(self._evaluate, expression.args))
        if not isinstance(rebuilt, _OPERATORS):
            return rebuilt
        if isinstance(rebuilt, sympy.Limit):
            return _limit(rebuilt)
        return self._generic(_convergent(_infinite_product(rebuilt.doit(deep=False))))

    def _generic(self, result: Any) -> Any:
        """Chooses, of a result by cases, the case that is no special value of a parameter."""
        while isinstance(result, sympy.Piecewise):
            for value, condition in result.args:
                if not _is_special(condition) and not value.has(*_OPERATORS, sympy.oo):
                    if condition != sympy.true:
                        self.conditions.append(condition)
                    result = value
                    break
            else:
                return sympy.nan
        return result.replace(lambda part: isinstance(part, sympy.Piecewise), self._generic)


def _is_special(condition: Any) -> bool:
    """Tells whether a condition holds for single values alone: ``x = 1``."""
    if isinstance(condition, sympy.And):
        return any(map(_is_special, condition.args))
    if isinstance(condition, sympy.Or):
        return all(map(_is_special, condition.args))
    return isinstance(condition, sympy.Eq)


def _convergent(result: Any) -> Any:
    """A sum that could not be evaluated, if it has a value; else nan."""
    if not isinstance(result, sympy.Sum) or not result.has(*_INFINITIES):
        return result
    try:
        return result if result.is_convergent() == sympy.true else sympy.nan
    except NotImplementedError:
        return sympy.nan


def _limit(limit: Any) -> Any:
    """A limit; nan for a two-sided one whose sides differ."""
    body, variable, point, side = limit.args
    if str(side) != "+-":
        return limit.doit(deep=False)
    below, above = (sympy.Limit(body, variable, point, one).doit(deep=False) for one in ("-", "+"))
    same = below == above or sympy.simplify(below - above) == 0
    return above if same else sympy.nan


def _infinite_product(result: Any) -> Any:
    """An infinite product as the limit of finite ones, which SymPy does not try by itself."""
    if not isinstance(result, sympy.Product) or len(result.limits) != 1:
        return result
    variable, lower, upper = result.limits[0]
    if upper != sympy.oo:
        return result
    count = sympy.Dummy(integer=True, positive=True)
    finite = sympy.Product(result.function, (variable, lower, count)).doit(deep=False)
    if finite.has(sympy.Product):
        return result
    return sympy.limit(sympy.gammasimp(finite), count, sympy.oo)
