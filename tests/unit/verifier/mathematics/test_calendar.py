"""Times of day and dates: how they are read, and when they are equal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.mathematics.kinds.calendar import compare_calendar
from verifier.mathematics.lexing.numerals import CommaStyle
from verifier.mathematics.lexing.tokens import tokenize
from verifier.mathematics.reading.calendar import (
    read_calendar,
    read_calendar_tokens,
    read_clock,
    read_date,
)
from verifier.mathematics.syntax import Clock, Date, Number, Ratio
from verifier.mathematics.verdicts import Match
from verifier.types import MathPolicy


class NoJudge:
    """Times have no parts."""

    policy = MathPolicy()

    def compare(self, candidate, reference):
        raise AssertionError


def ratio(*figures):
    return Ratio(tuple(map(Number, figures)))


CLOCKS = [
    ("4:30 pm", Clock(59_400, "pm"), "a half of the day"),
    ("4:30 p.m.", Clock(59_400, "pm"), "with points"),
    ("\\text{1:03 PM}", Clock(46_980, "pm"), "set as text"),
    ("1{:}03\\text{ PM}", Clock(46_980, "pm"), "a colon in braces"),
    ("$4\\!:\\!30$ p.m.", Clock(59_400, "pm"), "spacing inside a formula"),
    ("10:30~\\text{AM}", Clock(37_800, "am"), "a tie"),
    ("16:30:05", Clock(59_405, ""), "seconds"),
    ("12:00", Clock(43_200, ""), "no ratio is written with zeros"),
    ("04:30", Clock(16_200, ""), "nor with a leading zero"),
    ("12 noon", Clock(43_200, "pm"), "noon"),
    ("midnight", Clock(0, "am"), "midnight"),
    ("12:30 am", Clock(1_800, "am"), "the hour after midnight"),
    ("12:30 pm", Clock(45_000, "pm"), "the hour after noon"),
    ("5 PM", Clock(61_200, "pm"), "a full hour"),
    ("5 o'clock", Clock(18_000, ""), "a full hour in words"),
    ("8 in the morning", Clock(28_800, "am"), "a part of the day"),
    ("24:00", Clock(86_400, ""), "the end of a day"),
]


@pytest.mark.parametrize(("text", "clock", "why"), CLOCKS)
def test_a_time_of_day_is_read(text, clock, why):
    assert read_calendar(text) == clock, why
    assert read_clock(text) == clock, why


DATES = [
    ("January 5, 2020", Date(2020, 1, 5), "the month first"),
    ("5 January 2020", Date(2020, 1, 5), "the day first"),
    ("Jan. 5", Date(None, 1, 5), "abbreviated, without a year"),
    ("Sept. 3", Date(None, 9, 3), "four letters"),
    ("the 5th of May", Date(None, 5, 5), "an ordinal"),
    ("May 2020", Date(2020, 5, None), "a month of a year"),
    ("2020-01-05", Date(2020, 1, 5), "ISO 8601"),
    ("2020/1/5", Date(2020, 1, 5), "the year first"),
    ("1/5/2020", Date(2020, 1, 5), "the month leads"),
    ("13/5/2020", Date(2020, 5, 13), "unless it cannot"),
    ("5.1.2020", Date(2020, 1, 5), "with points the day leads"),
    ("Saturday, June 20", Date(None, 6, 20), "a day of the week with it"),
    ("\\text{June 20}", Date(None, 6, 20), "set as text"),
    ("2020年1月5日", Date(2020, 1, 5), "Chinese"),
]


@pytest.mark.parametrize(("text", "date", "why"), DATES)
def test_a_date_is_read(text, date, why):
    assert read_calendar(text) == date, why
    assert read_date(text) == date, why


NEITHER = [
    ("3:4", "a ratio"),
    ("4:30", "a ratio or a time: the other side decides"),
    ("11:21", "a ratio"),
    ("25:00", "no day has that hour"),
    ("4:60 pm", "no hour has that minute"),
    ("1/5", "a fraction"),
    ("2020", "a number"),
    ("5 p", "a product"),
    ("4:30p..", "what a data set's cleaning left of p.m.: a broken reference"),
    ("February 30", "no such day"),
    ("13/13/2020", "no such month"),
    ("Monday", "a word"),
    ("max 5", "no month"),
    ("5 cm", "a quantity"),
    ("x = 5", "an equation"),
    ("", "nothing"),
    ("4:30 pm" + " " * 100, "longer than any time"),
]


@pytest.mark.parametrize(("text", "why"), NEITHER)
def test_anything_else_is_left_alone(text, why):
    assert read_calendar(text) is None, why


def test_elements_of_a_list_are_read_from_their_tokens():
    tokens = tokenize("4:30 \\text{ p.m.}", CommaStyle.THOUSANDS)
    assert read_calendar_tokens(tokens) == Clock(59_400, "pm")
    assert read_calendar_tokens(tokenize("x + 5", CommaStyle.THOUSANDS)) is None


SAME = [
    (Clock(59_400, "pm"), Clock(59_400, ""), "16:30 is 4:30 pm"),
    (Clock(16_200, ""), Clock(59_400, "pm"), "which half goes without saying"),
    (ratio(4, 30), Clock(59_400, "pm"), "a ratio that is a time here"),
    (Clock(43_200, ""), Clock(43_200, "pm"), "noon"),
    (Clock(43_200, ""), Clock(0, "am"), "12:00 at midnight"),
    (Clock(86_400, ""), Clock(0, "am"), "24:00 is midnight"),
    (Clock(900, "am"), Clock(900, ""), "0:15"),
    (ratio(16, 30, 15), Clock(59_415, ""), "with seconds"),
    (Date(None, 1, 5), Date(2020, 1, 5), "a missing year agrees"),
    (Date(2020, 1, 5), Date(None, 1, 5), "on either side"),
    (Date(2020, 5, 3), Date(2020, 5, None), "a month was asked for"),
]


@pytest.mark.parametrize(("candidate", "reference", "why"), SAME)
def test_the_same_time_or_day_is_equal(candidate, reference, why):
    assert compare_calendar(candidate, reference, NoJudge()).match is Match.EQUAL, why


OTHER = [
    (Clock(43_200, ""), Clock(3_600, ""), "12:00 is not 1:00"),
    (Clock(16_200, "am"), Clock(59_400, "pm"), "the other half of the day"),
    (Clock(16_200, "am"), Clock(59_400, ""), "4:30 am is not 16:30"),
    (Clock(16_200, ""), Clock(59_400, ""), "on a clock of 24 hours 4:30 is not 16:30"),
    (Clock(0, "am"), Clock(43_200, "pm"), "midnight is not noon"),
    (ratio(9, 50), Clock(32_700, ""), "9:50 is not 9:05"),
    (ratio(1, 15), ratio(2, 30), "2:30 is no ratio: it would be reduced"),
    (Date(2020, 1, 5), Date(2020, 1, 6), "another day"),
    (Date(None, 1, 5), Date(None, 5, 1), "another month"),
    (Date(2020, 1, 5), Date(2021, 1, 5), "another year"),
    (Date(2020, 5, None), Date(2020, 5, 3), "a day was asked for"),
]


@pytest.mark.parametrize(("candidate", "reference", "why"), OTHER)
def test_another_time_or_day_is_different(candidate, reference, why):
    assert compare_calendar(candidate, reference, NoJudge()).match is Match.DIFFERENT, why


UNCLAIMED = [
    (ratio(3, 4), ratio(6, 8), "one digit behind the colon: ratios"),
    (ratio(2, 30), ratio(1, 15), "the reference is in lowest terms: a ratio"),
    (ratio(2, 30), ratio(2, 30), "the same: any comparer says so"),
    (ratio(30, 40), Clock(0, ""), "no day has that hour"),
    (Number(5), Clock(18_000, ""), "a number"),
    (Date(None, 1, 5), Clock(18_000, ""), "a day is no time"),
]


@pytest.mark.parametrize(("candidate", "reference", "why"), UNCLAIMED)
def test_ratios_and_other_kinds_are_left_to_their_comparers(candidate, reference, why):
    assert compare_calendar(candidate, reference, NoJudge()) is None, why


@given(st.text(max_size=90))
def test_reading_never_raises(text):
    assert isinstance(read_calendar(text), Clock | Date | None)


PIECES = "1 05 12 30 2020 : / - . , am p.m. noon May 5th of the \\text{ } o'clock 年 月 日 in"


@given(st.lists(st.sampled_from(PIECES.split()), max_size=10))
def test_what_is_read_is_a_time_or_a_day_that_exists(pieces):
    for text in (" ".join(pieces), "".join(pieces)):
        node = read_calendar(text)
        if isinstance(node, Clock):
            assert 0 <= node.seconds <= 86_400
        if isinstance(node, Date):
            assert 1 <= node.month <= 12
            assert node.day is None or 1 <= node.day <= 31
