"""Comparing systems of equations that are not solved: ``2x + y = 3, x - y = 0``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from verifier.mathematics.exact.algebra import ONE, Budget
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.exact.derivatives import minus
from verifier.mathematics.kinds.curves import compare_curves
from verifier.mathematics.kinds.matching import match_unordered
from verifier.mathematics.limits import MAX_UNKNOWNS
from verifier.mathematics.syntax import (
    Equation,
    Logic,
    Node,
    Relation,
    Sequence,
    TooComplexError,
)
from verifier.mathematics.traversal import free_symbols, is_expression
from verifier.mathematics.verdicts import (
    OTHER_STRUCTURE,
    SAME_STRUCTURE,
    UNDECIDED,
    Comparison,
    Match,
)

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge
    from verifier.types import MathPolicy

Row = dict[str, Fraction]
"""Coefficients by unknown; the constant under the empty name."""


class _CurveJudge:
    """Compares the equations of a system with each other, by another judge's word."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    @property
    def policy(self) -> MathPolicy:
        return self._judge.policy

    def compare(self, candidate: Node, reference: Node) -> Comparison:
        if isinstance(candidate, Equation) and isinstance(reference, Equation):
            return compare_curves(candidate, reference, self._judge)
        return self._judge.compare(candidate, reference)


def compare_conditions(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares systems of equations; None where a side is none, or both are one equation.

    Systems are equal whose equations match one to one. Linear ones that follow from each other are
    equal, too, where a side says that its equations hold at once; in a plain list they may be
    answers of their own, two tangents through one point. Without an unknown in common they are a
    list for sure, and none of this kind.
    """
    ours, theirs = _equations(candidate), _equations(reference)
    if ours is None or theirs is None or len(ours) + len(theirs) < 3:
        return None
    if max(len(ours), len(theirs)) > MAX_UNKNOWNS:
        return UNDECIDED
    matched = match_unordered(ours, theirs, _CurveJudge(judge))
    if matched.match is Match.EQUAL:
        return matched
    if not (_are_coupled(ours) or _are_coupled(theirs)):
        return None
    try:
        same = _reduced(ours) == _reduced(theirs)
    except TooComplexError:
        return UNDECIDED
    at_once = _hold_at_once(candidate) or _hold_at_once(reference)
    equal = SAME_STRUCTURE if at_once else UNDECIDED
    return equal if same else OTHER_STRUCTURE


def is_coupled(node: Node) -> bool:
    """Tells whether an answer is several equations with an unknown in common."""
    equations = _equations(node)
    return equations is not None and len(equations) <= MAX_UNKNOWNS and _are_coupled(equations)


def _are_coupled(equations: list[Equation]) -> bool:
    """Tells whether two equations share an unknown."""
    seen: set[str] = set()
    for equation in equations:
        names = free_symbols(equation)
        if names & seen:
            return True
        seen |= names
    return False


def _hold_at_once(node: Node) -> bool:
    """Tells whether an answer joins its equations: by a word, by braces, in a chain."""
    braced = isinstance(node, Sequence) and node.brackets == "{}"
    return braced or isinstance(node, Relation | Logic)


def _equations(node: Node) -> list[Equation] | None:
    """Lists the equations of a system, of a chain a = b = c two; None if anything else is said."""
    if isinstance(node, Equation):
        return [node] if is_expression(node.left) and is_expression(node.right) else None
    if isinstance(node, Relation) and set(node.signs) == {"="}:
        pairs = zip(node.operands, node.operands[1:], strict=False)
        parts: tuple[Node, ...] = tuple(Equation(*pair) for pair in pairs)
    elif isinstance(node, Sequence):
        parts = node.items
    elif isinstance(node, Logic) and node.head == "and":
        parts = node.args
    else:
        return None
    found: list[Equation] = []
    for part in parts:
        equations = _equations(part)
        if equations is None:
            return None
        found += equations
    return found


def _reduced(equations: list[Equation]) -> list[Row]:
    """Brings a linear system to its reduced echelon form, which is the same for equal ones.

    Raises:
        TooComplexError: an equation is not linear with rational coefficients.
    """
    rows = [_linear(equation) for equation in equations]
    names = sorted({name for row in rows for name in row if name})
    if len(names) > MAX_UNKNOWNS:
        raise TooComplexError("too many unknowns")
    reduced: list[Row] = []
    for name in [*names, ""]:
        pivot = next((row for row in rows if name in row), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        scaled = {other: value / pivot[name] for other, value in pivot.items()}
        rows = [_without(row, scaled, name) for row in rows]
        reduced = [_without(row, scaled, name) for row in reduced]
        reduced.append(scaled)
    return reduced


def _without(row: Row, pivot: Row, name: str) -> Row:
    """Subtracts the multiple of the pivot's row that cancels one unknown."""
    factor = row.get(name, Fraction(0))
    if not factor:
        return row
    names = row.keys() | pivot.keys()
    values = {
        other: row.get(other, Fraction(0)) - factor * pivot.get(other, Fraction(0))
        for other in names
    }
    return {other: value for other, value in values.items() if value}


def _linear(equation: Equation) -> Row:
    form = canonical(minus(equation.left, equation.right), Budget())
    if form.under != ONE:
        raise TooComplexError("not linear")
    row: Row = {}
    for monomial, coefficient in form.over.items():
        if not monomial:
            row[""] = Fraction(coefficient)
            continue
        (what, exponent), *more = monomial
        if more or exponent != 1 or what[0] != "x":
            raise TooComplexError("not linear")
        row[str(what[1])] = Fraction(coefficient)
    return row
