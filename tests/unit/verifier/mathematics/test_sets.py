"""Sets of reals against sets and relations, both ways: one row, one verdict."""

from fractions import Fraction

import pytest
from set_trees import (
    EMPTY,
    INTEGERS,
    JUDGE,
    MINUS_OO,
    NATURALS,
    OO,
    PI,
    REALS,
    both,
    builder,
    call,
    cap,
    cup,
    dec,
    either,
    eq,
    finite,
    iv,
    less,
    listed,
    minus,
    neg,
    no,
    op,
    plus,
    power,
    rel,
    sqrt,
    times,
    tree,
    words,
)

from verifier.mathematics.kinds.sets import compare_sets
from verifier.mathematics.syntax import Matrix, Relation
from verifier.mathematics.verdicts import Match

Q = Fraction
NOT_TWO = cup(iv("()", MINUS_OO, 2), iv("()", 2, OO))
OUTSIDE = cup(iv("(]", MINUS_OO, -3), iv("[)", 2, OO))
X_ABS = op("abs", "x")

EQUAL = [
    ("greater is an open ray", rel("x", ">", 1), iv("()", 1, OO)),
    ("turned round", rel(1, "<", "x"), iv("()", 1, OO)),
    ("not less is a closed ray", rel("x", ">=", 5), iv("[)", 5, OO)),
    ("less is a ray from minus infinity", rel("x", "<", -2), iv("()", MINUS_OO, -2)),
    ("chain is an interval", rel(-2, "<=", "x", "<=", 7), iv("[]", -2, 7)),
    ("falling chain", rel(7, ">=", "x", ">=", -2), iv("[]", -2, 7)),
    ("membership is the chain", rel("x", "in", iv("[]", -2, 7)), rel(-2, "<=", "x", "<=", 7)),
    ("membership is the set", rel("x", "in", iv("[]", -2, 7)), iv("[]", -2, 7)),
    ("half open", rel(-1, "<", "x", "<=", 1), iv("(]", -1, 1)),
    ("the name does not matter to a bare set", rel("k", ">=", 2), iv("[)", 2, OO)),
    ("round pair is an interval to a chain", iv("()", -793, 10), rel(-793, "<", "a", "<", 10)),
    ("a function's value as variable", rel(0, "<", call("f", "x"), "<", 1), iv("()", 0, 1)),
    ("a sum as variable", rel(plus("a", "b"), ">", 2), iv("()", 2, OO)),
    ("a sum of squares", rel(plus(power("a", 2), power("b", 2)), ">=", 2), iv("[)", 2, OO)),
    ("negative factor flips", rel(neg("x"), ">", -1), rel("x", "<", 1)),
    ("linear", rel(minus(times(2, "x"), 3), "<", 5), rel("x", "<", 4)),
    ("linear, unknown on both sides", rel(times(3, "x"), ">", plus("x", 1)), iv("()", Q(1, 2), OO)),
    ("negative slope", rel(minus(1, times(2, "x")), "<=", 7), rel("x", ">=", -3)),
    ("irrational slope", rel(times(sqrt(2), "x"), "<", 4), rel("x", "<", times(2, sqrt(2)))),
    ("negative irrational slope", rel(times(neg(sqrt(3)), "x"), "<", 3),
     rel("x", ">", neg(sqrt(3)))),
    ("root written otherwise", rel("m", ">=", sqrt(8)), iv("[)", times(2, sqrt(2)), OO)),
    ("quadratic", rel(power("x", 2), "<", 4), iv("()", -2, 2)),
    ("quadratic outside", rel(power("x", 2), ">=", 4),
     cup(iv("(]", MINUS_OO, -2), iv("[)", 2, OO))),
    ("irrational zeros", rel(power("x", 2), "<", 2), iv("()", neg(sqrt(2)), sqrt(2))),
    (
        "factors",
        rel(times(minus("x", 1), plus("x", 2)), ">", 0),
        cup(iv("()", MINUS_OO, -2), iv("()", 1, OO)),
    ),
    (
        "zeros by the formula",
        rel(plus(power("x", 2), "x", -1), "<=", 0),
        iv("[]", op("/", minus(-1, sqrt(5)), 2), op("/", plus(-1, sqrt(5)), 2)),
    ),
    (
        "irrational coefficients",
        rel(plus(power("x", 2), times(-2, sqrt(2), "x"), 2), "<=", 0),
        finite(sqrt(2)),
    ),
    ("a square is never negative", rel(power("x", 2), "<", 0), EMPTY),
    ("a square plus one is positive", rel(plus(power("x", 2), 1), ">", 0), REALS),
    ("a square is zero once", rel(power("x", 2), "<=", 0), finite(0)),
    ("all but a double zero", rel(power(minus("x", 1), 2), ">", 0), rel("x", "!=", 1)),
    (
        "cubic by factors",
        rel(times("x", minus("x", 1), minus("x", 2)), "<", 0),
        cup(iv("()", MINUS_OO, 0), iv("()", 1, 2)),
    ),
    ("cube root", rel(power("x", 3), ">", 2), iv("()", op("root", 2, 3), OO)),
    (
        "fourth power",
        rel(power("x", 4), "<", 3),
        iv("()", neg(op("root", 3, 4)), op("root", 3, 4)),
    ),
    (
        "ratio: the pole is left out",
        rel(op("/", minus("x", 1), plus("x", 2)), ">=", 0),
        cup(iv("()", MINUS_OO, -2), iv("[)", 1, OO)),
    ),
    ("reciprocal", rel(op("/", 1, "x"), ">", 1), iv("()", 0, 1)),
    ("distance", rel(op("abs", minus("x", 1)), "<", 2), iv("()", -1, 3)),
    (
        "distance at least",
        rel(op("abs", minus("x", 1)), ">=", 2),
        cup(iv("(]", MINUS_OO, -1), iv("[)", 3, OO)),
    ),
    (
        "ring",
        rel(1, "<=", op("abs", "z"), "<=", Q(3, 2)),
        rel("z", "in", cup(iv("[]", Q(-3, 2), -1), iv("[]", 1, Q(3, 2)))),
    ),
    ("absolute values on both sides", rel(X_ABS, "<", op("abs", minus("x", 2))), rel("x", "<", 1)),
    ("absolute value below zero", rel(X_ABS, "<", -1), EMPTY),
    ("absolute value above minus one", rel(X_ABS, ">", -1), REALS),
    ("punctured line", NOT_TWO, rel("x", "!=", 2)),
    ("punctured line, as difference", less(REALS, finite(2)), rel("x", "!=", 2)),
    ("punctured line, as union", less(REALS, finite(2)), NOT_TWO),
    ("difference written with minus", minus(REALS, finite(0)), rel("x", "!=", 0)),
    ("not equal, denied", no(eq("x", 2)), NOT_TWO),
    ("complement of a point", op("complement", finite(2)), NOT_TWO),
    ("not in", rel("x", "notin", finite(1, 2)), both(rel("x", "!=", 1), rel("x", "!=", 2))),
    ("two holes with a sign", rel("x", "!=", op("pm", 2)), less(REALS, finite(-2, 2))),
    ("holes in a list", listed(rel("x", "!=", 1), 2), less(REALS, finite(1, 2))),
    ("or", either(rel("x", "<=", -3), rel("x", ">=", 2)), OUTSIDE),
    ("or, other order", OUTSIDE, either(rel("x", ">=", 2), rel("x", "<=", -3))),
    ("and", both(rel("x", ">", 1), rel("x", "<=", 3)), iv("(]", 1, 3)),
    ("comma is and", listed(rel("x", ">=", -3), rel("x", "!=", 0)),
     cup(iv("[)", -3, 0), iv("()", 0, OO))),
    ("comma is or where and is empty", listed(rel("x", "<", 1), rel("x", ">", 3)),
     cup(iv("()", MINUS_OO, 1), iv("()", 3, OO))),
    ("a point and a ray", either(eq("k", -1), rel("k", ">", 2)), cup(finite(-1), iv("()", 2, OO))),
    ("roots or", either(eq("x", 1), eq("x", 2)), rel("x", "in", finite(2, 1))),
    ("roots with a sign", rel("x", "in", finite(-2, 2)), eq("x", op("pm", 2))),
    ("roots in a list", listed(eq("x", 1), eq("x", 2)), rel("x", "in", finite(1, 2))),
    ("the number itself", tree(3), rel("x", "in", finite(3))),
    ("the numbers themselves", listed(2, 1), rel("x", "in", finite(1, 2))),
    ("equation of a point", eq("x", 3), both(rel("x", "<=", 3), rel("x", ">=", 3))),
    ("builder", builder("x", rel("x", ">=", 3)), iv("[)", 3, OO)),
    ("builder in the reals", builder("x", rel("x", "in", REALS), rel("x", "!=", 2)), NOT_TWO),
    ("builder against relation", builder("t", rel("t", "<", 3)), rel("x", "<", 3)),
    ("builders of other letters", builder("t", rel("t", "<", 3)), builder("x", rel("x", "<", 3))),
    ("builder of two conditions", builder("x", rel("x", ">", 0), rel("x", "<", 1)),
     iv("()", 0, 1)),
    ("neighbours merge", cup(iv("[)", 0, 1), iv("[]", 1, 2)), iv("[]", 0, 2)),
    ("overlaps merge", cup(iv("[]", 0, 3), iv("[]", 1, 5)), iv("[]", 0, 5)),
    ("order of pieces", cup(iv("[]", 2, 3), iv("[]", 0, 1)), cup(iv("[]", 0, 1), iv("[]", 2, 3))),
    ("a piece twice", cup(iv("(]", 0, 1), iv("(]", 0, 1)), iv("(]", 0, 1)),
    ("inner piece", cup(iv("[)", -1, 1), iv("()", Q(-1, 2), 0)), iv("[)", -1, 1)),
    ("nested unions", cup(cup(iv("()", 0, 1), finite(1)), iv("()", 1, 2)), iv("()", 0, 2)),
    ("a point fills a hole", cup(finite(2), NOT_TWO), REALS),
    ("intersection", cap(iv("[]", 0, 3), iv("()", 1, 5)), iv("(]", 1, 3)),
    ("intersection of strangers", cap(iv("[]", 0, 1), iv("[]", 2, 3)), EMPTY),
    ("difference of intervals", less(iv("[]", 0, 3), iv("()", 1, 2)),
     cup(iv("[]", 0, 1), iv("[]", 2, 3))),
    ("points taken out", less(iv("()", 0, 4), finite(1, 3)),
     cup(iv("()", 0, 1), iv("()", 1, 3), iv("()", 3, 4))),
    ("finite union", cup(finite(1, 2), finite(3)), cup(finite(3, 1), finite(2))),
    ("all reals", iv("()", MINUS_OO, OO), REALS),
    ("all reals by membership", rel("x", "in", REALS), iv("()", MINUS_OO, OO)),
    ("all reals in words", words("all real numbers"), REALS),
    ("between the infinities", rel(MINUS_OO, "<", "x", "<", 3), rel("x", "<", 3)),
    ("plus infinity", iv("()", 1, op("+", OO)), rel("x", ">", 1)),
    ("empty in words", words("no solution"), EMPTY),
    ("empty braces", finite(), words("no real solutions")),
    ("nothing lies in between", rel(3, "<", "x", "<", 1), EMPTY),
    ("parts in a list", listed(rel("x", ">", 3), rel("x", "<", 1)),
     cup(iv("()", MINUS_OO, 1), iv("()", 3, OO))),
    ("conditions that exclude each other", both(rel("x", ">", 3), rel("x", "<", 1)), EMPTY),
    ("pi", rel(0, "<=", "x", "<", times(2, PI)), iv("[)", 0, times(2, PI))),
    ("pi over", cup(iv("[]", neg(PI), neg(op("/", PI, 4))), iv("(]", 0, op("/", PI, 2))),
     cup(iv("(]", 0, times(Q(1, 2), PI)), iv("[]", neg(PI), times(Q(-1, 4), PI)))),
    ("decimals are fractions", iv("(]", dec("0.6"), Q(8, 3)), iv("(]", Q(3, 5), Q(8, 3))),
    ("as many digits as written", iv("()", Q(1, 3), OO), rel("x", ">", dec("0.333"))),
    ("digits of a flipped bound", rel(neg("x"), "<", Q(-1, 3)), rel("x", ">", dec("0.333"))),
    ("parameters in place", rel(neg("a"), "<", "x", "<", "a"), iv("()", neg("a"), "a")),
    ("one parameter", rel("x", ">", "a"), iv("()", "a", OO)),
    ("the other letter is the parameter", rel("x", "<", "a"), iv("()", "x", OO)),
    ("one parameter below", rel("x", "<=", "a"), iv("(]", MINUS_OO, "a")),
    ("parameter first", rel("a", "<", "x"), builder("x", rel("x", ">", "a"))),
    ("parameters of a builder", builder("x", rel(minus("h", "r"), "<=", "x", "<=", plus("h", "r"))),
     iv("[]", minus("h", "r"), plus("r", "h"))),
    ("rays with a parameter, any order", cup(iv("()", "a", OO), iv("()", MINUS_OO, neg("a"))),
     either(rel("x", "<", neg("a")), rel("x", ">", "a"))),
    ("a named domain", eq("D", iv("(]", MINUS_OO, 3)), iv("(]", MINUS_OO, 3)),
    ("a named interval of two", eq("D", cup(iv("()", 0, 1), iv("()", 1, 2))),
     cup(iv("()", 0, 1), iv("()", 1, 2))),
    ("rays in a list", listed(iv("()", MINUS_OO, -1), iv("()", 1, OO)),
     cup(iv("()", MINUS_OO, -1), iv("()", 1, OO))),
    ("rays joined by and", both(iv("()", MINUS_OO, -1), iv("()", 1, OO)),
     cup(iv("()", MINUS_OO, -1), iv("()", 1, OO))),
    ("integers listed", builder("x", rel("x", "in", INTEGERS), rel(-2, "<=", "x", "<", 3)),
     finite(-2, -1, 0, 1, 2)),
    ("integers of an interval", cap(iv("()", Q(1, 2), Q(7, 2)), INTEGERS), finite(1, 2, 3)),
    ("naturals above zero", listed(rel("n", ">=", 2), rel("n", "in", NATURALS)),
     builder("k", rel("k", ">", 1), rel("k", "in", INTEGERS))),
    ("integers from", listed(rel("n", ">", Q(5, 2)), rel("n", "in", INTEGERS)),
     listed(rel("n", ">=", 3), rel("n", "in", INTEGERS))),
    ("all integers", rel("k", "in", INTEGERS), INTEGERS),
    ("multiples, other letter", builder(times("k", PI), rel("k", "in", INTEGERS)),
     builder(times("n", PI), rel("n", "in", INTEGERS))),
    ("all but multiples", less(REALS, builder(times("k", PI), rel("k", "in", INTEGERS))),
     less(REALS, builder(times("n", PI), rel("n", "in", INTEGERS)))),
]  # fmt: skip

DIFFERENT = [
    ("sign", rel("x", ">", 5), rel("x", "<", 5)),
    ("strictness", rel("x", ">", 5), rel("x", ">=", 5)),
    ("strictness against an interval", rel("x", ">", 5), iv("[)", 5, OO)),
    ("open against closed", iv("()", 0, OO), iv("[)", 0, OO)),
    ("half open the other way", iv("[)", 0, 1), iv("(]", 0, 1)),
    ("round pair against half open", iv("()", 0, 1), iv("[)", 0, 1)),
    ("square pair against round pair", iv("[]", 1, 2), iv("()", 1, 2)),
    ("end", iv("(]", MINUS_OO, 3), iv("(]", MINUS_OO, 4)),
    ("end by its sign", rel("x", ">", -1), rel("x", "<", 1)),
    ("end by irrational", rel("m", "<=", sqrt(3)), rel("m", "<=", sqrt(2))),
    ("end irrational against rational", rel("x", "<", PI), rel("x", "<", Q(22, 7))),
    ("letters", rel("x", ">", 1), rel("y", ">", 1)),
    ("letters of chains", rel(0, "<", "x", "<", 1), rel(0, "<", "t", "<", 1)),
    ("one piece missing", OUTSIDE, iv("[)", 2, OO)),
    ("one piece more", NOT_TWO, cup(NOT_TWO, finite(2))),
    ("the hole elsewhere", NOT_TWO, rel("x", "!=", 3)),
    ("all reals against a hole", REALS, rel("x", "!=", 2)),
    ("a point against its complement", eq("x", 2), rel("x", "!=", 2)),
    ("a number against a ray", tree(3), rel("x", ">", 3)),
    ("an equation against a ray", eq("x", 3), rel("x", ">=", 3)),
    ("numbers against an interval", listed(-2, 7), rel(-2, "<=", "x", "<=", 7)),
    ("braces against an interval", finite(-2, 7), rel("x", "in", iv("[]", -2, 7))),
    ("or against and", either(rel("x", ">", 1), rel("x", "<", 3)), iv("()", 1, 3)),
    ("inside against outside", rel(power("x", 2), "<", 4), rel(power("x", 2), ">", 4)),
    ("quadratic against one side", rel(power("x", 2), ">", 4), rel("x", ">", 2)),
    ("the pole belongs not to it", rel(op("/", minus("x", 1), plus("x", 2)), ">=", 0),
     cup(iv("(]", MINUS_OO, -2), iv("[)", 1, OO))),
    ("distance", rel(op("abs", minus("x", 1)), "<", 2), iv("()", -2, 2)),
    ("ring against its half", rel(1, "<=", op("abs", "z"), "<=", 2), iv("[]", 1, 2)),
    ("empty against all", EMPTY, REALS),
    ("empty in words against a ray", words("no solution"), rel("x", ">", 1)),
    ("empty against a number", tree(0), EMPTY),
    ("empty against zero in braces", finite(0), EMPTY),
    ("all reals in words against a ray", words("all real numbers"), iv("()", 0, OO)),
    ("intersection against union", cap(iv("[]", 0, 2), iv("[]", 1, 3)), iv("[]", 0, 3)),
    ("ends of few digits", rel("x", ">", dec("0.33")), rel("x", ">", Q(1, 3))),
    ("parameters", iv("(]", neg("a"), "a"), rel(neg("b"), "<", "x", "<=", "b")),
    ("brackets at parameters", iv("[]", neg("a"), "a"), rel(neg("a"), "<", "x", "<", "a")),
    ("direction with a parameter", rel("x", ">", "a"), iv("()", MINUS_OO, "a")),
    ("sign of a parameter", iv("()", "a", OO), iv("()", neg("a"), OO)),
    ("builder", builder("x", rel("x", ">", 3)), builder("x", rel("x", ">=", 3))),
    ("builder against relation", builder("x", rel("x", ">", 3)), rel("x", "<", 3)),
    ("a function's value", rel(0, "<", call("f", "x"), "<", 1), iv("()", 0, 2)),
    ("integers listed", builder("x", rel("x", "in", INTEGERS), rel(-2, "<", "x", "<", 3)),
     finite(-2, -1, 0, 1, 2)),
    ("all but other multiples", less(REALS, builder(times("k", PI), rel("k", "in", INTEGERS))),
     less(REALS, builder(times(2, "k", PI), rel("k", "in", INTEGERS)))),
    ("integers beside", rel("n", ">=", 2), listed(rel("n", ">=", 3), rel("n", "in", INTEGERS))),
    ("a falling chain is empty", rel(3, "<", "x", "<", 1), iv("()", 1, 3)),
    ("domains", eq("D", iv("(]", MINUS_OO, 3)), iv("[)", 3, OO)),
    ("one endpoint of many", cup(*(iv("[)", 2 * n, 2 * n + 1) for n in range(40))),
     cup(*(iv("[)", 2 * n, 2 * n + 1 + (n == 39)) for n in range(40)))),
    ("enormous ends", rel("x", ">", 10**4000), rel("x", ">", 10**4000 + 1)),
]  # fmt: skip

UNDECIDED = [
    ("integers unsaid", rel("n", ">=", 2), listed(rel("n", ">=", 2), rel("n", "in", INTEGERS))),
    ("integers unsaid, open", rel("n", ">", 1),
     listed(rel("n", ">=", 2), rel("n", "in", INTEGERS))),
    ("zero may be natural", builder("n", rel("n", "in", NATURALS), rel("n", "<", 3)),
     finite(0, 1, 2)),
    ("pieces with parameters that may overlap", cup(iv("()", 0, "a"), iv("[)", "a", 3)),
     cup(iv("()", 0, "b"), iv("[)", "b", 3), finite(1))),
    ("unions of relations", cup(*[rel("x", ">", 1)] * 2), no(no(both(no(rel("x", ">", "y")))))),
]  # fmt: skip

NOT_SETS = [
    ("two round pairs may be points", iv("()", 1, 2), iv("()", 2, 3)),
    ("two square pairs may be lists", iv("[]", 1, 2), iv("[]", 2, 1)),
    ("two sets in braces", finite(1, 2), finite(2, 1)),
    ("two numbers", tree(1), tree(2)),
    ("two equations", eq("x", 1), eq("x", 2)),
    ("a pair and a list", iv("()", 1, 2), listed(1, 2)),
    ("relations of two letters", rel("x", "<", "y"), rel("y", ">", "x")),
    ("a matrix", Matrix(((tree(1),),)), REALS),
    ("words that say no set", words("monday"), REALS),
    ("complex numbers", Relation((tree("z"), tree("Complexes")), ("in",)), tree(1)),
    ("not to be solved", rel(op("sin", "x"), ">", 0), iv("()", 0, PI)),
    ("degree too high", rel(power("x", 5000), ">", 1), iv("()", 1, OO)),
    ("quintic without formula", rel(plus(power("x", 5), "x", 1), ">", 0), iv("()", 0, OO)),
    ("a triple", rel("x", ">", 3), tree(Matrix(((tree(1), tree(2)),)))),
]


def match_of(candidate, reference):
    outcome = compare_sets(candidate, reference, JUDGE)
    return None if outcome is None else outcome.match


def rows(table):
    return [pytest.param(ours, theirs, id=why) for why, ours, theirs in table]


@pytest.mark.parametrize(("ours", "theirs"), rows(EQUAL))
def test_equal_sets_are_equal(ours, theirs):
    assert match_of(ours, theirs) is Match.EQUAL


@pytest.mark.parametrize(("ours", "theirs"), rows(row for row in EQUAL if "digits" not in row[0]))
def test_equal_sets_are_equal_the_other_way(ours, theirs):
    assert match_of(theirs, ours) is Match.EQUAL


@pytest.mark.parametrize(("ours", "theirs"), rows(DIFFERENT))
def test_different_sets_are_different(ours, theirs):
    assert match_of(ours, theirs) is Match.DIFFERENT


@pytest.mark.parametrize(
    ("ours", "theirs"), rows(row for row in DIFFERENT if "digits" not in row[0])
)
def test_different_sets_are_different_the_other_way(ours, theirs):
    assert match_of(theirs, ours) is Match.DIFFERENT


@pytest.mark.parametrize(("ours", "theirs"), rows(UNDECIDED))
def test_what_nobody_can_tell_is_undecided(ours, theirs):
    assert match_of(ours, theirs) in {Match.UNDECIDED, None}
    assert match_of(theirs, ours) in {Match.UNDECIDED, None}


@pytest.mark.parametrize(("ours", "theirs"), rows(NOT_SETS))
def test_what_is_no_set_is_left_to_others(ours, theirs):
    assert match_of(ours, theirs) is None
    assert match_of(theirs, ours) is None


def test_thousands_of_pieces_are_not_decided():
    many = cup(*(iv("[)", 2 * n, 2 * n + 1) for n in range(2000)))
    assert match_of(many, many) in {Match.UNDECIDED, None}


def test_many_irrational_ends_are_bounded():
    many = cup(*(iv("[)", sqrt(4 * n + 2), sqrt(4 * n + 3)) for n in range(400)))
    assert match_of(many, cup(*many.args[::-1])) in {Match.UNDECIDED, Match.EQUAL, None}


def test_deep_nesting_is_not_decided():
    deep = iv("()", 0, OO)
    for _ in range(300):
        deep = op("complement", deep)
    assert match_of(deep, rel("x", ">", 0)) is Match.UNDECIDED


def test_a_tower_of_unions_is_flat():
    tower = finite(0)
    for n in range(90):
        tower = cup(tower, iv("(]", n, n + 1))
    assert match_of(tower, iv("[]", 0, 90)) is Match.EQUAL


def test_power_towers_as_ends_are_not_decided():
    tower = power(9, power(9, power(9, 9)))
    assert match_of(rel("x", ">", tower), iv("()", 1, OO)) is not Match.EQUAL
    assert match_of(rel(times(tower, "x"), ">", 1), iv("()", 1, OO)) is not Match.EQUAL


def test_many_absolute_values_are_not_decided():
    total = plus(*(op("abs", minus("x", n)) for n in range(30)))
    assert match_of(rel(total, "<", 5), EMPTY) is not Match.EQUAL
