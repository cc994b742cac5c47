"""Comparing single values: exact numbers first, exact algebra next, numerical evidence last."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

from verifier.mathematics.exact import algebra
from verifier.mathematics.exact.algebra import Budget, Form
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.exact.numbers import (
    compare_approximate,
    compare_irrational,
    compare_numbers,
    stated_tolerance,
    tolerance,
)
from verifier.mathematics.numeric.evaluation import (
    NoEvidenceError,
    approximate,
    differ_somewhere,
    huge,
)
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Node,
    Number,
    Quantity,
    Sequence,
    Symbol,
    TooComplexError,
    UndefinedError,
)
from verifier.mathematics.verdicts import (
    EXACT_DIFFERENT,
    OTHER_STRUCTURE,
    SAME_STRUCTURE,
    UNDECIDED,
    Comparison,
    Match,
)
from verifier.types import MathPolicy, Method

_CONSTANTS: Final = frozenset(("pi", "e", "i"))


def compare_values(candidate: Node, reference: Node, policy: MathPolicy) -> Comparison:
    """Compares two single values."""
    if isinstance(candidate, Number) and isinstance(reference, Number):
        method = compare_numbers(candidate, reference, policy)
        return Comparison(Match.EQUAL, method) if method else EXACT_DIFFERENT
    if candidate == reference:
        return SAME_STRUCTURE
    budget = Budget()
    try:
        theirs: Form | None = canonical(reference, budget)
    except TooComplexError:
        theirs = None
    try:
        ours: Form | None = canonical(candidate, budget)
    except UndefinedError:
        return OTHER_STRUCTURE
    except TooComplexError:
        ours = None
    if ours is not None and theirs is not None:
        decided = _compare_forms((candidate, ours), (reference, theirs), policy, budget)
        if decided is not None:
            return decided
    return _compare_numerically(candidate, _folded(reference, theirs), policy)


def is_rational(node: Node) -> bool:
    """Tells whether an expression reduces exactly to a rational number."""
    if isinstance(node, Number):
        return True
    try:
        return canonical(node, Budget()).rational() is not None
    except TooComplexError:
        return False


def compare_equations(candidate: Equation, reference: Equation) -> Comparison:
    """Compares two equations by their differences: proportional ones have the same solutions.

    Equations of first degree that are not proportional have different ones. Beyond that nothing is
    claimed.
    """
    budget = Budget()
    try:
        ours = _difference(candidate, budget)
        theirs = _difference(reference, budget)
        if algebra.proportional(ours, theirs, budget):
            return SAME_STRUCTURE
    except TooComplexError:
        return SAME_STRUCTURE if candidate == reference else UNDECIDED
    return OTHER_STRUCTURE if _is_linear(ours) and _is_linear(theirs) else UNDECIDED


def _difference(equation: Equation, budget: Budget) -> Form:
    right = canonical(equation.right, budget)
    negative = algebra.multiply(right, algebra.constant(-1), budget)
    return algebra.add(canonical(equation.left, budget), negative, budget)


def _is_linear(form: Form) -> bool:
    return form.under == algebra.ONE and all(
        not monomial or [(what[0], power) for what, power in monomial] == [("x", 1)]
        for monomial in form.over
    )


def _folded(node: Node, form: Form | None) -> Node:
    """Replaces an expression by its value where that is rational, keeping written digits."""
    value = form.rational() if form is not None else None
    return Number(value) if value is not None and not isinstance(node, Number) else node


def _compare_forms(
    ours: tuple[Node, Form], theirs: tuple[Node, Form], policy: MathPolicy, budget: Budget
) -> Comparison | None:
    """Compares exactly; None if the forms differ but that proves nothing."""
    candidate, reference = _folded(*ours), _folded(*theirs)
    if isinstance(candidate, Number) and isinstance(reference, Number):
        return compare_values(candidate, reference, policy)
    try:
        if algebra.same(ours[1], theirs[1], budget):
            return SAME_STRUCTURE
    except TooComplexError:
        return None
    if _may_be_near(candidate, reference, policy):
        return None
    return OTHER_STRUCTURE if algebra.is_decisive(ours[1], theirs[1]) else None


def _may_be_near(candidate: Node, reference: Node, policy: MathPolicy) -> bool:
    """Tells whether values that differ exactly may still count as equal."""
    if isinstance(reference, Number):
        return tolerance(reference, None, policy) is not None
    stated = stated_tolerance(Fraction(0), policy) is not None
    return stated and not _symbols(candidate) | _symbols(reference)


def _compare_numerically(candidate: Node, reference: Node, policy: MathPolicy) -> Comparison:
    symbols = _symbols(candidate) | _symbols(reference)
    if symbols:
        differ = differ_somewhere(candidate, reference, symbols)
        if differ is None and isinstance(reference, Number):
            return OTHER_STRUCTURE  # a number was asked for, and this is none that we can see
        return OTHER_STRUCTURE if differ else UNDECIDED
    if isinstance(reference, Number) and huge(candidate):
        return EXACT_DIFFERENT
    answers = {_compare_constants(candidate, reference, policy, base) for base in (math.e, 10.0)}
    if answers == {False}:
        return EXACT_DIFFERENT
    return Comparison(Match.EQUAL, Method.TOLERANCE) if answers == {True} else UNDECIDED


def _compare_constants(
    candidate: Node, reference: Node, policy: MathPolicy, log_base: float
) -> bool | None:
    try:
        ours = approximate(candidate, log_base)
        if isinstance(reference, Number):
            return compare_approximate(ours, reference, policy)
        theirs = approximate(reference, log_base)
    except (NoEvidenceError, OverflowError):
        return None
    return compare_irrational(ours, theirs, policy)


def _symbols(node: Node) -> frozenset[str]:
    """Collects the free symbols of an expression."""
    if isinstance(node, Symbol):
        return frozenset() if node.name in _CONSTANTS else frozenset((node.name,))
    if isinstance(node, Apply):
        return frozenset().union(*map(_symbols, node.args))
    if isinstance(node, Quantity):
        return _symbols(node.value)
    if isinstance(node, Sequence):
        return frozenset().union(*map(_symbols, node.items))
    if isinstance(node, Equation):
        return _symbols(node.left) | _symbols(node.right)
    return frozenset()
