r"""Matrices, vectors and their arithmetic."""

import pytest
from comparing import DIFFERENT, EQUAL, UNDECIDED, check_row, match_of, read

from verifier.mathematics.exact.algebra import Budget
from verifier.mathematics.kinds.dispatch import compare_nodes
from verifier.mathematics.kinds.matrix_arithmetic import fold_matrices
from verifier.mathematics.syntax import Apply, Matrix, Number
from verifier.types import MathPolicy

NOT_EQUAL = (DIFFERENT, UNDECIDED)


def m(text, kind="pmatrix"):
    r"""A matrix from "1 2; 3 4"."""
    rows = r"\\".join("&".join(row.split()) for row in text.split(";"))
    return rf"\begin{{{kind}}}{rows}\end{{{kind}}}"


ROWS = [
    (m("1 2; 3 4"), m("1 2; 3 4", "bmatrix"), EQUAL, "brackets do not matter"),
    (m("1 2; 3 5"), m("1 2; 3 4"), DIFFERENT, "one entry"),
    (m("1 3; 2 4"), m("1 2; 3 4"), DIFFERENT, "transposed"),
    (m("1 2 3; 4 5 6"), m("1 2; 3 4; 5 6"), DIFFERENT, "another shape"),
    (m(r"0.5 1"), m(r"\frac12 1"), EQUAL, "entries are compared as values"),
    (m(r"\frac{1}{3x^{2/3}} 1"), m(r"\frac{1}{3\sqrt[3]{x}^2} 1"), EQUAL, "symbolic entries"),
    (m("1;2"), "(1,2)", EQUAL, "a column and a point"),
    ("(1,2)", m("1;2"), EQUAL, "a point and a column"),
    (m("1 2"), m("1;2"), EQUAL, "a row and a column"),
    (m("1;2"), "(2,1)", DIFFERENT, "in order"),
    (m("1;2"), r"\langle1,2\rangle", EQUAL, "angle brackets"),
    (m("1;2"), "[1,2]", EQUAL, "square brackets"),
    (m("1;2"), r"\{1,2\}", NOT_EQUAL, "a set is no vector"),
    (m("1;2"), "(1,2,3)", DIFFERENT, "another length"),
    (m("1 2; 3 4"), "[[1,2],[3,4]]", EQUAL, "rows in brackets"),
    (m("1 2; 3 4"), "[[1,2],[4,3]]", DIFFERENT, "rows in brackets, exchanged"),
    (m("1 2; 3 4"), "(1,2),(3,4)", NOT_EQUAL, "two points"),
    (m("1 2; 3 4"), "5", DIFFERENT, "a number"),
    (m("1 2; 3 4") + "+" + m("5 6; 7 8"), m("6 8; 10 12"), EQUAL, "a sum"),
    (m("1 2; 3 4") + "-" + m("1 2; 3 4"), m("0 0; 0 0"), EQUAL, "a difference"),
    (m("1 2; 3 4") + m("1 0; 0 1"), m("1 2; 3 4"), EQUAL, "a product"),
    (m("0 1; 0 0") + m("0 0; 1 0"), m("1 0; 0 0"), EQUAL, "a product, in order"),
    (m("0 0; 1 0") + m("0 1; 0 0"), m("1 0; 0 0"), DIFFERENT, "and in the other"),
    ("2" + m("1 2; 3 4"), m("2 4; 6 8"), EQUAL, "a multiple"),
    (r"\frac12" + m("2 4; 6 8"), m("1 2; 3 4"), EQUAL, "a fraction"),
    (r"\frac{1}{\sqrt2}" + m("1;1"), m(r"\frac{\sqrt2}{2};\frac{\sqrt2}{2}"), EQUAL, "a root"),
    (r"\frac{" + m("2 4; 6 8") + "}{2}", m("1 2; 3 4"), EQUAL, "a quotient"),
    ("-" + m("1;2"), "(-1,-2)", EQUAL, "a sign"),
    ("k" + m("1;2"), "(k,2k)", EQUAL, "a letter"),
    (m("1 2; 3 4") + "^T", m("1 3; 2 4"), EQUAL, "transposed"),
    (m("1 1; 0 1") + "^{10}", m("1 10; 0 1"), EQUAL, "a power"),
    (m("1 2; 3 4") + "^{-1}", m(r"-2 1; \frac32 -\frac12"), EQUAL, "an inverse"),
    (m("a 0; 0 b") + "^{-1}", m(r"\frac1a 0; 0 \frac1b"), EQUAL, "a symbolic inverse"),
    (m("1 2; 2 4") + "^{-1}", m("1 0; 0 1"), NOT_EQUAL, "a singular one has none"),
    (m("1 2; 3 4", "vmatrix"), "-2", EQUAL, "a determinant"),
    (r"\det" + m("1 2 0; 3 4 0; 0 0 2"), "-4", EQUAL, "a determinant of three rows"),
    (m("a b; c d", "vmatrix"), "ad-bc", EQUAL, "a symbolic determinant"),
    (r"2\mathbf{i}+3\mathbf{j}", "(2,3)", EQUAL, "unit vectors"),
    (r"2\hat{i}-3\hat{j}+\hat{k}", r"\langle2,-3,1\rangle", EQUAL, "unit vectors with hats"),
    (r"2\mathbf{i}+3\mathbf{j}", "(3,2)", DIFFERENT, "in order"),
    (r"\mathbf{i}-\mathbf{k}", "(1,0,-1)", EQUAL, "one is missing"),
    ("(1,0,-1)", r"\mathbf{i}-\mathbf{k}", EQUAL, "the other way round"),
    (r"2\mathbf{i}+3\mathbf{j}", m("2;3"), EQUAL, "against a column"),
    ("(1,2,4)+t(1,0,1)", "(1+t,2,4+t)", EQUAL, "a line in one vector"),
    ("(1,2,4)+t(1,0,1)", "(1+t,2,4-t)", DIFFERENT, "another line"),
    ("(1,2)-(3,4)", "(-2,-2)", EQUAL, "a difference of points"),
    ("r=(1,2)+t(3,4)", "(1+3t,2+4t)", EQUAL, "with a name"),
    ("3+4i", "(3,4)", NOT_EQUAL, "a complex number is no vector"),
    (r"2(\mathbf{i}+t\mathbf{j})", "(2,2t)", EQUAL, "with a parameter"),
    ("A=" + m("1 2; 3 4"), m("1 2; 3 4"), EQUAL, "with a name"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} | {row[1]}")
def test_matrices(row):
    check_row(row)


def _square(size, last=0):
    rows = [[Number(n * size + k) for k in range(size)] for n in range(size)]
    rows[-1][-1] = Number(last)
    return Matrix(tuple(map(tuple, rows)))


def test_large_matrices_are_compared_entry_by_entry():
    policy = MathPolicy()
    assert compare_nodes(_square(60), _square(60), policy).match is EQUAL
    assert compare_nodes(_square(60), _square(60, 1), policy).match is DIFFERENT


@pytest.mark.parametrize(
    "node",
    [
        Apply("*", (_square(40), _square(40))),
        Apply("^", (_square(16), Number(1000))),
        Apply("^", (_square(3), Number(10**9))),
        Apply("det", (_square(20),)),
        Apply("^", (_square(12), Number(-1))),
        Apply("^", (Matrix(((Number(10**3000),),)), Number(64))),
        Apply("*", (_square(2), _square(3))),
        Apply("+", (_square(2), _square(3))),
        Apply("+", (_square(2), Number(1))),
        Apply("/", (_square(2), Number(0))),
        Apply("cross", (_square(2), _square(2))),
        Apply("trace", (Matrix(((Number(1), Number(2)),)),)),
    ],
)
def test_what_is_undefined_or_too_large_stays_as_it_is(node):
    assert fold_matrices(node, Budget()) == node


def test_products_of_vectors():
    one, other = read(m("1;2;3")), read(m("4;5;6"))
    assert fold_matrices(Apply("dot", (one, other)), Budget()) == Number(32)
    crossed = fold_matrices(Apply("cross", (one, other)), Budget())
    assert crossed == Matrix(((Number(-3),), (Number(6),), (Number(-3),)))
    assert fold_matrices(Apply("trace", (read(m("1 2; 3 4")),)), Budget()) == Number(5)
    assert match_of(r"\|" + m("3;4") + r"\|", "5") in {EQUAL, UNDECIDED}
