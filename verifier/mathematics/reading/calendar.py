r"""Clock times and dates: ``4:30 pm``, ``\text{1:03 PM}``, ``January 5, 2020``, ``2020-01-05``.

What else it could be decides what is left alone. ``H:MM`` alone may be a ratio: it is a time where
a half of the day is named, where hour or minutes begin with a zero (no ratio is written 12:00), and
else stays a `Ratio`, which `kinds.calendar` compares with times. ``1/5`` is a fraction; three
numbers with slashes are a date where the last has four digits. The month leads there, as in most of
our data, unless it cannot: ``13/5/2020`` is in May. With points the day leads: ``5.1.2020``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.mathematics.limits import MAX_CALENDAR_TEXT
from verifier.mathematics.syntax import Clock, Date

if TYPE_CHECKING:
    from verifier.mathematics.lexing.tokens import Token

_MAX_TOKENS: Final = 24

_TEXT: Final = re.compile(r"\\(?:text|textrm|mathrm|mbox|operatorname|rm)\b|[{}]|\\!")
_SPACES: Final = re.compile(r"(?:[\s~$]|\\[ ,;:]|\\\\)+")
_HALF: Final = r"(?P<half>(?:a|p)\.? ?m\b\.?|in the (?:morning|afternoon|evening)|noon|midnight)"
_CLOCK: Final = re.compile(
    r"(?:at )?(?P<hour>[0-9]{1,2})"
    r"(?: ?[:：] ?(?P<minute>[0-5][0-9])(?: ?: ?(?P<second>[0-5][0-9]))?)?"
    rf" ?(?P<sharp>o'? ?clock)? ?(?:{_HALF})?"
)
_NAMED: Final = {"noon": (43_200, "pm"), "midnight": (0, "am"), "midday": (43_200, "pm")}
_HALVES: Final = {
    "am": "am",
    "pm": "pm",
    "in the morning": "am",
    "in the afternoon": "pm",
    "in the evening": "pm",
    "noon": "pm",
    "midnight": "am",
}
_NOON: Final = 43_200  # seconds
_DAY: Final = 86_400

_MONTH_NAMES: Final = (
    "january february march april may june july august september october november december"
)
_MONTHS: Final = {
    spelling: number
    for number, name in enumerate(_MONTH_NAMES.split(), start=1)
    for spelling in (name, name[:3], name[:4])
}
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WEEKDAY: Final = re.compile(
    r"(?:on )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\.?,? "
)
_NAME: Final = r"(?P<month>[a-z]{3,9})\.?"
_ORDINAL: Final = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>[0-9]{4})"
_DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NAME} (?:the )?{_ORDINAL}(?:,? ?{_YEAR})?",
        rf"(?:the )?{_ORDINAL} (?:of )?{_NAME}(?:,? {_YEAR})?",
        rf"{_NAME},? {_YEAR}",
        rf"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})",
        rf"{_YEAR}/(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})",
        rf"(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})/{_YEAR}",
        rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.{_YEAR}",
        rf"(?:{_YEAR} ?年 ?)?(?P<month>[0-9]{{1,2}}) ?月 ?(?P<day>[0-9]{{1,2}}) ?[日号]",
    )
)
# What every time and date has; looked for first, since nearly all answers are neither.
_HINT: Final = re.compile(
    r"[:：年月]|[0-9][-/.][0-9]{1,2}[-/.][0-9]|[0-9]\W{0,4}(?:text\{)?\W?[ap]\.? ?m\b|noon|midnight"
    r"|midday|clock|in the|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)


def read_calendar(text: str) -> Clock | Date | None:
    """Reads a whole answer as a time of day or a date; None if it is neither.

    Total and linear: texts beyond `limits.MAX_CALENDAR_TEXT` characters are neither.

    Args:
        text: the answer, with or without delimiters and text commands around it.
    """
    if len(text) > MAX_CALENDAR_TEXT or not _HINT.search(text):
        return None
    folded = _folded(text)
    return _clock(folded) or _date(folded)


def read_clock(text: str) -> Clock | None:
    """Reads a time of day; None if it is none, or may as well be a ratio."""
    return _clock(_folded(text)) if len(text) <= MAX_CALENDAR_TEXT else None


def read_date(text: str) -> Date | None:
    """Reads a day of the calendar, or a month of a year; None if it is neither."""
    return _date(_folded(text)) if len(text) <= MAX_CALENDAR_TEXT else None


def read_calendar_tokens(tokens: list[Token]) -> Clock | Date | None:
    """Reads an element of a list as `read_calendar` reads a whole answer."""
    if not 1 < len(tokens) <= _MAX_TOKENS or not any(t.kind in {":", "name"} for t in tokens):
        return None
    return read_calendar("".join(" " * t.spaced + t.text for t in tokens))


def _folded(text: str) -> str:
    """Takes text commands, braces and spacing off."""
    return _SPACES.sub(" ", _TEXT.sub("", text)).strip(" .,;'\"()").casefold()


def _clock(text: str) -> Clock | None:
    if text.removeprefix("12 ") in _NAMED:
        return Clock(*_NAMED[text.removeprefix("12 ")])
    parts = _CLOCK.fullmatch(text)
    if parts is None:
        return None
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    half = _HALVES[_half(parts["half"])] if parts["half"] else ""
    if parts["minute"] is None:
        if not half and not parts["sharp"]:
            return None
    elif not half and not parts["sharp"] and not _is_no_ratio(parts):
        return None
    seconds = 3600 * hour + 60 * minute + second
    if seconds > _DAY or (half == "am" and hour > 12) or (parts["half"] in _NAMED and hour != 12):
        return None
    return _in_half(seconds, half)


def _half(written: str) -> str:
    return written if " the " in written or written in _NAMED else re.sub(r"[. ]", "", written)


def _is_no_ratio(parts: re.Match[str]) -> bool:
    """Tells whether a zero in front shows that hours and minutes are written, and no ratio."""
    leads = [
        parts["minute"],
        parts["second"] or "",
        parts["hour"] if len(parts["hour"]) > 1 else "",
    ]
    return any(lead.startswith("0") for lead in leads)


def _in_half(seconds: int, half: str) -> Clock:
    """Counts from midnight: 12:30 am is half past midnight, 16:30 pm is 16:30."""
    if half and seconds < _NOON + 3600:
        seconds = seconds % _NOON + (_NOON if half == "pm" else 0)
    return Clock(seconds, half)


def _date(text: str) -> Date | None:
    weekday = _WEEKDAY.match(text)
    text = text[weekday.end() :] if weekday else text
    for pattern in _DATES:
        parts = pattern.fullmatch(text)
        if parts is None:
            continue
        found = parts.groupdict()
        year = int(found["year"]) if found.get("year") else None
        day = int(found["day"]) if found.get("day") else None
        written = found["month"]
        month = int(written) if written.isdigit() else _MONTHS.get(written, 0)
        if "/" in text and month > 12 and day is not None:
            month, day = day, month
        if 1 <= month <= 12 and (day is None or 1 <= day <= _DAYS[month - 1]):
            return Date(year, month, day)
    return None
