"""From an expression and a point to a ball that contains its value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.mathematics import work
from verifier.mathematics.limits import MAX_NUMERIC_STEPS
from verifier.mathematics.numeric.balls import Ball, HugeError, NoEvidenceError, complex_field
from verifier.mathematics.numeric.conditions import holds
from verifier.mathematics.numeric.functions import (
    CUT_ELSEWHERE,
    CUT_ON_REALS,
    ON_BALLS,
    UNARY,
    absolute,
    unknown,
)
from verifier.mathematics.numeric.powers import (
    decimal_of,
    exponential_of,
    logarithm_of,
    natural_of,
    power_of,
    root_of,
)
from verifier.mathematics.numeric.ranges import over_range
from verifier.mathematics.syntax import (
    Apply,
    BasedNumber,
    BigOperator,
    Node,
    Number,
    Piecewise,
    Quantity,
    Symbol,
    TooComplexError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verifier.mathematics.numeric.balls import Field

_FREE_BITS: Final = 32.0  # sizes that differ by less hide nothing at any precision
_LEVELLING: Final = frozenset(("tanh", "coth", "sinh", "cosh"))  # like e^x, or constant, far out
_BY_GAMMA: Final = frozenset(("factorial", "binom", "permutations"))
_GAMMA_COST: Final = 5  # besides
_COSTS: Final = {96: 1, 256: 1, 1024: 6, 4096: 60}  # of an operation, measured


class Effort:
    """Counts what one comparison has evaluated.

    Attributes:
        left: nodes that may still be evaluated, weighed by precision.
    """

    __slots__ = ("left",)

    def __init__(self, steps: int = MAX_NUMERIC_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Takes steps off.

        Raises:
            TooComplexError: nothing is left.
        """
        work.spend(steps)
        self.left -= steps
        if self.left < 0:
            raise TooComplexError("too many evaluations")


@dataclass(frozen=True, slots=True)
class Reading:
    r"""How to read what notation leaves open.

    Attributes:
        log_base: of a bare ``\log``; 0 for e.
        real_roots: whether (-8)^(1/3) is -2, or else the principal value.
    """

    log_base: int = 0
    real_roots: bool = True


@dataclass(slots=True)
class Evaluator:
    """Evaluates at one point.

    Attributes:
        field: the real or the complex numbers.
        point: a ball for every variable.
        reading: how to read what is open.
        effort: what may be spent.
        bits: the working precision, which the caller has set.
        analytic: whether only values count where everything is analytic, for integrals.
        was_real: whether this stands in for an evaluator in the reals.
        measures: whether to keep `scale` and `extent`, which takes time.
        scale: the greatest summand seen; at least one.
        extent: bits by which a part of the value may lie below the rest: in 1 + 10^-100 by 332.
        open_log: whether the reading of a bare logarithm mattered.
        open_root: whether the reading of roots of negative numbers mattered.
    """

    field: Field
    point: Mapping[str, Ball]
    reading: Reading
    effort: Effort
    bits: int
    measures: bool = False
    analytic: bool = False
    was_real: bool = False
    scale: Ball = 1
    extent: float = 0.0
    open_log: bool = False
    open_root: bool = False

    def value(self, node: Node) -> Ball:
        """Evaluates.

        Raises:
            NoEvidenceError: it has no value here, or none that is known well enough.
            HugeError: it is a real number beyond 2^(2^35).
            TooComplexError: the effort is spent.
        """
        if isinstance(node, Apply):
            self.effort.spend(_COSTS[self.bits])
            special = _SPECIAL.get(node.head)
            return self._applied(node) if special is None else special(self, node.args)
        if isinstance(node, Number):
            return self.field.number(node.value)
        if isinstance(node, Symbol):
            return self._symbol(node.name)
        return self._rarer(node)

    def inside(self, name: str, ball: Ball) -> Evaluator:
        """Makes an evaluator that knows one variable more."""
        return Evaluator(
            self.field,
            {**self.point, name: ball},
            self.reading,
            self.effort,
            self.bits,
            self.measures,
            was_real=self.was_real,
        )

    def lifted(self) -> Evaluator:
        """Makes an evaluator in the complex numbers."""
        field = complex_field()
        point = {name: field.ball(ball) for name, ball in self.point.items()}
        real = self.field.is_real or self.was_real
        return Evaluator(field, point, self.reading, self.effort, self.bits, was_real=real)

    def learn(self, other: Evaluator) -> None:
        """Takes over what another one has noticed."""
        self.extent = max(self.extent, other.extent)
        self.open_log = self.open_log or other.open_log
        self.open_root = self.open_root or other.open_root
        if other.measures and other.scale > self.scale:
            self.scale = other.scale

    def notice_terms(self, balls: list[Ball]) -> None:
        """Measures how far apart the sizes of summands are, and remembers the greatest."""
        for ball in balls:
            self.scale = max(self.scale, ball.abs_upper())
        sizes = [log_size(ball) for ball in balls if not ball.is_zero()]
        self._notice(max(sizes, default=0.0) - min(sizes, default=0.0))

    def notice_argument(self, head: str, ball: Ball) -> None:
        """Measures how near to its value at zero or infinity a function is taken."""
        if not ball.is_zero():
            size = log_size(ball)
            self._notice(2 * abs(size))
            if head in _LEVELLING:
                self._notice(3 * 2 ** min(size, 64.0))

    def _notice(self, bits: float) -> None:
        if bits > _FREE_BITS:
            self.extent += bits

    def _symbol(self, name: str) -> Ball:
        known = self.point.get(name)
        if known is not None:
            return known
        if name == "pi":
            return self.field.pi()
        if name == "e":
            return self.field.e()
        if name == "i" and self.field.imaginary is not None:
            return self.field.imaginary
        raise NoEvidenceError(name)

    def _rarer(self, node: Node) -> Ball:
        self.effort.spend(_COSTS[self.bits])
        if isinstance(node, Quantity):
            value = self.value(node.value)
            if node.unit == "degree":
                return value * self.field.pi() / 180
            return value / 100 if node.percent else value
        if isinstance(node, BasedNumber):
            return self.field.number(node.value)
        if isinstance(node, BigOperator):
            return over_range(self, node)
        if isinstance(node, Piecewise) and not self.analytic:
            for case, condition in node.cases:
                if condition is None or holds(self, condition):
                    return self.value(case)
        raise NoEvidenceError("no single value")

    def _applied(self, node: Apply) -> Ball:
        simple = UNARY.get(node.head)
        if simple is not None and not self.analytic:
            ball = self.value(node.args[0])
            if self.measures:
                self.notice_argument(node.head, ball)
            return simple(ball)
        balls = [self.value(argument) for argument in node.args]
        if node.head.startswith("call "):
            return unknown(self.field, node.head, balls)
        if self.analytic:
            _check_cuts(node.head, balls[0])
        function = ON_BALLS.get(node.head)
        if function is not None:
            self.effort.spend(_GAMMA_COST if node.head in _BY_GAMMA else 0)
            return function(self.field, *balls)
        if simple is None:
            raise NoEvidenceError(node.head)
        return simple(balls[0])


def log_size(ball: Ball) -> float:
    """Estimates the binary logarithm of the absolute value of a ball that is not just zero."""
    return float(ball.abs_upper().log()) / math.log(2)


def _check_cuts(head: str, ball: Ball) -> None:
    """Refuses a ball on which a function is not analytic; some that are fine, too."""
    meets_reals = ball.imag.contains(0)
    if head in CUT_ON_REALS and not meets_reals:
        return
    if head in CUT_ELSEWHERE and (not ball.real.contains(0) or abs(ball.imag) < 1):
        return
    within = abs(ball.real) < 1
    if head in {"arcsin", "arccos", "artanh"} and within:
        return
    if head in UNARY and head not in CUT_ON_REALS and head not in CUT_ELSEWHERE:
        return
    raise NoEvidenceError("perhaps not analytic")


def _sum_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    balls = [evaluator.value(argument) for argument in args]
    if evaluator.measures:
        evaluator.notice_terms(balls)
    return sum(balls[1:], balls[0])


def _negative_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    return -evaluator.value(args[0])


def _product_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    result = 1
    grown: HugeError | None = None
    for factor in args:
        try:
            result = evaluator.value(factor) * result
        except HugeError as error:
            grown = error
    if grown is None:
        return result
    if evaluator.field.ball(result).imag.is_zero() and result.real >= 1:
        raise grown
    raise NoEvidenceError("too large") from grown


def _quotient_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    over, under = args
    return evaluator.value(over) / evaluator.value(under)


def _degrees_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    return evaluator.value(args[0]) * evaluator.field.pi() / 180


def _absolute_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    ball = evaluator.value(args[0])
    if not evaluator.analytic:
        return absolute(evaluator.field, ball)
    if not evaluator.was_real:
        raise NoEvidenceError("not analytic")
    return ball.real_abs(analytic=True)


def _derivative_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    """Takes the derivative of an unknown function or variable for another unknown one."""
    if len(args) > 2 and not isinstance(args[2], Number):
        raise NoEvidenceError("a derivative of what order?")
    strokes = args[2].value if len(args) > 2 and isinstance(args[2], Number) else 1
    function = args[0]
    if isinstance(function, Symbol):
        return unknown(evaluator.field, f"{function.name}, {strokes}", [evaluator.value(function)])
    if isinstance(function, Apply) and function.head == "prime":
        inner, strokes = function.args[0], strokes + 1
        return _derivative_of(evaluator, (inner, inner, Number(strokes)))
    if not isinstance(function, Apply) or not function.head.startswith("call "):
        raise NoEvidenceError("a derivative")
    balls = [evaluator.value(argument) for argument in function.args]
    return unknown(evaluator.field, f"{function.head}, {strokes}", balls)


def _prime_of(evaluator: Evaluator, args: tuple[Node, ...]) -> Ball:
    return _derivative_of(evaluator, (args[0], args[0]))


_SPECIAL: Final[dict[str, Callable[[Evaluator, tuple[Node, ...]], Ball]]] = {
    "+": _sum_of,
    "neg": _negative_of,
    "*": _product_of,
    "/": _quotient_of,
    "^": power_of,
    "exp": exponential_of,
    "root": root_of,
    "log": logarithm_of,
    "ln": natural_of,
    "log10": decimal_of,
    "degree": _degrees_of,
    "abs": _absolute_of,
    "derivative": _derivative_of,
    "prime": _prime_of,
}
