"""Cutting a row of tokens at separators, but never inside brackets or environments."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from verifier.mathematics.lexing.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_OPENING: Final = frozenset(("(", "[", "{", "\\{", "begin"))
_CLOSING: Final = frozenset((")", "]", "}", "\\}", "end"))
_BEFORE_OPERAND: Final = frozenset(("cup", "cap", "setminus", "in", "=", ",", "and", "or", "("))
_SEPARATING: Final = frozenset((",", ";"))


def split(tokens: list[Token], kinds: AbstractSet[str]) -> tuple[list[list[Token]], list[Token]]:
    """Splits at tokens of the given kinds that stand outside all brackets.

    Returns:
        The parts, and the separators between them. "a, and b" has one separator, the word.
    """
    parts: list[list[Token]] = [[]]
    separators: list[Token] = []
    depth = 0
    for token in tokens:
        kind = token.kind
        if kind in _OPENING:
            depth += 1
        elif kind in _CLOSING:
            depth -= 1
        elif kind in kinds and depth == 0:
            if kind == "," and token.text.isalpha() and separators and not parts[-1]:
                separators[-1] = token
                continue
            parts.append([])
            separators.append(token)
            continue
        parts[-1].append(token)
    return parts, separators


def encloses(tokens: list[Token]) -> bool:
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


def turn_outward_brackets(tokens: list[Token]) -> list[Token]:
    """Spells ``]0, 1[`` as ``(0, 1)``: an open end may be written by turning the bracket out.

    Only where a closing bracket stands in front of a value is it certain; then the opening one
    behind a value is turned too.
    """
    kinds = [token.kind for token in tokens]
    if "]" not in kinds or not _has_outward(kinds):
        return tokens
    result = list(tokens)
    inside = False
    for place, token in enumerate(tokens):
        starts = place == 0 or kinds[place - 1] in _BEFORE_OPERAND
        if token.kind == "]" and starts and not inside:
            result[place] = Token("(", "(")
            inside = True
        elif token.kind == "[" and starts:
            inside = True
        elif token.kind == "[" and inside:
            result[place] = Token(")", ")")
            inside = False
        elif token.kind in {"]", ")"}:
            inside = False
    return result


def _has_outward(kinds: list[str]) -> bool:
    if kinds[0] == "]" or kinds[-1] == "[":
        return True
    return any(
        kind == "]" and before in _BEFORE_OPERAND - _SEPARATING for before, kind in pairwise(kinds)
    )
