"""Relations in several letters, congruences and what compares no numbers: one row, one verdict."""

from fractions import Fraction

import pytest
from set_trees import (
    JUDGE,
    OO,
    both,
    call,
    either,
    eq,
    finite,
    iv,
    listed,
    minus,
    modulo,
    neg,
    no,
    op,
    plus,
    power,
    rel,
    sqrt,
    times,
    tree,
)

from verifier.mathematics.kinds.relations import compare_relations
from verifier.mathematics.verdicts import Match

Q = Fraction
CHAIN = rel("a", "<", "b", "<", "c")
AB, CD = times("A", "B"), times("C", "D")
PLANE = op("*", "Reals", "Reals")

EQUAL = [
    ("turned round", rel("x", "<", "y"), rel("y", ">", "x")),
    ("terms moved", rel(minus("x", "y"), "<", 0), rel("x", "<", "y")),
    ("positive factor", rel(plus(times(2, "x"), times(2, "y")), "<=", 4),
     rel(plus("x", "y"), "<=", 2)),
    ("negative factor", rel(neg("x"), "<", neg("y")), rel("x", ">", "y")),
    ("fractions", rel(op("/", "x", 2), ">", op("/", "y", 3)),
     rel(times(3, "x"), ">", times(2, "y"))),
    ("chain turned round", CHAIN, rel("c", ">", "b", ">", "a")),
    ("chain taken apart", CHAIN, both(rel("b", "<", "c"), rel("a", "<", "b"))),
    ("chain as a list", CHAIN, listed(rel("a", "<", "b"), rel("b", "<", "c"))),
    ("chain with an equality", rel("a", "=", "b", "<", "c"),
     both(rel("c", ">", "b"), eq("b", "a"))),
    ("a link twice", both(rel("x", "<", "y"), rel("y", ">", "x")), rel("x", "<", "y")),
    ("values of a function", rel(call("f", 2), "<", call("f", 1), "<", call("f", 4)),
     rel(call("f", 4), ">", call("f", 1), ">", call("f", 2))),
    ("indexed letters", rel("y_3", ">", "y_2", ">", "y_1"), rel("y_1", "<", "y_2", "<", "y_3")),
    ("products", rel(times("x", "y"), ">", 0), rel(0, "<", times("y", "x"))),
    ("powers expanded", rel(power(plus("x", "y"), 2), ">=", times(4, "x", "y")),
     rel(plus(power("x", 2), power("y", 2)), ">=", times(2, "x", "y"))),
    ("circle", rel(plus(power("x", 2), power("y", 2)), "<", 4),
     rel(minus(4, power("y", 2)), ">", power("x", 2))),
    ("not equal", rel("x", "!=", "y"), rel(minus("y", "x"), "!=", 0)),
    ("not equal, denied", no(eq("x", "y")), rel("y", "!=", "x")),
    ("not less", no(rel("x", "<", "y")), rel("x", ">=", "y")),
    ("alternatives", either(rel("x", "<", "y"), rel("x", ">", 1)),
     either(rel(1, "<", "x"), rel("y", ">", "x"))),
    ("denied both", no(both(rel("x", "<", "y"), rel("y", "<", "z"))),
     either(rel("y", ">=", "z"), rel("x", ">=", "y"))),
    ("several letters", listed(rel("x", ">", 0), rel("y", "<", 1)),
     both(rel("y", "<", 1), rel("x", ">", 0))),
    ("sum of sides", rel(plus("a", "b"), ">", "c"), rel("c", "<", plus("b", "a"))),
    ("irrational coefficient", rel(times(sqrt(2), "x"), "<", "y"),
     rel("y", ">", times("x", sqrt(2)))),
    ("function of a letter", rel(op("ln", "x"), ">", "y"), rel("y", "<", op("ln", "x"))),
    ("membership in a plane", rel("P", "in", PLANE), rel("P", "in", PLANE)),
    ("membership of other sets", rel("x", "in", finite("a", "b")),
     rel("x", "in", finite("a", "b"))),
    ("parallel", rel(AB, "parallel", CD), rel(CD, "parallel", AB)),
    ("parallel, segment turned", rel(AB, "parallel", CD), rel(times("D", "C"), "parallel", AB)),
    ("perpendicular", rel(AB, "perp", CD), rel(CD, "perp", AB)),
    ("subset", rel("A", "subset", "B"), rel("A", "subset", "B")),
    ("similar", rel("S", "~", "T"), rel("T", "~", "S")),
    ("residue", modulo("x", 2, 3), modulo("x", 5, 3)),
    ("negative residue", modulo("x", 2, 3), modulo("x", -1, 3)),
    ("residue moved", modulo(plus("x", 1), 0, 3), modulo("x", 2, 3)),
    ("factor prime to the modulus", modulo(times(2, "x"), 4, 9), modulo("x", 2, 9)),
    ("factor of the modulus", modulo(times(2, "x"), 4, 6), modulo("x", 2, 3)),
    ("divides", rel(3, "divides", "n"), modulo("n", 0, 3)),
    ("divides a sum", rel(4, "divides", plus("n", 1)), modulo("n", 3, 4)),
    ("square", modulo(power("x", 2), 1, 8), modulo("x", 1, 2)),
    ("two residues", either(modulo("x", 1, 6), modulo("x", 4, 6)), modulo("x", 1, 3)),
    ("two residues by a sign", modulo("x", op("pm", 1), 5),
     either(modulo("x", 4, 5), modulo("x", 1, 5))),
    ("a list of two residues", listed(modulo("x", 1, 5), modulo("x", 4, 5)),
     modulo("x", op("pm", 1), 5)),
    ("remainders joined", both(modulo("x", 1, 2), modulo("x", 2, 3)), modulo("x", 5, 6)),
    ("large modulus", modulo("x", 10**30 + 7, 10**30), modulo("x", 7, 10**30)),
    ("bare residue", modulo("x", 2, 3), op("mod", 2, 3)),
    ("congruence without modulus", rel("a", "equiv", "b"), rel("b", "equiv", "a")),
]  # fmt: skip

DIFFERENT = [
    ("direction", rel("x", "<", "y"), rel("x", ">", "y")),
    ("strictness", rel("x", "<", "y"), rel("x", "<=", "y")),
    ("equality", eq("x", "y"), rel("x", "<=", "y")),
    ("inequality", eq("x", "y"), rel("x", "!=", "y")),
    ("constant", rel(plus("x", "y"), "<", 1), rel(plus("x", "y"), "<", 2)),
    ("coefficient", rel(times(2, "x"), "<", "y"), rel(times(3, "x"), "<", "y")),
    ("letter", rel("x", "<", "y"), rel("x", "<", "z")),
    ("order of a chain", CHAIN, rel("a", "<", "c", "<", "b")),
    ("two letters of a long chain", rel(*"a<b<c<d<e<f<g<h<j<l"), rel(*"a<b<c<d<f<e<g<h<j<l")),
    ("strictness in a chain", CHAIN, rel("a", "<", "b", "<=", "c")),
    ("direction of a chain", CHAIN, rel("a", ">", "b", ">", "c")),
    ("a link missing", CHAIN, rel("a", "<", "b")),
    ("values of a function", rel(call("f", 2), "<", call("f", 1), "<", call("f", 4)),
     rel(call("f", 1), "<", call("f", 2), "<", call("f", 4))),
    ("indexed letters", rel("y_3", ">", "y_2", ">", "y_1"), rel("y_3", ">", "y_1", ">", "y_2")),
    ("product", rel(times("x", "y"), ">", 0), rel(times("x", "y"), "<", 0)),
    ("product against one factor", rel(times("x", "y"), ">", 0), rel("x", ">", "y")),
    ("circle", rel(plus(power("x", 2), power("y", 2)), "<", 4),
     rel(plus(power("x", 2), power("y", 2)), ">", 4)),
    ("radius", rel(plus(power("x", 2), power("y", 2)), "<", 4),
     rel(plus(power("x", 2), power("y", 2)), "<", 1)),
    ("squares are no sides", rel("x", "<", "y"), rel(power("x", 2), "<", power("y", 2))),
    ("and against or", both(rel("x", "<", "y"), rel("y", "<", "z")),
     either(rel("x", "<", "y"), rel("y", "<", "z"))),
    ("a denial", rel("x", "<", "y"), no(rel("x", "<", "y"))),
    ("parallel", rel(AB, "parallel", CD), rel(AB, "parallel", times("C", "E"))),
    ("residue", modulo("x", 1, 3), modulo("x", 2, 3)),
    ("modulus", modulo("x", 1, 3), modulo("x", 1, 6)),
    ("letter of a residue", modulo("x", 1, 3), modulo("y", 1, 3)),
    ("divisor", rel(3, "divides", "n"), rel(6, "divides", "n")),
    ("one residue of two", modulo("x", op("pm", 1), 5), modulo("x", 1, 5)),
    ("bare residue of another modulus", modulo("x", 2, 3), op("mod", 2, 5)),
    ("enormous bounds", rel("x", "<", plus("y", 10**4000)), rel("x", "<", plus("y", 10**4000 + 1))),
]  # fmt: skip

UNDECIDED = [
    ("a positive factor that is irrational", rel(times(sqrt(2), "x"), "<", times(sqrt(2), "y")),
     rel("x", "<", "y")),
    ("a factor that may be negative in part", rel(times("x", power("y", 2)), ">", times("x", 0)),
     both(rel("x", ">", 0), rel("y", "!=", 0))),
    ("similar, other corners", rel(times("A", "B", "C"), "~", times("D", "E", "F")),
     rel(times("A", "C", "B"), "~", times("D", "E", "F"))),
    ("other kinds of relation", rel(AB, "parallel", CD), rel(AB, "perp", CD)),
    ("nothing to sample", rel(op("ln", neg(power("x", 2))), ">", "y"),
     rel(op("ln", neg(power("x", 2))), "<", "y")),
    ("a redundant link", both(rel("a", "<", "b"), rel("b", "<", "c"), rel("a", "<", "c")), CHAIN),
    ("a power tower", rel("x", "<", times("y", power(9, power(9, power(9, 9))))),
     rel("x", "<", "y")),
    ("too many alternatives", both(*[either(rel("a", "<", f"x_{n}"), rel("b", "<", "c"))
                                     for n in range(40)]), CHAIN),
]  # fmt: skip

LEFT_TO_OTHERS = [
    ("two equations", eq("x", "y"), eq("y", "x")),
    ("two numbers", tree(1), tree(2)),
    ("a relation and a number", rel("x", "<", "y"), tree(3)),
    ("a relation and an interval", rel("x", "<", "y"), iv("()", 0, OO)),
    ("a sign in an inequality", rel("x", "<", plus("y", op("pm", 1))), rel("x", "<", "y")),
]


def match_of(candidate, reference):
    outcome = compare_relations(candidate, reference, JUDGE)
    return None if outcome is None else outcome.match


def rows(table):
    return [pytest.param(ours, theirs, id=why) for why, ours, theirs in table]


@pytest.mark.parametrize(("ours", "theirs"), rows(EQUAL))
def test_equal_relations_are_equal_both_ways(ours, theirs):
    assert match_of(ours, theirs) is Match.EQUAL
    assert match_of(theirs, ours) is Match.EQUAL


@pytest.mark.parametrize(("ours", "theirs"), rows(DIFFERENT))
def test_different_relations_are_different_both_ways(ours, theirs):
    assert match_of(ours, theirs) is Match.DIFFERENT
    assert match_of(theirs, ours) is Match.DIFFERENT


@pytest.mark.parametrize(("ours", "theirs"), rows(UNDECIDED))
def test_what_nobody_can_tell_is_undecided(ours, theirs):
    assert match_of(ours, theirs) is Match.UNDECIDED
    assert match_of(theirs, ours) is Match.UNDECIDED


@pytest.mark.parametrize(("ours", "theirs"), rows(LEFT_TO_OTHERS))
def test_what_is_no_relation_is_left_to_others(ours, theirs):
    assert match_of(ours, theirs) is None
    assert match_of(theirs, ours) is None


def test_a_chain_of_hundreds_is_equal_to_itself_only_as_written():
    letters = [f"x_{n}" for n in range(300)]
    chain = rel(*[part for name in letters for part in (name, "<")][:-1])
    other = rel(*[part for name in letters[::-1] for part in (name, ">")][:-1])
    assert match_of(chain, chain) is Match.EQUAL
    assert match_of(chain, other) is Match.UNDECIDED


def test_a_huge_modulus_of_a_square_is_not_tried():
    assert match_of(modulo(power("x", 2), 1, 10**30), modulo("x", 1, 2)) is Match.UNDECIDED


def test_deep_logic_is_not_decided():
    deep = rel("x", "<", "y")
    for _ in range(300):
        deep = no(deep)
    assert match_of(deep, rel("x", "<", "y")) is Match.UNDECIDED
