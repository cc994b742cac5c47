r"""Equations and assignments."""

import pytest
from comparing import DIFFERENT, EQUAL, UNDECIDED, check_row, match_of

NOT_EQUAL = (DIFFERENT, UNDECIDED)

ROWS = [
    # assignments
    ("x=5", "5", EQUAL, "an assignment is as good as its value"),
    ("5", "x=5", EQUAL, "the other way round"),
    ("5=x", "5", EQUAL, "the name may stand on the right"),
    ("5=x", "x=5", EQUAL, "sides may be exchanged"),
    ("x=6", "5", DIFFERENT, "another value"),
    ("x=5", "y=5", DIFFERENT, "another name"),
    ("x=5", "X=5", DIFFERENT, "the case of a name counts"),
    ("x_1=5", "x_{1}=5", EQUAL, "braces around an index say nothing"),
    ("x'=5", "x=5", DIFFERENT, "a prime makes another name"),
    ("x=0.4", r"x=\frac13", DIFFERENT, "values are compared by the policy for numbers"),
    ("x=3+2=5", "5", EQUAL, "of a chain the last value counts"),
    ("2+3=5", "5", EQUAL, "a true sum states its value"),
    ("2+2=5", "2+3=5", DIFFERENT, "one is true"),
    ("1+4=5", "2+3=5", EQUAL, "both are, of the same value"),
    ("F", "f(y)=y", DIFFERENT, "a letter is no function of another"),
    ("m+n=5", "5", EQUAL, "a question may ask for a sum of names"),
    ("5", "m+n=5", EQUAL, "the other way round"),
    ("xy=6", "6", EQUAL, "or for a product"),
    ("2x+z=1", "1", DIFFERENT, "with a coefficient it is a condition"),
    ("1", "2x+z=1", DIFFERENT, "the other way round"),
    ("a+3z=0", "0", DIFFERENT, "a condition again"),
    ("a+b=0", "0", DIFFERENT, "zero on the right is how conditions are written"),
    ("a^2+b=0", "0", DIFFERENT, "a condition"),
    ("11a+c", "7=11a+c", DIFFERENT, "the value is 7, not the side that is asked"),
    ("AB=4", "4", EQUAL, "a segment"),
    ("|AB|=4", "4", EQUAL, "its length"),
    (r"\overline{AB}=4", "AB=4", EQUAL, "ways to write a segment"),
    ("BA=4", "AB=4", EQUAL, "a segment has no direction"),
    ("|BA|=4", "AB=4", EQUAL, "nor has its length"),
    ("AC=4", "AB=4", DIFFERENT, "another segment"),
    (r"\frac{NO}{BO}=\frac12", r"\frac12", EQUAL, "a ratio of segments"),
    (r"\angle A=30", "30", EQUAL, "an angle"),
    ("P(X=1)=0.25", "0.25", EQUAL, "a probability"),
    ("P(A)=0.25", "0.5", DIFFERENT, "another probability"),
    ("f(3)=7", "7", EQUAL, "a function's value"),
    ("f(3)=7", "f(2)=7", DIFFERENT, "at another place"),
    (r"\pm0", "0", EQUAL, "both are zero"),
    ("y=\\sqrt3x", r"y=\pm\sqrt3x", DIFFERENT, "one line of two"),
    ("f'(x)=2x", "2x", EQUAL, "a derivative"),
    (r"\frac{dy}{dx}=2x", "2x", EQUAL, "a derivative as Leibniz wrote it"),
    (r"\sin\theta=\frac35", r"\frac35", EQUAL, "a function of an angle that is asked for"),
    (r"\text{total cost}=5", "5", EQUAL, "a name in words"),
    (r"\text{total cost}=5", "c=5", EQUAL, "words agree with a letter"),
    (r"\text{total cost}=6", "c=5", DIFFERENT, "but not with another value"),
    ("x=y", "x", DIFFERENT, "a name is not its value"),
    # functions
    ("f(x)=x^2", "x^2", EQUAL, "a definition is as good as its right side"),
    ("x^2", "f(x)=x^2", EQUAL, "the other way round"),
    ("f(t)=t^2", "f(x)=x^2", EQUAL, "the variable is bound"),
    ("f(t)=t^2", "x^2", EQUAL, "also against a bare expression in another variable"),
    ("f(t)=x^2", "f(x)=x^2", NOT_EQUAL, "a constant function"),
    ("g(x)=x^2", "f(x)=x^2", DIFFERENT, "the question asked for f"),
    ("y=x^2", "f(x)=x^2", EQUAL, "a graph is its function"),
    ("f(x)=x^2", "y=x^2", EQUAL, "the other way round"),
    ("y(x)=x^2", "y=x^2", EQUAL, "y as a function"),
    ("z=x^2", "f(x)=x^2", DIFFERENT, "any other letter is another name"),
    ("f(x)=(x+1)^2", "f(x)=x^2+2x+1", EQUAL, "expanded or not"),
    ("f(x)=x^2+1", "f(x)=x^2", DIFFERENT, "another function"),
    ("f(u,v)=u-v", "f(x,y)=x-y", EQUAL, "two bound variables"),
    ("f(v,u)=u-v", "f(x,y)=x-y", DIFFERENT, "in their order"),
    ("f(y,x)=y-x", "f(x,y)=x-y", EQUAL, "renamed crosswise"),
    ("W(n)=n+1", "W(x)=x+1", EQUAL, "a letter times a letter is read as a function"),
    (r"f^{-1}(x)=2x", "2x", EQUAL, "an inverse function"),
    (r"f^{-1}(x)=2x", "f(x)=2x", DIFFERENT, "is not the function"),
    # conditions
    ("2x+4y-3=0", "y=-\\frac12x+\\frac34", EQUAL, "terms moved and scaled"),
    ("x^2/4+y^2/3=1", "x^2/16+y^2/12=1/4", EQUAL, "scaled by a quarter"),
    ("34x+45y-20z+100=0", "-34x-45y+20z-100=0", EQUAL, "scaled by minus one"),
    ("3x+4y+14=0", "3x-y+13=0", DIFFERENT, "another line"),
    ("2x+3y=6", "2x+3y=7", DIFFERENT, "a parallel line"),
    ("x^2+y^2=4", "y^2=4-x^2", EQUAL, "an implicit curve"),
    ("x^2+y^2=4", "x^2+y^2=2", DIFFERENT, "another radius"),
    (r"\sqrt2x=2", r"x=\sqrt2", EQUAL, "an irrational factor"),
    (r"\pi x+\pi y=0", "x+y=0", EQUAL, "a transcendental factor"),
    ("x=y", r"\sqrt{x}=\sqrt{y}", NOT_EQUAL, "a root has a smaller domain"),
    ("ab=0", "a^3b^3=0", NOT_EQUAL, "a power has the zeros many times"),
    ("x=1", "x^2=1", NOT_EQUAL, "a square has another zero"),
    ("y=x", "y^2=x^2", NOT_EQUAL, "a square has another line"),
    ("xy=3", r"y=\frac3x", EQUAL, "cleared of a denominator that is nowhere zero"),
    (r"y=\frac{1}{x-1}", "xy-y=1", EQUAL, "a denominator of two terms"),
    (r"\frac1x+\frac1y=1", "x+y=xy", NOT_EQUAL, "the origin is a zero of one"),
    (r"\frac{y}{x}=1", "y=x", NOT_EQUAL, "again the origin"),
    ("y=x^2", r"x=\sqrt{y}", NOT_EQUAL, "half a parabola"),
    ("y=e^x", r"x=\ln y", EQUAL, "solved for the other variable"),
    ("y=e^x", r"x=\ln(2y)", DIFFERENT, "for another curve"),
    (r"\sin x+y=2", r"2\sin x+2y=4", EQUAL, "a transcendental curve scaled"),
    (r"\sin x+y=2", r"2\sin x+2y=3", NOT_EQUAL, "by different factors"),
    (r"r=2\cos\theta", r"r=2\sin\theta", DIFFERENT, "another curve"),
    (r"r=2\cos\theta", r"2r=4\cos\theta", EQUAL, "a polar curve scaled"),
    (r"\cos^2x+y=3", r"y=2+\sin^2x", EQUAL, "by an identity"),
    ("2x=10", "x=5", EQUAL, "a multiple of an assignment"),
    ("2x=10", "5", DIFFERENT, "but it states no value"),
    ("V=IR", "V=RI", EQUAL, "a formula"),
    (r"V=\frac13\pi r^2h", r"V=\frac{\pi r^2 h}{3}", EQUAL, "a formula otherwise"),
    (r"V=\frac13\pi r^2h", r"V=\frac{\pi r h}{3}", DIFFERENT, "another formula"),
    ("F_n=F_{n-1}+F_{n-2}", "F_n=F_{n-2}+F_{n-1}", EQUAL, "a recurrence"),
    ("F_n=F_{n-1}+F_{n-2}", "F_n=F_{n-1}-F_{n-2}", DIFFERENT, "another recurrence"),
    ("y''+y=0", "y=-y''", EQUAL, "a differential equation"),
    ("x=5 cm", "x=5", EQUAL, "a unit where none is asked"),
    ("(-2a)^3=-8a^3", r"\ln\sqrt{e}=\frac12", DIFFERENT, "two identities say two things"),
    ("(a+b)^2=a^2+2ab+b^2", "a^2+2ab+b^2=(a+b)^2", EQUAL, "one identity turned round"),
    # plus or minus
    (r"x=\pm2", "x=2, x=-2", EQUAL, "both values"),
    (r"x=\pm2", "x=2", DIFFERENT, "one value of two"),
    (r"\pm2021", "2021", DIFFERENT, "one value of two"),
    (r"\pm2021", r"\{-2021,2021\}", EQUAL, "a set of both"),
    (r"1\pm\sqrt{19}", r"1+\sqrt{19},1-\sqrt{19}", EQUAL, "a list of both"),
    (r"\{1\pm\sqrt5,-2\}", r"\{-2,1-\sqrt5,1+\sqrt5\}", EQUAL, "among others"),
    (r"y=\pm\sqrt3x", r"y=-\sqrt3x, y=\sqrt3x", EQUAL, "two lines"),
    (r"y=\pm\sqrt3x", r"\sqrt3x\mp y=0", EQUAL, "two lines by their equations"),
    (r"a\mp b", r"a\pm b", EQUAL, "the same two values"),
    (r"\pm a\mp b", r"\pm(a-b)", EQUAL, "upper signs go together"),
    (r"\pm\sqrt{2\pm\sqrt3}", r"\sqrt{2+\sqrt3},\sqrt{2-\sqrt3},-\sqrt{2+\sqrt3},-\sqrt{2-\sqrt3}",
     EQUAL, "independent signs where the other side lists four"),
    (r"\pm\frac{1}{2}", r"\pm0.5", EQUAL, "on both sides"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} | {row[1]}")
def test_equations(row):
    check_row(row)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} | {row[1]}")
def test_equations_the_other_way_round(row):
    candidate, reference, allowed, why = row
    allowed = allowed if isinstance(allowed, tuple) else (allowed,)
    flipped = match_of(reference, candidate)
    assert (flipped is EQUAL) == (EQUAL in allowed), why


def test_a_false_sum_states_nothing_but_a_reference_is_taken_at_its_word():
    assert match_of("2+2=5", "5") is DIFFERENT
    assert match_of("5.7", "17/3=5.7") is EQUAL
