r"""Comparing sets of reals with each other and with relations in one variable, both ways.

Both are brought to the same normal form, `real_sets`: ``x > 1``, ``(1, \infty)`` and
``\{x : x > 1\}`` are one set. Ends are then compared as values are, by the digits written, and
brackets exactly. Where ends cannot be put in order, because they have parameters, the intervals are
compared as they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.kinds.families import compare_families
from verifier.mathematics.kinds.matching import all_of, match_unordered
from verifier.mathematics.kinds.open_intervals import Interval, Unsorted, read_unsorted
from verifier.mathematics.kinds.real_sets import (
    EVERYTHING,
    NotASetError,
    Ordering,
    UnorderedError,
    snap,
)
from verifier.mathematics.kinds.renaming import rename_bound
from verifier.mathematics.kinds.set_reading import (
    Solution,
    flattened,
    is_certain,
    is_pair,
    read_set,
)
from verifier.mathematics.kinds.terms import is_shallow, symbols
from verifier.mathematics.limits import MAX_STRUCTURED
from verifier.mathematics.syntax import (
    Apply,
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
    Match,
)

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge

_OPERATIONS: Final = frozenset(("cup", "cap", "setminus", "complement"))


def compare_sets(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares two sets of reals, or a set and a relation in one variable.

    Returns:
        None if neither is certainly a set or a relation, or if they cannot be read as sets: two
        pairs in brackets of one kind, two lists in braces, relations in several variables.

    Raises:
        TooComplexError: by `Judge.compare`, of endpoints.
    """
    periodic = compare_families(candidate, reference)
    if periodic is not None:
        return periodic
    if not is_certain(candidate) and not is_certain(reference):
        # [1, 2] and (1, 2): one is closed, or one is no point; they are never one answer.
        apart = is_pair(candidate) and is_pair(reference) and _brackets(candidate, reference)
        return OTHER_STRUCTURE if apart else None
    if _lists_sets(candidate) and _lists_sets(reference):
        return None  # several sets each, compared one by one
    if not is_shallow(candidate) or not is_shallow(reference):
        return UNDECIDED
    ordering = Ordering()
    ours = _read(candidate, ordering, symbols(reference))
    theirs = _read(reference, ordering, symbols(candidate))
    if ours is not None and theirs is not None:
        return _compare_solutions(ours, theirs, judge)
    return _compare_structure(candidate, reference, judge)


def _lists_sets(node: Node) -> bool:
    """Tells whether a plain list holds sets, which then are several answers."""
    if not isinstance(node, Sequence) or node.brackets or len(node.items) == 1:
        return False
    return not any(isinstance(item, Relation | Logic) for item in node.items)


def _brackets(left: Node, right: Node) -> bool:
    """Tells whether two sequences have different brackets."""
    return (
        isinstance(left, Sequence)
        and isinstance(right, Sequence)
        and (left.brackets != right.brackets)
    )


def _read(node: Node, ordering: Ordering, parameters: frozenset[str]) -> Solution | Unsorted | None:
    try:
        return read_set(node, ordering)
    except (UnorderedError, NotASetError):
        pass
    except TooComplexError:
        return None
    try:
        return read_unsorted(node, parameters)
    except (NotASetError, TooComplexError):
        return None


def _compare_solutions(
    ours: Solution | Unsorted, theirs: Solution | Unsorted, judge: Judge
) -> Comparison | None:
    """Compares sets that were read, and what is said to lie in them."""
    names = _compare_names(ours.variable, theirs.variable, judge)
    if names is None:
        return None
    if isinstance(ours, Solution) and isinstance(theirs, Solution):
        sets = _compare_reals(ours, theirs, judge)
    else:
        if ours.variable is not None and theirs.variable is not None:
            return None  # two relations with parameters are compared as relations
        sets = _compare_unsorted(_unsorted(ours), _unsorted(theirs), judge)
    if names.match is Match.EQUAL or sets.match is not Match.EQUAL:
        return sets
    return names


def _compare_names(ours: Node | None, theirs: Node | None, judge: Judge) -> Comparison | None:
    """Compares variables: that of one side alone does not matter, nor does how a value is called.

    Returns:
        None if they differ in a way that only relations themselves can tell.
    """
    if ours is None or theirs is None or ours == theirs:
        return SAME_STRUCTURE
    if isinstance(ours, Symbol) and isinstance(theirs, Symbol):
        return OTHER_STRUCTURE
    named = judge.compare(ours, theirs)
    return named if named.match is Match.EQUAL else None


def _compare_reals(ours: Solution, theirs: Solution, judge: Judge) -> Comparison:
    """Compares two normal forms: as many ends, the same brackets, equal ends."""
    if ours.grid != theirs.grid:
        return _compare_grids(ours, theirs)
    if ours.reals.inside != theirs.reals.inside:
        return OTHER_STRUCTURE
    pairs = zip(ours.reals.points, theirs.reals.points, strict=True)
    compared: list[Comparison] = []
    for left, right in pairs:
        compared.append(judge.compare(left.node, right.node))
        if compared[-1].match is Match.DIFFERENT:
            break
    return all_of(compared)


def _compare_grids(ours: Solution, theirs: Solution) -> Comparison:
    """Compares where one side alone says that it is about integers: it can only be shown wrong.

    A relation may well mean them too, but no interval does, nor do all reals. That is for the
    question to say, and whether 0 is natural.
    """
    for side in (ours, theirs):
        is_said = side.variable is None or side.reals == EVERYTHING
        if not side.grid and is_said and any(side.reals.inside[::2]):
            return OTHER_STRUCTURE
    if "Naturals" in {ours.grid, theirs.grid}:
        return UNDECIDED
    try:
        same = snap(ours.reals) == snap(theirs.reals)
    except TooComplexError:
        return UNDECIDED
    return UNDECIDED if same else OTHER_STRUCTURE


def _unsorted(side: Solution | Unsorted) -> Unsorted:
    """Lists the pieces of a set, sorted or not."""
    if isinstance(side, Unsorted):
        return side
    points, inside = side.reals.points, side.reals.inside
    pieces: list[Interval] = []
    for place in range(len(points)):
        at = 2 * place + 1
        if inside[at] and not inside[at - 1] and not inside[at + 1]:
            pieces.append(Interval(points[place].node, points[place].node, "[]"))
    for place in range(0, len(inside), 2):
        if inside[place]:
            low = points[place // 2 - 1].node if place else None
            high = points[place // 2].node if place < len(inside) - 1 else None
            brackets = ("[" if place and inside[place - 1] else "(") + (
                "]" if high is not None and inside[place + 1] else ")"
            )
            pieces.append(Interval(low, high, brackets))
    return Unsorted(tuple(pieces), side.variable)


def _compare_unsorted(ours: Unsorted, theirs: Unsorted, judge: Judge) -> Comparison:
    """Compares pieces in any order; if they do not match, only single ones are surely different."""
    free = list(theirs.pieces)
    compared: list[Comparison] = []
    undecided = len(ours.pieces) != len(theirs.pieces)
    for piece in ours.pieces:
        for place, other in enumerate(free):
            comparison = _compare_pieces(piece, other, judge)
            if comparison.match is Match.EQUAL:
                compared.append(comparison)
                del free[place]
                break
            undecided = undecided or comparison.match is Match.UNDECIDED
        else:
            return UNDECIDED if undecided else OTHER_STRUCTURE
    return UNDECIDED if free else all_of(compared)


def _compare_pieces(ours: Interval, theirs: Interval, judge: Judge) -> Comparison:
    if ours.brackets != theirs.brackets:
        return OTHER_STRUCTURE
    compared: list[Comparison] = []
    for left, right in ((ours.low, theirs.low), (ours.high, theirs.high)):
        if left is None or right is None:
            compared.append(SAME_STRUCTURE if left is right else OTHER_STRUCTURE)
        else:
            compared.append(judge.compare(left, right))
        if compared[-1].match is Match.DIFFERENT:
            break
    return all_of(compared)


def _compare_structure(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares sets beyond the reals by how they are written, which can only show them equal."""
    if isinstance(candidate, Relation | Logic) and isinstance(reference, Relation | Logic):
        return None
    if isinstance(candidate, SetBuilder) and isinstance(reference, SetBuilder):
        return _compare_builders(candidate, reference, judge)
    if not isinstance(candidate, Apply) or not isinstance(reference, Apply):
        return None
    if candidate.head != reference.head or candidate.head not in _OPERATIONS:
        return None
    ours, theirs = flattened(candidate), flattened(reference)
    if len(ours) != len(theirs) or len(ours) > MAX_STRUCTURED:
        return UNDECIDED
    if candidate.head in {"cup", "cap"}:
        compared = match_unordered(ours, theirs, judge)
    else:
        compared = all_of([judge.compare(*pair) for pair in zip(ours, theirs, strict=True)])
    return compared if compared.match is Match.EQUAL else UNDECIDED


def _compare_builders(candidate: SetBuilder, reference: SetBuilder, judge: Judge) -> Comparison:
    """Compares element and conditions, whatever the bound letters are called."""
    ours, theirs = rename_bound(candidate), rename_bound(reference)
    if ours == theirs:
        return SAME_STRUCTURE
    compared = judge.compare(ours.element, theirs.element)
    if compared.match is Match.EQUAL:
        conditions = match_unordered(ours.conditions, theirs.conditions, judge)
        if conditions.match is Match.EQUAL:
            return all_of([compared, conditions])
    return UNDECIDED
