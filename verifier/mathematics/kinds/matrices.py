"""Comparing matrices and vectors, entry by entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact.algebra import IMAGINARY, ONE, Budget
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.exact.numbers import compare_numbers
from verifier.mathematics.kinds.matching import all_of
from verifier.mathematics.kinds.matrix_arithmetic import fold_matrices
from verifier.mathematics.substitution import substitute
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Matrix,
    Node,
    Number,
    Sequence,
    Symbol,
    TooComplexError,
)
from verifier.mathematics.traversal import contains, free_symbols, is_expression, map_children
from verifier.mathematics.verdicts import (
    EXACT_DIFFERENT,
    OTHER_STRUCTURE,
    SAME_STRUCTURE,
    Comparison,
    Match,
)
from verifier.types import Method

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge

_AXES: Final = ("i", "j", "k")
_HATS: Final = {f"hat {axis}": Symbol(axis) for axis in _AXES}
_VECTORS: Final = frozenset(("", "()", "[]", "<>"))


def compare_matrices(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where a side is a matrix or a vector 2i + 3j; None where none is.

    Arithmetic of matrices is carried out first. A row, a column, a tuple and the form in unit
    vectors agree where their entries do.
    """
    candidate, reference = _with_vectors(candidate), _with_vectors(reference)
    has_matrix = contains(candidate, _is_matrix) or contains(reference, _is_matrix)
    if not has_matrix:
        return _compare_unit_vectors(candidate, reference, judge)
    ours = _unwrapped(fold_matrices(candidate, Budget()))
    theirs = _unwrapped(fold_matrices(reference, Budget()))
    if isinstance(ours, Matrix) and isinstance(theirs, Matrix):
        return _compare_rows(ours, theirs, judge)
    if isinstance(ours, Matrix) or isinstance(theirs, Matrix):
        return _compare_mixed(ours, theirs, judge)
    if ours != candidate or theirs != reference:
        return judge.compare(ours, theirs)
    return None


def _with_vectors(node: Node) -> Node:
    """Reads the tuples of a sum as vectors: (1, 2) + t(3, 4)."""
    if isinstance(node, Equation):
        return Equation(node.left, _with_vectors(node.right))
    if not isinstance(node, Apply) or node.head != "+" or not contains(node, _is_tuple):
        return node
    return map_children(node, _vectors_of_term)


def _vectors_of_term(node: Node) -> Node:
    if isinstance(node, Sequence) and _is_tuple(node):
        return Matrix((node.items,))
    is_scaled = isinstance(node, Apply) and node.head in {"*", "neg", "/"}
    return map_children(node, _vectors_of_term) if is_scaled else node


def _is_tuple(node: Node) -> bool:
    return isinstance(node, Sequence) and node.brackets in {"()", "<>"} and len(node.items) > 1


def _is_matrix(node: Node) -> bool:
    return isinstance(node, Matrix)


def _unwrapped(node: Node) -> Node:
    """Takes the brackets off a matrix that is the only element of a list or tuple."""
    if isinstance(node, Sequence) and len(node.items) == 1 and _is_matrix(node.items[0]):
        return node.items[0]
    return node


def _compare_rows(ours: Matrix, theirs: Matrix, judge: Judge) -> Comparison:
    if len(ours.rows) != len(theirs.rows) or len(ours.rows[0]) != len(theirs.rows[0]):
        left, right = _vector(ours), _vector(theirs)
        if left is None or right is None:
            return OTHER_STRUCTURE
        return _compare_entries(left, right, judge)
    return _compare_entries(_entries(ours), _entries(theirs), judge)


def _entries(matrix: Matrix) -> tuple[Node, ...]:
    return tuple(entry for row in matrix.rows for entry in row)


def _compare_mixed(ours: Node, theirs: Node, judge: Judge) -> Comparison | None:
    """Compares a matrix with what is none."""
    size = max(len(_entries(side)) for side in (ours, theirs) if isinstance(side, Matrix))
    left, right = _as_matrix(ours, size), _as_matrix(theirs, size)
    if left is not None and right is not None:
        return _compare_rows(left, right, judge)
    for matrix, other in ((ours, theirs), (theirs, ours)):
        if isinstance(matrix, Matrix) and is_expression(other) and not free_symbols(other):
            is_single = len(matrix.rows) == len(matrix.rows[0]) == 1
            return None if is_single else OTHER_STRUCTURE
    return None


def _as_matrix(node: Node, size: int) -> Matrix | None:
    """Reads a matrix, a tuple, a tuple of rows, or a vector in unit vectors."""
    if isinstance(node, Matrix):
        return node
    if isinstance(node, Sequence) and node.brackets in _VECTORS and node.items:
        rows = [item.items for item in node.items if isinstance(item, Sequence) and item.items]
        if not node.brackets and rows:
            return None  # a list of points is no matrix
        if len(rows) == len(node.items) and len({len(row) for row in rows}) == 1:
            return Matrix(tuple(rows))
        return None if rows else Matrix((node.items,))
    entries = _coordinates(node, size)
    return None if entries is None else Matrix((entries,))


def _vector(matrix: Matrix) -> tuple[Node, ...] | None:
    if len(matrix.rows) == 1:
        return matrix.rows[0]
    return tuple(row[0] for row in matrix.rows) if len(matrix.rows[0]) == 1 else None


def _compare_entries(ours: tuple[Node, ...], theirs: tuple[Node, ...], judge: Judge) -> Comparison:
    """Compares entries, plain numbers first: most matrices hold nothing else."""
    if len(ours) != len(theirs):
        return OTHER_STRUCTURE
    outcomes: list[Comparison] = []
    others: list[tuple[Node, Node]] = []
    for mine, other in zip(ours, theirs, strict=True):
        if isinstance(mine, Number) and isinstance(other, Number):
            method = compare_numbers(mine, other, judge.policy)
            if method is None:
                return EXACT_DIFFERENT
            if method is not Method.EXACT:
                outcomes.append(Comparison(Match.EQUAL, method))
        elif mine != other:
            others.append((mine, other))
    for mine, other in others:
        outcomes.append(judge.compare(mine, other))
        if outcomes[-1].match is Match.DIFFERENT:
            return outcomes[-1]
    return all_of(outcomes) if outcomes else SAME_STRUCTURE


def _compare_unit_vectors(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares 2i + 3j with the tuple (2, 3)."""
    if isinstance(reference, Sequence) and reference.brackets in _VECTORS - {""}:
        entries = _coordinates(candidate, len(reference.items))
        return None if entries is None else _compare_entries(entries, reference.items, judge)
    if isinstance(candidate, Sequence) and candidate.brackets in _VECTORS - {""}:
        entries = _coordinates(reference, len(candidate.items))
        return None if entries is None else _compare_entries(candidate.items, entries, judge)
    return None


def _coordinates(node: Node, size: int) -> tuple[Node, ...] | None:
    """Reads a combination of the unit vectors i, j and k; one with i alone is a complex number."""
    if size not in {2, 3} or not isinstance(node, Apply | Symbol) or not is_expression(node):
        return None
    node = substitute(node, _HATS)
    if not free_symbols(node) & {"j", "k"} or (size == 2 and "k" in free_symbols(node)):
        return None
    try:
        form = canonical(node, Budget())
    except TooComplexError:
        return None
    units = (IMAGINARY, ("x", "j"), ("x", "k"))
    for monomial in form.over:
        found = [exponent for what, exponent in monomial if what in units]
        if found != [1] or form.under != ONE:
            return None
    return tuple(
        substitute(node, {other: Number(int(other == axis)) for other in _AXES})
        for axis in _AXES[:size]
    )
