"""Periodic sets: what runs over the integers has any name, any start and any direction."""

import pytest
from set_trees import (
    INTEGERS,
    JUDGE,
    MINUS_OO,
    OO,
    PI,
    REALS,
    both,
    builder,
    cup,
    either,
    eq,
    finite,
    iv,
    less,
    listed,
    minus,
    neg,
    op,
    plus,
    rel,
    times,
)

from verifier.mathematics.kinds.sets import compare_sets
from verifier.mathematics.syntax import BigOperator, Number
from verifier.mathematics.verdicts import Match

K, N = rel("k", "in", INTEGERS), rel("n", "in", INTEGERS)
KPI, NPI = times("k", PI), times("n", PI)
HALF, THIRD = op("/", PI, 2), op("/", PI, 3)
ARCTAN = op("arctan", 2)

EQUAL = [
    ("another letter", listed(eq("x", KPI), K), listed(eq("x", NPI), N)),
    ("another start", listed(eq("x", plus(HALF, KPI)), K), listed(eq("x", minus(NPI, HALF)), N)),
    ("another direction", listed(eq("x", KPI), K), listed(eq("x", neg(KPI)), K)),
    ("a letter that nobody explains", eq("x", KPI), listed(eq("x", NPI), N)),
    ("two halves of a period", listed(eq("x", KPI), K),
     listed(either(eq("x", times(2, KPI)), eq("x", plus(PI, times(2, KPI)))), K)),
    ("either sign", listed(eq("x", plus(op("pm", THIRD), KPI)), K),
     either(eq("x", plus(THIRD, KPI)), eq("x", plus(times(2, THIRD), KPI)), K)),
    ("two that nobody explains", either(eq("x", plus(THIRD, KPI)), eq("x", KPI)),
     either(eq("x", NPI), eq("x", plus(NPI, THIRD)))),
    ("one twice", listed(eq("x", KPI), eq("x", plus(KPI, PI)), K), listed(eq("x", KPI), K)),
    ("builder", builder(KPI, K), listed(eq("x", NPI), N)),
    ("builder of conditions", builder("x", eq("x", KPI), K), builder(NPI, N)),
    ("union of builders", cup(builder(KPI, K), builder(plus(KPI, HALF), K)),
     builder(times(op("/", "n", 2), PI), N)),
    ("left out", listed(rel("x", "!=", plus(HALF, KPI)), K),
     less(REALS, builder(op("/", times(plus(times(2, "k"), 1), PI), 2), K))),
    ("left out of a builder", builder("t", rel("t", "!=", KPI), K),
     listed(rel("x", "!=", NPI), N)),
    ("left out twice", both(rel("x", "!=", KPI), rel("x", "!=", plus(KPI, HALF)), K),
     listed(rel("x", "!=", op("/", NPI, 2)), N)),
    ("not in", rel("x", "notin", builder(KPI, K)), listed(rel("x", "!=", NPI), N)),
    ("interval", listed(iv("[]", times(2, KPI), plus(times(2, KPI), PI)), K),
     listed(rel(times(2, NPI), "<=", "x", "<=", plus(PI, times(2, NPI))), N)),
    ("falling chain", listed(rel(plus(KPI, HALF), ">", "x", ">=", KPI), K),
     listed(rel("x", "in", iv("[)", NPI, plus(NPI, HALF))), N)),
    ("big union", BigOperator("bigcup", "k", MINUS_OO, OO, iv("()", KPI, plus(KPI, HALF))),
     listed(iv("()", plus(NPI, PI), plus(NPI, HALF, PI)), N)),
    ("degrees", listed(eq("x", plus(op("degree", 30), times(op("degree", 360), "k"))), K),
     listed(eq("x", plus(op("/", PI, 6), times(2, KPI))), K)),
    ("integers", listed(eq("n", plus(times(3, "k"), 1)), K),
     listed(eq("n", minus(times(3, "k"), 2)), K)),
    ("what is not known exactly", listed(eq("x", plus(ARCTAN, KPI)), K),
     listed(eq("x", plus(NPI, ARCTAN, PI)), N)),
    ("a set of two", listed(rel("x", "in", finite(KPI, plus(KPI, THIRD))), K),
     listed(eq("x", plus(NPI, THIRD)), eq("x", NPI), N)),
]  # fmt: skip

DIFFERENT = [
    ("period", listed(eq("x", KPI), K), listed(eq("x", times(2, KPI)), K)),
    ("start", listed(eq("x", plus(HALF, KPI)), K), listed(eq("x", plus(THIRD, KPI)), K)),
    ("one of two", listed(eq("x", plus(op("pm", THIRD), KPI)), K),
     listed(eq("x", plus(THIRD, KPI)), K)),
    ("brackets", listed(iv("[]", KPI, plus(KPI, HALF)), K),
     listed(iv("()", KPI, plus(KPI, HALF)), K)),
    ("length", listed(iv("[]", KPI, plus(KPI, HALF)), K),
     listed(iv("[]", KPI, plus(KPI, THIRD)), K)),
    ("letter", listed(eq("x", KPI), K), listed(eq("y", KPI), K)),
    ("rational against irrational period", listed(eq("x", KPI), K),
     listed(eq("x", times(3, "k")), K)),
]  # fmt: skip

NOT_DIFFERENT = [
    ("left out against kept", listed(eq("x", KPI), K), listed(rel("x", "!=", KPI), K)),
    ("what is not known exactly", listed(eq("x", plus(ARCTAN, KPI)), K),
     listed(eq("x", plus(op("arctan", 3), KPI)), K)),
    ("pieces that touch", listed(iv("[)", KPI, plus(KPI, PI)), K),
     listed(iv("[)", KPI, plus(KPI, times(2, PI))), K)),
    ("too many members", listed(eq("x", times(1000, KPI)), eq("x", KPI), K),
     listed(eq("x", NPI), N)),
    ("formulas", eq("A", KPI), eq("A", neg(KPI))),
    ("two letters run", listed(eq("x", plus(KPI, NPI)), K, N), listed(eq("x", KPI), K)),
    ("nothing runs", listed(eq("x", PI), K), listed(eq("x", PI), N)),
    ("natural numbers", listed(eq("x", KPI), rel("k", "in", "Naturals")), listed(eq("x", KPI), K)),
    ("a big union from zero",
     BigOperator("bigcup", "k", Number(0), OO, iv("()", KPI, plus(KPI, PI))),
     listed(iv("()", KPI, plus(KPI, PI)), K)),
    ("a big union of nothing", BigOperator("bigcup", "k", MINUS_OO, OO, finite()),
     listed(eq("x", KPI), K)),
    ("squares", listed(eq("x", times("k", "k")), K), listed(eq("x", times("n", "n")), N)),
]  # fmt: skip


def match_of(candidate, reference):
    outcome = compare_sets(candidate, reference, JUDGE)
    return None if outcome is None else outcome.match


def rows(table):
    return [pytest.param(ours, theirs, id=why) for why, ours, theirs in table]


@pytest.mark.parametrize(("ours", "theirs"), rows(EQUAL))
def test_equal_periodic_sets_are_equal_both_ways(ours, theirs):
    assert match_of(ours, theirs) is Match.EQUAL
    assert match_of(theirs, ours) is Match.EQUAL


@pytest.mark.parametrize(("ours", "theirs"), rows(DIFFERENT))
def test_different_periodic_sets_are_different_both_ways(ours, theirs):
    assert match_of(ours, theirs) is Match.DIFFERENT
    assert match_of(theirs, ours) is Match.DIFFERENT


@pytest.mark.parametrize(("ours", "theirs"), rows(NOT_DIFFERENT))
def test_what_nobody_can_tell_is_left_open(ours, theirs):
    assert match_of(ours, theirs) in {Match.UNDECIDED, None}
    assert match_of(theirs, ours) in {Match.UNDECIDED, None}
