"""Names that an equation may give a value to: ``x``, ``f(x)``, ``AB``, ``P(X = 1)``."""

from __future__ import annotations

from typing import Final

from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Node,
    Number,
    Ratio,
    Relation,
    Sequence,
    Symbol,
    Words,
)
from verifier.mathematics.traversal import CONSTANTS, free_symbols

_NAMING: Final = frozenset(("abs", "degree", "norm", "prime", "derivative", "det", "trace"))
_ASKED: Final = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "ln",
        "log",
        "log10",
        "exp",
        "max",
        "min",
        "gcd",
        "lcm",
        "floor",
        "ceil",
        "re",
        "im",
        "arg",
        "conj",
        "call",
        "factorial",
        "binom",
    ]
)
_STATED: Final = frozenset(
    map(Symbol, ("P", "p", "E", "Pr", "Var", "n", "N"))
)  # of events and sets: P(X = 1), n(A)


def is_variable(node: Node) -> bool:
    """Tells whether a node is a symbol that can take a value."""
    return isinstance(node, Symbol) and node.name not in CONSTANTS


def is_name(node: Node) -> bool:
    r"""Tells whether an equation's left side names what the right side is worth.

    A symbol, a function's value f(x), a function of one symbol (\sin\theta), a derivative, a
    segment AB, its length |AB|, a ratio AB/CD or A:B, words, or a tuple (x, y) of such.
    """
    match node:
        case Symbol():
            return node.name not in CONSTANTS
        case Words():
            return True
        case Sequence():
            return bool(node.items) and all(map(is_name, node.items))
        case Ratio():
            return all(map(is_name, node.items))
        case Apply():
            return _names_value(node)
        case _:
            return False


def is_label(node: Node) -> bool:
    """Tells whether a name describes instead of denoting: ``total cost``, ``Area``."""
    if isinstance(node, Words):
        return True
    return isinstance(node, Symbol) and (" " in node.name or _is_word(node.name))


def joins_names(node: Node) -> bool:
    """Tells whether names alone are added or multiplied: the m + n that a question asks for.

    With a coefficient or a constant it is rather an equation that the names satisfy: 2x + z = 1.
    """
    if not isinstance(node, Apply) or node.head not in {"+", "*"}:
        return False
    terms = [
        arg.args[0] if isinstance(arg, Apply) and arg.head == "neg" else arg for arg in node.args
    ]
    return all(is_variable(term) for term in terms)


def same_name(left: Node, right: Node) -> bool:
    """Tells whether two names denote the same: alike, or the segments AB and BA."""
    if left == right:
        return True
    ours, theirs = _segment(left), _segment(right)
    if ours is not None or theirs is not None:
        return ours == theirs
    if isinstance(left, Ratio) or isinstance(right, Ratio):
        return _quotient(left) == _quotient(right)
    return False


def function_of(node: Node) -> tuple[str, tuple[str, ...]] | None:
    """Reads f(x, y) as the function's name and its variables; None if it is anything else.

    A product of a letter for functions and a variable, W(n), is read so, too: no grammar can tell.
    """
    if not isinstance(node, Apply):
        return None
    if node.head.startswith("call "):
        names = [arg.name for arg in node.args if isinstance(arg, Symbol) and is_variable(arg)]
        return (node.head[5:], tuple(names)) if len(names) == len(node.args) else None
    if node.head == "*" and len(node.args) == 2:
        function, argument = node.args
        inverse = isinstance(function, Apply) and function.head == "^"
        if isinstance(function, Apply) and inverse and function.args[1] == Number(-1):
            function = function.args[0]
        if not isinstance(function, Symbol) or not isinstance(argument, Symbol):
            return None
        is_function = function.name[0] in "fgh" or function.name[0].isupper()
        if is_function and not argument.name[0].isupper() and is_variable(argument):
            return function.name + ("^-1" if inverse else ""), (argument.name,)
    return None


def _names_value(node: Apply) -> bool:
    head, args = node.head, node.args
    if head.startswith("call ") or head in _NAMING:
        return True
    if head in _ASKED and all(is_variable(arg) for arg in args):
        return True
    if head in {"*", "/"} and all(map(_is_capital, args)):
        return True
    if head == "/" and (_is_derivative(args) or all(map(is_variable, args))):
        return True
    if head == "*":
        called = function_of(node)
        statement = isinstance(args[-1], Equation | Relation) and isinstance(args[0], Symbol)
        return (statement and args[0] in _STATED) or (
            called is not None and called[0].endswith("^-1")
        )
    return False


def _is_derivative(args: tuple[Node, ...]) -> bool:
    """Tells whether a fraction is dy/dx."""
    return all(
        isinstance(arg, Apply) and arg.head == "*" and arg.args[0] == Symbol("d") for arg in args
    )


def _is_capital(node: Node) -> bool:
    if isinstance(node, Apply) and node.head == "*":
        return all(map(_is_capital, node.args))
    return isinstance(node, Symbol) and node.name[:1].isupper() and node.name not in CONSTANTS


def _is_word(name: str) -> bool:
    """Tells whether a name is spelled out; Greek letters come as words, but are short or known."""
    return len(name) > 3 and name.isalpha() and name.isascii() and name.lower() not in _GREEK


_GREEK: Final = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "sigma",
        "upsilon",
        "omega",
        "varepsilon",
        "vartheta",
        "varphi",
        "varrho",
        "varsigma",
        "varpi",
        "omicron",
    ]
)


def _segment(node: Node) -> frozenset[str] | None:
    """Reads AB, |AB| or an overlined AB as its two ends."""
    if isinstance(node, Apply) and node.head in {"abs", "norm"}:
        node = node.args[0]
    if isinstance(node, Apply) and node.head == "*" and len(node.args) == 2 and _is_capital(node):
        return free_symbols(node)
    return None


def _quotient(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Ratio):
        return node.items
    return node.args if isinstance(node, Apply) and node.head == "/" else (node,)
