"""Comparing single values: exact numbers first, exact algebra next, numerical evidence last."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from verifier.mathematics.exact import algebra
from verifier.mathematics.exact.algebra import Budget, Form
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.exact.numbers import (
    ARTEFACT,
    artefact,
    compare_numbers,
    rounding,
    stated_tolerance,
)
from verifier.mathematics.numeric.constants import is_near
from verifier.mathematics.numeric.evidence import Agreement, agreement
from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Node,
    Number,
    Symbol,
    TooComplexError,
    UndefinedError,
)
from verifier.mathematics.traversal import contains, free_symbols
from verifier.mathematics.verdicts import (
    EXACT_DIFFERENT,
    OTHER_STRUCTURE,
    SAME_ALGEBRA,
    SAME_STRUCTURE,
    UNDECIDED,
    Comparison,
    Match,
)
from verifier.types import MathPolicy, Method

_NEAR: Final = Comparison(Match.EQUAL, Method.TOLERANCE)
_BY_EVIDENCE: Final = {
    Agreement.SAME: Comparison(Match.EQUAL, Method.NUMERIC),
    Agreement.DIFFERENT: Comparison(Match.DIFFERENT, Method.NUMERIC),
    Agreement.UNKNOWN: UNDECIDED,
}
_INFINITE: Final = Symbol("infty")
_DERIVATIVES: Final = frozenset(("derivative", "prime"))


def compare_values(candidate: Node, reference: Node, policy: MathPolicy) -> Comparison:
    """Compares two single values."""
    if isinstance(candidate, Number) and isinstance(reference, Number):
        method = compare_numbers(candidate, reference, policy)
        return Comparison(Match.EQUAL, method) if method else EXACT_DIFFERENT
    if candidate == reference:
        return SAME_STRUCTURE
    if _INFINITE in {_unsigned(candidate), _unsigned(reference)}:
        return _compare_infinite(candidate, reference)
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
    return _compare_numerically(_folded(candidate, ours), _folded(reference, theirs), policy)


def _unsigned(node: Node) -> Node:
    """Takes off a sign."""
    return node.args[0] if isinstance(node, Apply) and node.head == "neg" else node


def _compare_infinite(candidate: Node, reference: Node) -> Comparison:
    """Compares where one side is plus or minus infinity, which is no other value."""
    other = candidate if _unsigned(candidate) != _INFINITE else reference
    open_limit = contains(other, lambda part: isinstance(part, BigOperator) or part == _INFINITE)
    is_open = _unsigned(other) != _INFINITE and open_limit
    return UNDECIDED if is_open else OTHER_STRUCTURE


def is_rational(node: Node) -> bool:
    """Tells whether an expression reduces exactly to a rational number."""
    if isinstance(node, Number):
        return True
    try:
        return canonical(node, Budget()).rational() is not None
    except TooComplexError:
        return False


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
            return SAME_ALGEBRA
    except TooComplexError:
        return None
    if not algebra.is_decisive(ours[1], theirs[1]):
        return None
    # Constants that differ exactly may be near enough.
    is_open = _margins(candidate, reference, policy) is not None
    is_constant = not free_symbols(candidate) | free_symbols(reference)
    return None if is_open and is_constant else OTHER_STRUCTURE


def _margins(
    candidate: Node, reference: Node, policy: MathPolicy
) -> tuple[Fraction, Fraction] | None:
    """Finds how far constants may differ, one of them irrational; None if they must be equal.

    Returns:
        A tolerance relative to the reference and an absolute one, the greater of which counts.
    """
    if stated_tolerance(Fraction(1), policy) is not None:
        relative, absolute = policy.relative_tolerance or 0.0, policy.absolute_tolerance or 0.0
        return Fraction(relative), Fraction(absolute)
    if isinstance(reference, Number):
        margin = rounding(reference, exact=True)
        return None if margin is None else (Fraction(0), margin)
    if isinstance(candidate, Number) and artefact(candidate, abs(Fraction(candidate.value))):
        return ARTEFACT, Fraction(0)
    return None


def _compare_numerically(candidate: Node, reference: Node, policy: MathPolicy) -> Comparison:
    """Compares by evidence: within the margins, if there are any, then for being the same."""
    margins = _margins(candidate, reference, policy)
    if margins is not None:
        near = is_near(candidate, reference, *margins)
        if near is not None:
            return _NEAR if near else _BY_EVIDENCE[Agreement.DIFFERENT]
    answer = agreement(candidate, reference)
    if answer is Agreement.UNKNOWN and isinstance(reference, Number) and _keeps_symbols(candidate):
        return OTHER_STRUCTURE  # a number was asked for, and this is none
    return _BY_EVIDENCE[answer]


def _keeps_symbols(node: Node) -> bool:
    """Tells whether an expression has variables that no operation could take away."""
    return bool(free_symbols(node)) and not contains(node, _may_end)


def _may_end(node: Node) -> bool:
    """Tells whether an operation takes away a variable, as a limit or derivative does."""
    if isinstance(node, Apply):
        return node.head in _DERIVATIVES
    return isinstance(node, BigOperator) or node == _INFINITE
