"""Carrying out the arithmetic of matrices, so that a sum of two compares as the one it is."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING, Final

from verifier.mathematics import work
from verifier.mathematics.exact.algebra import check_size, tidy
from verifier.mathematics.exact.derivatives import negative, over, times, total
from verifier.mathematics.limits import (
    MAX_DETERMINANT,
    MAX_ENTRY_BITS,
    MAX_MATRIX_POWER,
    MAX_MATRIX_STEPS,
)
from verifier.mathematics.syntax import Apply, Matrix, Node, Number, Symbol, TooComplexError
from verifier.mathematics.traversal import contains, map_children

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verifier.mathematics.exact.algebra import Budget

Rows = tuple[tuple[Node, ...], ...]
_SYMBOLIC_ROWS: Final = 3


def fold_matrices(node: Node, budget: Budget) -> Node:
    """Carries out sums, products, powers, transposes, determinants and the like of matrices.

    Args:
        node: any tree; one without matrices is returned as it is.
        budget: pays a step per matrix operation; entries are bounded by `MAX_MATRIX_STEPS`.

    Returns:
        The tree with every operation carried out that is defined and within bounds; the others
        stay as they were.
    """
    if not contains(node, lambda part: isinstance(part, Matrix)):
        return node
    return _folded(node, budget)


def _folded(node: Node, budget: Budget) -> Node:
    if isinstance(node, Matrix | Number | Symbol):
        return node
    inner = map_children(node, lambda part: _folded(part, budget))
    if not isinstance(inner, Apply) or not any(isinstance(arg, Matrix) for arg in inner.args):
        return inner
    operation = _OPERATIONS.get(inner.head)
    if operation is None:
        return inner
    try:
        budget.spend(1)
        return operation(inner.args) or inner
    except (TooComplexError, ZeroDivisionError):
        return inner


def _sum(args: tuple[Node, ...]) -> Node | None:
    matrices = [arg for arg in args if isinstance(arg, Matrix)]
    shape = _shape(matrices[0])
    if len(matrices) != len(args) or any(_shape(matrix) != shape for matrix in matrices):
        return None
    _check_steps(len(matrices) * shape[0] * shape[1])
    columns = zip(*(_entries(matrix) for matrix in matrices), strict=True)
    return _shaped([_added(*column) for column in columns], shape[1])


def _product(args: tuple[Node, ...]) -> Node | None:
    result: Matrix | None = None
    scalars: list[Node] = []
    for arg in args:
        if not isinstance(arg, Matrix):
            scalars.append(arg)
        elif result is None:
            result = arg
        else:
            result = _multiplied(result, arg)
            if result is None:
                return None
    if result is None or not scalars:
        return result
    _check_steps(len(result.rows) * len(result.rows[0]))
    factor = _times(*scalars)
    return _each(result, lambda entry: _times(factor, entry))


def _multiplied(left: Matrix, right: Matrix) -> Matrix | None:
    if len(left.rows[0]) != len(right.rows):
        return None
    _check_steps(len(left.rows) * len(right.rows) * len(right.rows[0]))
    columns = tuple(zip(*right.rows, strict=True))
    return Matrix(tuple(tuple(_dot(row, column) for column in columns) for row in left.rows))


def _quotient(args: tuple[Node, ...]) -> Node | None:
    above, below = args
    if not isinstance(above, Matrix) or isinstance(below, Matrix):
        return None
    return _each(above, lambda entry: _divided(entry, below))


def _power(args: tuple[Node, ...]) -> Node | None:
    base, exponent = args
    if not isinstance(base, Matrix):
        return None
    if exponent == Symbol("T"):
        return _transposed((base,))
    size, width = _shape(base)
    if not isinstance(exponent, Number) or size != width:
        return None
    count = exponent.value
    if not isinstance(count, int) or not 0 < abs(count) <= MAX_MATRIX_POWER:
        return None
    start = base if count > 0 else _inverse(base)
    return None if start is None else _repeated(start, abs(count))


def _repeated(base: Matrix, count: int) -> Matrix | None:
    result: Matrix | None = None
    while count:
        if count % 2:
            result = base if result is None else _multiplied(result, base)
        count //= 2
        squared = _multiplied(base, base) if count else base
        if squared is None:
            return None
        base = squared
    return result


def _transposed(args: tuple[Node, ...]) -> Node | None:
    (matrix,) = args
    return Matrix(tuple(zip(*matrix.rows, strict=True))) if isinstance(matrix, Matrix) else None


def _determinant(args: tuple[Node, ...]) -> Node | None:
    (matrix,) = args
    if not isinstance(matrix, Matrix):
        return None
    size, width = _shape(matrix)
    if size != width or size > MAX_DETERMINANT:
        return None
    numbers = _numbers(matrix)
    if numbers is not None:
        return _number(_eliminated(numbers)[0])
    return _expanded(matrix.rows) if size <= _SYMBOLIC_ROWS else None


def _expanded(rows: Rows) -> Node:
    """Computes a determinant by all permutations."""
    size = len(rows)
    terms: list[Node] = []
    for order in permutations(range(size)):
        inversions = sum(order[i] > order[j] for i in range(size) for j in range(i + 1, size))
        term = _times(*(rows[n][place] for n, place in enumerate(order)))
        terms.append(negative(term) if inversions % 2 else term)
    return _added(*terms)


def _inverse(matrix: Matrix) -> Matrix | None:
    size = len(matrix.rows)
    if size > MAX_DETERMINANT:
        return None
    numbers = _numbers(matrix)
    if numbers is not None:
        value, inverse = _eliminated(numbers)
        if not value:
            return None
        return Matrix(tuple(tuple(map(_number, row)) for row in inverse))
    if size != 2:
        return None
    (a, b), (c, d) = matrix.rows
    value_node = _added(_times(a, d), negative(_times(b, c)))
    adjugate = Matrix(((d, negative(b)), (negative(c), a)))
    return _each(adjugate, lambda entry: _divided(entry, value_node))


def _eliminated(rows: list[list[Fraction]]) -> tuple[Fraction, list[list[Fraction]]]:
    """Computes the determinant and, where it is not zero, the inverse by elimination."""
    size = len(rows)
    work = [[*row, *(Fraction(n == k) for k in range(size))] for n, row in enumerate(rows)]
    value = Fraction(1)
    for column in range(size):
        pivot = next((n for n in range(column, size) if work[n][column]), None)
        if pivot is None:
            return Fraction(0), []
        if pivot != column:
            work[pivot], work[column] = work[column], work[pivot]
            value = -value
        lead = work[column][column]
        value *= lead
        work[column] = [entry / lead for entry in work[column]]
        for n in range(size):
            factor = work[n][column]
            if n != column and factor:
                pairs = zip(work[n], work[column], strict=True)
                work[n] = [entry - factor * other for entry, other in pairs]
    return value, [row[size:] for row in work]


def _trace(args: tuple[Node, ...]) -> Node | None:
    (matrix,) = args
    if not isinstance(matrix, Matrix) or len(matrix.rows) != len(matrix.rows[0]):
        return None
    return _added(*(row[place] for place, row in enumerate(matrix.rows)))


def _norm(args: tuple[Node, ...]) -> Node | None:
    (matrix,) = args
    entries = _vector(matrix)
    if entries is None:
        return _determinant(args)  # bars around a square matrix
    return Apply("root", (_added(*(_times(entry, entry) for entry in entries)), Number(2)))


def _dotted(args: tuple[Node, ...]) -> Node | None:
    left, right = (_vector(arg) for arg in args)
    return None if left is None or right is None or len(left) != len(right) else _dot(left, right)


def _crossed(args: tuple[Node, ...]) -> Node | None:
    left, right = (_vector(arg) for arg in args)
    if left is None or right is None or len(left) != 3 or len(right) != 3:
        return None
    pairs = ((1, 2), (2, 0), (0, 1))
    entries = [
        _added(_times(left[m], right[n]), negative(_times(left[n], right[m]))) for m, n in pairs
    ]
    return _shaped(entries, 1)


def _vector(node: Node) -> tuple[Node, ...] | None:
    if isinstance(node, Matrix) and (len(node.rows) == 1 or len(node.rows[0]) == 1):
        return _entries(node)
    return None


def _numbers(matrix: Matrix) -> list[list[Fraction]] | None:
    rows: list[list[Fraction]] = []
    for row in matrix.rows:
        numbers = [Fraction(entry.value) for entry in row if isinstance(entry, Number)]
        if len(numbers) != len(row):
            return None
        if any(_bits(number) > MAX_ENTRY_BITS for number in numbers):
            raise TooComplexError("a matrix of large numbers")
        rows.append(numbers)
    return rows


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _check_steps(steps: int) -> None:
    work.spend(steps)
    if steps > MAX_MATRIX_STEPS:
        raise TooComplexError("matrices too large to multiply")


def _shape(matrix: Matrix) -> tuple[int, int]:
    return len(matrix.rows), len(matrix.rows[0])


def _entries(matrix: Matrix) -> tuple[Node, ...]:
    return tuple(entry for row in matrix.rows for entry in row)


def _shaped(entries: list[Node], width: int) -> Matrix:
    starts = range(0, len(entries), width)
    return Matrix(tuple(tuple(entries[start : start + width]) for start in starts))


def _each(matrix: Matrix, change: Callable[[Node], Node]) -> Matrix:
    return Matrix(tuple(tuple(map(change, row)) for row in matrix.rows))


def _dot(row: tuple[Node, ...], column: tuple[Node, ...]) -> Node:
    return _added(*(_times(*pair) for pair in zip(row, column, strict=True)))


def _number(value: Fraction | int) -> Number:
    return Number(tidy(check_size(value)))


def _added(*terms: Node) -> Node:
    """Adds at once what are numbers; a huge one is refused."""
    values = [term.value for term in terms if isinstance(term, Number)]
    if len(values) == len(terms):
        return _number(sum(values, Fraction(0)))
    return total(*terms)


def _times(*factors: Node) -> Node:
    values = [factor.value for factor in factors if isinstance(factor, Number)]
    if len(values) != len(factors):
        return times(*factors)
    product: Fraction | int = 1
    for value in values:
        product = check_size(product * value)
    return _number(product)


def _divided(entry: Node, divisor: Node) -> Node:
    if isinstance(entry, Number) and isinstance(divisor, Number):
        return _number(Fraction(entry.value) / divisor.value)
    return over(entry, divisor)


_OPERATIONS: Final[Mapping[str, Callable[[tuple[Node, ...]], Node | None]]] = {
    "+": _sum,
    "neg": lambda args: _product((Number(-1), *args)),
    "*": _product,
    "/": _quotient,
    "^": _power,
    "transpose": _transposed,
    "det": _determinant,
    "trace": _trace,
    "abs": _norm,
    "norm": _norm,
    "dot": _dotted,
    "cross": _crossed,
}
