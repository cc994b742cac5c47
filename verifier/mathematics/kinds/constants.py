"""Arbitrary constants: the C of an antiderivative, the c_1 and c_2 of a general solution."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.mathematics.substitution import rename
from verifier.mathematics.syntax import Apply, Symbol
from verifier.mathematics.traversal import contains, free_symbols

if TYPE_CHECKING:
    from verifier.mathematics.syntax import Node

VARIABLES: Final = frozenset(
    ("x", "y", "z", "t", "u", "v", "w", "s", "r", "n", "theta", "phi", "varphi", "tau", "p", "q")
)
"""Letters that integrals run over; any other letter beside them is a parameter."""

_USUAL: Final = frozenset(("C", "K", "c", "k", "const", "constant", "Const", "Constant"))
_INDEXED: Final = re.compile(r"(?:[CKcka]_[0-9]|[CKck][0-9'])")
_NAMED: Final = re.compile(r"[A-Z](?:_[0-9])?")
_SMALL: Final = frozenset("ck")
_PAIR: Final = frozenset("AB")
_NONE: Final[frozenset[str]] = frozenset()
_TRANSCENDENTAL: Final = frozenset(("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "ln"))
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


def paired_constants(node: Node) -> frozenset[str]:
    """Finds the A and B of a general solution ``A sin x + B cos x``."""
    return _PAIR if free_symbols(node) >= _PAIR and contains(node, _is_transcendental) else _NONE


def are_arbitrary(
    constants: frozenset[str], node: Node, name: Node | None, *, is_equation: bool
) -> bool:
    """Tells whether a reference's letters are arbitrary constants, and no quantities like others.

    They are where one is added to an antiderivative, and in the general solution of a differential
    equation: with an exponential or a sine, or y as the name. The k of ``E = k x^2/2`` is a
    quantity, and so are the c_1 of ``c_1 x`` and the capacity C of ``C V^2/2``.

    Args:
        constants: the letters.
        node: the function, or the difference of an equation's sides.
        name: what the function is called; None for a bare one.
        is_equation: whether the reference is an equation.
    """
    if not constants:
        return False
    plain_small = any(letter in _SMALL for letter in constants)
    named_y = (isinstance(name, Symbol) and name.name == "y") or isinstance(name, Apply)
    if len(constants) == 1 and _is_term(node, *constants):
        return not is_equation or not plain_small or (named_y and constants == {"c"})
    if plain_small:
        return False
    if contains(node, _is_transcendental):
        return True
    solves = named_y or (is_equation and name is None)
    return solves and all(letter[0] in "Cc" for letter in constants)


def _is_term(node: Node, letter: str) -> bool:
    """Tells whether a letter is a term of its own in a sum, and occurs nowhere else."""
    if not isinstance(node, Apply) or node.head != "+":
        return False
    terms = [
        arg.args[0] if isinstance(arg, Apply) and arg.head == "neg" else arg for arg in node.args
    ]
    alone = terms.count(Symbol(letter)) == 1
    others = (term for term in terms if term != Symbol(letter))
    return alone and not any(letter in free_symbols(other) for other in others)


def _is_transcendental(node: Node) -> bool:
    if not isinstance(node, Apply):
        return False
    if node.head == "^":
        return bool(free_symbols(node.args[1]))
    return node.head in _TRANSCENDENTAL


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
    looks = {name for name in names if name in _USUAL | _PAIR or _INDEXED.fullmatch(name)}
    return rename(node, {name: f"fixed {name}" for name in looks}) if looks else node


def variables_of(node: Node, constants: frozenset[str]) -> frozenset[str]:
    """Finds what an answer is a function of: its usual variables, or all its letters."""
    names = free_symbols(node) - constants
    return names & VARIABLES or names
