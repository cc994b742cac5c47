"""Comparing trees: quantities, equations and sequences; their values in `values`."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from verifier.mathematics.kinds.values import compare_equations, compare_values, is_rational
from verifier.mathematics.limits import MAX_UNORDERED
from verifier.mathematics.syntax import Apply, Equation, Node, Number, Quantity, Sequence, Symbol
from verifier.mathematics.units.phrases import turns_figure, units_agree
from verifier.mathematics.verdicts import DIFFERENT, OTHER_STRUCTURE, UNDECIDED, Comparison, Match
from verifier.types import MathPolicy, OrderPolicy, PercentPolicy, UnitPolicy

_ORDERED: Final = frozenset(("()", "[]", "(]", "[)"))


def is_numeric(node: Node) -> bool:
    """Tells whether a reference answer is a plain number or several."""
    if isinstance(node, Sequence):
        return all(is_numeric(item) for item in node.items)
    if isinstance(node, Quantity):
        return is_numeric(node.value)
    if isinstance(node, Equation):
        return _is_name(node.left) and is_numeric(node.right)
    return is_rational(node)


def compare_nodes(candidate: Node, reference: Node, policy: MathPolicy) -> Comparison:
    """Compares two answers of any shape."""
    if isinstance(candidate, Number) and isinstance(reference, Number):
        return compare_values(candidate, reference, policy)
    if isinstance(candidate, Equation) or isinstance(reference, Equation):
        return _compare_equations(candidate, reference, policy)
    if isinstance(candidate, Sequence) and isinstance(reference, Sequence):
        return _compare_sequences(candidate, reference, policy)
    if isinstance(candidate, Sequence) or isinstance(reference, Sequence):
        return OTHER_STRUCTURE
    return _compare_quantities(candidate, reference, policy)


def _is_name(node: Node) -> bool:
    """Tells whether an equation's left side names what the right side is worth.

    A symbol, a function's value f(x), a segment AB, its length |AB|, a ratio AB/CD, or a tuple
    (x, y) of such.
    """
    if isinstance(node, Sequence):
        return all(_is_name(item) for item in node.items)
    if isinstance(node, Apply):
        if node.head.startswith("call ") or node.head == "abs":
            return True
        return node.head in {"*", "/"} and all(_is_capital(factor) for factor in node.args)
    return isinstance(node, Symbol) and node.name not in {"pi", "e", "i"}


def _joins_names(node: Node) -> bool:
    """Tells whether names alone are added or multiplied: the m + n that a question asks for.

    With a coefficient or a constant it is rather an equation that the names satisfy: 2x + z = 1.
    """
    if not isinstance(node, Apply) or node.head not in {"+", "*"}:
        return False
    terms = [
        arg.args[0] if isinstance(arg, Apply) and arg.head == "neg" else arg for arg in node.args
    ]
    return all(isinstance(term, Symbol) and _is_name(term) for term in terms)


def _is_capital(node: Node) -> bool:
    if isinstance(node, Apply) and node.head == "*":
        return all(_is_capital(factor) for factor in node.args)
    return isinstance(node, Symbol) and node.name[0].isupper()


def _compare_equations(candidate: Node, reference: Node, policy: MathPolicy) -> Comparison:
    """Compares where at least one side is an equation.

    An assignment and its bare value count as the same answer; so do two assignments of equal values
    to the same name. Any other equation equals only an equation with the same solutions.
    """
    if isinstance(candidate, Equation) and isinstance(reference, Equation):
        if _is_name(candidate.left) and _is_name(reference.left):
            named_alike = candidate.left == reference.left or _is_label(candidate.left)
            if named_alike:
                return compare_nodes(candidate.right, reference.right, policy)
        if isinstance(candidate.right, Sequence) or isinstance(reference.right, Sequence):
            return OTHER_STRUCTURE
        return compare_equations(candidate, reference)
    if isinstance(candidate, Equation):
        return _compare_stated(candidate, reference, policy)
    if isinstance(reference, Equation) and _is_name(reference.left):
        return compare_nodes(candidate, reference.right, policy)
    return OTHER_STRUCTURE


def _is_label(node: Node) -> bool:
    return isinstance(node, Symbol) and " " in node.name


def _compare_stated(candidate: Equation, reference: Node, policy: MathPolicy) -> Comparison:
    """Compares the value that an equation states: x = 5, m + n = 5, or a true 2 + 3 = 5."""
    is_asked = _is_name(candidate.left) or (_joins_names(candidate.left) and is_numeric(reference))
    if not is_asked:
        if isinstance(candidate.left, Sequence | Equation) or not is_rational(candidate.left):
            return OTHER_STRUCTURE
        holds = compare_nodes(candidate.left, candidate.right, policy)
        if holds.match is not Match.EQUAL:
            return OTHER_STRUCTURE
    return compare_nodes(candidate.right, reference, policy)


def _compare_sequences(candidate: Sequence, reference: Sequence, policy: MathPolicy) -> Comparison:
    ours, theirs = candidate.items, reference.items
    if len(ours) != len(theirs) or not _brackets_agree(candidate.brackets, reference.brackets):
        return OTHER_STRUCTURE
    in_order = _all([compare_nodes(ours[n], theirs[n], policy) for n in range(len(ours))])
    if in_order.match is Match.EQUAL or _order_counts(candidate, reference, policy):
        return in_order
    if len(ours) > MAX_UNORDERED:
        return UNDECIDED
    return _compare_unordered(ours, theirs, policy)


def _brackets_agree(ours: str, theirs: str) -> bool:
    """Tells whether two kinds of brackets may mean the same.

    A plain list agrees with a set and with (a, b) or [a, b]; an interval only with its like.
    """
    return ours == theirs or ("" in {ours, theirs} and not {ours, theirs} & {"(]", "[)"})


def _order_counts(candidate: Sequence, reference: Sequence, policy: MathPolicy) -> bool:
    sorts = {candidate.brackets, reference.brackets}
    if not _ORDERED.isdisjoint(sorts):
        return True
    if "{}" in sorts:
        return False
    if policy.order is not OrderPolicy.BY_REFERENCE:
        return policy.order is OrderPolicy.ORDERED
    return _names(candidate) != _names(reference)


def _names(sequence: Sequence) -> int:
    """Counts the different names assigned to: x=1, y=2 against 1, 2 must keep its order."""
    names = {item.left for item in sequence.items if isinstance(item, Equation)}
    return len(names) if len(names) > 1 else 0


def _all(comparisons: list[Comparison]) -> Comparison:
    """Joins the comparisons of elements: a difference decides, then an undecided one."""
    for comparison in comparisons:
        if comparison.match is Match.DIFFERENT:
            return comparison
    for comparison in comparisons:
        if comparison.match is Match.UNDECIDED:
            return comparison
    methods = [comparison.method for comparison in comparisons]
    weakest = max(methods, key=lambda method: _WEAKNESS.get(method.value if method else "", 0))
    return Comparison(Match.EQUAL, weakest)


_WEAKNESS: Final = {"EXACT": 1, "TEXT": 1, "STRUCTURAL": 2, "TOLERANCE": 3}


def _compare_unordered(
    ours: tuple[Node, ...], theirs: tuple[Node, ...], policy: MathPolicy
) -> Comparison:
    """Matches elements one to one, each with the first free equal one."""
    free = list(theirs)
    matched: list[Comparison] = []
    undecided = False
    for item in ours:
        for place, other in enumerate(free):
            comparison = compare_nodes(item, other, policy)
            if comparison.match is Match.EQUAL:
                matched.append(comparison)
                del free[place]
                break
            undecided = undecided or comparison.match is Match.UNDECIDED
        else:
            return UNDECIDED if undecided else OTHER_STRUCTURE
    return _all(matched)


def _compare_quantities(candidate: Node, reference: Node, policy: MathPolicy) -> Comparison:
    ours = candidate if isinstance(candidate, Quantity) else Quantity(candidate, "", percent=False)
    theirs = (
        reference if isinstance(reference, Quantity) else Quantity(reference, "", percent=False)
    )
    if turns_figure(ours.unit, theirs.unit):
        return DIFFERENT
    if policy.units is UnitPolicy.REQUIRE and ours.unit != theirs.unit:
        return DIFFERENT
    if policy.units is UnitPolicy.BY_REFERENCE and not units_agree(ours.unit, theirs.unit):
        return DIFFERENT
    if ours.percent != theirs.percent and policy.percent is not PercentPolicy.IGNORE:
        return _compare_percentages(ours, theirs, policy)
    figures = compare_values(ours.value, theirs.value, policy)
    if figures.match is not Match.EQUAL and {ours.unit, theirs.unit} == {"", "degree"}:
        return compare_values(_angle(ours), _angle(theirs), policy)
    return figures


def _compare_percentages(ours: Quantity, theirs: Quantity, policy: MathPolicy) -> Comparison:
    """Compares where one side alone carries the sign: equal values, or else the same figure."""
    scaled = compare_values(_worth(ours), _worth(theirs), policy)
    if scaled.match is Match.EQUAL or policy.percent is PercentPolicy.EXACT:
        return scaled
    figure = theirs.value
    is_whole = isinstance(figure, Number) and isinstance(figure.value, int)
    if theirs.percent or is_whole:
        return compare_values(ours.value, figure, policy)
    return scaled


def _angle(quantity: Quantity) -> Node:
    """Values an angle: 90 degrees are half of pi."""
    return Apply("degree", (quantity.value,)) if quantity.unit else quantity.value


def _worth(quantity: Quantity) -> Node:
    """Values a percentage: 35.5% is 0.355, written to three places."""
    if not quantity.percent:
        return quantity.value
    figure = quantity.value
    if not isinstance(figure, Number):
        return Apply("/", (figure, Number(100)))
    places = None if figure.places is None else figure.places + 2
    return Number(Fraction(figure.value) / 100, places, figure.digits)
