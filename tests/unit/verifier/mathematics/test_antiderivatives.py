r"""Antiderivatives and general solutions."""

import pytest
from comparing import DIFFERENT, EQUAL, UNDECIDED, check_row, match_of, read

from verifier.mathematics.exact.derivatives import derivative
from verifier.mathematics.kinds.dispatch import compare_nodes
from verifier.mathematics.limits import MAX_DERIVED
from verifier.mathematics.syntax import TooComplexError
from verifier.types import ConstantPolicy, MathPolicy

NOT_EQUAL = (DIFFERENT, UNDECIDED)

ROWS = [
    ("x^2+C", "x^2+C", EQUAL, "the same"),
    ("x^2+K", "x^2+C", EQUAL, "any name for the constant"),
    ("x^2+c", "x^2+C", EQUAL, "small, too"),
    ("x^2+C_1", "x^2+C", EQUAL, "or with an index"),
    ("x^2", "x^2+C", EQUAL, "none at all"),
    ("x^2+C", "x^2", DIFFERENT, "but not where the reference has none"),
    ("x^2+5+C", "x^2+C", EQUAL, "a constant more"),
    ("x^2+5", "x^2+C", EQUAL, "one of the antiderivatives"),
    ("2x^2+C", "x^2+C", DIFFERENT, "another function"),
    ("x^2+Cx", "x^2+C", NOT_EQUAL, "the constant is no factor"),
    ("(x+1)^2+C", "x^2+2x+C", EQUAL, "expanded, the constants differ"),
    (r"\frac{(x+1)^3}{3}+C", r"\frac{x^3}{3}+x^2+x+C", EQUAL, "expanded"),
    (r"\ln x+C", r"\ln|x|+C", EQUAL, "with or without absolute value"),
    (r"\ln|2x|+C", r"\ln|x|+C", EQUAL, "a factor in a logarithm is a constant more"),
    (r"\ln|1-x|+C", r"\ln|x-1|+C", EQUAL, "a sign in an absolute value"),
    (r"2\ln|x|+C", r"\ln|x|+C", DIFFERENT, "another factor"),
    (r"\frac12\sin^2x+C", r"-\frac14\cos2x+C", EQUAL, "an identity away"),
    (r"\sin^2x+C", r"-\cos^2x+C", EQUAL, "an identity away"),
    (r"\sin^2x+C", r"\cos^2x+C", DIFFERENT, "the sign counts"),
    (r"-\arccos x+C", r"\arcsin x+C", EQUAL, "a quarter turn away"),
    (r"\arctan x+C", r"-\arctan\frac1x+C", EQUAL, "piece by piece"),
    (r"\frac12\ln\frac{1+x}{1-x}+C", r"\operatorname{artanh}x+C", EQUAL, "by definition"),
    (r"\ln(x+\sqrt{x^2+1})+C", r"\operatorname{arsinh}x+C", EQUAL, "by definition"),
    (r"xe^x-e^x+C", r"(x-1)e^x+C", EQUAL, "factored"),
    (r"xe^x+C", r"(x-1)e^x+C", DIFFERENT, "another function"),
    (r"\frac{x^2}{2}\ln x-\frac{x^2}{4}+C", r"\frac{x^2(2\ln x-1)}{4}+C", EQUAL, "factored"),
    (r"\frac23(x+1)^{3/2}+C", r"\frac{2}{3}(x+1)\sqrt{x+1}+C", EQUAL, "powers of a root"),
    (r"\tan x-x+C", r"\frac{\sin x}{\cos x}-x+C", EQUAL, "written out"),
    (r"F(x)=x^2+C", "x^2+C", EQUAL, "with a name"),
    (r"\int 2x\,dx=x^2+C", "x^2+C", EQUAL, "with the question"),
    (r"t^3+C", "t^3+K", EQUAL, "another variable"),
    (r"t^3+C", "x^3+C", DIFFERENT, "the variable counts"),
    (r"\frac{e^{ax}}{a}+C", r"\frac1a e^{ax}+C", EQUAL, "with a parameter"),
    (r"x^2y+y^2+C", "x^2y+y^2", DIFFERENT, "no constant was asked for"),
    (r"x^2y+C", r"x^2y+y^2+C", DIFFERENT, "a term in the other variable"),
    (r"x^2y+y^2+K", r"y(x^2+y)+C", EQUAL, "two variables"),
    # what only looks like an arbitrary constant
    ("a+b", "a+b+c", DIFFERENT, "a letter among its like"),
    ("A+B", "A+C", DIFFERENT, "capitals among themselves"),
    ("V+K", "V+C", DIFFERENT, "capitals among themselves"),
    ("x^2+bx", "x^2+bx+c", DIFFERENT, "coefficients"),
    ("2mc^2", "mc^2", DIFFERENT, "the speed of light"),
    (r"\frac{1}{\pi fC}", r"\frac{1}{2\pi fC}", DIFFERENT, "a capacity"),
    ("2kx", "kx", DIFFERENT, "a spring"),
    ("k=15", "y=Ce^x", DIFFERENT, "a value of k"),
    ("k=1", "x^2+y^2=K", NOT_EQUAL, "a value of k"),
    ("x+3", "x+k", DIFFERENT, "a small letter must be there"),
    ("x+k", "x+c", EQUAL, "but alone beside a variable"),
    # general solutions
    ("y=Ke^x", "y=Ce^x", EQUAL, "renamed"),
    ("y=Ce^{-x}", "y=Ce^x", DIFFERENT, "another function"),
    ("y=-Ce^x", "y=Ce^x", EQUAL, "the sign is absorbed"),
    ("y=2Ce^x", "y=Ce^x", EQUAL, "so is a factor"),
    ("y=e^{x+C}", "y=Ce^x", EQUAL, "so is an exponential"),
    (r"y=\frac{e^x}{C}", "y=Ce^x", EQUAL, "so is an inverse"),
    ("y=x^2", "y=x^2+C", DIFFERENT, "a general solution needs its constant"),
    ("y=Ce^x+1", "y=Ce^x", DIFFERENT, "another particular solution"),
    ("y=Ce^x+x", "y=x+Ke^x", EQUAL, "the particular solution"),
    ("y=c_2e^x+c_1e^{-x}", "y=c_1e^x+c_2e^{-x}", EQUAL, "exchanged"),
    ("y=Ae^x+Be^{-x}", "y=c_1e^x+c_2e^{-x}", EQUAL, "capitals"),
    (r"y=c_1\cosh x+c_2\sinh x", "y=c_1e^x+c_2e^{-x}", EQUAL, "another basis"),
    (r"y=c_1\sin x+c_2\cos x", r"y=c_1\cos x+c_2\sin x", EQUAL, "exchanged"),
    (r"y=c_1\sin x+c_2\cos 2x", r"y=c_1\cos x+c_2\sin x", DIFFERENT, "another function"),
    (r"y=c_1e^x+c_2e^{2x}", "y=c_1e^x+c_2e^{-x}", DIFFERENT, "another function"),
    (r"y=c_1e^x", "y=c_1e^x+c_2e^{-x}", DIFFERENT, "a constant is missing"),
    (r"y=(c_1+c_2x)e^x", "y=c_1xe^x+c_2e^x", EQUAL, "factored"),
    (r"y=c_1e^x+c_2e^{x}", "y=c_1e^x+c_2e^{-x}", NOT_EQUAL, "one function twice"),
    (r"y=c_1x+c_2e^x", "y=c_1e^x+c_2e^{x}", NOT_EQUAL, "one function twice, in the reference"),
    ("x^2+y^2=C", "x^2+y^2=K", EQUAL, "curves"),
    ("2x^2+2y^2=C", "x^2+y^2=C", EQUAL, "scaled"),
    ("x^2+2y^2=C", "x^2+y^2=C", DIFFERENT, "other curves"),
    (r"\ln y=x+C", "y=Ce^x", EQUAL, "not solved"),
    (r"ye^{-x}=C", "y=Ce^x", EQUAL, "solved for the constant"),
    ("x^2+y^2=5", "x^2+y^2=C", NOT_EQUAL, "one curve of many"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} | {row[1]}")
def test_antiderivatives(row):
    check_row(row)


def test_a_constant_can_be_demanded():
    policy = MathPolicy(integration_constant=ConstantPolicy.REQUIRE)
    assert match_of("x^2", "x^2+C", policy) is DIFFERENT
    assert match_of("x^2+K", "x^2+C", policy) is EQUAL
    assert match_of("x^2", "x^2+C") is EQUAL


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        ("x^3", "3x^2"),
        ("x^x", r"x^x(\ln x+1)"),
        ("2^x", r"2^x\ln2"),
        (r"\sqrt{x^2+1}", r"\frac{x}{\sqrt{x^2+1}}"),
        (r"\frac{x}{x+1}", r"\frac{1}{(x+1)^2}"),
        (r"\sec x", r"\sec x\tan x"),
        (r"\csc x", r"-\csc x\cot x"),
        (r"\cot x", r"-\csc^2x"),
        (r"\tanh x", r"1-\tanh^2x"),
        (r"\coth x", r"1-\coth^2x"),
        (r"\arcsin x", r"\frac{1}{\sqrt{1-x^2}}"),
        (r"\log_2x", r"\frac{1}{x\ln2}"),
        (r"\log_x2", r"-\frac{\ln2}{x\ln^2x}"),
        (r"|x|", r"\frac{x}{|x|}"),
        (r"\int\frac{\sin x}{x}dx", r"\frac{\sin x}{x}"),
        (r"x^5y", r"5x^4y"),
        ("y", "0"),
    ],
)
def test_derivatives(function, slope):
    derived = derivative(read(function), "x")
    assert compare_nodes(derived, read(slope), MathPolicy()).match is EQUAL


@pytest.mark.parametrize(
    "text", [r"\lfloor x\rfloor", r"\binom{x}{2}", r"\sum_{k=1}^{n}x^k", r"\sqrt[x]{2}"]
)
def test_what_has_no_rule_is_not_derived(text):
    with pytest.raises(TooComplexError):
        derivative(read(text), "x")


def test_a_huge_derivative_is_refused():
    with pytest.raises(TooComplexError):
        derivative(read("".join(f"(x+{n})" for n in range(60))), "x")
    assert MAX_DERIVED < 60 * 60
