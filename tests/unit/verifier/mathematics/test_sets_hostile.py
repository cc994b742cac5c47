"""Any trees at all, as sets and as relations: nothing is raised, and nothing is asymmetric."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from set_trees import JUDGE

from verifier.mathematics.kinds.relations import compare_relations
from verifier.mathematics.kinds.sets import compare_sets
from verifier.mathematics.syntax import (
    Apply,
    BasedNumber,
    BigOperator,
    Clock,
    Date,
    Equation,
    Logic,
    Matrix,
    Number,
    Piecewise,
    Quantity,
    Ratio,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
    TooComplexError,
    Words,
)
from verifier.mathematics.verdicts import Match

SIGNS = ["<", "<=", ">", ">=", "!=", "=", "in", "notin", "subset", "equiv", "~", "divides"]
HEADS = [
    *("+", "*", "/", "^", "neg", "abs", "pm", "root", "cup", "cap", "setminus", "complement"),
    *("mod", "sin", "ln", "call f", "factorial", "degree"),
]
UNARY = {"neg", "abs", "pm", "complement", "sin", "ln", "call f", "factorial", "degree"}
NAMES = ["x", "y", "k", "pi", "e", "i", "infty", "Reals", "Integers", "Naturals", "emptyset", "..."]
LEAVES = st.one_of(
    st.integers(-3, 3).map(Number),
    st.fractions(-2, 2, max_denominator=3).map(
        lambda value: Number(value if value.denominator > 1 else value.numerator)
    ),
    st.sampled_from([Number(Fraction(1, 3), 2, 2), Number(10**600), Number(-(10**4000))]),
    st.sampled_from(NAMES).map(Symbol),
    st.sampled_from(["no solution", "all real numbers", "monday", ""]).map(Words),
    st.sampled_from(
        [BasedNumber(9, 5, "14"), Clock(3600, "am"), Date(2000, 1, 2), Sequence("{}", ())]
    ),
)


def _applied(head, first, second):
    return Apply(head, (first,) if head in UNARY else (first, second))


def _chain(operands, signs):
    return Relation(tuple(operands), tuple(signs[: len(operands) - 1]))


def _grown(inner):
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(_applied, st.sampled_from(HEADS), inner, inner),
        st.builds(
            _chain,
            st.lists(inner, min_size=2, max_size=3),
            st.lists(st.sampled_from(SIGNS), min_size=2, max_size=2),
        ),
        st.builds(Sequence, st.sampled_from(["", "{}", "()", "[]", "(]", "[)"]), several),
        st.builds(Equation, inner, inner),
        st.builds(Logic, st.sampled_from(["and", "or", "not", "implies"]), several),
        st.builds(SetBuilder, inner, several),
        st.builds(Ratio, several),
        st.builds(lambda row: Matrix((row,)), several),
        st.builds(lambda a, b: Piecewise(((a, b), (b, None))), inner, inner),
        st.builds(lambda a: Quantity(a, "cm", percent=False), inner),
        st.builds(lambda a: Quantity(a, "", percent=True), inner),
        st.builds(lambda a, b: BigOperator("bigcup", "k", a, Symbol("infty"), b), inner, inner),
    )


TREES = st.recursive(LEAVES, _grown, max_leaves=12)


def match_of(comparer, candidate, reference):
    try:
        outcome = comparer(candidate, reference, JUDGE)
    except TooComplexError:
        return Match.UNDECIDED
    return None if outcome is None else outcome.match


@settings(max_examples=60)
@given(TREES, TREES)
def test_nothing_is_raised_and_no_order_matters(one, other):
    for comparer in (compare_sets, compare_relations):
        there, back = match_of(comparer, one, other), match_of(comparer, other, one)
        assert {there, back} != {Match.EQUAL, Match.DIFFERENT}


@settings(max_examples=60)
@given(TREES)
def test_nothing_differs_from_itself(tree):
    for comparer in (compare_sets, compare_relations):
        assert match_of(comparer, tree, tree) is not Match.DIFFERENT
