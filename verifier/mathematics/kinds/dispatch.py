"""Which comparer decides: the kinds of answers in the order they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics import work
from verifier.mathematics.kinds.antiderivatives import compare_antiderivatives
from verifier.mathematics.kinds.approximations import compare_approximations
from verifier.mathematics.kinds.based import compare_based
from verifier.mathematics.kinds.big_operators import compare_big_operators
from verifier.mathematics.kinds.calendar import compare_calendar
from verifier.mathematics.kinds.contradictions import compare_contradictions
from verifier.mathematics.kinds.derivatives import compare_derivatives
from verifier.mathematics.kinds.equations import compare_equations
from verifier.mathematics.kinds.infinities import compare_infinities
from verifier.mathematics.kinds.logic import compare_logic, compare_truths
from verifier.mathematics.kinds.matrices import compare_matrices
from verifier.mathematics.kinds.names import is_name
from verifier.mathematics.kinds.piecewise import compare_piecewise
from verifier.mathematics.kinds.plus_minus import compare_plus_minus
from verifier.mathematics.kinds.quantities import compare_quantities
from verifier.mathematics.kinds.ratios import compare_ratios
from verifier.mathematics.kinds.relations import compare_relations
from verifier.mathematics.kinds.sequences import compare_sequences
from verifier.mathematics.kinds.sets import compare_sets
from verifier.mathematics.kinds.systems import compare_systems
from verifier.mathematics.kinds.values import compare_values, is_rational
from verifier.mathematics.kinds.words import compare_words
from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Equation,
    Node,
    Number,
    Piecewise,
    Quantity,
    Sequence,
    Symbol,
    TooComplexError,
)
from verifier.mathematics.verdicts import (
    OTHER_STRUCTURE,
    SAME_STRUCTURE,
    UNDECIDED,
    Comparison,
    Match,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.mathematics.kinds.judge import Judge
    from verifier.types import MathPolicy

_COMPARERS: Final[tuple[Callable[[Node, Node, Judge], Comparison | None], ...]] = (
    compare_truths,
    compare_words,
    compare_based,
    compare_calendar,
    compare_approximations,
    compare_derivatives,
    compare_plus_minus,
    compare_matrices,
    compare_contradictions,
    compare_sets,
    compare_systems,
    compare_antiderivatives,
    compare_ratios,
    compare_relations,
    compare_logic,
    compare_equations,
    compare_quantities,
    compare_sequences,
    compare_piecewise,
    compare_big_operators,
    compare_infinities,
)
"""Each says None of what is not its kind, and the next is asked; values come last."""


_STEPS_PER_PAIR: Final = 40  # what asking the comparers costs, beside what they count
_STEPS_PER_OPERATOR: Final = 400  # whose body every comparer walks through, with each sign in it
_VALUES: Final = (Number, Symbol, Apply, BigOperator, Quantity, Piecewise)


def compare_nodes(candidate: Node, reference: Node, policy: MathPolicy) -> Comparison:
    """Compares two answers of any kind, within a budget of comparisons of their parts."""
    if isinstance(candidate, Number) and isinstance(reference, Number):
        return compare_values(candidate, reference, policy)
    try:
        with work.metered():
            outcome = _Judge(policy).compare(candidate, reference)
    except (TooComplexError, RecursionError):
        return UNDECIDED
    if outcome.match is not Match.UNDECIDED or outcome.pending or _states_tolerance(policy):
        return outcome
    return outcome._replace(pending=(candidate, reference))


def _states_tolerance(policy: MathPolicy) -> bool:
    """Tells whether near is enough, which computer algebra does not know."""
    return bool(policy.relative_tolerance or policy.absolute_tolerance)


class _Judge:
    """Compares parts, each by the comparer of its kind."""

    __slots__ = ("policy",)

    def __init__(self, policy: MathPolicy) -> None:
        self.policy = policy

    def compare(self, candidate: Node, reference: Node) -> Comparison:
        if isinstance(candidate, Number) and isinstance(reference, Number):
            return compare_values(candidate, reference, self.policy)
        work.spend(_STEPS_PER_OPERATOR if isinstance(reference, BigOperator) else _STEPS_PER_PAIR)
        if candidate == reference:
            return SAME_STRUCTURE
        for comparer in _COMPARERS:
            outcome = comparer(candidate, reference, self)
            if outcome is not None:
                return outcome
        if not (isinstance(candidate, _VALUES) and isinstance(reference, _VALUES)):
            same_kind = type(candidate) is type(reference)
            return UNDECIDED if same_kind else OTHER_STRUCTURE
        return compare_values(candidate, reference, self.policy)


def is_numeric(node: Node) -> bool:
    """Tells whether a reference answer is a plain number or several."""
    if isinstance(node, Sequence):
        return all(is_numeric(item) for item in node.items)
    if isinstance(node, Quantity):
        return is_numeric(node.value)
    if isinstance(node, Equation):
        return is_name(node.left) and is_numeric(node.right)
    return is_rational(node)
