r"""Comparing periodic sets: ``k\pi + \frac{\pi}{2}`` and ``n\pi - \frac{\pi}{2}`` are one."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact import algebra
from verifier.mathematics.exact.algebra import ONE, Budget, Form
from verifier.mathematics.kinds.family_reading import Family, Piece, read_family
from verifier.mathematics.kinds.real_sets import NotASetError
from verifier.mathematics.kinds.statements import ratio_of
from verifier.mathematics.kinds.terms import is_shallow
from verifier.mathematics.limits import MAX_FAMILY
from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Equation,
    Logic,
    Node,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
    TooComplexError,
)
from verifier.mathematics.verdicts import (
    OTHER_STRUCTURE,
    SAME_STRUCTURE,
    UNDECIDED,
    Comparison,
)

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Sequence as Several

    from verifier.mathematics.syntax import Rational

_SHAPES: Final = (Apply, Sequence, Logic, SetBuilder, Equation, Relation, BigOperator)


def compare_families(candidate: Node, reference: Node) -> Comparison | None:
    """Compares two periodic sets: all members within a common period, whatever runs.

    Returns:
        None if one is none.
    """
    if not (_may_be_family(candidate) and _may_be_family(reference)):
        return None
    try:
        ours, theirs = read_family(candidate), read_family(reference)
        several = len(ours.pieces) > 1 and len(theirs.pieces) > 1
        if not (ours.is_stated or theirs.is_stated or several):
            return None  # "A = n pi" may well be a formula
    except (NotASetError, TooComplexError):
        return None
    try:
        return _compare_names(ours, theirs) or _compare_pieces(ours, theirs)
    except TooComplexError:
        return UNDECIDED


def _compare_names(ours: Family, theirs: Family) -> Comparison | None:
    """Compares what is said to lie in the sets; None if that is no matter."""
    names = {ours.variable, theirs.variable} - {None}
    if len(names) > 1 and all(isinstance(name, Symbol) for name in names):
        return OTHER_STRUCTURE
    return UNDECIDED if len(names) > 1 or ours.is_left_out != theirs.is_left_out else None


def _may_be_family(node: Node) -> bool:
    """Tells at little cost whether it is worth reading."""
    if isinstance(node, Apply) and node.head not in {"cup", "setminus"}:
        return False
    return isinstance(node, _SHAPES) and is_shallow(node)


def _compare_pieces(ours: Family, theirs: Family) -> Comparison:
    budget = Budget()
    pieces = ours.pieces + theirs.pieces
    if not all(algebra.is_decisive(piece.step) for piece in pieces):
        return UNDECIDED
    unit = pieces[0].step
    ratios = [_ratio(piece.step, unit, budget) for piece in pieces]
    known = [ratio for ratio in ratios if ratio is not None]
    if len(known) != len(ratios):
        return OTHER_STRUCTURE
    count = lcm(*(abs(ratio.numerator) for ratio in known))
    shared = gcd(*(ratio.denominator for ratio in known))
    period = algebra.multiply(unit, algebra.constant(algebra.tidy(Fraction(count, shared))), budget)
    if _spread(ours.pieces, period, budget) == _spread(theirs.pieces, period, budget):
        return SAME_STRUCTURE
    are_points = all(piece.low is piece.high for piece in pieces)
    are_known = all(algebra.is_decisive(piece.low, piece.high) for piece in pieces)
    is_single = len(ours.pieces) == len(theirs.pieces) == 1 and abs(known[-1]) == 1
    have_gaps = is_single and all(_has_gaps(piece, budget) for piece in pieces)
    return OTHER_STRUCTURE if are_known and (are_points or have_gaps) else UNDECIDED


def _has_gaps(piece: Piece, budget: Budget) -> bool:
    """Tells whether repetitions of a piece leave gaps, so that its ends can be seen."""
    length = _ratio(_minus(piece.high, piece.low, budget), piece.step, budget)
    return length is not None and length != 0 and -1 < length < 1


def _ratio(left: Form, right: Form, budget: Budget) -> Rational | None:
    """Computes how often the second goes into the first; None if that is not rational."""
    return ratio_of(left, right, budget) if left.over else 0


def _minus(left: Form, right: Form, budget: Budget) -> Form:
    opposite = algebra.multiply(right, algebra.constant(-1), budget)
    return algebra.add(left, opposite, budget)


def _spread(pieces: Several[Piece], period: Form, budget: Budget) -> frozenset[Hashable]:
    """Lists all pieces that begin within one period, each by its name.

    Raises:
        TooComplexError: there are more than `MAX_FAMILY` of them, or they cannot be named.
    """
    found: set[Hashable] = set()
    for piece in pieces:
        times = _ratio(period, piece.step, budget)
        if times is None or times.denominator != 1 or abs(times.numerator) > MAX_FAMILY:
            raise TooComplexError("too many members of a period")
        length = _minus(piece.high, piece.low, budget).key()
        low = piece.low
        for _ in range(abs(times.numerator)):
            found.add((_remainder(low, period), length, piece.brackets))
            low = algebra.add(low, piece.step, budget)
    if len(found) > MAX_FAMILY:
        raise TooComplexError("too many members of a period")
    return frozenset(found)


def _remainder(form: Form, period: Form) -> Hashable:
    """Names what is left of a form without whole periods; forms that differ by such are alike.

    Raises:
        TooComplexError: the period is a sum.
    """
    if len(period.over) != 1 or period.under != ONE or form.under != ONE:
        raise TooComplexError("no simple period")
    ((monomial, size),) = period.over.items()
    rest = dict(form.over)
    count = Fraction(rest.pop(monomial, 0)) / size
    return frozenset(rest.items()), count - count.__floor__()
