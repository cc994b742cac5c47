"""What holds of numerical evidence for any expression, with mpmath as the second opinion."""

from fractions import Fraction
from functools import reduce

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from verifier.mathematics.numeric.constants import is_near, order, sign
from verifier.mathematics.numeric.evidence import Agreement, agreement
from verifier.mathematics.syntax import (
    HEADS,
    Apply,
    BigOperator,
    Node,
    Number,
    Piecewise,
    Relation,
    Symbol,
)

UNARY = {
    "neg": lambda z: -z,
    "exp": mpmath.exp,
    "ln": mpmath.log,
    "log10": mpmath.log10,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "sec": mpmath.sec,
    "cot": mpmath.cot,
    "arctan": mpmath.atan,
    "sinh": mpmath.sinh,
    "tanh": mpmath.tanh,
    "arsinh": mpmath.asinh,
    "abs": abs,
}
BINARY = {
    "+": lambda a, b: a + b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
OF_TWO = frozenset(
    "+ * / ^ root binom permutations mod gcd lcm max min derivative cup cap dot cross".split()
)
LEAVES = st.one_of(
    st.integers(-9, 9).map(Number),
    st.fractions(-5, 5, max_denominator=12).map(Number),
    st.sampled_from([Symbol("pi"), Symbol("e")]),
    st.sampled_from([2, 3, 5, 6]).map(lambda n: Apply("root", (Number(n), Number(2)))),
)


def apply_one(head, argument):
    return Apply(head, (argument,))


def apply_two(head, left, right):
    return Apply(head, (left, right))


def grown(inner):
    return st.one_of(
        st.builds(apply_one, st.sampled_from(sorted(UNARY)), inner),
        st.builds(apply_two, st.sampled_from(sorted(BINARY)), inner, inner),
    )


CONSTANTS = st.recursive(LEAVES, grown, max_leaves=6)
VARIABLES = st.sampled_from([Symbol("x"), Symbol("n"), Symbol("i")])
ODD_NUMBERS = st.sampled_from(
    [0, 1, -1, 10**7, 10**300, 10**4000, Fraction(1, 3), Fraction(1, 10**40)]
).map(Number)


def over_range(head, lower, upper, body):
    return BigOperator(head, "k", lower, upper, body)


def by_cases(left, right, first, second):
    return Piecewise(((first, Relation((left, right), ("<",))), (second, None)))


def wilder(inner):
    """Any head on any operands, most of it without a value."""
    ranges = st.sampled_from(["sum", "prod", "int", "lim"])
    return st.one_of(
        st.builds(apply_two, st.sampled_from(sorted(OF_TWO)), inner, inner),
        st.builds(apply_one, st.sampled_from([*sorted(HEADS - OF_TWO), "call f"]), inner),
        st.builds(over_range, ranges, inner, inner, inner),
        st.builds(by_cases, inner, inner, inner, inner),
    )


ANY_NODE = st.recursive(st.one_of(LEAVES, VARIABLES, ODD_NUMBERS), wilder, max_leaves=8)


def value_of(node: Node):
    """Evaluates by mpmath, at its present precision."""
    if isinstance(node, Number):
        return mpmath.mpf(node.value.numerator) / node.value.denominator
    if isinstance(node, Symbol):
        return +{"pi": mpmath.pi, "e": mpmath.e}[node.name]
    args = [value_of(argument) for argument in node.args]
    if node.head == "root":
        return mpmath.sqrt(args[0])
    return UNARY[node.head](*args) if node.head in UNARY else reduce(BINARY[node.head], args)


def gap_of(left, right):
    """The relative distance at 60 digits and at 90; None where mpmath has no clear answer."""
    gaps = []
    for digits in (60, 90):
        with mpmath.workdps(digits):
            try:
                ours, theirs = value_of(left), value_of(right)
            except (ArithmeticError, ValueError):
                return None
            size = max(abs(ours), abs(theirs))
            if not mpmath.isfinite(size) or not 1e-20 < size < 1e20:
                return None
            gaps.append(abs(ours - theirs) / size)
    return gaps


@settings(deadline=None)  # timing decides nothing
@given(CONSTANTS, CONSTANTS)
def test_constants_differ_exactly_if_they_do_to_sixty_digits(left, right):
    gaps = gap_of(left, right)
    assume(gaps is not None)
    answer = agreement(left, right)
    if gaps[1] > 1e-30:
        assert answer is not Agreement.SAME
    if gaps[1] < 1e-50:
        assert answer is not Agreement.DIFFERENT


@settings(deadline=None)  # timing decides nothing
@given(CONSTANTS, st.sampled_from(["sin", "arctan", "exp"]))
def test_a_rearranged_constant_is_never_different(node, head):
    wrapped = apply_one(head, apply_two("+", node, Number(1)))
    turned = apply_one(head, apply_two("+", Number(1), node))
    assert agreement(wrapped, turned) is not Agreement.DIFFERENT


@settings(deadline=None)  # timing decides nothing
@given(CONSTANTS)
def test_a_constant_moved_at_the_thirtieth_digit_is_never_the_same(node):
    gaps = gap_of(node, Number(0))
    assume(gaps is not None)
    moved = Apply("+", (node, Number(Fraction(1, 10**49))))
    assert agreement(node, moved) is not Agreement.SAME


@settings(deadline=None)  # timing decides nothing
@given(ANY_NODE, ANY_NODE)
def test_agreement_is_total_and_symmetric(left, right):
    assert agreement(left, right) is agreement(right, left)


@settings(deadline=None)  # timing decides nothing
@given(ANY_NODE)
def test_nothing_differs_from_itself(node):
    assert agreement(node, node) is not Agreement.DIFFERENT


@settings(deadline=None)  # timing decides nothing
@given(ANY_NODE, ANY_NODE)
def test_order_is_total_and_antisymmetric(left, right):
    forwards, backwards = order(left, right), order(right, left)
    assert forwards == (None if backwards is None else -backwards)


@settings(deadline=None)  # timing decides nothing
@given(ANY_NODE, ANY_NODE)
def test_nearness_is_total(left, right):
    assert is_near(left, right, Fraction(1, 100), Fraction(0)) in {True, False, None}


@settings(deadline=None)  # timing decides nothing
@given(CONSTANTS)
def test_sign_is_that_of_sixty_digits(node):
    gaps = gap_of(node, Number(0))
    assume(gaps is not None)
    with mpmath.workdps(60):
        value = value_of(node)
    expected = (value.real > 0) - (value.real < 0) if not value.imag else None
    assert sign(node) in {expected, None}


POLE = apply_two("/", Number(1), Symbol("k"))


def tower(height):
    node = Number(9)
    for _ in range(height):
        node = Apply("^", (Number(9), node))
    return node


def nested(head, depth, inner):
    for _ in range(depth):
        inner = Apply(head, (inner,))
    return inner


@pytest.mark.parametrize(
    "node",
    [
        tower(3),
        tower(30),
        Apply("factorial", (Number(10**7),)),
        Apply("factorial", (Apply("factorial", (Number(10**7),)),)),
        nested("factorial", 30, Number(9)),
        nested("exp", 30, Number(9)),
        nested("sin", 30, Symbol("x")),
        nested("neg", 5000, Symbol("x")),
        Apply("sin", (tower(2),)),
        Apply("+", (Symbol("x"),) * 50_000),
        BigOperator("sum", "k", Number(1), Number(10**12), Symbol("k")),
        BigOperator("int", "k", Number(0), tower(2), Apply("sin", (Apply("exp", (Symbol("k"),)),))),
        BigOperator(
            "int", "k", Number(0), Number(1), Apply("sin", (Apply("/", (Number(1), Symbol("k"))),))
        ),
    ],
    ids=range(13),
)
def test_hostile_expression_gets_some_answer(node):
    assert agreement(node, Symbol("x")) in Agreement
    assert agreement(node, Number(4)) in Agreement
    assert sign(node) in {-1, 0, 1, None}
