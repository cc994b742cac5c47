"""Number literals: which commas and points belong to a number, and what it is worth."""

from __future__ import annotations

import re
from enum import Enum
from fractions import Fraction
from typing import Final

from verifier.mathematics.limits import MAX_PLACES
from verifier.mathematics.syntax import Apply, Node, Number, Rational


class CommaStyle(Enum):
    """What a comma inside a number means. The reference answer decides, never the candidate."""

    THOUSANDS = "1,234.5 is one number; 1,3 is two"
    LIST = "a comma always separates"
    DECIMAL = "1.234,5 and 1,3 are one number each"
    INDIAN = "1,00,000 is one number"


_TAIL: Final = r"(?:[eE][-+]?[0-9]++(?![0-9.A-Za-z]))?"
_PERIOD: Final = r"\\(?:overline|bar|dot)\s*(?:\{[0-9]{1,12}\}|[0-9])"
_REPEATING: Final = rf"(?:{_PERIOD})?"
# Groups of three, by comma or by space, count only if complete: 1,2345 and 12,345,67 are lists.
_SPACED: Final = r"[0-9]{1,3}(?:\ [0-9]{3})++(?![0-9])(?:\.[0-9]++)?"
# "…, 298,299" ends a list: what a comma precedes is no first group.
_GROUPED: Final = r"(?<![0-9],)[0-9]{1,3}(?:,[0-9]{3})++(?!,?[0-9])(?:\.[0-9]++)?"
# 0.1(6) is one sixth: nobody writes that product so.
_BRACKETED: Final = r"[0-9]++\.[0-9]*+\([0-9]{1,12}\)(?![0-9A-Za-z(!^])"
_PLAIN: Final = _BRACKETED + r"|[0-9]++(?:\.[0-9]*+)?" + _REPEATING + r"|\.[0-9]++" + _REPEATING
_CONTINENTAL: Final = (
    r"[0-9]{1,3}(?:\.[0-9]{3})++,[0-9]++(?![,.]?[0-9])|[0-9]++,[0-9]++(?![,.]?[0-9])"
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,}+(?![,.]?[0-9])"
)
_LAKHS: Final = r"[0-9]{1,2}(?:,[0-9]{2}(?![0-9]))++,[0-9]{3}(?!,?[0-9])(?:\.[0-9]++)?"
NUMERALS: Final = {
    CommaStyle.THOUSANDS: f"(?:{_GROUPED}|{_SPACED}|{_PLAIN}){_TAIL}",
    CommaStyle.LIST: f"(?:{_SPACED}|{_PLAIN}){_TAIL}",
    CommaStyle.DECIMAL: f"(?:{_CONTINENTAL}|{_SPACED}|{_PLAIN}){_TAIL}",
    CommaStyle.INDIAN: f"(?:{_LAKHS}|{_GROUPED}|{_SPACED}|{_PLAIN}){_TAIL}",
}
"""A regular expression for one number, by style."""

_LITERAL: Final = re.compile(
    r"(?P<whole>[0-9]*)(?P<point>\.(?P<places>[0-9]*))?"
    r"(?:(?:\\(?:overline|bar|dot)\s*\{?|\()(?P<period>[0-9]+)[})]?)?(?:[eE](?P<exponent>[-+]?[0-9]+))?"
)


def read_numeral(literal: str, style: CommaStyle) -> Node:
    """Reads what `NUMERALS` matched: a `Number`, or mantissa times power where that is huge."""
    if literal.isdigit():
        return Number(int(literal))
    if style is CommaStyle.DECIMAL and ("," in literal or literal.count(".") > 1):
        literal = literal.replace(".", "").replace(",", ".")
    parts = _LITERAL.fullmatch(literal.replace(",", "").replace(" ", ""))
    if parts is None:  # NUMERALS allows nothing else
        raise AssertionError(literal)
    whole, decimals = parts["whole"] or "0", parts["places"] or ""
    if parts["period"]:
        return Number(_repeating(whole, decimals, parts["period"]))
    mantissa = int(whole + decimals)
    places = len(decimals)
    digits = len((whole + decimals).lstrip("0"))
    if parts["exponent"] is None:
        if not places:
            return Number(mantissa)
        return Number(Fraction(mantissa, 10**places), places, digits)
    exponent = int(parts["exponent"])
    if abs(exponent) > MAX_PLACES:
        figure = Number(Fraction(mantissa, 10**places))
        return Apply("*", (figure, Apply("^", (Number(10), Number(exponent)))))
    return scaled(Fraction(mantissa, 10**places), exponent, places, digits)


def scaled(value: Rational, exponent: int, places: int, digits: int) -> Number:
    """Builds value times ten to the exponent, remembering how many digits were written."""
    power = Fraction(10) ** exponent
    result = value * power
    return Number(int(result) if result.denominator == 1 else result, places - exponent, digits)


def _repeating(whole: str, decimals: str, period: str) -> Rational:
    r"""Values ``whole.decimals\overline{period}`` exactly."""
    shift = 10 ** len(decimals)
    fixed = Fraction(int(whole + decimals), shift)
    return fixed + Fraction(int(period), (10 ** len(period) - 1) * shift)
