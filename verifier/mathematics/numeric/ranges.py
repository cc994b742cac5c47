"""Sums, products and integrals between limits that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.limits import MAX_INTEGRAND, MAX_NUMERIC_TERMS
from verifier.mathematics.numeric.balls import (
    Ball,
    HugeError,
    NoEvidenceError,
    complex_field,
    integral,
    whole,
)
from verifier.mathematics.syntax import BigOperator, TooComplexError

if TYPE_CHECKING:
    from verifier.mathematics.numeric.evaluator import Evaluator

_FARTHEST: Final = 1_000_000  # limits beyond are slow, and rare
_MAX_HOPES: Final = 100  # attempts to find the integrand analytic, after which it is not
_OVERHEAD: Final = 3  # steps that each term or evaluation of an integrand costs besides


def over_range(evaluator: Evaluator, node: BigOperator) -> Ball:
    """Evaluates a sum or product term by term, and a definite integral.

    Raises:
        NoEvidenceError: it is something else, has too many terms, or cannot be evaluated.
        TooComplexError: an integral took all the evaluations it may.
    """
    if node.lower is None or node.upper is None or evaluator.analytic:
        raise NoEvidenceError("no limits")
    lower, upper = evaluator.value(node.lower), evaluator.value(node.upper)
    if node.head == "int":
        return _integral(evaluator, node, lower, upper)
    if node.head not in {"sum", "prod"}:
        raise NoEvidenceError(node.head)
    first, last = whole(lower), whole(upper)
    if last < first - 1 or last - first >= MAX_NUMERIC_TERMS:
        raise NoEvidenceError("too many terms")
    result = evaluator.field.ball(0 if node.head == "sum" else 1)
    for index in range(first, last + 1):
        evaluator.effort.spend(_OVERHEAD)
        term = evaluator.inside(node.variable, evaluator.field.ball(index))
        ball = term.value(node.body)
        evaluator.learn(term)
        if evaluator.measures and node.head == "sum":
            evaluator.notice_terms([result, ball])
        result = result + ball if node.head == "sum" else result * ball
    return result


def _integral(evaluator: Evaluator, node: BigOperator, lower: Ball, upper: Ball) -> Ball:
    """Integrates in the complex numbers, where the error can be bounded."""
    if not (abs(lower) < _FARTHEST and abs(upper) < _FARTHEST):
        raise NoEvidenceError("far away")
    integrand = _Integrand(evaluator, node)
    start, end = complex_field().ball(lower), complex_field().ball(upper)
    if not integrand((start + end) / 2, analytic=False).is_finite():
        raise NoEvidenceError("not defined in the middle")
    result = integral(integrand, start, end, MAX_INTEGRAND)
    if integrand.is_spent or not result.is_finite():
        raise TooComplexError("not integrable, here or elsewhere")
    evaluator.learn(integrand.lifted)
    if not evaluator.field.is_real:
        return result
    if not result.imag.contains(0):
        raise NoEvidenceError("not a real integral")
    return result.real


class _Integrand:
    """What the library calls, and must not raise.

    Attributes:
        lifted: an evaluator in the complex numbers.
        is_spent: whether the effort ended before the integral.
    """

    def __init__(self, evaluator: Evaluator, node: BigOperator) -> None:
        self.lifted = evaluator.lifted()
        self.is_spent = False
        self._node = node
        self._hopes = _MAX_HOPES
        self._nowhere = complex_field().ball(float("nan"))

    def __call__(self, where: Ball, analytic: bool) -> Ball:  # noqa: FBT001 - the library's call
        """Evaluates, and where the result must be analytic, makes sure of that."""
        if self.is_spent:
            return self._nowhere
        inner = self.lifted.inside(self._node.variable, where)
        inner.analytic = bool(analytic)
        self._hopes -= inner.analytic
        if self._hopes < 0:
            self.is_spent = True
        try:
            inner.effort.spend(_OVERHEAD)
            value = inner.value(self._node.body)
        except (NoEvidenceError, HugeError, ArithmeticError, ValueError):
            return self._nowhere
        except (TooComplexError, RecursionError):
            self.is_spent = True
            return self._nowhere
        self.lifted.learn(inner)
        if inner.analytic and value.is_finite():
            self._hopes = _MAX_HOPES
        return value
