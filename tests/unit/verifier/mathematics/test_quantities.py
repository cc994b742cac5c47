"""Figures with units, percent signs and currencies: how they are read, and when they are equal."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.mathematics.kinds.dispatch import compare_nodes
from verifier.mathematics.kinds.quantities import compare_quantities
from verifier.mathematics.lexing.characters import fold_characters
from verifier.mathematics.lexing.numerals import CommaStyle
from verifier.mathematics.lexing.tokens import tokenize
from verifier.mathematics.reading.quantities import read_value
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Number,
    Quantity,
    Sequence,
    Symbol,
    UnreadableError,
    Words,
)
from verifier.mathematics.verdicts import Match
from verifier.types import MathPolicy, PercentPolicy, UnitPolicy


class PlainJudge:
    """Compares parts by the dispatch, under a policy."""

    def __init__(self, policy=None):
        self.policy = policy or MathPolicy()

    def compare(self, candidate, reference):
        return compare_nodes(candidate, reference, self.policy)


def read(text, *, lenient=True):
    return read_value(tokenize(fold_characters(text), CommaStyle.THOUSANDS), lenient=lenient)


def match(candidate, reference, policy=None):
    ours, theirs = read(candidate), read(reference, lenient=False)
    return compare_nodes(ours, theirs, policy or MathPolicy()).match


READINGS = [
    ("5 cm", Number(5), "cm", "a symbol"),
    ("5cm", Number(5), "cm", "glued to the figure"),
    ("5\\text{ m}", Number(5), "m", "an upright letter"),
    ("5 nm", Number(5), "nm", "two letters apart from a figure"),
    ("9.8 m/s^2", Number(Fraction(49, 5), 1, 2), "m / s^2", "a compound of letters"),
    ("8 J/(mol K)", Number(8), "J / mol K", "brackets under a slash"),
    ("8 \\mathrm{J\\,mol^{-1}}", Number(8), "J mol^-1", "negative powers"),
    ("5 (cm)", Number(5), "cm", "a unit in brackets"),
    ("5 {\\rm cm}^2", Number(5), "cm^2", "a unit in braces"),
    ("25 sq. ft", Number(25), "ft^2", "a point behind an abbreviation"),
    ("25 feet squared", Number(25), "ft^2", "a power behind a unit"),
    ("5 km in total", Number(5), "km total", "a preposition is no inch"),
    ("5 in", Number(5), "in", "an inch"),
    ("5-inch", Number(5), "in", "a hyphen"),
    ("30 sec", Number(30), "s", "a second, not a secant"),
    ("5 min", Number(5), "min", "a minute, not a minimum"),
    ("5 μm", Number(5), "µm", "a Greek prefix"),
    ("5 \\mu\\text{m}", Number(5), "µm", "the same in LaTeX"),
    ("5 k\\Omega", Number(5), "kohm", "kiloohms"),
    ("0 °C", Number(0), "°C", "Celsius"),
    ("5℃", Number(5), "°C", "Celsius in one character"),
    ("25㎡", Number(25), "m^2", "a square metre in one character"),
    ("35 per cent", Number(35), "%", "two words for the sign"),
    ("$18 per day", Number(18), "dollar / day", "a rate of money"),
    ("US$ 5", Number(5), "dollar", "a country before the sign"),
    ("Rs. 500", Number(500), "rupee", "a code with a point"),
    ("50¢", Number(50), "cent", "a cent sign"),
    ("₩5000", Number(5000), "won", "a sign that the lexer does not know"),
    ("$5k", Number(5000), "dollar", "thousands of dollars"),
    ("$1.5 million", Number(1500000, -5, 2), "dollar", "a number word"),
    ("5万元", Number(50000), "yuan", "ten thousands in Chinese"),
    ("3.5元", Number(Fraction(7, 2), 1, 2), "yuan", "money in Chinese"),
    ("60千米/小时", Number(60), "km / h", "a speed in Chinese"),
    ("60千米每小时", Number(60), "km / h", "the same in words"),
    ("10 días", Number(10), "day", "letters beyond ASCII"),
    ("5 ft 3 in", Number(63), "in", "two units"),
    ("5 ft. 3 in", Number(63), "in", "two units, abbreviated"),
    ("5'3\"", Number(63), "in", "feet and inches by marks"),
    ("2h 30m", Number(150), "min", "m behind h is a minute"),
    ("2小时30分", Number(150), "分", "hours and minutes in Chinese"),
    ("3°15'", Number(195), "arcmin", "minutes of arc behind degrees"),
    ("-1 h 20 min", Number(-80), "min", "the sign holds for all"),
    ("3 1/2 hours", Number(Fraction(7, 2)), "h", "a mixed number"),
    ("\\arctan(1)^\\circ", Apply("arctan", (Number(1),)), "degree", "an angle by its tangent"),
    ("65 children's tickets", Number(65), "children ticket", "a possessive"),
    ("7 men", Number(7), "men", "three letters that are a word"),
]


@pytest.mark.parametrize(("text", "value", "unit", "why"), READINGS)
def test_a_quantity_is_read(text, value, unit, why):
    percent = unit == "%"
    assert read(text) == Quantity(value, "" if percent else unit, percent=percent), why


NO_QUANTITIES = [
    ("5x", "a letter glued to a figure"),
    ("2 xy", "two letters that are no word"),
    ("2 abc", "three letters that are no word"),
    ("2 mgh", "three variables"),
    ("2 g h", "letters side by side are a product"),
    ("5m", "a letter glued to a figure, though it names a unit"),
    ("2 \\sec(3)", "a secant with its argument"),
    ("2\\cos 15^\\circ", "the cosine of an angle"),
    ("\\sin{60}^\\circ", "the sine of an angle"),
]


@pytest.mark.parametrize(("text", "why"), NO_QUANTITIES)
def test_a_product_of_variables_is_no_quantity(text, why):
    try:
        node = read(text)
    except UnreadableError:
        return
    assert not isinstance(node, Quantity), why


EQUAL = [
    ("500 cm", "5\\text{ m}", "converted"),
    ("90 min", "1.5 hours", "converted into a decimal"),
    ("72 km/h", "20 m/s", "a speed"),
    ("1000 mL", "1\\text{ L}", "a volume"),
    ("2.54 cm", "1 inch", "exactly"),
    ("1 inch", "2.54 cm", "exactly, the other way"),
    ("1 mile", "1.61 km", "rounded as the reference is"),
    ("100 °C", "212 °F", "a temperature"),
    ("5 degrees", "5 °C", "which degrees goes without saying"),
    ("90^\\circ", "\\frac{\\pi}{2}", "an angle in radians"),
    ("\\frac{\\pi}{2} radians", "90^\\circ", "an angle in degrees"),
    ("90", "90^\\circ", "a missing degree sign"),
    ("5 ft 3 in", "63 inches", "two units"),
    ("63°45'", "63.75^\\circ", "minutes of arc"),
    ("70.1 in", "5'10.1''", "feet and inches"),
    ("50 cents", "\\$0.50", "cents of a dollar"),
    ("530 pence", "£5.30", "pence of a pound"),
    ("5 lb", "5 pounds", "a pound is a mass here"),
    ("£5", "5 pounds", "and money there"),
    ("1 ton", "2000 lb", "the short ton"),
    ("1 ton", "1000 kg", "the metric ton"),
    ("$18", "\\$18 per day", "the rate of money may be left unsaid"),
    ("\\$126 per week", "\\$18 per day", "a rate of money, converted"),
    ("5 cm", "5", "the reference names no unit"),
    ("5", "5\\text{ cm}", "the candidate names none"),
    ("x cm", "10x\\text{ mm}", "an expression, converted"),
    ("3 hours of work", "180 minutes", "what the hours are for"),
    ("25 square units", "25\\text{ cm}^2", "units are any unit"),
]


@pytest.mark.parametrize(("candidate", "reference", "why"), EQUAL)
def test_the_same_amount_is_equal(candidate, reference, why):
    assert match(candidate, reference) is Match.EQUAL, why


DIFFERENT = [
    ("5 m", "5\\text{ cm}", "another unit"),
    ("5 m", "50\\text{ cm}", "converted, and wrong"),
    ("25 feet", "25\\text{ ft}^2", "a length is no area"),
    ("60 miles", "60 miles per hour", "a distance is no speed"),
    ("1 inch", "2.5\\text{ cm}", "2.5 is exact"),
    ("1 mile", "1.6 km", "1.6 is exact"),
    ("5 pounds", "5 kg", "another mass"),
    ("$18 per day", "\\$18 per week", "another rate"),
    ("5 euros", "\\$5", "another currency"),
    ("50 cents", "\\$50", "cents are no dollars"),
    ("5 apples", "5 oranges", "other things"),
    ("0.5 m", "50", "without a unit the figure counts"),
    ("30%", "30^\\circ", "per cent are no degrees"),
    ("1 year", "365 days", "years are counted in months"),
    ("12 feet below", "12 feet", "a direction turns the figure"),
    ("6 hours", "360 seconds", "minutes, not seconds"),
]


@pytest.mark.parametrize(("candidate", "reference", "why"), DIFFERENT)
def test_another_amount_is_different(candidate, reference, why):
    assert match(candidate, reference) is Match.DIFFERENT, why


PERCENT = [
    ("12.5%", "12.5", True, "the figure, with the sign"),
    ("12.5%", "0.125", True, "the value"),
    ("0.35%", "0.35", False, "less than one is a value, not a figure"),
    ("0.35", "35%", True, "the value of the reference"),
    ("35", "35%", True, "the reference's sign left out"),
    ("3500", "35%", False, "a hundred times too much"),
    ("35.0%", "35", True, "35.0 is the figure 35"),
    ("3500%", "35", True, "the value"),
    ("100", "1", False, "no sign on either side"),
    ("100%", "1", True, "the whole"),
    ("0.35", "35", False, "no sign on either side"),
    ("50", "0.5%", False, "neither the figure nor the value"),
    ("0.5", "0.5%", True, "the reference's sign left out"),
    ("33\\frac{1}{3}%", "33\\frac{1}{3}", True, "a mixed number"),
    ("33.3%", "\\frac{1}{3}", False, "a rounded third is no third"),
    ("7.41%", "7.4%", False, "more digits than the reference, and other ones"),
]


@pytest.mark.parametrize(("candidate", "reference", "equal", "why"), PERCENT)
def test_a_percentage_is_its_value_and_mostly_its_figure(candidate, reference, equal, why):
    assert match(candidate, reference) is (Match.EQUAL if equal else Match.DIFFERENT), why


@pytest.mark.parametrize(
    ("candidate", "reference", "policy", "equal", "why"),
    [
        ("12.5%", "12.5", PercentPolicy.EXACT, False, "12.5% is 0.125 and nothing else"),
        ("12.5%", "12.5", PercentPolicy.IGNORE, True, "the sign is dropped"),
        ("0.125", "12.5%", PercentPolicy.IGNORE, True, "equal values are equal by every policy"),
        ("500 cm", "5\\text{ m}", UnitPolicy.REQUIRE, False, "the reference's own unit"),
        ("5 metres", "5\\text{ m}", UnitPolicy.REQUIRE, True, "another spelling of it"),
        ("5", "5\\text{ m}", UnitPolicy.REQUIRE, False, "it must be there"),
        ("5 m", "5", UnitPolicy.REQUIRE, False, "the reference has none"),
        ("5 m", "5\\text{ cm}", UnitPolicy.IGNORE, True, "units are dropped"),
        ("500 cm", "5\\text{ m}", UnitPolicy.IGNORE, True, "equal lengths are always equal"),
    ],
)
def test_a_policy_decides_what_signs_and_units_count_for(candidate, reference, policy, equal, why):
    if isinstance(policy, PercentPolicy):
        chosen = MathPolicy(percent=policy)
    else:
        chosen = MathPolicy(units=policy)
    assert match(candidate, reference, chosen) is (Match.EQUAL if equal else Match.DIFFERENT), why


def quantity(figure, unit):
    return Quantity(Number(figure), unit, percent=False)


def test_a_list_of_falling_units_is_one_quantity_where_the_other_side_is():
    listed = Sequence("", (quantity(2, "h"), quantity(30, "min")))
    joined = quantity(150, "min")
    assert compare_quantities(listed, joined, PlainJudge()).match is Match.EQUAL
    assert compare_quantities(joined, listed, PlainJudge()).match is Match.EQUAL


@pytest.mark.parametrize(
    "other",
    [
        Sequence("", (Number(5), Number(6))),
        Equation(Symbol("x"), Number(5)),
        Words("five"),
    ],
)
def test_other_kinds_are_left_to_their_comparers(other):
    assert compare_quantities(quantity(5, "cm"), other, PlainJudge()) is None
    assert compare_quantities(other, quantity(5, "cm"), PlainJudge()) is None


def test_two_values_without_units_are_left_to_the_next():
    five = Apply("+", (Number(2), Number(3)))
    assert compare_quantities(five, Number(5), PlainJudge()) is None


PIECES = (
    "5 12 0.5 1/2 % $ ¢ € cm m ft s h min sec °C ' \" ^2 ^{-1} / * - ( ) { } per of square sq. in x"
    " µ \\mu \\Omega k US USD million 万 元 小时 每 días day dozen squared less \\text{m} \\frac12"
)


@given(st.lists(st.sampled_from(PIECES.split()), min_size=1, max_size=14), st.booleans())
def test_reading_ends_with_a_node_or_says_that_there_is_none(pieces, lenient):
    for text in (" ".join(pieces), "".join(pieces)):
        try:
            node = read(text, lenient=lenient)
        except UnreadableError:
            continue
        assert hash(node) == hash(node)


@given(st.lists(st.sampled_from(PIECES.split()), min_size=1, max_size=14))
def test_what_can_be_read_equals_itself(pieces):
    try:
        node = read(" ".join(pieces))
    except UnreadableError:
        return
    assert compare_nodes(node, node, MathPolicy()).match in {Match.EQUAL, Match.UNDECIDED}
