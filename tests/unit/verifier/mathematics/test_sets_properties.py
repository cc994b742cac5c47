"""Sets of reals against a model: membership at every end and between all of them."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from set_trees import (
    JUDGE,
    MINUS_OO,
    OO,
    both,
    builder,
    cap,
    cup,
    either,
    finite,
    iv,
    less,
    no,
    op,
    rel,
)

from verifier.mathematics.kinds.real_sets import Ordering
from verifier.mathematics.kinds.set_reading import read_set
from verifier.mathematics.kinds.sets import compare_sets
from verifier.mathematics.verdicts import Match

ENDS = st.integers(-4, 4).map(lambda n: Fraction(n, 2))
# Every end, every middle between neighbours, and beyond both sides: no set changes elsewhere.
GRID = [Fraction(n, 4) for n in range(-12, 13)]
SIGNS = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "!=": lambda left, right: left != right,
}


def members(holds):
    return frozenset(point for point in GRID if holds(point))


def _interval(brackets, ends):
    low, high = sorted(ends)
    if low == high:
        return finite(low), members(lambda x: x == low)
    start, end = (
        SIGNS["<=" if brackets[0] == "[" else "<"],
        SIGNS["<=" if brackets[1] == "]" else "<"],
    )
    return iv(brackets, low, high), members(lambda x: start(low, x) and end(x, high))


def _ray(sign, place):
    kept = members(lambda x: SIGNS[sign](x, place))
    if sign == "!=":
        return less(iv("()", MINUS_OO, OO), finite(place)), kept
    closing = ("[" if "=" in sign else "(") + ")"
    if sign[0] == ">":
        return iv(closing, place, OO), kept
    return iv("(" + ("]" if "=" in sign else ")"), MINUS_OO, place), kept


SIMPLE = st.one_of(
    st.builds(_interval, st.sampled_from(["()", "[)", "(]", "[]"]), st.tuples(ENDS, ENDS)),
    st.builds(_ray, st.sampled_from(sorted(SIGNS)), ENDS),
    ENDS.map(lambda place: (finite(place), members(lambda x: x == place))),
)
UNIONS = st.lists(SIMPLE, min_size=1, max_size=6).map(
    lambda parts: (
        cup(*(tree for tree, _ in parts)),
        frozenset().union(*(kept for _, kept in parts)),
    )
)
SETS = st.recursive(
    UNIONS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda ab: (cup(ab[0][0], ab[1][0]), ab[0][1] | ab[1][1])),
        st.tuples(inner, inner).map(lambda ab: (cap(ab[0][0], ab[1][0]), ab[0][1] & ab[1][1])),
        st.tuples(inner, inner).map(lambda ab: (less(ab[0][0], ab[1][0]), ab[0][1] - ab[1][1])),
        inner.map(lambda a: (op("complement", a[0]), frozenset(GRID) - a[1])),
    ),
    max_leaves=4,
)
STATEMENTS = st.recursive(
    st.tuples(st.sampled_from(sorted(SIGNS)), ENDS).map(
        lambda pair: (
            rel("x", *pair),
            members(lambda x: SIGNS[pair[0]](x, pair[1])),
        )
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda ab: (both(ab[0][0], ab[1][0]), ab[0][1] & ab[1][1])),
        st.tuples(inner, inner).map(lambda ab: (either(ab[0][0], ab[1][0]), ab[0][1] | ab[1][1])),
        inner.map(lambda a: (no(a[0]), frozenset(GRID) - a[1])),
    ),
    max_leaves=6,
)


def normal(tree):
    return read_set(tree, Ordering()).reals


def inside(reals, x):
    place = 0
    for point in reals.points:
        if x == point.value:
            return reals.inside[place + 1]
        if x < point.value:
            break
        place += 2
    return reals.inside[place]


@given(SETS)
def test_a_normal_form_has_the_members_of_its_set(pair):
    tree, kept = pair
    assert members(lambda x: inside(normal(tree), x)) == kept


@given(STATEMENTS)
def test_the_solutions_of_a_statement_are_where_it_holds(pair):
    tree, kept = pair
    assert members(lambda x: inside(normal(tree), x)) == kept


@given(SETS, SETS)
def test_normal_forms_are_equal_exactly_if_members_are(one, other):
    ours, theirs = normal(one[0]), normal(other[0])
    assert (ours.inside == theirs.inside and ours.points == theirs.points) == (one[1] == other[1])


@given(SETS, STATEMENTS)
def test_sets_and_statements_compare_alike_both_ways(one, other):
    expected = Match.EQUAL if one[1] == other[1] else Match.DIFFERENT
    assert compare_sets(one[0], other[0], JUDGE).match is expected
    assert compare_sets(other[0], one[0], JUDGE).match is expected


@given(STATEMENTS)
def test_a_statement_is_its_own_builder(pair):
    built = builder("x", pair[0])
    assert compare_sets(pair[0], built, JUDGE).match is Match.EQUAL


@given(SETS)
def test_complement_twice_is_the_set(pair):
    twice = normal(op("complement", op("complement", pair[0])))
    assert twice == normal(pair[0])


@given(st.fractions(-20, 20, max_denominator=9), st.fractions(-20, 20, max_denominator=9), ENDS)
def test_linear_inequalities_are_solved(slope, offset, bound):
    left = op("+", op("*", slope, "x"), offset)
    for sign, holds in SIGNS.items():
        expected = members(lambda x, holds=holds: holds(slope * x + offset, bound))
        if slope:
            solved = normal(rel(left, sign, bound))
            assert members(lambda x, solved=solved: inside(solved, x)) == expected


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=4), st.sampled_from(sorted(SIGNS)))
def test_products_of_linear_factors_are_solved(roots, sign):
    left = op("*", *(op("+", "x", -root) for root in roots))

    def value(x):
        result = Fraction(1)
        for root in roots:
            result *= x - root
        return result

    solved = normal(rel(left, sign, 0))
    assert members(lambda x: inside(solved, x)) == members(lambda x: SIGNS[sign](value(x), 0))


@given(ENDS, ENDS, st.sampled_from(sorted(SIGNS)))
def test_absolute_values_are_solved(centre, bound, sign):
    solved = normal(rel(op("abs", op("+", "x", -centre)), sign, bound))
    expected = members(lambda x: SIGNS[sign](abs(x - centre), bound))
    assert members(lambda x: inside(solved, x)) == expected
