"""An answer spoiled in one place is never called right."""

import re

import mpmath
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from math_kinds import KINDS, Scorer, rows_of
from mutations import (
    brackets_changed,
    digits_changed,
    operators_changed,
    signs_changed,
    terms_dropped,
)

from verifier.mathematics.compare import compare
from verifier.mathematics.verdicts import Match
from verifier.types import MathPolicy, Verdict

POLICY = MathPolicy()
NO_FORMULAS = {"hijack", "hostile", "words", "choices", "calendar", "logic"}
SPOILERS = (digits_changed, signs_changed, operators_changed, terms_dropped)
# Changes that change no value; each was checked by hand.
STILL_EQUAL = {
    ("(1+i)^8", "(1-i)^8"),  # both are 16
    ("(1+i)^4", "(1-i)^4"),  # both are -4
    ("|3+4i|", "|3-4i|"),  # the same modulus
    ("\\cosh(-x)", "\\cosh(+x)"),  # even
    ("\\cos(-x)", "\\cos(+x)"),
    ("\\sin(x+2\\pi)", "\\sin(x-2\\pi)"),  # a period apart
    ("\\sin(x+2\\pi)", "\\sin(x)"),
    ("\\sin(x+\\pi)", "\\sin(x-\\pi)"),
    ("(0,2)\\cup(1,3)", "(0,3)\\cup(1,3)"),  # both are (0,3)
    ("2k+1, k\\in\\mathbb{Z}", "2k-1, k\\in\\mathbb{Z}"),  # the odd numbers
    ("\\prod_{k=1}^{5}k", "\\prod_{k=2}^{5}k"),  # the factor was 1
    ("y = A\\sin x+B\\cos x", "y = A\\sin x-B\\cos x"),  # an arbitrary B
    ("y = A\\cos x+B\\sin x", "y = A\\cos x-B\\sin x"),
    ("\\{1,2,3,\\dots,10\\}", "\\{1,2,\\dots,10\\}"),  # the dots stand for the 3
    (  # at the edge both pieces are 1
        "f(x)=\\begin{cases} x^2 & x>1 \\\\ 1 & x\\le 1 \\end{cases}",
        "f(x)=\\begin{cases} x^2 & x\\ge 1 \\\\ 1 & x\\le 1 \\end{cases}",
    ),
    (
        "\\begin{cases} x^2 & x>1 \\\\ 1 & x\\le 1 \\end{cases}",
        "\\begin{cases} x^2 & x\\ge 1 \\\\ 1 & x\\le 1 \\end{cases}",
    ),
}


# What is arbitrary has any sign and index, and may be left out: the C of x^2 + C, the k of k pi.
ARBITRARY = re.compile(r"[-+][Cc]_\d|[-+][Cc](?![A-Za-z_])|[-+]k\\pi|, k\\in\\mathbb\{Z\}")


def is_still_equal(one, other):
    return (one, other) in STILL_EQUAL or ARBITRARY.sub("", one) == ARBITRARY.sub("", other)


@pytest.fixture(scope="module")
def scorer():
    """One verifier for all rows."""
    with Scorer() as made:
        yield made


def called_right(kind, spoil, scorer):
    references = dict.fromkeys(row["reference"] for row in rows_of(kind))
    pairs = [(reference, spoiled) for reference in references for spoiled in spoil(reference)]
    return [
        pair
        for pair in pairs
        if not is_still_equal(*pair)
        and scorer.verdict_of({"id": "row", "reference": pair[0], "candidate": pair[1]})
        is Verdict.CORRECT
    ]


@pytest.mark.parametrize("spoil", SPOILERS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NO_FORMULAS])
def test_spoiled_reference_is_never_called_right(kind, spoil, scorer):
    assert called_right(kind, spoil, scorer) == []


def test_interval_with_another_bracket_is_never_called_right(scorer):
    assert called_right("intervals", brackets_changed, scorer) == []


# ------------------------------------------------------------- trees, and their values by mpmath

POINTS = ({"x": "1.37", "y": "2.71"}, {"x": "0.41", "y": "0.93"}, {"x": "5.3", "y": "1.19"})
UNARY = {"sqrt": mpmath.sqrt, "sin": mpmath.sin, "cos": mpmath.cos, "ln": mpmath.log}
BINARY = ("+", "-", "*", "/")
LEAVES = st.one_of(st.integers(1, 99), st.sampled_from(["x", "y"]))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(BINARY), inner, inner),
        st.tuples(st.sampled_from(list(UNARY)), inner),
        st.tuples(st.just("^"), inner, st.integers(2, 5)),
    ),
    max_leaves=6,
)


def latex(tree):
    if not isinstance(tree, tuple):
        return str(tree)
    head, *parts = tree
    first, *others = [latex(part) for part in parts]
    if head == "/":
        return f"\\frac{{{first}}}{{{others[0]}}}"
    if head == "^":
        return f"\\left({first}\\right)^{{{others[0]}}}"
    if head == "*":
        return f"\\left({first}\\right) \\cdot \\left({others[0]}\\right)"
    if head in BINARY:
        return f"{first} {head} \\left({others[0]}\\right)"
    return f"\\sqrt{{{first}}}" if head == "sqrt" else f"\\{head}\\left({first}\\right)"


def value(tree, point):
    if isinstance(tree, int):
        return mpmath.mpf(tree)
    if isinstance(tree, str):
        return mpmath.mpf(point[tree])
    head, *parts = tree
    numbers = [value(part, point) for part in parts]
    if head in UNARY:
        return UNARY[head](numbers[0])
    one, other = numbers
    if head == "^":
        return one ** parts[1]
    if head == "/":
        return one / other
    return one + other if head == "+" else one - other if head == "-" else one * other


def mutants(tree):
    """Every tree that differs in one node."""
    if isinstance(tree, int):
        return [tree + 1, tree + 10]
    if isinstance(tree, str):
        return ["y" if tree == "x" else "x"]
    head, *parts = tree
    found = [part for part in parts if head in BINARY]
    heads = BINARY if head in BINARY else UNARY if head in UNARY else ()
    found += [(other, *parts) for other in heads if other != head]
    for place, part in enumerate(parts):
        for mutant in mutants(part):
            found.append((head, *parts[:place], mutant, *parts[place + 1 :]))
    return found


def are_different(one, other):
    """Tells whether two trees are real at a point, and apart there."""
    with mpmath.workdps(40):
        for point in POINTS:
            try:
                left, right = value(one, point), value(other, point)
            except (ZeroDivisionError, OverflowError):
                continue
            if mpmath.im(left) == mpmath.im(right) == 0:
                gap = abs(left - right)
                if gap > mpmath.mpf(10) ** -25 * (abs(left) + abs(right)):
                    return True
    return False


def match_of(candidate, reference):
    return compare(candidate, reference, POLICY).match


@given(TREES, st.data())
def test_expression_with_one_node_changed_is_never_equal(tree, data):
    mutant = data.draw(st.sampled_from(mutants(tree)))
    assume(are_different(tree, mutant))
    assert match_of(latex(mutant), latex(tree)) is not Match.EQUAL


@given(TREES)
def test_expression_equals_itself(tree):
    assert match_of(latex(tree), latex(tree)) is Match.EQUAL


@given(
    st.sampled_from(["({})", "[{}]", "\\{{{}\\}}", "{}", "\\begin{{pmatrix}}{}\\end{{pmatrix}}"]),
    st.lists(TREES, min_size=2, max_size=4),
    st.data(),
)
def test_collection_with_one_entry_changed_is_never_equal(wrapper, trees, data):
    place = data.draw(st.integers(0, len(trees) - 1))
    mutant = data.draw(st.sampled_from(mutants(trees[place])))
    # A set has no order: the new entry must be none of the others either.
    assume(all(are_different(tree, mutant) for tree in trees))
    assume(len(set(map(repr, trees))) == len(trees))
    separator = " & " if "matrix" in wrapper else ", "
    texts = [latex(tree) for tree in trees]
    changed = [*texts[:place], latex(mutant), *texts[place + 1 :]]
    spoiled, whole = (wrapper.format(separator.join(entries)) for entries in (changed, texts))
    assert match_of(spoiled, whole) is not Match.EQUAL
