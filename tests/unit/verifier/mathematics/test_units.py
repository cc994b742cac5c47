"""Units: which phrases measure the same, and by which exact factor."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.mathematics.syntax import Apply, Number, Quantity, Symbol
from verifier.mathematics.units.conversion import Conversion, conversions, worth
from verifier.mathematics.units.mixed import add_quantities, join_quantities
from verifier.mathematics.units.phrases import canonical_unit, changes_value, is_symbol, is_unit
from verifier.mathematics.units.table import MEANINGS, SPELLINGS


def number(value):
    value = Fraction(value)
    return Number(value.numerator if value.denominator == 1 else value)


def phrase(text):
    return canonical_unit(text.replace("/", " / ").split())


FACTORS = [
    ("m", "cm", "100", "a prefix"),
    ("inch", "cm", "2.54", "the international inch"),
    ("feet", "inches", "12", "foot and inch"),
    ("mile", "feet", "5280", "mile and foot"),
    ("yard", "m", "0.9144", "the international yard"),
    ("square yard", "square feet", "9", "a power of a unit counts its power"),
    ("sq ft", "square inches", "144", "abbreviated powers"),
    ("cubic metre", "litres", "1000", "a volume as a length cubed"),
    ("mL", "cm ^3", "1", "millilitre and cubic centimetre"),
    ("gallon", "quarts", "4", "US liquid measure"),
    ("pint", "cups", "2", "US liquid measure"),
    ("cup", "fl oz", "8", "two words that are one unit"),
    ("acre", "square feet", "43560", "an acre"),
    ("hectare", "square metres", "10000", "a hectare"),
    ("lb", "oz", "16", "pound and ounce"),
    ("tonne", "kg", "1000", "the metric ton"),
    ("week", "days", "7", "weeks"),
    ("year", "months", "12", "years have months"),
    ("century", "years", "100", "centuries"),
    ("day", "minutes", "1440", "days"),
    ("km / h", "m / s", "5/18", "a speed"),
    ("mph", "mi / h", "1", "a speed of three letters"),
    ("knot", "km / h", "1.852", "a knot is a nautical mile an hour"),
    ("g / cm ^3", "kg / m ^3", "1000", "a density"),
    ("m s ^-1", "m / s", "1", "a negative power is a division"),
    ("kg m / s ^2", "N", "1", "a newton in base units"),
    ("N m", "J", "1", "a newton metre"),
    ("kWh", "MJ", "3.6", "a kilowatt hour"),
    ("kilowatt hours", "kWh", "1", "in words"),
    ("J / mol K", "kJ / mol K", "0.001", "all behind the slash divides"),
    ("hp", "W", "745.69987158227022", "a horse power"),
    ("atm", "kPa", "101.325", "an atmosphere"),
    ("lb / in ^2", "psi", "1", "pounds may be a force"),
    ("byte", "bits", "8", "bytes"),
    ("GB", "MB", "1000", "decimal prefixes"),
    ("dollar", "cents", "100", "cents of a dollar"),
    ("euro", "cents", "100", "cents of a euro"),
    ("pound", "pence", "100", "pence of a pound"),
    ("元", "角", "10", "a yuan has ten jiao"),
    ("dollars per hour", "cents per minute", "5/3", "a rate of money"),
    ("degree", "arcmin", "60", "minutes of arc"),
    ("小时", "分钟", "60", "hours in Chinese"),
    ("千米 / 小时", "km / h", "1", "a speed in Chinese"),
    ("平方米", "cm ^2", "10000", "square metres in Chinese"),
    ("horas", "minutos", "60", "hours in Spanish"),
    ("stunden", "s", "3600", "hours in German"),
    ("kilomètres", "m", "1000", "kilometres in French"),
    ("rpm", "rev / min", "1", "revolutions per minute"),
    ("light years", "ly", "1", "two words that are one unit"),
]


@pytest.mark.parametrize(("ours", "theirs", "factor", "why"), FACTORS)
def test_units_of_one_dimension_convert_exactly(ours, theirs, factor, why):
    found = conversions(phrase(ours), phrase(theirs))
    assert Fraction(factor) in [c.factor for c in found if not c.pi and not c.before], why


APART = [
    ("m", "kg", "a length is no mass"),
    ("m", "m ^2", "a length is no area"),
    ("km", "km / h", "a distance is no speed"),
    ("dollar", "euro", "currencies do not convert"),
    ("cents", "pence", "nor do their parts"),
    ("month", "days", "a month has no fixed number of days"),
    ("apples", "oranges", "different things"),
    ("apples", "kg", "things are no mass"),
    ("miles", "miles per hour", "a known unit is no rate of itself"),
    ("hours", "hours ^-1", "a rate is no time"),
]


@pytest.mark.parametrize(("ours", "theirs", "why"), APART)
def test_units_that_measure_different_things_do_not_convert(ours, theirs, why):
    assert conversions(phrase(ours), phrase(theirs)) == (), why


AGREE = [
    ("dollars", "dollars per day", "the rate of money may be left unsaid"),
    ("eggs per day", "eggs", "and of things"),
    ("apples", "red apples", "naming fewer words"),
    ("feet", "feet deep", "an adjective changes nothing"),
    ("ways", "arrangements", "words that only count"),
    ("units", "cm", "units are any unit"),
    ("square units", "cm ^2", "and square units"),
    ("hours of work", "hours", "what the hours are for"),
    ("pounds", "lb", "a pound may be a mass"),
    ("degrees C", "celsius", "two spellings of a temperature"),
    ("个", "apples", "a counter"),
]


@pytest.mark.parametrize(("ours", "theirs", "why"), AGREE)
def test_phrases_that_do_not_contradict_convert_by_one(ours, theirs, why):
    assert [c.is_identity for c in conversions(phrase(ours), phrase(theirs))] == [True], why


@pytest.mark.parametrize(
    ("ours", "theirs", "figure", "expected"),
    [
        ("°C", "°F", "100", "212"),
        ("°F", "°C", "-40", "-40"),
        ("°C", "K", "0", "273.15"),
        ("K", "°F", "0", "-459.67"),
        ("°C / min", "K / min", "5", "5"),
    ],
)
def test_a_temperature_that_stands_alone_is_shifted(ours, theirs, figure, expected):
    (found,) = conversions(phrase(ours), phrase(theirs))
    assert found.apply(number(figure)) == number(expected)


def test_degrees_become_radians_by_a_factor_of_pi():
    (found,) = conversions("degree", "radian")
    pi = Apply("^", (Symbol("pi"), Number(1)))
    assert found.apply(Number(90)) == Apply("*", (number("1/2"), pi))


def test_an_expression_is_converted_as_a_whole():
    (found,) = conversions("°C", "°F")
    shifted = Apply("+", (Symbol("x"), number("273.15")))
    product = Apply("*", (shifted, number("9/5")))
    assert found.apply(Symbol("x")) == Apply("+", (product, number("-459.67")))


NAMES = sorted(MEANINGS)


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_conversion_is_symmetric(ours, theirs):
    there = {(c.factor, c.pi) for c in conversions(ours, theirs)}
    back = {(1 / c.factor, -c.pi) for c in conversions(theirs, ours)}
    assert there == back


@given(st.sampled_from(NAMES), st.data())
def test_conversion_is_transitive(first, data):
    base = MEANINGS[first][0].dimension
    alike = [n for n in NAMES if len(MEANINGS[n]) == 1 and MEANINGS[n][0].dimension == base]
    if len(MEANINGS[first]) > 1 or not alike:
        return
    second, third = data.draw(st.sampled_from(alike)), data.draw(st.sampled_from(alike))
    (one,), (two,), (both,) = (
        conversions(*pair) for pair in ((first, second), (second, third), (first, third))
    )
    figure = Number(7)
    if not (one.pi or two.pi or both.pi):
        assert two.apply(one.apply(figure)) == both.apply(figure)
    assert both.factor == one.factor * two.factor
    assert both.pi == one.pi + two.pi


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_a_phrase_that_agrees_with_itself(ours, theirs):
    assert isinstance(conversions(ours, theirs), tuple)
    assert conversions(ours, ours) == (Conversion(Fraction(1)),)


def test_every_spelling_leads_to_a_unit_that_is_known():
    for spelling, name in SPELLINGS.items():
        assert name.partition("^")[0] in MEANINGS, spelling


def test_every_unit_is_worth_something():
    assert all(m.factor > 0 and m.dimension for several in MEANINGS.values() for m in several)


@pytest.mark.parametrize("word", ["Henry", "in", "nm", "cd", "x", "ab", "pm", "am", "Tesla"])
def test_what_may_be_a_name_or_a_product_is_no_unit_by_itself(word):
    assert not is_unit(word)


@pytest.mark.parametrize("word", ["nm", "cd", "in", "t", "henry", "MHz"])
def test_a_symbol_is_one_behind_a_figure(word):
    assert is_symbol(word)


@pytest.mark.parametrize("word", ["squared", "thirds", "hundredths", "pm", "March", "折", "seven"])
def test_words_that_change_the_figure_are_no_units(word):
    assert changes_value(word)


def parts(*pairs):
    return [Quantity(number(figure), unit, percent=False) for figure, unit in pairs]


@pytest.mark.parametrize(
    ("pairs", "total"),
    [
        ([("5", "ft"), ("3", "in")], ("63", "in")),
        ([("2", "h"), ("30", "min")], ("150", "min")),
        ([("1", "day"), ("2", "h"), ("3", "min")], ("1563", "min")),
        ([("1", "year"), ("6", "month")], ("18", "month")),
        ([("5", "dollar"), ("30", "cent")], ("530", "cent")),
        ([("63", "degree"), ("45", "arcmin")], ("3825", "arcmin")),
        ([("30", "min"), ("2", "h")], None),
        ([("2", "h"), ("30", "kg")], None),
        ([("2", "h"), ("3", "h")], None),
        ([("1", "radian"), ("3", "degree")], None),
        ([("2", "h")], None),
        ([("2", "h"), ("-30", "min")], None),
    ],
)
def test_figures_in_falling_units_add_up(pairs, total):
    added = add_quantities(parts(*pairs))
    assert added == (total and parts(total)[0])


@pytest.mark.parametrize(
    ("pairs", "joins", "why"),
    [
        ([("2", "h"), ("30", "min")], True, "two hours and thirty minutes"),
        ([("3", "h"), ("200", "min")], False, "more than an hour is no rest: two answers"),
        ([("2.5", "h"), ("30", "min")], False, "half an hour twice: two answers"),
    ],
)
def test_a_list_is_one_quantity_only_where_each_is_the_rest_of_the_one_before(pairs, joins, why):
    assert (join_quantities(parts(*pairs)) is not None) == joins, why


def test_a_list_of_anything_else_is_no_quantity():
    assert join_quantities([Number(2), *parts(("30", "min"))]) is None


def test_digits_written_behind_the_last_point_stay():
    last = Quantity(Number(Fraction(101, 10), 1, 3), "in", percent=False)
    total = add_quantities([*parts(("5", "ft")), last])
    assert total == Quantity(Number(Fraction(701, 10), 1, 3), "in", percent=False)


def test_worth_is_none_in_another_dimension():
    assert worth("min", "s") == 60
    assert worth("min", "m") is None
    assert worth("oz", "kg") == Fraction("0.028349523125")
