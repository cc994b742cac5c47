"""Trees on their way to a worker process come out as they went in, or do not go at all."""

from fractions import Fraction
from typing import get_args

import msgspec
import pytest
from trees import add, ap, big, integral, mul, power

from verifier.mathematics.symbolic.wire import decode_pair, encode_pair
from verifier.mathematics.syntax import (
    BasedNumber,
    Clock,
    Date,
    Equation,
    Logic,
    Matrix,
    Node,
    Number,
    Piecewise,
    Quantity,
    Ratio,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
    Words,
)

X = Symbol("x")
POSITIVE = Relation((X, Number(0)), (">",))
TREES = [
    Number(-3),
    Number(Fraction(5, 2), 1, 2),
    Number(10**400),
    Number(-(10**400)),
    Number(Fraction(1, 10**400)),
    Number(2**63),
    Number(-(2**63)),
    BasedNumber(104, 5, "404"),
    Symbol("x_1'"),
    add("x", mul(2, power("y", 3))),
    integral("x", "x"),
    big("lim", "x", "x", "infty", side="+"),
    Sequence("()", (X, Sequence("[)", (X, Number(1))))),
    Matrix(((X, Number(1)), (Number(0), X))),
    Sequence("()", (Equation(X, Number(1)),)),
    Piecewise(((X, POSITIVE), (Number(0), Logic("not", (POSITIVE,))), (X, None))),
]
REFUSED = [
    Words("monday"),
    Quantity(Number(5), "m", percent=False),
    Ratio((Number(1), Number(2))),
    Clock(0, ""),
    Date(2000, 1, 1),
    SetBuilder(X, (POSITIVE,)),
    Sequence("{}", (X,)),
    POSITIVE,
    Logic("not", (POSITIVE,)),
    Equation(X, Number(1)),  # against what is none
    ap("pm", 2),
    ap("cup", "x", "x"),
    big("bigcup", "x", "x", 1, 2),
    Symbol("\ud800"),
    add(*range(2000)),
    Sequence("()", (Words("monday"),)),
]


@pytest.mark.parametrize("node", TREES, ids=lambda node: type(node).__name__)
def test_a_tree_comes_out_as_it_went_in(node):
    assert decode_pair(encode_pair(node, X)) == (node, X)
    assert decode_pair(encode_pair(X, node)) == (X, node)


@pytest.mark.parametrize("node", REFUSED, ids=lambda node: type(node).__name__)
def test_what_sympy_could_not_decide_is_never_sent(node):
    assert encode_pair(node, X) is None
    assert encode_pair(X, node) is None


def test_every_kind_of_node_is_sent_or_refused():
    seen = {type(node) for node in (*TREES, *REFUSED)}
    assert seen >= set(get_args(Node))


def test_a_tree_of_any_depth_is_refused_and_not_raised():
    node = X
    for _ in range(100_000):
        node = ap("neg", node)
    assert encode_pair(node, X) is None


def test_a_large_tree_is_small_on_the_wire():
    node = add(*(mul(index, power("x", index)) for index in range(30)))
    assert len(encode_pair(node, node)) < 2000


@pytest.mark.parametrize("plain", [[1, 2], [[99, 1], [99, 1]], [["x"], ["x"]], [None, None]])
def test_what_is_no_tree_is_refused(plain):
    with pytest.raises(ValueError):
        decode_pair(msgspec.msgpack.encode(plain))
