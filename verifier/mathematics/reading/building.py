"""Small constructors of tree nodes that bring equal notations to one shape."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from verifier.mathematics.lexing.numerals import scaled
from verifier.mathematics.limits import MAX_LINKS, MAX_PLACES
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Logic,
    Node,
    Number,
    Relation,
    Symbol,
    UnreadableError,
)

_MAX_ORDER: Final = 4  # of a derivative written with primes
_MIN_PERIODS: Final = 2  # 0.1212… repeats; a single digit must stand three times


def negated(node: Node) -> Node:
    """Builds minus a node; a negative number is a number."""
    if isinstance(node, Number) and node.value:
        return Number(-node.value, node.places, node.digits)
    return Apply("neg", (node,))


def multiplied(factors: list[Node]) -> Node:
    """Builds a product; 1.5 times a power of ten is a number as written."""
    if len(factors) == 1:
        return factors[0]
    if len(factors) == 2:
        number = _in_scientific_notation(*factors)
        if number is not None:
            return number
    return Apply("*", tuple(factors))


def joined(connective: str, *parts: Node) -> Node:
    """Joins statements; a chain of one associative connective is one flat node."""
    first = parts[0]
    if connective in {"and", "or"} and isinstance(first, Logic) and first.head == connective:
        return Logic(connective, (*first.args, *parts[1:]))
    return Logic(connective, parts)


def related(operands: list[Node], signs: list[str]) -> Node:
    """Builds a relation, or an equation where that is all there is.

    Raises:
        UnreadableError: a chain that no answer has.
    """
    if len(signs) > MAX_LINKS:
        raise UnreadableError("too long a chain of relations")
    if signs == ["="] or (signs == ["equiv"] and _is_function(operands[0])):
        return Equation(*operands)
    if signs == ["supset"]:
        return Relation((operands[1], operands[0]), ("subset",))
    return Relation(tuple(operands), tuple(signs))


def derivative(over: Node, under: Node) -> Symbol | Apply | None:
    r"""Reads ``\frac{dy}{dx}`` as y', and likewise others; None if it is no derivative.

    Of a letter it is another letter, of anything else an operation: ``\frac{d x^3}{dx}``.
    """
    match over, under:
        case (
            Apply("*", (Symbol(sign), Symbol(function))),
            Apply("*", (Symbol(other), Symbol(variable))),
        ) if sign == other:
            order = 1
        case (
            Apply("*", (Apply("^", (Symbol(sign), Number(int(order)))), Symbol(function))),
            Apply("*", (Symbol(other), Apply("^", (Symbol(variable), Number(int(repeated)))))),
        ) if sign == other and order == repeated:
            pass
        case Apply("*", (Symbol("d" as sign), *rest)), Apply("*", (Symbol("d"), Symbol(variable))):
            return Apply("derivative", (multiplied(rest), Symbol(variable), Number(1)))
        case _:
            return None
    if not 1 <= order <= _MAX_ORDER or sign not in {"d", "partial"}:
        return None
    if sign == "partial":
        return Symbol(f"{function}_" + variable * order)
    return Symbol(function + ("'" if variable == "x" else f"'{variable}") * order)


def differential(over: Node, under: Node) -> tuple[str, int] | None:
    r"""Reads the sign of a derivative, ``\frac{d}{dx}`` or ``\frac{d^2}{dx^2}``, by itself.

    Returns:
        The variable and the order, 1 to 4; None for any other quotient.
    """
    match over, under:
        case Symbol(sign), Apply("*", (Symbol(other), Symbol(name))) if sign == other:
            order = 1
        case (
            Apply("^", (Symbol(sign), Number(int(order)))),
            Apply("*", (Symbol(other), Apply("^", (Symbol(name), Number(int(repeated)))))),
        ) if sign == other and order == repeated:
            pass
        case _:
            return None
    return (name, order) if sign in {"d", "partial"} and 1 <= order <= _MAX_ORDER else None


def _is_function(node: Node) -> bool:
    r"""Tells whether ``f \equiv 0`` or ``f(x) \equiv 0`` speaks of a function, not of residues."""
    if isinstance(node, Apply):
        return node.head.startswith("call ")
    return isinstance(node, Symbol) and node.name in {"f", "g", "h", "F", "G"}


def as_repeating(node: Node, written: str) -> Node:
    r"""Reads ``0.333\ldots`` as a third: the digits before the dots repeat.

    Raises:
        UnreadableError: they do not.
    """
    _, point, places = written.partition(".")
    if isinstance(node, Number) and point and places.isdigit():
        for length in range(1, len(places) // _MIN_PERIODS + 1):
            times = max(_MIN_PERIODS, 3 if length == 1 else 2)
            period = places[-length:]
            if places.endswith(period * times):
                rest = Fraction(int(period), 10**length - 1) / 10 ** len(places)
                return Number(Fraction(node.value) + rest)
    raise UnreadableError("digits that go on in an unknown way")


def _in_scientific_notation(mantissa: Node, power: Node) -> Number | None:
    if not isinstance(mantissa, Number) or not isinstance(power, Apply) or power.head != "^":
        return None
    base, exponent = power.args
    if base != Number(10) or not isinstance(exponent, Number):
        return None
    if not isinstance(exponent.value, int) or abs(exponent.value) > MAX_PLACES:
        return None
    if mantissa.places is None:
        return Number(Fraction(10) ** exponent.value * mantissa.value)
    return scaled(mantissa.value, exponent.value, mantissa.places, mantissa.digits)
