"""Identities and what only looks like one, by ball arithmetic. Each row says why it is there."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from verifier.mathematics.lexing.numerals import CommaStyle
from verifier.mathematics.numeric.evidence import agreement
from verifier.mathematics.reading.answer import read_answer
from verifier.mathematics.syntax import (
    Apply,
    BasedNumber,
    BigOperator,
    Number,
    Piecewise,
    Quantity,
    Relation,
    Sequence,
    Symbol,
)

X, N, K = Symbol("x"), Symbol("n"), Symbol("k")
INFINITY = Symbol("infty")


def tree_of(text):
    node = read_answer(text, CommaStyle.THOUSANDS, lenient=False)
    assert not isinstance(node, Exception), text
    return node


SAME = [
    (r"\sin^2 x + \cos^2 x", "1", "Pythagoras"),
    (r"\sec^2 x - \tan^2 x", "1", "Pythagoras for secans"),
    (r"\csc^2 x", r"1 + \cot^2 x", "Pythagoras for cosecans"),
    (r"\sin 2x", r"2 \sin x \cos x", "double angle"),
    (r"\cos 2x", r"1 - 2\sin^2 x", "double angle"),
    (r"\sin^4 x - \cos^4 x + \cos 2x", "0", "zero at every point"),
    (r"\sin x \cos y", r"\frac{\sin(x+y) + \sin(x-y)}{2}", "product to sum"),
    (r"\tan(x+y)", r"\frac{\tan x + \tan y}{1 - \tan x \tan y}", "sum of angles"),
    (r"\cos 3x", r"4\cos^3 x - 3\cos x", "triple angle"),
    (r"\cos(36^\circ)", r"\frac{1+\sqrt5}{4}", "a constant angle in degrees"),
    (r"\sin(75^\circ)", r"\frac{\sqrt6+\sqrt2}{4}", "a constant angle in degrees"),
    (r"\arctan\frac12 + \arctan\frac13", r"\frac{\pi}{4}", "arcus tangens added"),
    (r"4\arctan\frac15 - \arctan\frac1{239}", r"\frac{\pi}{4}", "Machin"),
    (r"\arcsin x + \arccos x", r"\frac{\pi}{2}", "real between -1 and 1 only"),
    (r"\sin(\arccos x)", r"\sqrt{1-x^2}", "real between -1 and 1 only"),
    (r"\cosh^2 x - \sinh^2 x", "1", "hyperbolic Pythagoras"),
    (r"\sinh x", r"\frac{e^x - e^{-x}}{2}", "by exponentials"),
    (r"\tanh x", r"\frac{e^{2x} - 1}{e^{2x} + 1}", "by exponentials"),
    (r"\ln x^2", r"2 \ln x", "wherever both are real"),
    (r"\ln(xy)", r"\ln x + \ln y", "wherever both are real"),
    (r"\log(ab)", r"\log a + \log b", "to any base"),
    (r"\log_2 3", r"\frac{\ln 3}{\ln 2}", "change of base"),
    (r"\log_2 3 \cdot \log_3 4", "2", "change of base"),
    (r"\log 100", "2", "base ten makes it so"),
    (r"\log x", r"\ln x", "base e makes it so"),
    (r"e^{2 \ln x}", "x^2", "for positive x"),
    (r"x^y", r"e^{y \ln x}", "for positive x"),
    (r"2^{x+3}", r"8 \cdot 2^x", "powers"),
    (r"\sqrt{5+2\sqrt6}", r"\sqrt2 + \sqrt3", "denested radical"),
    (r"\sqrt{7 - 4\sqrt3}", r"2 - \sqrt3", "denested radical"),
    (r"\sqrt[3]{2+\sqrt5} + \sqrt[3]{2-\sqrt5}", "1", "Cardano, with a real root of a negative"),
    (r"\frac{1}{\sqrt[3]{4} + \sqrt[3]{2} + 1}", r"\sqrt[3]{2} - 1", "rationalised"),
    (r"\sqrt{x^2}", "|x|", "on both sides of zero"),
    (r"\sqrt{x}\sqrt{y}", r"\sqrt{xy}", "wherever both are real"),
    (r"\sqrt{x-100}\sqrt{x-100}", "x - 100", "real from 100 on"),
    (r"x^{1/3}", r"\sqrt[3]{x}", "wherever both are real"),
    (r"(-8)^{1/3}", "-2", "the real root is one reading"),
    (r"(-8)^{1/3}", r"1 + i\sqrt3", "the principal value is the other"),
    (r"\frac{x^2-1}{x-1}", "x + 1", "a removable gap"),
    (r"\frac{1}{x} - \frac{1}{x+1}", r"\frac{1}{x(x+1)}", "partial fractions"),
    (r"(x+y)^{30}", r"(y+x)^{29}(x+y)", "too large to expand"),
    (r"e^{i\pi/3}", r"\frac12 + \frac{i\sqrt3}{2}", "Euler"),
    (r"e^{ix}", r"\cos x + i \sin x", "Euler, with a real variable"),
    (r"2(\cos 60^\circ + i \sin 60^\circ)", r"1 + i\sqrt3", "polar form"),
    (r"(1+i)^8", "16", "a power of a complex number"),
    (r"\frac{1}{1+i}", r"\frac{1-i}{2}", "a quotient of complex numbers"),
    (r"|a+bi|", r"\sqrt{a^2+b^2}", "a and b are real where i is written"),
    (r"\frac{1}{\sqrt{-x^2-1}}", r"\frac{-i}{\sqrt{x^2+1}}", "nowhere real: principal values"),
    (r"n!", r"n (n-1)!", "factorials of a variable"),
    (r"\binom{n}{2}", r"\frac{n(n-1)}{2}", "binomial coefficient of a variable"),
    (r"\binom{n}{k}", r"\frac{n!}{k!(n-k)!}", "binomial coefficient of two"),
    (r"\cos n\pi", "(-1)^n", "integers, where the right side is real"),
    (r"(-1)^{n+2}", "(-1)^n", "integers only"),
    (r"f(x) + 1", "1 + f(x)", "an unknown function"),
    (r"\lfloor \pi \rfloor", "3", "rounded down"),
    (r"\frac{2004!}{2003!}", "2004", "large factorials"),
    (r"\frac{x + y + |x - y|}{2} + \frac{x + y - |x - y|}{2}", "x + y", "branches"),
]
DIFFERENT = [
    (r"\sqrt{x^2}", "x", "not below zero"),
    (r"\sqrt{(x-50)^2}", "50 - x", "not from 50 on"),
    (r"\sin x", r"\cos x", "another function"),
    (r"\sin^2 x + \cos^2 y", "1", "two variables"),
    (r"\arctan x + \arctan\frac1x", r"\frac{\pi}{2}", "not below zero"),
    (r"\arcsin(\sin x)", "x", "between -pi/2 and pi/2 only"),
    (r"e^{\pi\sqrt{163}}", "262537412640768744", "equal to thirty digits"),
    (r"\frac{1}{2004!}", r"\frac{1}{2006!}", "both tiny, relatively far apart"),
    (r"\frac{1}{2^{99}}\pi", r"\frac{1}{2^{98}}\pi", "both tiny"),
    (r"\sqrt2 + 10^{-60}", r"\sqrt2", "differs at the sixtieth digit"),
    (r"\sqrt2 + 10^{-400}", r"\sqrt2", "differs beyond the first precision"),
    (r"10^{-300}\pi", "0", "tiny is not zero"),
    (r"\sqrt{10^{20}+1}", "10^{10}", "differs at the twentieth digit"),
    (r"1 - \frac1e", r"1 + \frac1e", "a sign"),
    (r"x^2 + 10^{-30} x", "x^2", "a tiny coefficient"),
    (r"f(x)", "f(y)", "another argument"),
    (r"f(x)", "g(x)", "another function"),
    (r"f(x+1)", "f(x) + f(1)", "not every function is linear"),
    (r"f(-x)", "f(x)", "not every function is even"),
    (r"|z - i|", "|z + i|", "equal on the real line, but z is complex where i is written"),
    (r"\overline{z}", "z", "not for complex numbers"),
    (r"\log 5", "7", "by neither base"),
    (r"\sqrt{-1-x^2}", r"\sqrt{1+x^2}", "never both real, and nowhere equal"),
    (r"\ln(-x)", r"\ln x", "never both real, and nowhere equal"),
    (r"9^{9^{9^9}}", "4", "a tower is not a small number"),
    (r"10000000!", "4", "nor is a large factorial"),
    (r"\lfloor x \rfloor", "x", "not an integer"),
    (r"\binom{n}{2}", r"\frac{n(n+1)}{2}", "a sign inside"),
    (r"i^i", "i", "a real number"),
    ("x", "X", "the case of a symbol counts"),
]
UNKNOWN = [
    (r"\sqrt2 + 10^{-4000}", r"\sqrt2", "beyond the highest precision"),
    (r"9^{9^{9^9}}", r"9^{9^{9^8}}", "two towers"),
    (r"\frac{1}{x - x}", "x", "defined nowhere"),
    (r"\infty", "5", "no number"),
    ("1, 2", "1", "no single value"),
    ("x = 1", "1", "no single value"),
]


@pytest.mark.parametrize(("left", "right", "why"), SAME)
def test_identity_is_the_same(left, right, why):
    assert agreement(tree_of(left), tree_of(right)).value == "same", why


@pytest.mark.parametrize(("left", "right", "why"), DIFFERENT)
def test_what_is_no_identity_is_different(left, right, why):
    assert agreement(tree_of(left), tree_of(right)).value == "different", why


@pytest.mark.parametrize(("left", "right", "why"), UNKNOWN)
def test_what_cannot_be_known_is_unknown(left, right, why):
    assert agreement(tree_of(left), tree_of(right)).value == "unknown", why


@pytest.mark.parametrize(("left", "right", "why"), SAME[::5] + DIFFERENT[::5] + UNKNOWN)
def test_agreement_is_symmetric(left, right, why):
    left, right = tree_of(left), tree_of(right)
    assert agreement(left, right) is agreement(right, left), why


def call(head, *args):
    return Apply(head, tuple(Number(a) if isinstance(a, int) else a for a in args))


def over(head, body, lower, upper):
    return BigOperator(head, "k", lower, upper, body)


ONE, ZERO, PI = Number(1), Number(0), Symbol("pi")
STEP = Piecewise(((call("neg", X), Relation((X, ZERO), ("<",))), (X, None)))
SQUARE = call("^", X, 2)
HALF_PI = call("/", PI, 2)
BUILT = [
    ("same", over("sum", K, ONE, N), call("/", call("*", N, call("+", N, 1)), 2)),
    ("different", over("sum", K, ONE, N), call("*", N, N)),
    ("same", over("prod", K, ONE, Number(10)), call("factorial", 10)),
    ("unknown", over("sum", call("/", 1, K), ONE, INFINITY), ONE),
    ("unknown", over("sum", K, ONE, Number(10**9)), ONE),
    ("same", over("int", call("sin", K), ZERO, PI), Number(2)),
    ("different", over("int", call("sin", K), ZERO, PI), Symbol("e")),
    ("same", over("int", call("root", K, 2), ZERO, ONE), call("/", 2, 3)),
    ("same", over("int", call("^", K, 2), ZERO, X), call("/", call("^", X, 3), 3)),
    ("unknown", over("int", call("/", 1, K), ZERO, ONE), ONE),
    ("same", STEP, call("abs", X)),
    ("different", STEP, X),
    ("same", Quantity(call("*", 50, X), "", percent=True), call("/", X, 2)),
    ("same", call("sin", Quantity(Number(30), "degree", percent=False)), call("/", 1, 2)),
    ("same", BasedNumber(54, 5, "204"), call("+", 54, call("sin", 0))),
    ("same", call("max", X, N), call("neg", call("min", call("neg", X), call("neg", N)))),
    ("same", call("gcd", 12, 18), call("/", call("*", 12, 18), call("lcm", 12, 18))),
    ("same", call("mod", N, 2), call("/", call("+", 1, call("neg", call("^", -1, N))), 2)),
    ("same", call("factorial2", 7), Number(105)),
    ("same", call("permutations", N, 2), call("*", N, call("+", N, -1))),
    ("same", call("arccot", X), call("+", HALF_PI, call("neg", call("arctan", X)))),
    ("same", call("arcsec", X), call("arccos", call("/", 1, X))),
    ("same", call("arsinh", X), call("ln", call("+", X, call("root", call("+", SQUARE, 1), 2)))),
    ("same", call("derivative", Symbol("y"), X), call("prime", Symbol("y"))),
    ("different", call("prime", call("call f", X)), call("call f", X)),
    ("unknown", call("det", X), X),
    ("unknown", Sequence("()", (X, X)), X),
]


@pytest.mark.parametrize(("expected", "left", "right"), BUILT)
def test_built_tree_gets_its_answer(expected, left, right):
    assert agreement(left, right).value == expected


def test_integers_can_be_named():
    left, right = tree_of(r"\sin(2\pi n + x)"), tree_of(r"\sin x")
    assert agreement(left, right).value == "different"
    assert agreement(left, right, integers=frozenset("n")).value == "same"


def test_threads_at_different_precisions_do_not_disturb_each_other():
    rows = [(left, right, "same") for left, right, _ in SAME]
    rows += [(left, right, "different") for left, right, _ in DIFFERENT]
    trees = [(tree_of(left), tree_of(right), answer) for left, right, answer in rows * 4]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda row: agreement(row[0], row[1]).value, trees))
    assert answers == [answer for _, _, answer in trees]
