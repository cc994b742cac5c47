"""Sums, products and integrals between limits that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.limits import MAX_INTEGRAND, MAX_NUMERIC_TERMS
from verifier.mathematics.numeric.balls import Ball, HugeError, NoEvidenceError, integral, whole
from verifier.mathematics.syntax import BigOperator, TooComplexError

if TYPE_CHECKING:
    from verifier.mathematics.numeric.evaluator import Evaluator

_FARTHEST: Final = 1_000_000  # limits beyond are slow, and rare
_OVERHEAD: Final = 3  # steps that the library itself takes for each evaluation of an integrand


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
        term = evaluator.inside(node.variable, evaluator.field.ball(index))
        ball = term.value(node.body)
        evaluator.learn(term)
        result = result + ball if node.head == "sum" else result * ball
    return result


def _integral(evaluator: Evaluator, node: BigOperator, lower: Ball, upper: Ball) -> Ball:
    """Integrates in the complex numbers, where the error can be bounded."""
    if not (abs(lower) < _FARTHEST and abs(upper) < _FARTHEST):
        raise NoEvidenceError("far away")
    lifted = evaluator.lifted()
    ball = lifted.field.ball
    nowhere = ball(float("nan"))
    failures: list[TooComplexError] = []

    def integrand(where: Ball, analytic: bool) -> Ball:  # noqa: FBT001 - the library calls it
        if failures:
            return nowhere
        inner = lifted.inside(node.variable, where)
        inner.analytic = bool(analytic)
        try:
            inner.effort.spend(_OVERHEAD)
            value = inner.value(node.body)
        except (NoEvidenceError, HugeError):
            return nowhere
        except TooComplexError as error:  # nothing may be raised through the library
            failures.append(error)
            return nowhere
        evaluator.learn(inner)
        return value

    start, end = ball(lower), ball(upper)
    if not integrand((start + end) / 2, analytic=False).is_finite():
        raise NoEvidenceError("not defined in the middle")
    result = integral(integrand, start, end, MAX_INTEGRAND)
    if failures:
        raise failures[0]
    if not result.is_finite():
        raise TooComplexError("not integrable, here or elsewhere")
    if evaluator.field.is_real:
        if not result.imag.contains(0):
            raise NoEvidenceError("not a real integral")
        return result.real
    return result
