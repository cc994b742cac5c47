r"""Figures in several units side by side: 5 ft 3 in, 2h 30m, 63 degrees 45', 5' 10"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.limits import MAX_UNIT_PARTS
from verifier.mathematics.reading.expression import parse_expression
from verifier.mathematics.syntax import Number, Quantity, UnreadableError
from verifier.mathematics.units.mixed import add_quantities
from verifier.mathematics.units.phrases import canonical_unit, is_symbol

if TYPE_CHECKING:
    from verifier.mathematics.lexing.tokens import Token

_MAX_TOKENS: Final = 60  # five figures with a fraction each; longer is no quantity
_MARKS: Final = frozenset(("'", '"'))
_FIGURE: Final = frozenset(("number", "/", "{", "}"))
# Behind hours or before seconds, m is a minute, and d before hours a day.
_TIME_LETTERS: Final = {"m": "min", "d": "day", "s": "s", "h": "h"}


def read_mixed(tokens: list[Token]) -> Quantity | None:
    """Reads figures in falling units as their sum in the smallest of them; None if it is no such.

    A prime is a minute of arc behind degrees and else a foot, a double prime a second or an inch.
    """
    if not 4 <= len(tokens) <= _MAX_TOKENS or not _may_end(tokens[-1]):
        return None
    negative = tokens[0].kind == "-"
    place = int(negative)
    figures: list[Number] = []
    units: list[str] = []
    while place < len(tokens):
        start = place
        while place < len(tokens) and _is_figure(tokens[place]):
            place += 1
        figure = _figure(tokens[start:place])
        unit, place = _unit(tokens, place)
        if figure is None or not unit or len(units) == MAX_UNIT_PARTS:
            return None
        figures.append(figure)
        units.append(unit)
    names = _named(units)
    parts = [Quantity(f, unit, percent=False) for f, unit in zip(figures, names, strict=True)]
    return add_quantities(parts, negative=negative)


def _may_end(token: Token) -> bool:
    if token.kind == "name":
        return is_symbol(token.text) or token.text in _TIME_LETTERS
    return token.kind in _MARKS


def _is_figure(token: Token) -> bool:
    return token.kind in _FIGURE or (token.kind == "command" and token.text == "frac")


def _figure(tokens: list[Token]) -> Number | None:
    if not tokens or (tokens[0].kind != "number" and tokens[0].text != "frac"):
        return None
    try:
        node = parse_expression(tokens)
    except UnreadableError:
        return None
    return node if isinstance(node, Number) else None


def _unit(tokens: list[Token], place: int) -> tuple[str, int]:
    """Reads one unit; empty if none stands there."""
    if place >= len(tokens):
        return "", place
    mark, end = _prime(tokens, place)
    if mark:
        return mark, end
    token = tokens[place]
    if token.kind != "name" or not (is_symbol(token.text) or token.text in _TIME_LETTERS):
        return "", place
    return token.text, place + 1


def _prime(tokens: list[Token], place: int) -> tuple[str, int]:
    """Reads one or two primes, or a quotation mark for two; the mark and where it ends."""
    end, primes = place, 0
    while end < len(tokens) and tokens[end].kind in _MARKS:
        primes += 2 if tokens[end].kind == '"' else 1
        end += 1
    return ("'" * primes, end) if primes in {1, 2} else ("", place)


def _named(units: list[str]) -> list[str]:
    """Names marks and letters by their company."""
    if units[0] in {"degree", "°", "度"} or "degree" in canonical_unit(units[:1]):
        marks = {"'": "arcmin", "''": "arcsec"}
    else:
        marks = {"'": "ft", "''": "in"}
    is_time = not {"h", "s", "d"}.isdisjoint(units) or "h" in map(_canonical, units)
    letters = _TIME_LETTERS if is_time else {}
    return [marks.get(unit) or letters.get(unit) or _canonical(unit) for unit in units]


def _canonical(unit: str) -> str:
    return canonical_unit([unit])
