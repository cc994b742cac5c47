"""From tokens to a value with its unit, percent sign or currency."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from verifier.mathematics.lexing.vocabulary import GREEK
from verifier.mathematics.reading.expression import parse_expression
from verifier.mathematics.reading.letters import MAX_PRODUCT_LETTERS
from verifier.mathematics.syntax import Apply, Node, Number, Quantity, UnreadableError
from verifier.mathematics.units.phrases import (
    MAX_WORDS,
    MULTIPLIERS,
    canonical_unit,
    changes_value,
    currency_code,
    is_unit,
)

if TYPE_CHECKING:
    from verifier.mathematics.lexing.tokens import Token


def read_value(tokens: list[Token], *, lenient: bool) -> Node:
    """Reads a value with its sign, currency, percent sign and unit.

    Args:
        tokens: one value; never empty.
        lenient: whether words behind the figure may be a unit that no table knows ("18 eggs").

    Raises:
        UnreadableError: it is no value.
    """
    if len(tokens) == 1 and tokens[0].value is not None:
        return tokens[0].value
    tokens, money = _take_money(tokens)
    start = _unit_start(tokens, lenient=lenient)
    figure, words = tokens[:start], _phrase(tokens[start:])
    factor = _take_factor(words)
    percent = bool(figure) and figure[-1].kind == "%"
    node = _as_number(parse_expression(figure[:-1] if percent else figure))
    if factor != 1:
        node = _multiplied(node, factor)
    unit = canonical_unit(words)
    if money and not unit.startswith(money):
        unit = f"{money} {unit}".strip()
    return Quantity(node, unit, percent) if unit or percent else node


def _take_factor(words: list[str]) -> int:
    """Takes the multipliers off the front of a phrase: "hundred thousand dollars".

    Raises:
        UnreadableError: one stands further back, where it may divide: "5 per hundred".
    """
    factor = 1
    while words and words[0].lower() in MULTIPLIERS:
        factor *= MULTIPLIERS[words.pop(0).lower()]
    if any(word.lower() in MULTIPLIERS for word in words):
        raise UnreadableError("a number word behind a unit")
    return factor


def _as_number(node: Node) -> Node:
    """Turns a fraction of two integers into the number it is."""
    if not isinstance(node, Apply) or node.head != "/":
        return node
    over, under = node.args
    if not isinstance(over, Number) or not isinstance(under, Number) or not under.value:
        return node
    if not isinstance(over.value, int) or not isinstance(under.value, int):
        return node
    value = Fraction(over.value, under.value)
    return Number(value.numerator if value.denominator == 1 else value)


def _multiplied(node: Node, factor: int) -> Node:
    """Applies "million" to the figure in front; 1.5 million is written to the 100,000."""
    if isinstance(node, Number):
        places = None if node.places is None else node.places - len(str(factor)) + 1
        return Number(node.value * factor, places, node.digits)
    return Apply("*", (node, Number(factor)))


def _take_money(tokens: list[Token]) -> tuple[list[Token], str]:
    """Takes the currency off: $5, -$5, $-5, 5€, USD 5, US$5. Anywhere else it is left to fail."""
    if len(tokens) > 1 and tokens[0].kind == "name":
        code = currency_code(tokens[0].text)
        if code and tokens[1].kind == "number":
            return tokens[1:], code
        if tokens[0].text == "US" and tokens[1].kind == "money":
            tokens = tokens[1:]
    for place, token in enumerate(tokens):
        if token.kind != "money":
            continue
        leads = place == 0 or (place == 1 and tokens[0].kind in {"+", "-"})
        if leads or tokens[place - 1].kind == "number":
            return tokens[:place] + tokens[place + 1 :], token.text
        break
    return tokens, ""


def _phrase(tokens: list[Token]) -> list[str]:
    """Lists the words and signs of a unit phrase; an exponent is joined to its caret."""
    words: list[str] = []
    for token in tokens:
        if token.kind == "number" and words:
            words[-1] += token.text
        elif token.kind in {"name", "/", "^"}:
            words.append(token.text if token.kind == "name" else token.kind)
        elif token.kind == "-" and words and words[-1] == "^":
            words[-1] += "-"
    return words


def _unit_start(tokens: list[Token], *, lenient: bool) -> int:
    """Finds where the unit phrase at the end begins; the end of the tokens if there is none.

    A phrase is unit words, each with an optional integer exponent, with ``/``, ``*`` or ``-``
    between them; something must be left in front of it.
    """
    start = probe = len(tokens)
    words = 0
    while words < MAX_WORDS:
        probe = _before_exponent(tokens, probe)
        if probe < 2 or not (
            _may_be_unit(tokens[probe - 1], lenient=lenient)
            or _divides_unit(tokens, probe - 1, lenient=lenient)
        ):
            break
        start = probe = probe - 1
        words += 1
        if tokens[probe - 1].kind in {"/", "*", "-"}:
            probe -= 1
    if 1 < start < len(tokens) and tokens[start - 1].kind == "/":
        start -= 1
    is_sum_of_angles = any(token.text == "degree" for token in tokens[:start])
    return len(tokens) if is_sum_of_angles else start


def _before_exponent(tokens: list[Token], end: int) -> int:
    """Steps back over ``^2``, ``^{2}`` or ``^{-1}`` that ends at `end`, if one does."""
    place = end - 1
    braced = place > 0 and tokens[place].kind == "}"
    place -= braced
    if place < 1 or tokens[place].kind != "number":
        return end
    place -= 1
    if tokens[place].kind == "-":
        place -= 1
    place -= braced
    return place if place > 0 and tokens[place].kind == "^" else end


def _divides_unit(tokens: list[Token], place: int, *, lenient: bool) -> bool:
    """Tells whether a letter stands under a unit, as the h of ``km/h`` does."""
    token = tokens[place]
    if token.kind != "name" or not is_unit(token.text) or tokens[place - 1].kind != "/":
        return False
    above = _before_exponent(tokens, place - 1) - 1
    return (
        above > 0 and is_unit(tokens[above].text) and _may_be_unit(tokens[above], lenient=lenient)
    )


def _may_be_unit(token: Token, *, lenient: bool) -> bool:
    """Tells whether a token may belong to a unit phrase.

    A single letter is a unit only where it is set upright or, leniently, stands apart (``5 m``):
    glued to a figure it is a variable.
    """
    if token.kind != "name":
        return False
    text = token.text
    if len(text) == 1:
        apart = token.roman or (lenient and token.spaced)
        return apart and (is_unit(text) or (lenient and text == "a"))
    if is_unit(text) or text.lower() == "per":
        return True
    is_word = lenient or len(text) > MAX_PRODUCT_LETTERS
    return is_word and text not in GREEK and not changes_value(text)
