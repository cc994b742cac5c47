"""Comparing quantities: figures with a percent sign, a unit or a currency."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from verifier.mathematics.syntax import (
    Apply,
    BasedNumber,
    BigOperator,
    Node,
    Number,
    Quantity,
    Sequence,
    Symbol,
)
from verifier.mathematics.units.conversion import Conversion, conversions, measures
from verifier.mathematics.units.mixed import join_quantities
from verifier.mathematics.units.phrases import turns_figure
from verifier.mathematics.verdicts import DIFFERENT, Comparison, Match
from verifier.types import PercentPolicy, UnitPolicy

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge

_VALUES = Number | BasedNumber | Symbol | Apply | BigOperator | Quantity


def compare_quantities(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where at least one side is a quantity and the other is one or a plain value.

    A reference without a unit accepts any. One with a unit accepts none, and any that measures the
    same: the candidate's figure is converted first, and counts as an exact one from then on. Of
    money and of things the rate may be left unsaid, and so may words that no table knows: $18 is
    $18 per day, but no 18 euros.

    Returns:
        None where neither side is a quantity, or one side is of another kind.
    """
    candidate, reference = _joined(candidate, reference), _joined(reference, candidate)
    if not isinstance(candidate, Quantity) and not isinstance(reference, Quantity):
        return None
    if not _is_value(candidate, reference) or not _is_value(reference, candidate):
        return None
    ours, theirs = _quantity(candidate), _quantity(reference)
    if turns_figure(ours.unit, theirs.unit):
        return DIFFERENT
    best = DIFFERENT
    for conversion in _conversions(ours, theirs, judge):
        outcome = _compare_figures(_converted(ours, conversion), theirs, judge)
        if outcome.match is Match.EQUAL:
            return outcome
        best = outcome if best.match is Match.DIFFERENT else best
    return best


def _joined(node: Node, other: Node) -> Node:
    """Joins "2 hours and 30 minutes", read as a list, where the other side is one quantity."""
    if isinstance(node, Sequence) and isinstance(other, Quantity) and not node.brackets:
        return join_quantities(node.items) or node
    return node


def _is_value(node: Node, other: Node) -> bool:
    """Tells whether a node can stand beside a quantity: a value, or just what that measures."""
    if isinstance(node, _VALUES):
        return True
    return isinstance(other, Quantity) and type(node) is type(other.value)


def _quantity(node: Node) -> Quantity:
    return node if isinstance(node, Quantity) else Quantity(node, "", percent=False)


def _converted(quantity: Quantity, conversion: Conversion) -> Quantity:
    if conversion.is_identity:
        return quantity
    return Quantity(conversion.apply(quantity.value), quantity.unit, quantity.percent)


def _conversions(ours: Quantity, theirs: Quantity, judge: Judge) -> tuple[Conversion, ...]:
    """Lists how the candidate's figure may be read in the reference's unit."""
    policy = judge.policy.units
    same = (Conversion(Fraction(1)),)
    if ours.unit == theirs.unit:
        return same
    if policy is UnitPolicy.IGNORE:
        return (*same, *conversions(ours.unit, theirs.unit))
    if not ours.unit or not theirs.unit:
        return () if policy is UnitPolicy.REQUIRE else same
    found = conversions(ours.unit, theirs.unit)
    if policy is UnitPolicy.REQUIRE:
        return tuple(conversion for conversion in found if conversion.is_identity)
    return found


def _compare_figures(ours: Quantity, theirs: Quantity, judge: Judge) -> Comparison:
    ignored = judge.policy.percent is PercentPolicy.IGNORE
    if ours.percent != theirs.percent and not (ignored and _are_one_figure(ours, theirs, judge)):
        if (theirs if ours.percent else ours).unit and not (ours if ours.percent else theirs).unit:
            return DIFFERENT  # 30% is no 30 degrees
        return _compare_percentages(ours, theirs, judge)
    figures = judge.compare(ours.value, theirs.value)
    if figures.match is not Match.EQUAL and _measure_angles(ours, theirs):
        return judge.compare(_in_radians(ours), _in_radians(theirs))
    return figures


def _are_one_figure(ours: Quantity, theirs: Quantity, judge: Judge) -> bool:
    return judge.compare(ours.value, theirs.value).match is Match.EQUAL


def _compare_percentages(ours: Quantity, theirs: Quantity, judge: Judge) -> Comparison:
    """Compares where one side alone carries the sign: equal values, or else the same figure.

    The figure counts where the reference carries the sign, which may be left out, and where it is
    an integer or beyond one: it is then hardly a value that was meant to be written as a
    percentage. So 12.5 accepts 12.5%, but 0.35 does not accept 0.35%.
    """
    scaled = judge.compare(_worth(ours), _worth(theirs))
    if scaled.match is Match.EQUAL or judge.policy.percent is PercentPolicy.EXACT:
        return scaled
    figure = theirs.value
    value = figure.value if isinstance(figure, Number) else Fraction(0)
    is_figure = isinstance(figure, Number) and (isinstance(value, int) or abs(value) > 1)
    if theirs.percent or is_figure:
        return judge.compare(ours.value, figure)
    return scaled


def _measure_angles(ours: Quantity, theirs: Quantity) -> bool:
    """Tells whether one side alone names a unit, and that of an angle: 90 degrees, pi/2."""
    units = {ours.unit, theirs.unit}
    return "" in units and any(measures(unit, "rad") for unit in units)


def _in_radians(quantity: Quantity) -> Node:
    """Values an angle: 90 degrees are half of pi."""
    if not quantity.unit:
        return quantity.value
    return conversions(quantity.unit, "radian")[0].apply(quantity.value)


def _worth(quantity: Quantity) -> Node:
    """Values a percentage: 35.5% is 0.355, written to three places."""
    if not quantity.percent:
        return quantity.value
    figure = quantity.value
    if not isinstance(figure, Number):
        return Apply("/", (figure, Number(100)))
    places = None if figure.places is None else figure.places + 2
    value = Fraction(figure.value) / 100
    return Number(value.numerator if value.denominator == 1 else value, places, figure.digits)
