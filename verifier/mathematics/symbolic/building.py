"""From a tree to SymPy objects, by constructors alone: nothing is ever parsed or evaluated."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Final

import sympy

from verifier.mathematics.limits import MAX_SYMBOLIC_FACTORS, MAX_SYMBOLIC_TERMS
from verifier.mathematics.symbolic.constructors import CONSTRUCTORS, logarithm, number
from verifier.mathematics.syntax import (
    Apply,
    BasedNumber,
    BigOperator,
    Equation,
    Logic,
    Matrix,
    Node,
    Number,
    Piecewise,
    Relation,
    Sequence,
    Symbol,
    TooComplexError,
    UnsupportedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ONCE: Final = Number(1)
_MAX_DERIVATIVES: Final = 10  # of one function: the size may double with each
_CONSTANTS: Final[Mapping[str, Any]] = {
    "pi": sympy.pi,
    "e": sympy.E,
    "i": sympy.I,
    "infty": sympy.oo,
}
_SETS: Final = frozenset(
    ("Reals", "Integers", "Naturals", "Rationals", "Complexes", "emptyset", "...")
)
_RELATIONS: Final[Mapping[str, Any]] = {
    "<": sympy.Lt,
    "<=": sympy.Le,
    ">": sympy.Gt,
    ">=": sympy.Ge,
    "=": sympy.Eq,
    "!=": sympy.Ne,
}
_LOGIC: Final[Mapping[str, Any]] = {"and": sympy.And, "or": sympy.Or, "not": sympy.Not}


class Domain(Enum):
    """What is known of a symbol, as SymPy spells it."""

    REAL = "real"
    POSITIVE = "positive"
    NEGATIVE = "negative"


class Builder:
    """Builds SymPy objects for the trees of one comparison.

    Args:
        domains: of symbols; REAL for those not named.
        counts: symbols that are positive integers, whatever `domains` says: see `counting_symbols`.
        log_base: how a bare "log" is read.
    """

    def __init__(
        self, domains: Mapping[str, Domain], counts: frozenset[str], log_base: Any = sympy.E
    ) -> None:
        self._domains = domains
        self._counts = counts
        self._log_base = log_base
        self._bound: dict[str, Any] = {}

    def build(self, node: Node) -> Any:
        """The SymPy object that a tree stands for; big operators stay unevaluated.

        Raises:
            UnsupportedError: it stands for none.
            TooComplexError: it is too large to be handed to SymPy.
        """
        builder = self._BUILDERS.get(type(node))
        if builder is None:
            raise UnsupportedError(f"no value for SymPy: {type(node).__name__}")
        return builder(self, node)

    def symbol(self, name: str) -> Any:
        """The symbol of that name, or the constant."""
        if name in self._bound:
            return self._bound[name]
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name in _SETS:
            raise UnsupportedError("a set is no value")
        return self.free(name)

    def free(self, name: str) -> Any:
        """The variable of that name, outside of whatever binds it."""
        if name in self._counts:
            return sympy.Symbol(name, integer=True, positive=True)
        return sympy.Symbol(name, **{self._domains.get(name, Domain.REAL).value: True})

    def _number(self, node: Number) -> Any:
        return number(*node.value.as_integer_ratio())

    def _based(self, node: BasedNumber) -> Any:
        return number(node.value)

    def _symbol(self, node: Symbol) -> Any:
        return self.symbol(node.name)

    def _apply(self, node: Apply) -> Any:
        if node.head == "derivative":
            return self._derivative(*node.args)
        args = [self.build(argument) for argument in node.args]
        if node.head == "log":
            return logarithm(*args, *(() if len(args) > 1 else (self._log_base,)))
        if node.head.startswith("call "):
            return sympy.Function(node.head.removeprefix("call "))(*args)
        constructor = CONSTRUCTORS.get(node.head)
        if constructor is None:
            raise UnsupportedError(node.head)
        return constructor(*args)

    def _derivative(self, function: Node, by: Node, order: Node = _ONCE) -> Any:
        times = order.value if isinstance(order, Number) else 0
        if not isinstance(by, Symbol) or times not in range(1, _MAX_DERIVATIVES + 1):
            raise UnsupportedError("a derivative of no fixed order")
        return sympy.Derivative(self.build(function), (self.symbol(by.name), int(times)))

    def _operator(self, node: BigOperator) -> Any:
        build = self._OPERATORS.get(node.head)
        if build is None:
            raise UnsupportedError(node.head)
        return build(self, node)

    def _within(self, node: BigOperator, **assumptions: bool) -> tuple[Any, Any]:
        """The bound variable, and the body in which it is bound."""
        variable = sympy.Symbol(node.variable, **assumptions)
        outer = self._bound
        self._bound = {**outer, node.variable: variable}
        try:
            return variable, self.build(node.body)
        finally:
            self._bound = outer

    def _bounds(self, node: BigOperator) -> tuple[Any, Any]:
        if node.lower is None or node.upper is None:
            raise UnsupportedError("an operator without bounds")
        return self.build(node.lower), self.build(node.upper)

    def _sum(self, node: BigOperator) -> Any:
        empty, most, kind = (
            (sympy.S.Zero, MAX_SYMBOLIC_TERMS, sympy.Sum)
            if node.head == "sum"
            else (sympy.S.One, MAX_SYMBOLIC_FACTORS, sympy.Product)
        )
        lower, upper = self._bounds(node)
        if any(bound.is_integer is False and bound.is_finite for bound in (lower, upper)):
            raise UnsupportedError("a sum between bounds that are no integers")
        if (upper - lower).is_negative:
            return empty  # SymPy has another convention
        if (upper - lower).is_Integer and upper - lower > most:
            raise TooComplexError("a sum of too many terms")
        variable, body = self._within(node, integer=True)
        return kind(body, (variable, lower, upper))

    def _integral(self, node: BigOperator) -> Any:
        if node.lower is None and node.upper is None:
            # The result is a function of the variable itself.
            return sympy.Integral(self.build(node.body), self.symbol(node.variable))
        lower, upper = self._bounds(node)
        positive = lower.is_nonnegative and (upper - lower).is_nonnegative
        variable, body = self._within(node, **{"positive" if positive else "real": True})
        return sympy.Integral(body, (variable, lower, upper))

    def _limit(self, node: BigOperator) -> Any:
        if node.lower is None:
            raise UnsupportedError("a limit towards nothing")
        point = self.build(node.lower)
        variable, body = self._within(node, **{"positive" if point == sympy.oo else "real": True})
        side = node.side or ("+-" if point.is_finite else "-" if point == sympy.oo else "+")
        return sympy.Limit(body, variable, point, side)

    def _matrix(self, node: Matrix) -> Any:
        return sympy.ImmutableDenseMatrix(
            [[self.build(entry) for entry in row] for row in node.rows]
        )

    def _piecewise(self, node: Piecewise) -> Any:
        return sympy.Piecewise(
            *(
                (self.build(value), sympy.true if when is None else self._condition(when))
                for value, when in node.cases
            )
        )

    def _condition(self, node: Node) -> Any:
        if isinstance(node, Equation):
            return sympy.Eq(self.build(node.left), self.build(node.right))
        if isinstance(node, Logic) and node.head in _LOGIC:
            return _LOGIC[node.head](*map(self._condition, node.args))
        if not isinstance(node, Relation):
            raise UnsupportedError("no condition for SymPy")
        return sympy.And(
            *(
                self._related(left, sign, right)
                for left, sign, right in zip(
                    node.operands, node.signs, node.operands[1:], strict=False
                )
            )
        )

    def _related(self, left: Node, sign: str, right: Node) -> Any:
        if sign in _RELATIONS:
            return _RELATIONS[sign](self.build(left), self.build(right))
        if sign != "in" or not isinstance(right, Sequence) or len(right.items) != 2:
            raise UnsupportedError("no relation for SymPy")
        if right.brackets not in ("()", "(]", "[)", "[]"):
            raise UnsupportedError("no interval")
        low, high = map(self.build, right.items)
        value = self.build(left)
        return sympy.And(
            (sympy.Le if right.brackets[0] == "[" else sympy.Lt)(low, value),
            (sympy.Le if right.brackets[1] == "]" else sympy.Lt)(value, high),
        )

    _BUILDERS: ClassVar[Mapping[type, Callable[[Builder, Any], Any]]] = {
        Number: _number,
        BasedNumber: _based,
        Symbol: _symbol,
        Apply: _apply,
        BigOperator: _operator,
        Matrix: _matrix,
        Piecewise: _piecewise,
    }
    _OPERATORS: ClassVar[Mapping[str, Callable[[Builder, BigOperator], Any]]] = {
        "sum": _sum,
        "prod": _sum,
        "int": _integral,
        "lim": _limit,
    }
