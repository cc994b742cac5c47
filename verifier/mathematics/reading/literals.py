"""Number literals of more than one token: mixed numbers and numbers in another base."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.mathematics.reading.letters import BASE_NAMES
from verifier.mathematics.syntax import Apply, BasedNumber, Node, Number, UnreadableError

if TYPE_CHECKING:
    from verifier.mathematics.reading.expression import Parser

_MAX_BASE: Final = 36


def read_mixed(parser: Parser, whole: Number) -> Node:
    """Joins an integer and the proper fraction right behind it.

    Raises:
        UnreadableError: a fraction follows that is not proper, so that nobody can tell.
    """
    following = parser.next
    spaced_fraction = following.kind == "number" and following.spaced
    if not spaced_fraction and following[:2] != ("command", "frac"):
        return whole
    is_latex = not spaced_fraction
    fraction = parser.postfix()
    if spaced_fraction and parser.next.kind == "/":
        parser.advance()
        fraction = Apply("/", (fraction, parser.postfix()))
    if isinstance(fraction, Apply) and fraction.head == "/":
        over, under = fraction.args
        if isinstance(over, Number) and isinstance(under, Number):
            proper = isinstance(over.value, int) and isinstance(under.value, int)
            if proper and 0 < over.value < under.value and isinstance(whole.value, int):
                return Number(whole.value + Fraction(over.value) / under.value)
            raise UnreadableError("neither a product nor a mixed number")
        if is_latex:
            return Apply("*", (whole, fraction))
    raise UnreadableError("two numbers side by side")


def read_based(parser: Parser) -> Node | None:
    """Reads digits with a base behind them: ``204_5``, ``1A_{16}``; None if there is no base."""
    tokens = parser.tokens
    end = parser.place + 1
    while end < len(tokens) and tokens[end].kind in {"number", "name"} and not tokens[end].spaced:
        end += 1
    if end >= len(tokens) or tokens[end].kind != "_":
        return None
    digits = "".join(token.text for token in tokens[parser.place : end])
    while parser.place < end + 1:
        parser.advance()
    return based(digits.replace(",", ""), read_base(parser))


def read_base(parser: Parser) -> int:
    """Reads the base behind the underscore: a number or its English name, 2 to 36.

    Raises:
        UnreadableError: it is none.
    """
    braced = parser.next.kind == "{"
    if braced:
        parser.advance()
    written = ""
    while parser.next.kind in {"number", "name"}:
        written += parser.advance().text
        if not braced:
            break
    if braced and parser.advance().kind != "}":
        raise UnreadableError("a base that is no number")
    base = BASE_NAMES.get(written.lower(), 0) if not written.isdigit() else int(written[:4])
    if not 2 <= base <= _MAX_BASE:
        raise UnreadableError("a base that is no number from 2 to 36")
    return base


def based(digits: str, base: int) -> BasedNumber:
    """Builds a number from its digits.

    Raises:
        UnreadableError: a digit that the base has not.
    """
    try:
        return BasedNumber(int(digits, base), base, digits.upper().lstrip("0") or "0")
    except ValueError:
        raise UnreadableError("digits that their base has not") from None
