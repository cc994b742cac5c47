"""Hypothesis strategies that more than one file uses."""

from fractions import Fraction

from hypothesis import strategies as st

# Any code point, lone surrogates too: completions are bytes somebody else chose.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)

INTEGERS = st.integers(-(10**30), 10**30)
FRACTIONS = st.fractions(-1000, 1000, max_denominator=1000)

# Pieces of notation in any order: most of it is nonsense, and some of it nearly parses.
NOTATION = st.lists(
    st.sampled_from(
        [
            *"0123456789xyie+-*/^_()[]{}|=<>!,.;:%$ \n'&~",
            *("\\frac", "\\sqrt", "\\sin", "\\log", "\\pi", "\\text{", "\\left(", "\\right)"),
            *("\\boxed{", "\\{", "\\}", "\\cdot ", "10^", "1,234", "2\\frac{1}{2}", "\\pm", "½"),
            *(" cm", " dollars", "\\%", "^\\circ", "e10", "\\overline{3}", "²", "−", "≈", "\\$"),
            *("<think>", "</think>", "<answer>", "</answer>", "the answer is ", "#### ", "答案是"),
        ]
    ),
    max_size=30,
).map("".join)


def _sum(parts):
    return f"({parts[0]}) + ({parts[1]})"


def _product(parts):
    return f"({parts[0]}) * ({parts[1]})"


# Expressions in plain notation, small enough to be expanded.
EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "z", "2", "3", "7", "1/2"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(_sum), st.tuples(inner, inner).map(_product)
    ),
    max_leaves=6,
)


def latex_of(value):
    """The fraction in LaTeX."""
    fraction = Fraction(value)
    sign = "-" if fraction < 0 else ""
    if fraction.denominator == 1:
        return str(fraction)
    return f"{sign}\\frac{{{abs(fraction.numerator)}}}{{{fraction.denominator}}}"
