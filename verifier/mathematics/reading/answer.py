"""From an answer's text to its tree: delimiters, lists, assignments, percent, units, money."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from verifier.mathematics.lexing.characters import fold_characters
from verifier.mathematics.lexing.numerals import read_numeral
from verifier.mathematics.lexing.tokens import GREEK, Token, tokenize
from verifier.mathematics.limits import MAX_CACHED, MAX_CACHED_TEXT, MAX_DEPTH, MAX_TEXT
from verifier.mathematics.reading.expression import MAX_PRODUCT_LETTERS, parse_expression
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Node,
    Number,
    Quantity,
    Sequence,
    Symbol,
    UnreadableError,
)
from verifier.mathematics.units.phrases import (
    MAX_WORDS,
    MULTIPLIERS,
    canonical_unit,
    changes_value,
    currency_code,
    is_unit,
)

if TYPE_CHECKING:
    from verifier.mathematics.lexing.numerals import CommaStyle

_OPENING: Final = frozenset(("(", "[", "{", "\\{"))
_CLOSING: Final = frozenset((")", "]", "}", "\\}"))
_SEPARATORS: Final = (",", ";")
_MAX_WRAPPERS: Final = 8  # "**$\boxed{5}$**." has four; each costs one pass
_DELIMITERS: Final = (("\\(", "\\)"), ("\\[", "\\]"), ("**", "**"), ("__", "__"), ("`", "`"))


def read_answer(text: str, style: CommaStyle, *, lenient: bool) -> Node | UnreadableError:
    """Reads an answer as mathematics. Pure, bounded, and never raises.

    Args:
        text: the answer as written.
        style: what a comma inside a number means.
        lenient: whether words behind a figure may be a unit that no table knows ("18 eggs"). For
            candidates only: in a reference, letters that are no known unit are symbols.

    Returns:
        The tree, or the reason why there is none.
    """
    if text.isdigit() and text.isascii() and len(text) <= MAX_TEXT:
        return read_numeral(text, style)  # most answers: no need to look further
    if len(text) <= MAX_CACHED_TEXT:
        return _read_cached(text, style, lenient)
    if len(text) > MAX_TEXT:
        return UnreadableError("too long")
    return _read(text, style, lenient=lenient)


@lru_cache(maxsize=MAX_CACHED)
def _read_cached(text: str, style: CommaStyle, lenient: bool) -> Node | UnreadableError:  # noqa: FBT001 - keywords make cache keys slow
    return _read(text, style, lenient=lenient)


def _read(text: str, style: CommaStyle, *, lenient: bool) -> Node | UnreadableError:
    try:
        tokens = tokenize(strip_wrappers(fold_characters(text)), style)
        return _items(tokens, lenient=lenient, depth=0)
    except UnreadableError as error:
        return error.with_traceback(None)


def strip_wrappers(text: str) -> str:
    """Removes what stands around an answer: delimiters, bold marks, the final period."""
    for _ in range(_MAX_WRAPPERS):
        before = text
        text = text.strip().rstrip(".;:").rstrip()
        if text.endswith(",") or text.startswith(","):
            text = text.strip(",")
        for opening, closing in _DELIMITERS:
            if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening):
                inner = text[len(opening) : -len(closing)]
                text = inner if opening not in inner else text
        if text == before:
            break
    if "$" in text:
        text = _drop_dollars(text)
    for delimiter in ("\\(", "\\)", "\\[", "\\]"):
        if delimiter in text:
            text = text.replace(delimiter, " ")
    return text


def _drop_dollars(text: str) -> str:
    """Removes dollar signs in pairs, which delimit formulas; a single one is money and stays."""
    plain = text.replace("\\$", "\0")
    if plain.count("$") % 2 == 0:
        plain = plain.replace("$", " ")
    return plain.replace("\0", "\\$").strip()


def _items(tokens: list[Token], *, lenient: bool, depth: int) -> Node:
    """Reads one answer or a comma list of several."""
    if depth > MAX_DEPTH:
        raise UnreadableError("nested too deeply")
    parts = _split(tokens, _SEPARATORS)
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    read = [_item(part, lenient=lenient, depth=depth) for part in parts]
    return read[0] if len(read) == 1 else Sequence("", tuple(read))


def _split(tokens: list[Token], separators: tuple[str, ...]) -> list[list[Token]]:
    """Splits at separators outside all brackets; "a, and b" has one separator, not two."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for place, token in enumerate(tokens):
        kind = token.kind
        if kind in _OPENING:
            depth += 1
        elif kind in _CLOSING:
            depth -= 1
        elif kind in separators and depth == 0:
            is_word = token.text.isalpha()
            if is_word and place and tokens[place - 1].kind in separators:
                continue
            parts.append([])
            continue
        parts[-1].append(token)
    return parts


def _item(tokens: list[Token], *, lenient: bool, depth: int) -> Node:
    """Reads one element: a bracketed sequence, an equation, or a value."""
    if not tokens:
        raise UnreadableError("nothing there")
    if depth > MAX_DEPTH:
        raise UnreadableError("nested too deeply")
    if _encloses(tokens):
        bracketed = _bracketed(tokens, lenient=lenient, depth=depth + 1)
        if bracketed is not None:
            return bracketed
    if tokens[0].kind in {"=", "≈"} and len(tokens) > 1:
        return _item(tokens[1:], lenient=lenient, depth=depth + 1)  # "= 42" only introduces it
    exact, *approximate = _split(tokens, ("≈",))
    if approximate:
        if len(exact) == 1 and exact[0].kind == "name":
            return Equation(Symbol(exact[0].text), _value(approximate[0], lenient=lenient))
        return _item(exact, lenient=lenient, depth=depth + 1)
    sides = _split(tokens, ("=",))
    if len(sides) > 1:
        return _equation(sides, lenient=lenient, depth=depth)
    return _value(tokens, lenient=lenient)


def _bracketed(tokens: list[Token], *, lenient: bool, depth: int) -> Node | None:
    """Reads what one pair of brackets encloses; None if it is an expression in brackets."""
    inner = tokens[1:-1]
    opening, closing = tokens[0].kind, tokens[-1].kind
    brackets = opening[-1] + closing[-1]
    if opening != "\\{" and len(_split(inner, _SEPARATORS)) == 1:
        if brackets in {"()", "{}"}:
            return _item(inner, lenient=lenient, depth=depth)
        return None
    content = _items(inner, lenient=lenient, depth=depth)
    if opening == "{":
        return content  # TeX shows no plain braces: a list without brackets
    if isinstance(content, Sequence) and not content.brackets:
        return Sequence(brackets, content.items)
    return Sequence(brackets, (content,))


def _encloses(tokens: list[Token]) -> bool:
    """Tells whether the first token is a bracket that the last one closes."""
    if tokens[0].kind not in _OPENING or tokens[-1].kind not in _CLOSING:
        return False
    depth = 0
    for place, token in enumerate(tokens):
        if token.kind in _OPENING:
            depth += 1
        elif token.kind in _CLOSING:
            depth -= 1
            if depth == 0:
                return place == len(tokens) - 1
    return False


def _equation(sides: list[list[Token]], *, lenient: bool, depth: int) -> Node:
    """Reads ``x = 5``; of ``x = 2 + 3 = 5`` the ends count, but all must be readable."""
    if not all(sides):
        raise UnreadableError("an equation without a side")
    right = _item(sides[-1], lenient=lenient, depth=depth + 1)
    for side in sides[1:-1]:
        parse_expression(side)
    if lenient and all(token.kind == "name" for token in sides[0]):
        return Equation(_named(sides[0]), right)
    return Equation(_item(sides[0], lenient=lenient, depth=depth + 1), right)


def _named(tokens: list[Token]) -> Node:
    """Reads the left side of an assignment; "total cost" is a name like any other."""
    try:
        return parse_expression(tokens)
    except UnreadableError:
        return Symbol(" ".join(token.text for token in tokens))


def _value(tokens: list[Token], *, lenient: bool) -> Node:
    """Reads a value with its sign, currency, percent sign and unit."""
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
