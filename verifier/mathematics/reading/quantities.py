"""From tokens to a value with its unit, percent sign or currency."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.mathematics.lexing.vocabulary import GREEK
from verifier.mathematics.reading.expression import parse_expression
from verifier.mathematics.reading.letters import MAX_PRODUCT_LETTERS
from verifier.mathematics.reading.mixed import read_mixed
from verifier.mathematics.reading.unit_tokens import is_foreign, join_unit_words
from verifier.mathematics.syntax import Apply, Node, Number, Quantity, UnreadableError
from verifier.mathematics.units.phrases import (
    MAX_WORDS,
    MULTIPLIERS,
    POWER_WORDS,
    canonical_unit,
    changes_value,
    currency_code,
    is_symbol,
    is_unit,
)

if TYPE_CHECKING:
    from verifier.mathematics.lexing.tokens import Token

# Currencies that put a country before the sign: US$5, A$5, HK$5.
_COUNTRIES: Final = frozenset(("US", "A", "AU", "C", "CA", "HK", "NZ", "S", "R"))
_SHORT_FACTORS: Final = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9}  # behind money: $5k
_KNOWN_COMPOUNDS: Final = (["m", "s"], ["N", "m"])  # even glued to the figure: 5m/s, 5N*m
_LINKS: Final = frozenset(("of", "the", "for", "at", "by", "on", "in"))  # 4 hours of work
_ANGLES: Final = frozenset(("degree", "degrees", "deg"))
_TRIGONOMETRIC: Final = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))
_UNIT_WORDS: Final = frozenset(("per", "fl", *POWER_WORDS))
# Consonant, vowel, letter: men, dog, box; of two letters and of others only these.
_SHORT_WORD: Final = re.compile(
    r"[b-df-hj-np-tv-z][aeiouy][a-z]|egg|ace|eye|ear|arm|ant|owl|oak|act|inn|try|all|ago|old|out"
    r"|own|oil|air|age|end|to|an|is|up"
)
_RAISED: Final = frozenset(("squared", "cubed"))


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
    if not tokens:
        raise UnreadableError("nothing there")
    tokens = join_unit_words(tokens)
    mixed = read_mixed(tokens)
    if mixed is not None:
        return mixed
    tokens, money = _take_money(tokens)
    tokens, factor = _take_short_factor(tokens) if money else (tokens, 1)
    start = _unit_start(tokens, lenient=lenient)
    figure, words = _without_hyphen(tokens[:start], tokens[start:]), _phrase(tokens[start:])
    factor *= _take_factor(words)
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


def _take_short_factor(tokens: list[Token]) -> tuple[list[Token], int]:
    """Takes the letter off that stands for thousands or millions of money: $5k, $1.5M."""
    is_last = len(tokens) > 1 and tokens[-2].kind == "number" and tokens[-1].kind == "name"
    factor = _SHORT_FACTORS.get(tokens[-1].text, 1) if is_last else 1
    return (tokens[:-1], factor) if factor > 1 else (tokens, 1)


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
        if tokens[0].text in _COUNTRIES and tokens[1].kind == "money":
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


def _without_hyphen(figure: list[Token], unit: list[Token]) -> list[Token]:
    """Drops the hyphen of a 5-inch pipe."""
    hyphened = len(figure) == 2 and figure[0].kind == "number" and figure[1].kind == "-"
    is_word = bool(unit) and len(unit[0].text) > 1 and not unit[0].spaced and is_unit(unit[0].text)
    return figure[:-1] if hyphened and is_word and not figure[1].spaced else figure


def _unit_start(tokens: list[Token], *, lenient: bool) -> int:
    """Finds where the unit phrase at the end begins; the end of the tokens if there is none.

    A phrase is unit words, each with an optional integer exponent, with ``/``, ``*`` or ``-``
    between them; something must be left in front of it.
    """
    start = probe = _compound_start(tokens)
    words = 0
    while words < MAX_WORDS:
        probe = _before_exponent(tokens, probe)
        if probe < 2 or not (
            _may_be_unit(tokens, probe - 1, lenient=lenient)
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
    return len(tokens) if is_sum_of_angles or _measures_argument(tokens, start) else start


def _measures_argument(tokens: list[Token], start: int) -> bool:
    r"""Tells whether degrees belong to the argument of a function: ``2\cos 15^\circ``.

    No sine is measured in degrees, but what an inverse function gives may be.
    """
    if start == len(tokens) or tokens[start].text not in _ANGLES or tokens[start - 1].kind == ")":
        return False
    for place, token in enumerate(tokens[:start]):
        if token.kind == "command" and token.text in _TRIGONOMETRIC:
            inverse = [t.kind for t in tokens[place + 1 : place + 4] if t.kind != "{"]
            if inverse[:2] != ["^", "-"]:
                return True
    return False


def _compound_start(tokens: list[Token]) -> int:
    """Finds where a compound of symbols right behind a figure begins: m/s, kg m/s^2, J/(mol K).

    Its letters need not be upright: two units, one under the other, are hardly variables. The end
    of the tokens if there is none.
    """
    names: list[Token] = []
    signs: set[str] = set()
    place = len(tokens)
    while place > 1 and len(names) < MAX_WORDS:
        place = _before_exponent(tokens, place) - 1
        if tokens[place].kind != "name" or not is_symbol(tokens[place].text):
            return len(tokens)
        names.append(tokens[place])
        if tokens[place - 1].kind == "number":
            break
        if tokens[place - 1].kind in {"/", "*"}:
            signs.add(tokens[place - 1].kind)
            place -= 1
    texts = [name.text for name in reversed(names)]
    if texts not in _KNOWN_COMPOUNDS and not ("/" in signs and _is_apart(names[-1])):
        return len(tokens)
    return place if place > 0 and len(names) > 1 else len(tokens)


def _is_apart(name: Token) -> bool:
    return name.spaced or name.roman or len(name.text) > 1


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
    if token.kind != "name" or not is_symbol(token.text) or tokens[place - 1].kind != "/":
        return False
    above = _before_exponent(tokens, place - 1) - 1
    return (
        above > 0 and is_unit(tokens[above].text) and _may_be_unit(tokens, above, lenient=lenient)
    )


def _may_be_unit(tokens: list[Token], place: int, *, lenient: bool) -> bool:
    """Tells whether a token may belong to a unit phrase."""
    token = tokens[place]
    if token.kind != "name":
        return False
    text = token.text
    if len(text) == 1 and text.isascii():
        return _is_unit_letter(tokens, place, lenient=lenient)
    if text.lower() in _RAISED:
        return is_symbol(tokens[place - 1].text)  # "feet squared"; "5 squared" is 25
    if text in _LINKS and not _stands_apart(tokens, place):
        return 1 < place < len(tokens) - 1 and token.spaced
    if is_unit(text) or text.lower() in _UNIT_WORDS or _stands_apart(tokens, place):
        return True
    is_word = len(text) > MAX_PRODUCT_LETTERS or is_foreign(token) or _is_set_word(token)
    is_word = is_word or (lenient and _is_short_word(token))
    return is_word and text not in GREEK and not changes_value(text)


def _is_unit_letter(tokens: list[Token], place: int, *, lenient: bool) -> bool:
    """Tells whether a single letter may be a unit; glued to a figure it is a variable.

    It is one where it is upright, behind a degree sign or, leniently, apart (``5 m``).
    """
    token = tokens[place]
    if (token.roman and is_symbol(token.text)) or _is_temperature(tokens, place):
        return True
    before = tokens[place - 1]
    if before.kind == "name" and len(before.text) == 1 and token.text != "a":
        return False  # "2 g h" is a product
    return lenient and token.spaced and (is_unit(token.text) or token.text == "a")


def _is_temperature(tokens: list[Token], place: int) -> bool:
    return tokens[place].text in {"C", "F", "K"} and tokens[place - 1].text in {"degree", "degrees"}


def _stands_apart(tokens: list[Token], place: int) -> bool:
    """Tells whether a short symbol is upright or behind a figure and a space: "5 nm", not "5nm"."""
    token = tokens[place]
    if token.text == "in":
        ends = place == len(tokens) - 1 or tokens[place + 1].kind in {"^", "/"}
        before = tokens[place - 1]
        return ends and (token.roman or before.kind == "number" or before.text in POWER_WORDS)
    apart = token.roman or (token.spaced and tokens[place - 1].kind == "number")
    return apart and is_symbol(token.text) and not changes_value(token.text)


def _is_short_word(token: Token) -> bool:
    """Tells whether up to three letters are rather a word than a product: 5 men, not 5 xy."""
    text = token.text
    is_title = text[0].isupper() and text[1:].islower()
    if token.roman or is_title or text.lower() in MULTIPLIERS:
        return True
    return token.spaced and _SHORT_WORD.fullmatch(token.text) is not None


def _is_set_word(token: Token) -> bool:
    r"""Tells whether a word was set as text with space around it: ``7\text{ men}``."""
    return token.roman and token.spaced and token.text.islower()
