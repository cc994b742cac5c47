"""Substitution, renaming, and the two values of plus or minus."""

import pytest
from comparing import read

from verifier.mathematics.kinds.plus_minus import expand_plus_minus
from verifier.mathematics.substitution import rename, substitute
from verifier.mathematics.syntax import Logic, Number
from verifier.mathematics.traversal import children, free_symbols, map_children

ANYTHING = [
    "x+y", r"\sum_{k=1}^{n}k x", r"\int_0^x t\,dt", r"\begin{pmatrix}x&1\\2&y\end{pmatrix}",
    "x=5", "x>5", "3:x", r"x=1\lor x=2", r"\begin{cases}1&x>0\\0&\text{otherwise}\end{cases}",
    "(x,2)", r"\{1,2\}", "5 cm", r"\{x\mid x>2\}", r"\lim_{x\to0}f(x)",
]  # fmt: skip


@pytest.mark.parametrize("text", ANYTHING)
def test_rebuilding_from_the_same_parts_changes_nothing(text):
    tree = read(text)
    assert map_children(tree, lambda part: part) == tree
    assert children(tree)
    assert substitute(tree, {}) == tree


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("x+y", {"x": "2z"}, "2z+y"),
        ("x+y", {"x": "y", "y": "x"}, "y+x"),
        (r"\sum_{k=1}^{n}kx", {"k": "5"}, r"\sum_{k=1}^{n}kx"),
        (r"\sum_{k=1}^{n}kx", {"x": "y", "n": "m"}, r"\sum_{k=1}^{m}ky"),
        (r"\sum_{k=1}^{k}k", {"k": "n"}, r"\sum_{k=1}^{n}k"),
        (r"\sum_{k=1}^{n}kx", {"x": "k"}, r"\sum_{k'=1}^{n}k'k"),
        (r"\int x\,dx", {"x": "t"}, r"\int t\,dt"),
        ("a_k", {"k": "j"}, "a_j"),
        ("a_{k+1}", {"k": "j"}, "a_{j+1}"),
        ("a_k", {"k": "j+1"}, "a_{j+1}"),
        ("F_{n-k-1}", {"k": "n-1-k"}, "F_{k}"),
        ("a_k", {"k": "2j"}, "a_k"),
        ("x_1", {"x": "y"}, "x_1"),
    ],
)
def test_substitution(text, values, expected):
    changed = substitute(read(text), {name: read(value) for name, value in values.items()})
    assert repr(changed).replace("k'", "k") == repr(read(expected)).replace("k'", "k")


def test_renaming_is_all_at_once():
    assert rename(read("x-y"), {"x": "y", "y": "x"}) == read("y-x")


def test_bound_variables_are_not_free():
    assert free_symbols(read(r"\sum_{k=1}^{n}kx")) == {"n", "x"}
    assert free_symbols(read(r"\int x\,dx")) == {"x"}
    assert free_symbols(read(r"\pi+e+\infty")) == frozenset()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("5", "5"),
        (r"\pm3", "3,-3"),
        (r"1\pm\sqrt2", r"1+\sqrt2,1-\sqrt2"),
        (r"\{\pm1,5\}", r"\{1,-1,5\}"),
        (r"5,\pm1", "5,1,-1"),
        (r"(\pm1,2)", "(1,2),(-1,2)"),
        (r"x=\pm2", "x=2,x=-2"),
    ],
)
def test_plus_minus_is_a_list_of_both_values(text, values):
    expanded = expand_plus_minus(read(text))
    assert expanded == expand_plus_minus(expanded)
    assert repr(expanded).replace("Apply(head='neg', args=(Apply", "") == repr(
        read(values)
    ).replace("Apply(head='neg', args=(Apply", "")


def test_alternatives_take_both_values():
    alternatives = Logic("or", (read(r"x=\pm1"), read("x=3")))
    expanded = expand_plus_minus(alternatives)
    assert isinstance(expanded, Logic)
    assert len(expanded.args) == 3


def test_nested_signs_stay_bounded():
    text = r"\pm(" * 4 + "1" + ")" * 4
    expanded = expand_plus_minus(read(text))
    assert expanded == Number(1)
