r"""Ratios, bases, logic, functions by cases, sums left as they are."""

import pytest
from comparing import DIFFERENT, EQUAL, UNDECIDED, check_row, match_of, read

from verifier.mathematics.kinds.dispatch import compare_nodes
from verifier.mathematics.syntax import Logic, Number, Piecewise, Ratio, Symbol
from verifier.types import MathPolicy

NOT_EQUAL = (DIFFERENT, UNDECIDED)


def cases(*pairs):
    """A function by cases from "value if condition"."""
    rows = [pair.replace(" if ", " & ").replace(" else", r" & \text{otherwise}") for pair in pairs]
    return r"\begin{cases}" + r"\\".join(rows) + r"\end{cases}"


ROWS = [
    # ratios
    ("6:8", "3:4", EQUAL, "reduced"),
    ("4:3", "3:4", DIFFERENT, "exchanged"),
    ("3:4", r"\frac34", EQUAL, "a fraction"),
    ("0.75", "3:4", EQUAL, "a decimal"),
    ("3:1", "3", EQUAL, "to one"),
    ("2:4:6", "1:2:3", EQUAL, "three terms"),
    ("1:2:4", "1:2:3", DIFFERENT, "another term"),
    ("1:2", "1:2:3", DIFFERENT, "a term is missing"),
    (r"1:2:3:\ldots", r"1:4:9:\ldots", DIFFERENT, "progressions"),
    (r"1:2:3:\ldots", r"1:2:3:\ldots", EQUAL, "the same progression"),
    (r"\sqrt2:2", r"1:\sqrt2", EQUAL, "roots"),
    ("2a:2b", "a:b", EQUAL, "letters"),
    ("a:b", "b:a", DIFFERENT, "letters exchanged"),
    ("A:B=3:4", "3:4", EQUAL, "with names"),
    ("A:B=6:8", "A:B=3:4", EQUAL, "with names on both sides"),
    ("B:A=4:3", "A:B=3:4", EQUAL, "names and terms exchanged"),
    ("B:A=3:4", "A:B=3:4", DIFFERENT, "names exchanged"),
    (r"\frac{A}{B}=\frac34", "A:B=3:4", EQUAL, "as fractions"),
    ("A:B=1", "1", EQUAL, "worth one"),
    ("V_1:V_2=11:21", "11:21", EQUAL, "indexed names"),
    ("A:B:C=2:4:6", "A:B:C=1:2:3", EQUAL, "three names"),
    ("S_{MBCN}:S=7:32", "7:32", EQUAL, "long names"),
    # bases
    ("204_5", "204_5", EQUAL, "the same"),
    ("204_5", "204_7", DIFFERENT, "another base"),
    ("204", "204_5", EQUAL, "the base is implied"),
    ("204_5", "204", DIFFERENT, "no base was asked for"),
    ("54", "204_5", DIFFERENT, "worth as much in base ten"),
    ("204_5", "54", DIFFERENT, "another base was asked for"),
    ("0204_5", "204_5", EQUAL, "a leading zero"),
    ("203_5", "204_5", DIFFERENT, "another digit"),
    ("1A_{16}", "1a_{16}", EQUAL, "digits have no case"),
    ("54_{10}", "54", EQUAL, "base ten is as good as none"),
    ("1010", "1010_2", EQUAL, "binary"),
    ("1010_2", "1011", DIFFERENT, "binary, another digit"),
    ("N=204_5", "204_5", EQUAL, "with a name"),
    # truth values and propositions
    ("True", "true", EQUAL, "the case of the word"),
    ("T", "true", EQUAL, "its letter"),
    ("F", "true", DIFFERENT, "the other letter"),
    ("false", "true", DIFFERENT, "the other word"),
    ("5", "true", DIFFERENT, "a number"),
    (r"\neg(p\land q)", r"\neg p\lor\neg q", EQUAL, "de Morgan"),
    (r"\neg(p\land q)", r"\neg p\land\neg q", DIFFERENT, "not de Morgan"),
    (r"p\Rightarrow q", r"\neg p\lor q", EQUAL, "implication"),
    (r"p\Rightarrow q", r"q\Rightarrow p", DIFFERENT, "its converse"),
    (r"p\Rightarrow q", r"\neg q\Rightarrow\neg p", EQUAL, "its contraposition"),
    (r"p\land(q\lor r)", r"(p\land q)\lor(p\land r)", EQUAL, "distributed"),
    (r"p\iff q", r"(p\land q)\lor(\neg p\land\neg q)", EQUAL, "equivalence"),
    (r"p\oplus q", r"\neg(p\iff q)", EQUAL, "exclusive or"),
    (r"p\land p", "p", EQUAL, "a variable alone"),
    (r"p\lor\neg p", r"q\lor\neg q", EQUAL, "tautologies"),
    # functions by cases
    (cases("1 if x>0", "0 if x\\le0"), cases("0 if x\\le0", "1 if x>0"), EQUAL, "any order"),
    (cases("1 if x>0", "0 else"), cases("1 if x>0", "0 if x\\le0"), EQUAL, "otherwise"),
    (cases("1 if x>0", "0 if x<0"), cases("1 if x>0", "0 if x\\le0"), DIFFERENT, "undefined at 0"),
    (cases("1 if x\\ge0", "0 else"), cases("1 if x>0", "0 else"), DIFFERENT, "another value at 0"),
    (cases("x if x\\ge0", "-x else"), cases("x if x>0", "-x if x\\le0"), EQUAL, "the same at 0"),
    (cases("1 if x>0", "0 else"), cases("2 if x>0", "0 else"), DIFFERENT, "another value"),
    (cases("1 if x>1", "0 else"), cases("1 if x>2", "0 else"), DIFFERENT, "another bound"),
    (cases("1 if 0<x", "0 if 0\\ge x"), cases("1 if x>0", "0 else"), EQUAL, "turned round"),
    (cases("x^2-1 if x<0", "0 else"), cases("(x-1)(x+1) if x<0", "0 else"), EQUAL, "factored"),
    (cases("1 if 0<x<1", "0 else"), cases("1 if x>0\\text{ and }x<1", "0 else"), EQUAL, "a chain"),
    (cases("1 if x=0", "0 else"), cases("1 if x=0", "0 if x\\ne0"), EQUAL, "at one point"),
    (cases("a if x>\\sqrt2", "b else"), cases("b if x\\le\\sqrt2", "a if x>\\sqrt2"), EQUAL,
     "an irrational bound"),
    (cases("a if x>\\sqrt2", "b else"), cases("b if x>\\sqrt2", "a else"), DIFFERENT,
     "an irrational bound, exchanged"),
    ("f(x)=" + cases("1 if x>0", "0 else"), cases("1 if x>0", "0 else"), EQUAL, "with a name"),
    # what is left unevaluated
    (r"\sum_{k=1}^{n}k^2", r"\sum_{j=1}^{n}j^2", EQUAL, "the variable is bound"),
    (r"\sum_{k=0}^{n-1}(k+1)^2", r"\sum_{k=1}^{n}k^2", EQUAL, "shifted"),
    (r"\sum_{k=0}^{n-1}a_{k+1}", r"\sum_{k=1}^{n}a_k", EQUAL, "shifted indices"),
    (r"\sum_{j=1}^{n}a_j", r"\sum_{k=1}^{n}a_k", EQUAL, "renamed indices"),
    (r"\sum_{k=1}^{n}b_k", r"\sum_{k=1}^{n}a_k", NOT_EQUAL, "other terms"),
    (r"\sum_{k=1}^{n}a_{n+1-k}", r"\sum_{k=1}^{n}a_k", EQUAL, "backwards"),
    (r"\sum_{k=0}^{n-1}F_{n-k-1}F_k", r"\sum_{k=0}^{n-1}F_kF_{n-k-1}", EQUAL, "factors exchanged"),
    (r"\sum_{k=0}^{n-2}F_kF_{n-k-2}", r"\sum_{k=0}^{n-1}F_kF_{n-k-1}", DIFFERENT, "another sum"),
    (r"\sum_{k=1}^{n}k^3", r"\sum_{k=1}^{n}k^2", DIFFERENT, "other powers"),
    (r"F_n=\sum_{k=0}^{n-1}F_{n-k-1}F_k", r"F_n=\sum_{k=0}^{n-1}F_kF_{n-k-1}", EQUAL, "named"),
    (r"\sum_{k=1}^{\infty}f(k)", r"\sum_{k=0}^{\infty}f(k+1)", EQUAL, "infinite, shifted"),
    (r"\prod_{k=1}^{n}f(k)", r"\prod_{i=1}^{n}f(i)", EQUAL, "a product"),
    (r"\prod_{k=1}^{n}f(k)", r"\sum_{k=1}^{n}f(k)", NOT_EQUAL, "a product is no sum"),
    (r"\int_0^1f(x)dx", r"\int_0^1f(t)dt", EQUAL, "the variable of a definite integral"),
    (r"\int_0^1f(x)dx", r"\int_0^2f(x)dx", NOT_EQUAL, "other bounds"),
    (r"\int_0^{a}2f(x)dx", r"\int_0^{a}(f(x)+f(x))dx", EQUAL, "the same integrand"),
    (r"\lim_{x\to0}f(x)", r"\lim_{t\to0}f(t)", EQUAL, "a limit"),
    (r"\lim_{x\to0^+}f(x)", r"\lim_{x\to0}f(x)", NOT_EQUAL, "from one side"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} | {row[1]}")
def test_kinds(row):
    check_row(row)


def test_a_ratio_with_a_zero_equals_only_itself():
    noon, one = Ratio((Number(12), Number(0))), Ratio((Number(1), Number(0)))
    assert compare_nodes(noon, one, MathPolicy()).match is DIFFERENT
    assert compare_nodes(noon, noon, MathPolicy()).match is EQUAL


def test_twenty_propositions_are_matched_one_by_one():
    names = tuple(Symbol(f"p_{n}") for n in range(20))
    forwards, backwards = Logic("or", names), Logic("or", names[::-1])
    assert compare_nodes(forwards, backwards, MathPolicy()).match is EQUAL
    other = Logic("or", (*names[1:], Symbol("q")))
    assert compare_nodes(forwards, other, MathPolicy()).match is UNDECIDED


def test_too_many_cases_are_undecided():
    several = tuple((Number(n), read(f"x={n}")) for n in range(40))
    function, other = Piecewise(several), Piecewise(several[::-1])
    assert compare_nodes(function, other, MathPolicy()).match is UNDECIDED


def test_infinite_bounds_of_a_condition():
    ours = cases(r"1 if x\in(0,\infty)", "0 else")
    assert match_of(ours, cases("1 if x>0", "0 else")) is EQUAL
    assert match_of(cases(r"1 if 0<x<\infty", "0 else"), ours) is EQUAL
