"""Lists, tuples and sets, element by element."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.mathematics.kinds.matching import all_of, match_in_order, match_unordered
from verifier.mathematics.kinds.vectors import folded_tuple
from verifier.mathematics.limits import MAX_FILLED, MAX_UNORDERED
from verifier.mathematics.numeric.fingerprints import are_apart, fingerprints
from verifier.mathematics.substitution import rename
from verifier.mathematics.syntax import Apply, Equation, Node, Number, Relation, Sequence, Symbol
from verifier.mathematics.traversal import free_symbols
from verifier.mathematics.verdicts import OTHER_STRUCTURE, UNDECIDED, Comparison, Match
from verifier.types import DuplicatePolicy, OrderPolicy

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge

_POINT: Final = re.compile(r"call [A-Z][0-9_']*")
_DOTS: Final = Symbol("...")
_ORDERED: Final = frozenset(("()", "[]", "(]", "[)"))
_HALF_OPEN: Final = frozenset(("(]", "[)"))
_MAX_UNMARKED: Final = 12  # equations and the like, of which two may be one
_SAID_AGAIN: Final = 3  # ways of saying one thing
_PAIR: Final = 2
_LOOSE: Final = frozenset(("", "{}"))


def compare_sequences(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where at least one side is a sequence; None where none is.

    A list or set of one element is that element. Sets and plain lists may come in any order, unless
    the policy or different names say otherwise; what repeats in a set counts once.
    """
    ours, theirs = _as_sequence(candidate), _as_sequence(reference)
    if ours is None and theirs is None:
        return None
    if not isinstance(candidate, Sequence) and not isinstance(reference, Sequence):
        return None  # two points of functions, P(1, 2) and Q(1, 2), are compared as such
    if ours is None or theirs is None:
        return _compare_with_one(candidate, reference, ours or theirs, judge)
    if not _brackets_agree(ours, theirs):
        return OTHER_STRUCTURE
    return _compare_items(ours, theirs, judge)


def _compare_with_one(
    candidate: Node, reference: Node, several: Sequence | None, judge: Judge
) -> Comparison:
    """Compares a sequence with a single answer: one element, or one thing said several ways."""
    if several is None or several.brackets not in _LOOSE:
        return OTHER_STRUCTURE
    if len(several.items) == 1:
        ours = several.items[0] if several is candidate else candidate
        return judge.compare(ours, reference if several is candidate else several.items[0])
    if several is candidate and not several.brackets and len(several.items) <= _SAID_AGAIN:
        # "1/2 or 0.5" says one thing twice; "5 or 6" does not.
        return all_of([judge.compare(item, reference) for item in several.items])
    return OTHER_STRUCTURE


def _as_sequence(node: Node) -> Sequence | None:
    """Reads a sequence; a named point P(3, 4) is its coordinates."""
    if isinstance(node, Apply) and _POINT.fullmatch(node.head) and len(node.args) > 1:
        return Sequence("()", node.args)
    return _written_out(node) if isinstance(node, Sequence) else folded_tuple(node)


def _written_out(node: Sequence) -> Sequence:
    """Fills the dots of 1, 2, …, 10 where two integers in front of them and one behind tell how."""
    if node.items.count(_DOTS) != 1:
        return node
    place = node.items.index(_DOTS)
    values = [item.value if isinstance(item, Number) else None for item in node.items]
    if place < 2 or place + 1 >= len(values):
        return node
    before, last, after = values[place - 2], values[place - 1], values[place + 1]
    if not (isinstance(before, int) and isinstance(last, int) and isinstance(after, int)):
        return node
    step = last - before
    if not step or (after - last) % step or not 0 < (after - last) // step <= MAX_FILLED:
        return node
    filled = tuple(Number(value) for value in range(last + step, after, step))
    return Sequence(node.brackets, (*node.items[:place], *filled, *node.items[place + 1 :]))


def _with_name_of(theirs: Sequence, ours: Sequence) -> Sequence:
    """Calls a parameter as the reference does: (n, n^2), n in Z is (k, k^2), k in Z."""
    name, other = _parameter(ours), _parameter(theirs)
    if name is None or other is None or name == other or other in free_symbols(ours):
        return ours
    return Sequence(ours.brackets, tuple(rename(item, {name: other}) for item in ours.items))


def _parameter(sequence: Sequence) -> str | None:
    """Names the letter that a condition behind an answer speaks of."""
    if len(sequence.items) != _PAIR or not isinstance(sequence.items[1], Relation):
        return None
    letter = sequence.items[1].operands[0]
    return (
        letter.name
        if isinstance(letter, Symbol) and not isinstance(sequence.items[0], Relation)
        else None
    )


def _compare_items(ours: Sequence, theirs: Sequence, judge: Judge) -> Comparison:
    ours = _with_name_of(theirs, ours)
    if len(ours.items) == len(theirs.items):
        in_order = match_in_order(ours.items, theirs.items, judge)
        if in_order.match is Match.EQUAL or _order_counts(ours, theirs, judge):
            return in_order
    elif _order_counts(ours, theirs, judge):
        return OTHER_STRUCTURE
    if not _repeats_count_once(theirs, judge):
        return match_unordered(ours.items, theirs.items, judge)
    if max(len(ours.items), len(theirs.items)) > MAX_UNORDERED:
        return UNDECIDED
    return match_unordered(_distinct(ours.items, judge), _distinct(theirs.items, judge), judge)


def _repeats_count_once(theirs: Sequence, judge: Judge) -> bool:
    if judge.policy.duplicates in {DuplicatePolicy.COUNT, DuplicatePolicy.IGNORE}:
        return judge.policy.duplicates is DuplicatePolicy.IGNORE
    return theirs.brackets == "{}"


def _distinct(items: tuple[Node, ...], judge: Judge) -> list[Node]:
    """Drops what repeats; {1, 1, 2} is {1, 2}."""
    different = list(dict.fromkeys(items))
    marks = fingerprints(different) if len(different) > _PAIR else [None] * len(different)
    if marks.count(None) > _MAX_UNMARKED:
        return different  # too many to compare each with each
    kept: list[tuple[Node, object]] = []
    for item, mark in zip(different, marks, strict=True):
        near = [other for other, other_mark in kept if not are_apart(mark, other_mark)]
        if all(judge.compare(item, other).match is not Match.EQUAL for other in near):
            kept.append((item, mark))
    return [item for item, _ in kept]


def _brackets_agree(ours: Sequence, theirs: Sequence) -> bool:
    """Tells whether two kinds of brackets may mean the same.

    A plain list agrees with a set and with (a, b) or [a, b]; an interval only with its like. Of
    three and more elements, round and square brackets both list coordinates.
    """
    if {ours.brackets, theirs.brackets} == {"()", "[]"}:
        return len(ours.items) > _PAIR  # of two, one is closed: intervals
    return ours.brackets == theirs.brackets or (
        "" in {ours.brackets, theirs.brackets} and not {ours.brackets, theirs.brackets} & _HALF_OPEN
    )


def _order_counts(candidate: Sequence, reference: Sequence, judge: Judge) -> bool:
    sorts = {candidate.brackets, reference.brackets}
    if not _ORDERED.isdisjoint(sorts):
        return True
    if "{}" in sorts:
        return False
    if judge.policy.order in {OrderPolicy.ORDERED, OrderPolicy.UNORDERED}:
        return judge.policy.order is OrderPolicy.ORDERED
    return _names(candidate) != _names(reference)


def _names(sequence: Sequence) -> int:
    """Counts the different names assigned to: x=1, y=2 against 1, 2 must keep its order."""
    names = {item.left for item in sequence.items if isinstance(item, Equation)}
    return len(names) if len(names) > 1 else 0
