"""Are two trees equal, says SymPy? Equal if proven, different if they differ somewhere, or neither.

The domain is that of contest mathematics: symbols are real, and expressions are equal if they agree
wherever both are real. So sqrt(x^2) is not x, but ln(x^2) is 2 ln x.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sympy
from sympy.matrices.matrixbase import MatrixBase

from verifier.mathematics.symbolic.building import Builder
from verifier.mathematics.symbolic.evaluating import Evaluated
from verifier.mathematics.symbolic.evidence import Orthant, Survey
from verifier.mathematics.symbolic.proofs import is_zero
from verifier.mathematics.symbolic.traits import (
    counting_symbols,
    has_decimals,
    integration_variable,
    log_is_ambiguous,
)
from verifier.mathematics.syntax import (
    Equation,
    Matrix,
    Node,
    Sequence,
    TooComplexError,
    UnreadableError,
)
from verifier.mathematics.verdicts import Match

if TYPE_CHECKING:
    from collections.abc import Iterable

_INFINITIES: Final = (sympy.oo, -sympy.oo)


def decide(candidate: Node, reference: Node) -> Match:
    """Compares two trees. May take any time and memory, so the process must be bounded.

    Sequences in round brackets and matrices are compared entry by entry; equations are equal if
    their differences are proportional, and never different. Symmetric, but for indefinite
    integrals: as a reference one allows any constant, as a candidate it leaves open which.
    """
    try:
        return _decide(candidate, reference)
    except (UnreadableError, TooComplexError):
        return Match.UNDECIDED


def _decide(left: Node, right: Node) -> Match:
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        if left.brackets != "()" or right.brackets != "()":
            return Match.UNDECIDED
        return _all(left.items, right.items)
    if isinstance(left, Matrix) and isinstance(right, Matrix):
        if len(left.rows) != len(right.rows):
            return Match.DIFFERENT
        rows = zip(left.rows, right.rows, strict=True)
        return _conjunction(_all(ours, theirs) for ours, theirs in rows)
    bases = [sympy.E]
    if log_is_ambiguous(Sequence("", (left, right))):
        bases.append(sympy.Integer(10))
    if isinstance(left, Equation) and isinstance(right, Equation):
        answers = {_Pair(left, right, base).decide_equations(left, right) for base in bases}
    else:
        answers = {_Pair(left, right, base).decide(left, right) for base in bases}
    return answers.pop() if len(answers) == 1 else Match.UNDECIDED


def _all(left: tuple[Node, ...], right: tuple[Node, ...]) -> Match:
    if len(left) != len(right):
        return Match.DIFFERENT
    return _conjunction(_decide(*pair) for pair in zip(left, right, strict=True))


def _conjunction(answers: Iterable[Match]) -> Match:
    """One difference settles it, whatever else is undecided."""
    result = Match.EQUAL
    for answer in answers:
        if answer is Match.DIFFERENT:
            return answer
        if answer is Match.UNDECIDED:
            result = answer
    return result


class _Pair:
    """Two trees with one reading of "log"."""

    def __init__(self, left: Node, right: Node, log_base: Any) -> None:
        self._counts = counting_symbols(left) | counting_symbols(right)
        self._variable = integration_variable(right)
        self._is_open = self._variable is None and integration_variable(left) is not None
        self._rounded = has_decimals(left) or has_decimals(right)
        self._log_base = log_base

    def _builder(self, orthant: Orthant) -> Builder:
        return Builder(orthant, self._counts, self._log_base)

    def decide(self, left: Node, right: Node) -> Match:
        if self._is_open:
            return Match.UNDECIDED
        ours, theirs = self._build((left, right), {})
        if isinstance(ours, MatrixBase) != isinstance(theirs, MatrixBase):
            return Match.UNDECIDED
        if not isinstance(ours, MatrixBase):
            return self._decide_entry((left, right), None)
        if ours.shape != theirs.shape:
            return Match.DIFFERENT
        return _conjunction(self._decide_entry((left, right), place) for place in range(len(ours)))

    def decide_equations(self, left: Equation, right: Equation) -> Match:
        """Equal if the differences of both sides are proportional by a constant that is not 0."""
        builder = self._builder({})
        ours, theirs = (
            builder.build(side.left) - builder.build(side.right) for side in (left, right)
        )
        ratio = sympy.simplify(Evaluated(ours).value / Evaluated(theirs).value)
        proportional = ratio.is_number and ratio.is_finite and ratio.is_zero is False
        return Match.EQUAL if proportional else Match.UNDECIDED

    def _build(
        self, trees: tuple[Node, Node], orthant: Orthant, place: int | None = None
    ) -> tuple[Any, Any]:
        """Both trees, or one entry of both matrices; antiderivatives by what they integrate."""
        builder = self._builder(orthant)
        left, right = (builder.build(tree) for tree in trees)
        if place is not None:
            left, right = left[place], right[place]
        if self._variable is not None:
            variable = builder.symbol(self._variable)
            left, right = (sympy.diff(side, variable) for side in (left, right))
        return left, right

    def _decide_entry(self, trees: tuple[Node, Node], place: int | None) -> Match:
        left, right = map(Evaluated, self._build(trees, {}, place))
        if not (left.usable and right.usable):
            return Match.UNDECIDED
        if left.value.has(*_INFINITIES) or right.value.has(*_INFINITIES):
            return _compare_infinite(left.value, right.value)
        return self._decide_finite(left, right, trees, place)

    def _decide_finite(
        self, left: Evaluated, right: Evaluated, trees: tuple[Node, Node], place: int | None
    ) -> Match:
        gap = left.value - right.value
        both_conditional = left.conditions and right.conditions
        if sympy.expand(gap) == 0 and not both_conditional:
            return Match.EQUAL
        survey = Survey(left, right, rounded=self._rounded)
        if both_conditional and not survey.inhabited:
            return Match.UNDECIDED  # perhaps there is no point where both have a value
        if survey.differ:
            return Match.DIFFERENT
        if is_zero(gap):
            return Match.EQUAL
        # Not zero everywhere as far as SymPy can tell, but perhaps wherever there is a value.
        if not survey.exhaustive or not survey.inhabited:
            return Match.UNDECIDED
        proven = all(self._is_zero_within(trees, orthant, place) for orthant in survey.inhabited)
        return Match.EQUAL if proven else Match.UNDECIDED

    def _is_zero_within(
        self, trees: tuple[Node, Node], orthant: Orthant, place: int | None
    ) -> bool:
        left, right = map(Evaluated, self._build(trees, orthant, place))
        return left.usable and right.usable and is_zero(left.value - right.value)


def _compare_infinite(left: Any, right: Any) -> Match:
    """Compares values of which one at least is infinite."""
    if left in _INFINITIES and right in _INFINITIES:
        return Match.EQUAL if left == right else Match.DIFFERENT
    other = right if left in _INFINITIES else left
    is_number = other.is_number and other.is_finite and not other.has(*_INFINITIES)
    return Match.DIFFERENT if is_number else Match.UNDECIDED
