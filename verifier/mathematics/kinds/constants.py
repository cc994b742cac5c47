"""Arbitrary constants: the C of an antiderivative, the c_1 and c_2 of a general solution."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.mathematics.substitution import rename
from verifier.mathematics.syntax import Symbol
from verifier.mathematics.traversal import free_symbols

if TYPE_CHECKING:
    from verifier.mathematics.syntax import Node

VARIABLES: Final = frozenset(
    ("x", "y", "z", "t", "u", "v", "w", "s", "r", "n", "theta", "phi", "varphi", "tau", "p", "q")
)
"""Letters that integrals run over; any other letter beside them is a parameter."""

_USUAL: Final = frozenset(("C", "K", "c", "k", "const", "constant", "Const", "Constant"))
_INDEXED: Final = re.compile(r"(?:[CKcka]_[0-9]|[CKck][0-9'])")
_NAMED: Final = re.compile(r"[A-Z](?:_[0-9])?")
_CAPITAL: Final = frozenset("CK")


def usual_constants(node: Node) -> frozenset[str]:
    """Finds the letters that are arbitrary constants by custom, beside what else there is.

    ``C`` counts beside variables and no other capital; ``c`` and ``k`` beside variables alone, for
    with an a or b they are parameters like those.
    """
    names = free_symbols(node)
    indexed = frozenset(name for name in names if _INDEXED.fullmatch(name))
    if indexed:
        return indexed
    usual = names & _USUAL
    usual = usual & _CAPITAL or usual
    rest = names - usual
    if len(usual) != 1 or not rest & VARIABLES:
        return frozenset()
    (name,) = usual
    if name.islower() and name not in {"const", "constant"}:
        return usual if rest <= VARIABLES else frozenset()
    return frozenset() if any(_NAMED.fullmatch(other) for other in rest) else usual


def constants_beside(node: Node, known: frozenset[str]) -> frozenset[str]:
    """Finds the letters of an answer that can only be arbitrary constants.

    Args:
        node: the answer.
        known: the letters of the other answer without its constants.

    Returns:
        Those by custom, and any capital that the other answer does not know.
    """
    names = free_symbols(node) - known
    return frozenset(
        name
        for name in names
        if name in _USUAL or _INDEXED.fullmatch(name) or _NAMED.fullmatch(name)
    )


def is_constant_like(node: Node) -> bool:
    """Tells whether a node is a letter that is an arbitrary constant by custom."""
    if not isinstance(node, Symbol):
        return False
    return node.name in _USUAL or _INDEXED.fullmatch(node.name) is not None


def fixed(node: Node) -> Node:
    """Renames what looks like an arbitrary constant, so that it is one letter among others."""
    names = free_symbols(node)
    looks = {name for name in names if name in _USUAL or _INDEXED.fullmatch(name)}
    return rename(node, {name: f"fixed {name}" for name in looks}) if looks else node


def variables_of(node: Node, constants: frozenset[str]) -> frozenset[str]:
    """Finds what an answer is a function of: its usual variables, or all its letters."""
    names = free_symbols(node) - constants
    return names & VARIABLES or names
