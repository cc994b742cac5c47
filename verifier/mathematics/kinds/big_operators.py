"""Comparing sums, products, integrals and limits that were left unevaluated."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact.algebra import Budget, tidy
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.exact.derivatives import minus, over, times, total
from verifier.mathematics.kinds.matching import all_of
from verifier.mathematics.limits import MAX_WRITTEN_OUT
from verifier.mathematics.substitution import rename, substitute
from verifier.mathematics.syntax import BigOperator, Node, Number, Symbol, TooComplexError
from verifier.mathematics.traversal import free_symbols, is_expression
from verifier.mathematics.verdicts import (
    OTHER_STRUCTURE,
    SAME_STRUCTURE,
    UNDECIDED,
    Comparison,
    Match,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verifier.mathematics.kinds.judge import Judge
    from verifier.mathematics.syntax import Rational

_DISCRETE: Final = frozenset(("sum", "prod", "bigcup", "bigcap"))
_QUANTIFIERS: Final = frozenset(("forall", "exists"))
_COEFFICIENTS: Final = 4  # of two series that are compared
_EXAMPLES: Final = (3, 5)
_INFINITY: Final = Symbol("infty")


def compare_big_operators(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares two sums, products, integrals or limits; None where a side is none of these.

    They are equal if bounds and bodies are, whatever the variable is called, counted from whichever
    end or start. Where they are not, nothing is said: the values may still agree.
    """
    if not isinstance(candidate, BigOperator) or not isinstance(reference, BigOperator):
        return None
    quantified = {candidate.head, reference.head} & _QUANTIFIERS
    if quantified and candidate.head != reference.head:
        return OTHER_STRUCTURE
    outcome = _compare(candidate, reference, judge)
    # What two sums or integrals are worth may still be computed.
    return outcome if quantified or outcome.match is not Match.UNDECIDED else None


def _compare(candidate: BigOperator, reference: BigOperator, judge: Judge) -> Comparison:
    if candidate.head != reference.head or candidate.side != reference.side:
        return UNDECIDED
    ours = _renamed(candidate, reference)
    if ours is None:
        return UNDECIDED
    if ours.head not in _DISCRETE or ours.lower is None or ours.upper is None:
        return _equal_or_open(_compare_parts(ours, reference, judge))
    for shifted in _shifted(ours, reference):
        outcome = _compare_parts(shifted, reference, judge)
        if outcome.match is Match.EQUAL:
            return outcome
    if ours.head == "sum" and ours.upper == reference.upper == _INFINITY:
        return _compare_series(ours, reference, judge)
    return _compare_examples(candidate, reference, judge)


def _compare_series(ours: BigOperator, theirs: BigOperator, judge: Judge) -> Comparison:
    """Compares power series, of which different coefficients prove different functions.

    Only where both run over the same powers of one variable, each once.
    """
    names = (free_symbols(ours.body) | free_symbols(theirs.body)) - {ours.variable}
    start = None if ours.lower is None else _constant(ours.lower)
    if len(names) != 1 or start is None or ours.lower != theirs.lower:
        return UNDECIDED
    (name,) = names
    powers: set[Node] = set()
    for place in range(int(start), int(start) + _COEFFICIENTS):
        terms = [substitute(side.body, {ours.variable: Number(place)}) for side in (ours, theirs)]
        coefficients = [substitute(term, {name: Number(1)}) for term in terms]
        ratios = [over(*pair) for pair in zip(terms, coefficients, strict=True)]
        if judge.compare(*ratios).match is not Match.EQUAL or ratios[0] in powers:
            return UNDECIDED
        powers.add(ratios[0])
        outcome = judge.compare(*coefficients)
        if outcome.match is Match.DIFFERENT:
            return outcome
    return UNDECIDED


def _compare_examples(candidate: BigOperator, reference: BigOperator, judge: Judge) -> Comparison:
    """Writes two sums out for some n: different ones prove them different."""
    bounds = [
        bound
        for side in (candidate, reference)
        for bound in (side.lower, side.upper)
        if bound is not None
    ]
    names: frozenset[str] = frozenset().union(*map(free_symbols, bounds))
    if len(names) == 1 and candidate.head in {"sum", "prod"}:
        for number in _EXAMPLES:
            value = dict.fromkeys(names, Number(number))
            ours, theirs = (_written_out(side, value) for side in (candidate, reference))
            if ours is None or theirs is None:
                break
            outcome = judge.compare(ours, theirs)
            if outcome.match is Match.DIFFERENT:
                return outcome
    return UNDECIDED


def _written_out(node: BigOperator, values: Mapping[str, Node]) -> Node | None:
    """Lists the terms of a sum or product, joined; None where there are none or many."""
    whole = substitute(node, values)
    if not isinstance(whole, BigOperator) or whole.lower is None or whole.upper is None:
        return None
    if not (is_expression(whole.lower) and is_expression(whole.upper)):
        return None
    start, end = _constant(whole.lower), _constant(whole.upper)
    if start is None or end is None or not 0 <= end - start < MAX_WRITTEN_OUT:
        return None
    terms = [
        substitute(whole.body, {whole.variable: Number(place)})
        for place in range(int(start), int(end) + 1)
    ]
    return total(*terms) if node.head == "sum" else times(*terms)


def _equal_or_open(outcome: Comparison) -> Comparison:
    return outcome if outcome.match is Match.EQUAL else UNDECIDED


def _renamed(ours: BigOperator, theirs: BigOperator) -> BigOperator | None:
    """Gives our operator the variable of theirs; None where that is taken in ours."""
    old, new = ours.variable, theirs.variable
    if old == new or (ours.head == "int" and ours.lower is None):
        return ours
    if new in free_symbols(ours.body):
        return None
    body = rename(ours.body, {old: new})
    return BigOperator(ours.head, new, ours.lower, ours.upper, body, ours.side)


def _compare_parts(ours: BigOperator, theirs: BigOperator, judge: Judge) -> Comparison:
    if ours.variable != theirs.variable:
        return UNDECIDED
    outcomes: list[Comparison] = []
    pairs = ((ours.lower, theirs.lower), (ours.upper, theirs.upper), (ours.body, theirs.body))
    for mine, other in pairs:
        if mine is None or other is None:
            if mine is not other:
                return UNDECIDED
            continue
        outcomes.append(SAME_STRUCTURE if mine == other else judge.compare(mine, other))
        if outcomes[-1].match is not Match.EQUAL:
            return outcomes[-1]
    return all_of(outcomes)


def _shifted(ours: BigOperator, theirs: BigOperator) -> Iterator[BigOperator]:
    """Lists ways to count: as it is, from where theirs starts, and backwards."""
    yield ours
    lower, upper, name = ours.lower, ours.upper, Symbol(ours.variable)
    if lower is None or upper is None or theirs.lower is None or not is_expression(lower):
        return
    if is_expression(theirs.lower):
        shift = _constant(minus(theirs.lower, lower))
        if shift:
            moved = substitute(ours.body, {ours.variable: total(name, Number(-shift))})
            start = total(lower, Number(shift))
            end = upper if upper == _INFINITY else total(upper, Number(shift))
            yield BigOperator(ours.head, ours.variable, start, end, moved)
    if is_expression(upper) and upper != _INFINITY:
        mirror = minus(total(lower, upper), name)
        body = substitute(ours.body, {ours.variable: mirror})
        yield BigOperator(ours.head, ours.variable, lower, upper, body)


def _constant(node: Node) -> Rational | None:
    """Computes a whole number; None for anything else."""
    try:
        value = canonical(node, Budget()).rational()
    except TooComplexError:
        return None
    return tidy(Fraction(value)) if value is not None and value.denominator == 1 else None
