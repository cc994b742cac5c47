"""Comparing ratios: 3 : 4 is 6 : 8 and 3/4."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from verifier.mathematics.exact.derivatives import times
from verifier.mathematics.kinds.names import is_name
from verifier.mathematics.syntax import Apply, Equation, Node, Number, Ratio, Symbol
from verifier.mathematics.traversal import is_expression
from verifier.mathematics.verdicts import (
    EXACT_DIFFERENT,
    EXACT_EQUAL,
    OTHER_STRUCTURE,
    SAME_STRUCTURE,
    Comparison,
    Match,
)

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge

_ELLIPSIS = Symbol("...")


def compare_ratios(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where a side is a ratio or names one: A : B = 3 : 4; None where none does.

    Ratios are equal if their terms are proportional; one of two terms is also its fraction.
    """
    if isinstance(candidate, Equation) and isinstance(reference, Equation):
        return _compare_named(candidate, reference, judge)
    if isinstance(candidate, Equation) and _names_ratio(candidate):
        candidate = candidate.right
    if isinstance(reference, Equation) and _names_ratio(reference):
        reference = reference.right
    if isinstance(candidate, Ratio) and isinstance(reference, Ratio):
        return _compare_terms(candidate.items, reference.items, judge)
    if isinstance(candidate, Ratio) and is_expression(reference):
        return _compare_fraction(candidate, reference, judge)
    if isinstance(reference, Ratio) and is_expression(candidate):
        fraction = _fraction(reference)
        return OTHER_STRUCTURE if fraction is None else judge.compare(candidate, fraction)
    return None


def _names_ratio(equation: Equation) -> bool:
    """Tells whether an equation says what a ratio is."""
    return is_name(equation.left) and isinstance(equation.right, Ratio)


def _compare_named(ours: Equation, theirs: Equation, judge: Judge) -> Comparison | None:
    """Compares A : B = 3 : 4 with B : A = 4 : 3 or A/B = 3/4."""
    names = _terms(ours.left), _terms(theirs.left)
    values = _terms(ours.right), _terms(theirs.right)
    is_ratio = any(isinstance(equation.left, Ratio) for equation in (ours, theirs))
    if not is_ratio or not (is_name(ours.left) and is_name(theirs.left)):
        return None
    if len(names[0]) != len(names[1]) or sorted(map(repr, names[0])) != sorted(map(repr, names[1])):
        return OTHER_STRUCTURE
    if any(len(several) != len(names[0]) for several in values):
        return judge.compare(ours.right, theirs.right) if names[0] == names[1] else OTHER_STRUCTURE
    order = [names[0].index(name) for name in names[1]]
    return _compare_terms(tuple(values[0][place] for place in order), values[1], judge)


def _terms(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Ratio):
        return node.items
    if isinstance(node, Apply) and node.head == "/":
        return node.args
    if isinstance(node, Number) and isinstance(node.value, Fraction):
        return (Number(node.value.numerator), Number(node.value.denominator))
    return (node, Number(1)) if isinstance(node, Number) else (node,)


def _compare_terms(ours: tuple[Node, ...], theirs: tuple[Node, ...], judge: Judge) -> Comparison:
    """Compares the terms of two ratios: numbers exactly, others by products crosswise."""
    if len(ours) != len(theirs):
        return OTHER_STRUCTURE
    if _ELLIPSIS in ours or _ELLIPSIS in theirs:
        return SAME_STRUCTURE if ours == theirs else OTHER_STRUCTURE
    left, right = _numbers(ours), _numbers(theirs)
    if left is not None and right is not None:
        if 0 in left or 0 in right:  # no ratio; 12:00 is a time
            return EXACT_EQUAL if left == right else EXACT_DIFFERENT
        same = all(
            mine * right[0] == other * left[0] for mine, other in zip(left, right, strict=True)
        )
        return EXACT_EQUAL if same else EXACT_DIFFERENT
    outcome = SAME_STRUCTURE
    for mine, other in zip(ours[1:], theirs[1:], strict=True):
        outcome = judge.compare(times(mine, theirs[0]), times(other, ours[0]))
        if outcome.match is not Match.EQUAL:
            return outcome
    return outcome


def _numbers(terms: tuple[Node, ...]) -> list[Fraction] | None:
    numbers = [Fraction(term.value) for term in terms if isinstance(term, Number)]
    return numbers if len(numbers) == len(terms) else None


def _compare_fraction(candidate: Ratio, reference: Node, judge: Judge) -> Comparison:
    fraction = _fraction(candidate)
    return OTHER_STRUCTURE if fraction is None else judge.compare(fraction, reference)


def _fraction(ratio: Ratio) -> Node | None:
    """Writes a ratio of two as the fraction it is; None for others."""
    if len(ratio.items) != 2:
        return None
    above, below = ratio.items
    if isinstance(above, Number) and isinstance(below, Number):
        return Number(Fraction(above.value) / below.value) if below.value else None
    return Apply("/", ratio.items)
