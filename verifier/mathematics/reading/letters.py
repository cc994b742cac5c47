"""Runs of letters: the symbols of a product, a function glued to its argument, or a word."""

from __future__ import annotations

from typing import Final

from verifier.mathematics.lexing.tokens import Token
from verifier.mathematics.lexing.vocabulary import GREEK
from verifier.mathematics.units.phrases import is_unit

MAX_PRODUCT_LETTERS: Final = 3
"""Letters of a product without signs: xyz is one, four letters are more likely a word."""

CONDITION_WORDS: Final = frozenset(("if", "for", "when", "where", "otherwise", "else", "elsewhere"))
"""Words that stand in front of a case's condition, or for it."""

BASE_NAMES: Final = {
    name: base
    for base, name in enumerate(
        [
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
        ],
        start=2,
    )
}
"""Bases by their English names."""

_ARBITRARY: Final = frozenset(("constant", "const"))  # "x^2 + constant"
_GLUED: Final = ("sin", "cos", "tan", "log", "ln", "exp")


def split_letters(tokens: list[Token]) -> list[Token]:
    """Turns runs of letters into the symbols of a product.

    What is rather a word, or a unit, becomes a token that no expression can hold.
    """
    if all(token.kind != "name" or len(token.text) == 1 for token in tokens):
        return tokens
    result: list[Token] = []
    for place, token in enumerate(tokens):
        text = token.text
        if token.kind != "name" or len(text) == 1 or text in GREEK or text in {"infty", "degree"}:
            result.append(token)
        elif text.lower() in CONDITION_WORDS:
            result.append(Token("word", text.lower()))
        elif text.lower() in _ARBITRARY:
            result.append(Token("name", "C"))
        elif text.lower() in BASE_NAMES and any(t.kind == "_" for t in tokens[place - 2 : place]):
            result.append(token)
        else:
            result += _split(token)
    return result


def _split(token: Token) -> list[Token]:
    text = token.text
    function = next((name for name in _GLUED if text.startswith(name)), "")
    if function and len(text) - len(function) == 1:
        return [Token("command", function, roman=True), Token("name", text[-1])]
    differential = len(text) == 2 and text[0] == "d"  # "dx"
    word = (token.roman and not text.isupper()) or len(text) > MAX_PRODUCT_LETTERS
    unit = is_unit(text) and not differential and not text.isupper()
    if word or unit:
        return [Token("word", text)]
    return [Token("name", letter, None, token.spaced and not n) for n, letter in enumerate(text)]
