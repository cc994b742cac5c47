"""Comparing solutions of systems, in any order and arrangement, and systems of equations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.mathematics.kinds.conditions import compare_conditions, is_coupled
from verifier.mathematics.kinds.matching import all_of, match_unordered
from verifier.mathematics.kinds.names import is_name, same_name
from verifier.mathematics.kinds.solutions import Solutions, alphabetical, read_solutions, roots_of
from verifier.mathematics.syntax import Equation, Logic, Matrix, Node, Relation, Sequence
from verifier.mathematics.traversal import free_symbols, is_expression
from verifier.mathematics.verdicts import OTHER_STRUCTURE, UNDECIDED, Comparison, Match

if TYPE_CHECKING:
    from collections.abc import Sequence as Several

    from verifier.mathematics.kinds.judge import Judge

Rows = tuple[tuple[Node, ...], ...]


def compare_systems(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where a side gives several values to names; None where none does.

    Solutions match in any order. Against values without names, the order of the names counts: as
    written, or x before y before z where the candidate wrote them in another order.
    """
    several = _is_several(candidate) or _is_several(reference)
    if not several or _names_one_of(candidate, reference):
        return OTHER_STRUCTURE if several else None
    unchained = _unchained(candidate, judge), _unchained(reference, judge)
    if unchained != (candidate, reference):
        return judge.compare(*unchained)
    ours, theirs = read_solutions(candidate), read_solutions(reference)
    if ours is not None and theirs is not None:
        both_equations = isinstance(candidate, Equation) and isinstance(reference, Equation)
        if both_equations and _single(ours) and _single(theirs):
            return None
        named = _compare_solutions(ours, theirs, judge)
        conditions = None
        if named.match is not Match.EQUAL and _leaves_freedom(ours, theirs):
            # Different values of the same unknowns are different; of others, perhaps one line.
            alike = _reordered(ours, theirs.names) is None
            alike = alike and free_symbols(candidate) == free_symbols(reference)
            conditions = compare_conditions(candidate, reference, judge) if alike else None
        return conditions or named
    if ours is None and theirs is None:
        # x + y = 3 with x - y = 2 is no list of the numbers 3 and 2.
        is_system = is_coupled(candidate) or is_coupled(reference)
        conditions = compare_conditions(candidate, reference, judge)
        return conditions or (UNDECIDED if is_system else None)
    return _compare_one_named((candidate, ours), (reference, theirs), judge)


def _compare_one_named(
    ours: tuple[Node, Solutions | None], theirs: tuple[Node, Solutions | None], judge: Judge
) -> Comparison | None:
    """Compares values with names on one side with values or equations on the other."""
    conditions = compare_conditions(ours[0], theirs[0], judge)
    if conditions is not None:
        # A system is no solution, unless that leaves a line or more.
        solutions = [values for _, values in (ours, theirs) if values is not None]
        return conditions if _leaves_freedom(*solutions) else OTHER_STRUCTURE
    if ours[1] is not None:
        return _compare_bare_reference(ours[1], theirs[0], judge)
    return None if theirs[1] is None else _compare_bare_candidate(ours[0], theirs[1], judge)


def _names_one_of(candidate: Node, reference: Node) -> bool:
    """Tells whether a candidate gives one of several names what belongs to all: x = (1, 2)."""
    if not isinstance(candidate, Equation) or not isinstance(reference, Equation):
        return False
    names = reference.left.items if isinstance(reference.left, Sequence) else ()
    return isinstance(candidate.right, Sequence) and candidate.left in names


def _is_several(node: Node) -> bool:
    """Tells whether a node may give several values to names, at a glance."""
    if isinstance(node, Equation):
        return isinstance(node.left, Sequence) or isinstance(node.right, Sequence | Logic)
    if isinstance(node, Relation):
        return node.signs == ("in",) or set(node.signs) == {"="}
    parts = node.items if isinstance(node, Sequence) else ()
    parts = node.args if isinstance(node, Logic) else parts
    return any(isinstance(part, Equation) or _is_several(part) for part in parts)


def _unchained(node: Node, judge: Judge) -> Node:
    """Shortens y = (x + 1)^2 = x^2 + 2x + 1 to its ends, but not the line x = y/2 = z/3."""
    if not isinstance(node, Relation) or set(node.signs) != {"="}:
        return node
    first, *middle, last = node.operands
    if all(map(is_name, node.operands[:-1])):
        return node
    if free_symbols(last) and not all(
        judge.compare(step, last).match is Match.EQUAL for step in middle
    ):
        return node
    return Equation(first, last)


def _single(solutions: Solutions) -> bool:
    return len(solutions.names) == 1 and len(solutions.rows) == 1


def _leaves_freedom(*several: Solutions) -> bool:
    """Tells whether values depend on other variables: a line, a plane."""
    return any(
        free_symbols(value) for solutions in several for row in solutions.rows for value in row
    )


def _compare_solutions(ours: Solutions, theirs: Solutions, judge: Judge) -> Comparison:
    """Compares solutions that are named on both sides."""
    rows = _reordered(ours, theirs.names)
    named = OTHER_STRUCTURE if rows is None else _match_rows(rows, theirs.rows, judge)
    if named.match is Match.EQUAL:
        return named
    our_roots, their_roots = roots_of(ours), roots_of(theirs)
    if our_roots is not None and their_roots is not None and our_roots[0] == their_roots[0]:
        return match_unordered(our_roots[1], their_roots[1], judge)
    if rows is None and _is_point(ours, theirs):
        return _match_points(ours, theirs, judge)
    return named


def _reordered(solutions: Solutions, names: tuple[Node, ...]) -> Rows | None:
    """Brings the values into the order of other names; None if the names are not the same."""
    if len(names) != len(solutions.names):
        return None
    order = []
    for name in names:
        places = [n for n, own in enumerate(solutions.names) if same_name(own, name)]
        if not places or places[0] in order:
            return None
        order.append(places[0])
    return tuple(tuple(row[place] for place in order) for row in solutions.rows)


def _is_point(ours: Solutions, theirs: Solutions) -> bool:
    """Tells whether one side names a point, P = (1, 2), and the other its coordinates."""
    return (len(ours.names) == 1) != (len(theirs.names) == 1)


def _match_points(ours: Solutions, theirs: Solutions, judge: Judge) -> Comparison:
    size = max(len(ours.names), len(theirs.names))
    sides: list[Rows] = []
    for side in (ours, theirs):
        points = [_row_of(row[0], size) if len(row) == 1 else row for row in side.rows]
        sides.append(tuple(point for point in points if point is not None))
        if None in points:
            return OTHER_STRUCTURE
    return _match_rows(sides[0], sides[1], judge)


def _compare_bare_reference(ours: Solutions, reference: Node, judge: Judge) -> Comparison | None:
    roots = roots_of(ours)
    if roots is not None:
        return judge.compare(_as_list(roots[1]), reference)
    rows = _rows_of(reference, len(ours.names))
    if rows is None:
        return OTHER_STRUCTURE if is_expression(reference) else None
    ordered = alphabetical(ours)
    usual = _match_rows(ordered.rows, rows, judge)
    if usual.match is Match.EQUAL or ordered == ours:
        return _unless_set(usual, reference)
    written = _match_rows(ours.rows, rows, judge)
    return UNDECIDED if written.match is Match.EQUAL else usual


def _compare_bare_candidate(candidate: Node, theirs: Solutions, judge: Judge) -> Comparison | None:
    roots = roots_of(theirs)
    if roots is not None:
        return judge.compare(candidate, _as_list(roots[1]))
    rows = _rows_of(candidate, len(theirs.names))
    if rows is None:
        return OTHER_STRUCTURE if is_expression(candidate) else None
    written = _match_rows(rows, theirs.rows, judge)
    if written.match is Match.EQUAL:
        return written
    usual = _match_rows(rows, alphabetical(theirs).rows, judge)
    return usual if usual.match is Match.EQUAL else _unless_set(written, candidate)


def _unless_set(outcome: Comparison, bare: Node) -> Comparison:
    """Keeps a difference open where a set has lost which value was whose."""
    is_set = isinstance(bare, Sequence) and bare.brackets == "{}"
    return UNDECIDED if is_set and outcome.match is Match.DIFFERENT else outcome


def _as_list(values: tuple[Node, ...]) -> Node:
    return values[0] if len(values) == 1 else Sequence("", values)


def _rows_of(node: Node, size: int) -> Rows | None:
    """Reads values without names: one point (1, 2), or several."""
    row = _row_of(node, size)
    if row is not None and not any(_row_of(item, size) for item in row):
        return (row,)
    items: tuple[Node, ...] = ()
    if isinstance(node, Sequence) and node.brackets in {"", "{}"}:
        items = node.items
    elif isinstance(node, Logic) and node.head in {"or", "and"}:
        items = node.args
    rows = tuple(row for item in items if (row := _row_of(item, size)) is not None)
    return rows if rows and len(rows) == len(items) else None


def _row_of(node: Node, size: int) -> tuple[Node, ...] | None:
    if isinstance(node, Matrix) and (len(node.rows) == 1 or len(node.rows[0]) == 1):
        values = tuple(entry for row in node.rows for entry in row)
        return values if len(values) == size else None
    is_row = isinstance(node, Sequence) and node.brackets not in {"(]", "[)"}
    if is_row and isinstance(node, Sequence) and len(node.items) == size:
        statements = any(isinstance(item, Equation | Relation) for item in node.items)
        return None if statements else node.items
    return None


def _match_rows(ours: Rows, theirs: Rows, judge: Judge) -> Comparison:
    """Matches solutions one to one, each with the first free equal one."""
    if len(ours) != len(theirs):
        return OTHER_STRUCTURE
    free = list(theirs)
    matched: list[Comparison] = []
    first_failure: Comparison | None = None
    for row in ours:
        for place, other in enumerate(free):
            comparison = _compare_row(row, other, judge)
            if comparison.match is Match.EQUAL:
                matched.append(comparison)
                del free[place]
                break
            if first_failure is None or comparison.match is Match.UNDECIDED:
                first_failure = comparison
        else:
            return first_failure or OTHER_STRUCTURE
    return all_of(matched)


def _compare_row(ours: Several[Node], theirs: Several[Node], judge: Judge) -> Comparison:
    outcomes: list[Comparison] = []
    for pair in zip(ours, theirs, strict=True):
        outcomes.append(judge.compare(*pair))
        if outcomes[-1].match is Match.DIFFERENT:
            break
    return all_of(outcomes)
