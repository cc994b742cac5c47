"""Unit words out of tokens: what the lexer takes apart is put together before units are read."""

from __future__ import annotations

from typing import Final

from verifier.mathematics.lexing.tokens import Token
from verifier.mathematics.limits import MAX_UNIT_TOKENS
from verifier.mathematics.units.phrases import MULTIPLIERS, PER_WORDS, POWER_WORDS, is_symbol
from verifier.mathematics.units.table import SPELLINGS

_IDEOGRAPHS: Final = 0x2E80  # from here on words are written without spaces
_MAX_GROUPS: Final = 3  # bracketed parts of one unit: (kg m)/(s^2 A)
_MAX_WORD: Final = 32  # tokens of a word; every letter beyond ASCII is one
_MAX_CUT: Final = 4  # letters of the longest unit in ideographs: 平方厘米
# A slice that reaches beyond the end of a word is shorter, and found as such.
_CUTS: Final = frozenset(SPELLINGS) | frozenset(MULTIPLIERS) | PER_WORDS | frozenset(POWER_WORDS)
_IN_UNITS: Final = frozenset(("name", "number", "/", "*", "-", "^", "{", "}"))
# One character for a unit, of Unicode's blocks 2100 and 3300.
_SIGNS: Final = {
    "℃": "°C",
    "℉": "°F",
    "㎜": "mm",
    "㎝": "cm",
    "㎞": "km",
    "㎡": "平方米",
    "㎥": "立方米",
    "㎎": "mg",
    "㎏": "kg",
    "㎖": "mL",
}
_ENDS_UNIT: Final = frozenset(("", "/", "*", ")", "}", "."))
_MARKS: Final = frozenset((".", "'"))
_SYMBOL: Final = 3  # letters; more are a word, and no symbol with a prime
_GENITIVE: Final = Token("name", "s")
_SPECIAL: Final = frozenset(("cent", "mu", "Omega", "min", "sec", "deg"))  # see join_unit_words
_CLOSING: Final = frozenset((")", "}"))
_PREFIXED: Final = frozenset(("k", "M", "m"))


def join_unit_words(tokens: list[Token]) -> list[Token]:
    r"""Joins and marks what belongs to units.

    Words with letters beyond ASCII become one ``name`` each, and so does ``\mu m``; currency signs
    become ``money``, "per cent" a percent sign; points behind abbreviations go, and so do brackets
    around a unit.
    """
    if len(tokens) > MAX_UNIT_TOKENS:
        return tokens
    if not any(map(_needs_joining, tokens)):
        return _open_brackets(tokens) if _ends_bracketed(tokens) else tokens
    joined: list[Token] = []
    place = run_end = 0
    while place < len(tokens):
        token = tokens[place]
        if place >= run_end and _is_letters(token):
            run_end, is_foreign_run = _run(tokens, place)
            if is_foreign_run:
                joined += _split_word(tokens[place:run_end])
                place = run_end
                continue
        place += 1
        if joined and _is_mark_of_word(token, joined[-1]):
            place += _is_possessive(tokens, place)
            continue
        if token.text == "cent" and joined and joined[-1].text.lower() == "per":
            joined[-1] = Token("%", "%")
        else:
            joined.append(_marked(tokens, place - 1))
    return _open_brackets(_join_greek(joined))


def _marked(tokens: list[Token], place: int) -> Token:
    """Marks a token as a unit or a currency where it is one."""
    token = tokens[place]
    if token.kind == "command" and _names_unit(tokens, place):
        return Token("name", token.text, None, token.spaced, roman=True)
    if token.kind in _SIGNS:
        return Token("name", _SIGNS[token.kind], None, token.spaced, roman=True)
    if _is_currency(token):
        return Token("money", SPELLINGS[token.kind], None, token.spaced)
    return token


def _ends_bracketed(tokens: list[Token]) -> bool:
    """Tells whether a bracket, or one with an exponent, stands last."""
    return tokens[-1].kind in _CLOSING or (len(tokens) > 2 and tokens[-2].kind == "^")


def _needs_joining(token: Token) -> bool:
    """Tells whether a token concerns `join_unit_words`; hardly any does."""
    kind, text = token.kind, token.text
    return kind in _MARKS or text in _SPECIAL or not kind.isascii() or not text.isascii()


def is_foreign(token: Token) -> bool:
    """Tells whether a token is letters beyond ASCII, which name no variable here."""
    return token.kind == "name" and not token.text.isascii()


def _is_mark_of_word(token: Token, before: Token) -> bool:
    """Tells whether a point or an apostrophe belongs to the word in front: ft., children's."""
    if before.kind != "name":
        return False
    if token.kind == ".":
        return is_symbol(before.text) or before.text in POWER_WORDS
    return token.kind == "'" and len(before.text) > _SYMBOL and not token.spaced


def _is_possessive(tokens: list[Token], place: int) -> bool:
    return tokens[place - 1].kind == "'" and tokens[place : place + 1] == [_GENITIVE]


def _names_unit(tokens: list[Token], place: int) -> bool:
    """Tells whether a function's name is the unit here: 30 sec, 5 min 20 s, 3 min/km."""
    text = tokens[place].text
    if not place or not is_symbol(text):
        return False
    following = tokens[place + 1].kind if place + 1 < len(tokens) else ""
    behind_figure = text == "min" and tokens[place - 1].kind == "number"
    return following in _ENDS_UNIT or (behind_figure and following == "number")


def _is_currency(token: Token) -> bool:
    sign = token.kind
    return len(sign) == 1 and not sign.isascii() and not sign.isalpha() and sign in SPELLINGS


def _is_letters(token: Token) -> bool:
    return token.kind == "name" or (not token.kind.isascii() and token.kind.isalpha())


def _run(tokens: list[Token], start: int) -> tuple[int, bool]:
    """Finds the end of a run of letters, and whether some of them are beyond ASCII."""
    end, foreign = start, False
    while end < min(len(tokens), start + _MAX_WORD) and _is_letters(tokens[end]):
        if end > start and (tokens[end].spaced or not _same_script(tokens[end - 1], tokens[end])):
            break
        foreign = foreign or not tokens[end].text.isascii()
        end += 1
    return end, foreign


def _same_script(before: Token, token: Token) -> bool:
    return (ord(before.text[-1]) >= _IDEOGRAPHS) == (ord(token.text[0]) >= _IDEOGRAPHS)


def _split_word(tokens: list[Token]) -> list[Token]:
    """Builds the words of a run of letters; ideographs are cut into the units among them."""
    word = "".join(token.text for token in tokens)
    spaced = tokens[0].spaced
    if ord(word[0]) < _IDEOGRAPHS:
        return [Token("name", word, None, spaced, roman=True)]
    parts: list[str] = []
    start = 0
    while start < len(word):
        ends = (start + n for n in range(_MAX_CUT, 0, -1) if word[start : start + n] in _CUTS)
        end = next(ends, len(word))
        parts.append(word[start:end])
        start = end
    return [Token("name", part, None, spaced, roman=True) for part in parts]


def _join_greek(tokens: list[Token]) -> list[Token]:
    r"""Joins ``\mu m`` and ``k\Omega``; an Omega that ends a plain figure is the ohm."""
    if not any(token.text in {"mu", "Omega", "µ"} for token in tokens):
        return tokens
    joined: list[Token] = []
    for token in tokens:
        before = joined[-1] if joined else None
        if before is not None and before.text in {"mu", "µ"} and "µ" + token.text in SPELLINGS:
            joined[-1] = Token("name", "µ" + token.text, None, before.spaced, roman=True)
        elif before is not None and token.text == "Omega" and token is tokens[-1]:
            if before.text in _PREFIXED and _may_be_prefix(joined):
                joined[-1] = Token("name", before.text + "ohm", None, before.spaced, roman=True)
            elif before.kind == "number":
                joined.append(Token("name", "ohm", None, spaced=True, roman=True))
            else:
                joined.append(token)
        else:
            joined.append(token)
    return joined


def _may_be_prefix(joined: list[Token]) -> bool:
    return joined[-1].roman or (len(joined) > 1 and joined[-2].kind == "number")


def _open_brackets(tokens: list[Token]) -> list[Token]:
    """Removes brackets around nothing but units: J/(mol K), 5 (cm), {cm}^2."""
    for _ in range(_MAX_GROUPS):
        span = _bracketed_unit(tokens)
        if span is None:
            break
        opening, closing = span
        tokens = tokens[:opening] + tokens[opening + 1 : closing] + tokens[closing + 1 :]
    return tokens


def _bracketed_unit(tokens: list[Token]) -> tuple[int, int] | None:
    """Finds brackets around a unit in the phrase at the end."""
    closing = -1
    for place in range(len(tokens) - 1, 0, -1):
        kind = tokens[place].kind
        if closing < 0:
            if kind not in _IN_UNITS and kind != ")":
                return None
            is_exponent = kind == "}" and _opens_exponent(tokens, place)
            if kind == ")" or (kind == "}" and not is_exponent):
                closing = place
        elif kind in {"(", "{"} and tokens[place - 1].kind != "^":
            return (place, closing) if _is_unit_phrase(tokens, place, closing) else None
        elif kind not in _IN_UNITS:
            return None
    return None


def _opens_exponent(tokens: list[Token], closing: int) -> bool:
    """Tells whether a brace closes an exponent: ^{2}, ^{-1}."""
    for place in range(closing - 1, max(closing - 4, 0), -1):
        if tokens[place].kind == "{":
            return tokens[place - 1].kind == "^"
    return False


def _is_unit_phrase(tokens: list[Token], opening: int, closing: int) -> bool:
    """Tells whether brackets hold units alone; single letters are some under another unit only."""
    inside = tokens[opening + 1 : closing]
    names = [token for token in inside if token.kind == "name"]
    if not names or inside[0].kind != "name" or not all(is_symbol(name.text) for name in names):
        return False
    if all(name.roman or len(name.text) > 1 for name in names):
        return True
    above = tokens[opening - 2 : opening] if opening > 1 else []
    return len(above) == 2 and above[1].kind == "/" and is_symbol(above[0].text)
