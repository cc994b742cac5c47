"""Comparing functions by cases: on every piece of the line, or else case by case."""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact.algebra import Budget
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.kinds.matching import all_of
from verifier.mathematics.limits import MAX_CASES
from verifier.mathematics.substitution import substitute
from verifier.mathematics.syntax import (
    Equation,
    Logic,
    Node,
    Number,
    Piecewise,
    Relation,
    Sequence,
    Symbol,
    TooComplexError,
)
from verifier.mathematics.traversal import CONSTANTS, contains, free_symbols, is_expression
from verifier.mathematics.verdicts import OTHER_STRUCTURE, UNDECIDED, Comparison, Match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verifier.mathematics.kinds.judge import Judge

_ORDER: Final[Mapping[str, Callable[[Fraction, Fraction], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


_INFINITY: Final = Symbol("infty")


class _UnclearError(Exception):
    """A condition that is not about one variable and rational numbers."""


def compare_piecewise(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where a side is a function by cases; None where none is, or the other is no value.

    Where all conditions bound one variable by rational numbers, the functions are compared at
    every bound and between any two. Otherwise cases are matched in any order, and "otherwise"
    agrees with whatever condition is left over.
    """
    if not isinstance(candidate, Piecewise) and not isinstance(reference, Piecewise):
        return None
    ours, theirs = _as_cases(candidate), _as_cases(reference)
    if ours is None or theirs is None:
        return None
    if max(len(ours.cases), len(theirs.cases)) > MAX_CASES:
        return UNDECIDED
    try:
        outcome = _compare_pieces(ours, theirs, judge)
    except (_UnclearError, TooComplexError):
        outcome = _match_cases(ours, theirs, judge)
    # Against one formula for all places, numbers may still tell.
    one_formula = not (isinstance(candidate, Piecewise) and isinstance(reference, Piecewise))
    return None if one_formula and outcome.match is Match.UNDECIDED else outcome


def _as_cases(node: Node) -> Piecewise | None:
    if isinstance(node, Piecewise):
        return node
    return Piecewise(((node, None),)) if is_expression(node) else None


def _compare_pieces(ours: Piecewise, theirs: Piecewise, judge: Judge) -> Comparison:
    """Compares on each piece of the line between the bounds of all conditions, and at the bounds.

    Raises:
        _UnclearError: a condition is about anything but one variable and rational bounds.
    """
    conditions = [when for side in (ours, theirs) for _, when in side.cases if when is not None]
    names: frozenset[str] = frozenset().union(*map(free_symbols, conditions))
    if len(names) != 1:
        raise _UnclearError
    (name,) = names
    bounds = sorted({bound for when in conditions for bound in _bounds(when)})
    outcomes: list[Comparison] = []
    for at, is_bound in _places(bounds):
        values = _value_at(ours, name, at), _value_at(theirs, name, at)
        if values[0] is None and values[1] is None:
            continue
        if values[0] is None or values[1] is None:
            return OTHER_STRUCTURE  # one of them is not defined here
        point = {name: Number(at.numerator if at.denominator == 1 else at)}
        if _is_ambiguous(ours, name, at, judge):
            return OTHER_STRUCTURE
        here = substitute(values[0], point), substitute(values[1], point)
        outcome = judge.compare(*(here if is_bound else (values[0], values[1])))
        if outcome.match is Match.DIFFERENT and not is_bound:
            there = judge.compare(*here)
            outcome = there if there.match is Match.DIFFERENT else UNDECIDED
        if outcome.match is Match.DIFFERENT:
            return outcome
        outcomes.append(outcome)
    return all_of(outcomes) if outcomes else UNDECIDED


def _bounds(condition: Node) -> Iterator[Fraction]:
    """Lists the numbers in a condition."""
    for part in _operands(condition):
        if isinstance(part, Symbol) and part.name not in CONSTANTS:
            continue
        number = _number(part)
        if number is not None:
            yield number


def _operands(condition: Node) -> Iterator[Node]:
    """Lists what a condition compares, and checks that it compares nothing else.

    Raises:
        _UnclearError: it is no comparison of a variable with numbers.
    """
    if isinstance(condition, Logic) and condition.head in {"and", "or", "not"}:
        for part in condition.args:
            yield from _operands(part)
        return
    if isinstance(condition, Relation) and condition.signs == ("in",):
        yield condition.operands[0]
        where = condition.operands[1]
        if not isinstance(where, Sequence) or len(where.items) != 2 or where.brackets == "{}":
            raise _UnclearError
        yield from where.items
        return
    if isinstance(condition, Equation):
        yield from (condition.left, condition.right)
        return
    if not isinstance(condition, Relation) or not set(condition.signs) <= _ORDER.keys():
        raise _UnclearError
    yield from condition.operands


def _number(node: Node) -> Fraction | None:
    """Values a bound; None for an infinite one.

    Raises:
        _UnclearError: it is neither rational nor infinite.
    """
    if isinstance(node, Number):
        return Fraction(node.value)
    if not is_expression(node):
        raise _UnclearError
    if contains(node, lambda part: part == _INFINITY):
        return None
    value = canonical(node, Budget()).rational()
    if value is None:
        raise _UnclearError
    return Fraction(value)


def _places(bounds: list[Fraction]) -> Iterator[tuple[Fraction, bool]]:
    """Lists a place in every piece of the line, and every bound."""
    if not bounds:
        raise _UnclearError
    yield bounds[0] - Fraction(5, 7), False
    for bound, following in zip(bounds, [*bounds[1:], bounds[-1] + Fraction(13, 7)], strict=True):
        yield bound, True
        yield bound + (following - bound) * Fraction(4, 9), False


def _value_at(function: Piecewise, name: str, at: Fraction) -> Node | None:
    """Finds the value that holds at a place; None where no case does."""
    for value, when in function.cases:
        if when is None or _holds(when, name, at):
            return value
    return None


def _is_ambiguous(function: Piecewise, name: str, at: Fraction, judge: Judge) -> bool:
    """Tells whether two cases claim one place with different values, so that it is no function."""
    claims = [
        value for value, when in function.cases if when is not None and _holds(when, name, at)
    ]
    point = {name: Number(at.numerator if at.denominator == 1 else at)}
    values = [substitute(value, point) for value in claims] if len(claims) > 1 else []
    return any(judge.compare(values[0], other).match is Match.DIFFERENT for other in values[1:])


def _holds(condition: Node, name: str, at: Fraction) -> bool:
    if isinstance(condition, Logic):
        parts = [_holds(part, name, at) for part in condition.args]
        if condition.head == "not":
            return not parts[0]
        return all(parts) if condition.head == "and" else any(parts)
    if isinstance(condition, Relation) and condition.signs == ("in",):
        return _within(condition.operands[1], at)
    if isinstance(condition, Equation):
        condition = Relation((condition.left, condition.right), ("=",))
    if not isinstance(condition, Relation):
        raise _UnclearError
    values = [_side(operand, name, at) for operand in condition.operands]
    triples = zip(condition.signs, values, values[1:], strict=False)
    return all(_ORDER[sign](left, right) for sign, left, right in triples)


def _within(interval: Node, at: Fraction) -> bool:
    if not isinstance(interval, Sequence):
        raise _UnclearError
    lower, upper = (_side(item, "", at) for item in interval.items)
    above = lower <= at if interval.brackets[0] == "[" else lower < at
    return above and (at <= upper if interval.brackets[1] == "]" else at < upper)


_FAR: Final = Fraction(10**9)


def _side(node: Node, name: str, at: Fraction) -> Fraction:
    """Values one side of a comparison at a place; an infinite one lies beyond all others."""
    if isinstance(node, Symbol) and node.name == name:
        return at
    number = _number(node)
    if number is not None:
        return number
    size = max(_FAR, abs(at) * 2)
    return size if node == _INFINITY else -size


def _match_cases(ours: Piecewise, theirs: Piecewise, judge: Judge) -> Comparison:
    """Matches cases in any order, "otherwise" with whatever is left over."""
    if len(ours.cases) != len(theirs.cases):
        return UNDECIDED
    free = list(ours.cases)
    matched: list[Comparison] = []
    left_over: list[tuple[Node, Node | None]] = []
    for value, when in theirs.cases:
        place = _place_of(when, free, judge)
        if place is None:
            left_over.append((value, when))
            continue
        mine, _ = free.pop(place)
        matched.append(judge.compare(mine, value))
    if left_over:
        is_rest = any(when is None for _, when in (*free, *left_over))
        if len(left_over) > 1 or not is_rest:
            return UNDECIDED
        matched.append(judge.compare(free[0][0], left_over[0][0]))
    return all_of(matched)


def _place_of(when: Node | None, free: list[tuple[Node, Node | None]], judge: Judge) -> int | None:
    for place, (_, other) in enumerate(free):
        if when is None or other is None:
            if when is other:
                return place
        elif other == when or judge.compare(other, when).match is Match.EQUAL:
            return place
    return None
