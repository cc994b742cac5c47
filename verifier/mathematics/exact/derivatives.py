"""Derivatives by the rules of calculus, on trees; nothing is simplified beyond zeros and ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.limits import MAX_DERIVED
from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Node,
    Number,
    Rational,
    Symbol,
    TooComplexError,
)
from verifier.mathematics.traversal import free_symbols, size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ZERO: Final = Number(0)
ONE: Final = Number(1)


def derivative(node: Node, name: str) -> Node:
    """Derives an expression by a variable.

    Raises:
        TooComplexError: it holds what has no rule here, or the derivative has more than
            `MAX_DERIVED` nodes.
    """
    result = _derived(node, name)
    if size(result) > MAX_DERIVED:
        raise TooComplexError("too large a derivative")
    return result


def total(*terms: Node) -> Node:
    """Adds; zeros are left out."""
    kept = tuple(term for term in terms if not _is(term, 0))
    return kept[0] if len(kept) == 1 else Apply("+", kept) if kept else ZERO


def times(*factors: Node) -> Node:
    """Multiplies; ones are left out, and a zero makes zero."""
    if any(_is(factor, 0) for factor in factors):
        return ZERO
    kept = tuple(factor for factor in factors if not _is(factor, 1))
    return kept[0] if len(kept) == 1 else Apply("*", kept) if kept else ONE


def negative(node: Node) -> Node:
    """Negates; zero stays zero."""
    if isinstance(node, Number):
        return Number(-node.value, node.places, node.digits)
    return Apply("neg", (node,))


def minus(left: Node, right: Node) -> Node:
    """Subtracts."""
    return total(left, negative(right))


def over(above: Node, below: Node) -> Node:
    """Divides; zero over anything is zero."""
    if _is(above, 0) or _is(below, 1):
        return above
    return Apply("/", (above, below))


def power(base: Node, exponent: Rational) -> Node:
    """Raises to a number."""
    return base if exponent == 1 else Apply("^", (base, Number(exponent)))


def _is(node: Node, value: int) -> bool:
    return isinstance(node, Number) and node.value == value


def _derived(node: Node, name: str) -> Node:
    if name not in free_symbols(node) or isinstance(node, Symbol):
        return ONE if node == Symbol(name) else ZERO
    if isinstance(node, BigOperator):
        if node.head == "int" and node.lower is None and node.variable == name:
            return node.body
        raise TooComplexError("no rule for what is left unevaluated")
    if not isinstance(node, Apply):
        raise TooComplexError("no single value")
    if node.head == "+":
        return total(*(_derived(term, name) for term in node.args))
    if node.head == "*":
        return _of_product(node.args, name)
    special = _of_unknown if node.head.startswith("call ") else _SPECIAL.get(node.head)
    if special is not None:
        return special(node, name)
    rule = _RULES.get(node.head)
    if rule is None or len(node.args) != 1:
        raise TooComplexError(f"no rule for {node.head[:20]}")
    (inner,) = node.args
    return times(_derived(inner, name), rule(inner))


def _of_product(factors: tuple[Node, ...], name: str) -> Node:
    changing = [place for place, factor in enumerate(factors) if name in free_symbols(factor)]
    if len(changing) * len(factors) > MAX_DERIVED:
        raise TooComplexError("too large a derivative")
    return total(
        *(
            times(*factors[:place], _derived(factors[place], name), *factors[place + 1 :])
            for place in changing
        )
    )


def _of_quotient(node: Apply, name: str) -> Node:
    above, below = node.args
    if name not in free_symbols(below):
        return over(_derived(above, name), below)
    change = minus(times(_derived(above, name), below), times(above, _derived(below, name)))
    return over(change, power(below, 2))


def _of_power(node: Apply, name: str) -> Node:
    base, exponent = node.args
    if name not in free_symbols(exponent):
        lowered: Node = total(exponent, Number(-1))
        if isinstance(exponent, Number):
            lowered = Number(exponent.value - 1)
        raised = base if _is(lowered, 1) else Apply("^", (base, lowered))
        return times(exponent, raised, _derived(base, name))
    grown = times(_derived(exponent, name), _logarithm(base))
    if name in free_symbols(base):
        grown = total(grown, over(times(exponent, _derived(base, name)), base))
    return times(node, grown)


def _of_root(node: Apply, name: str) -> Node:
    base, degree = node.args
    if name in free_symbols(degree):
        raise TooComplexError("a root of a varying degree")
    return over(times(node, _derived(base, name)), times(degree, base))


def _of_logarithm(node: Apply, name: str) -> Node:
    """Derives ln, log with a base, and log alone, whose base is nobody's to say but does not vary.

    A bare ``log`` is scaled by itself at e, which cancels wherever two of the kind are compared.
    """
    inner, *base = node.args
    if base and name in free_symbols(base[0]):
        quotient = Apply("/", (_logarithm(inner), _logarithm(base[0])))
        return _of_quotient(quotient, name)
    change = over(_derived(inner, name), inner)
    if base:
        return over(change, _logarithm(base[0]))
    if node.head == "ln":
        return change
    scale = Number(10) if node.head == "log10" else None
    return over(change, _logarithm(scale)) if scale else times(change, _E_LOG)


def _of_unknown(node: Apply, name: str) -> Node:
    """Derives f(u) to f'(u) u'."""
    if len(node.args) != 1:
        raise TooComplexError("a function of several variables")
    return times(Apply(node.head + "'", node.args), _derived(node.args[0], name))


def _logarithm(node: Node) -> Node:
    return ONE if node == Symbol("e") else Apply("ln", (node,))


def _function(head: str, node: Node) -> Node:
    return Apply(head, (node,))


_E_LOG: Final = Apply("log", (Symbol("e"),))


def _one_plus(node: Node, sign: int = 1) -> Node:
    square = power(node, 2)
    return total(ONE, square if sign > 0 else negative(square))


def _root_of(node: Node) -> Node:
    return Apply("root", (node, Number(2)))


_SPECIAL: Final[Mapping[str, Callable[[Apply, str], Node]]] = {
    "/": _of_quotient,
    "^": _of_power,
    "root": _of_root,
    "ln": _of_logarithm,
    "log": _of_logarithm,
    "log10": _of_logarithm,
    "neg": lambda node, name: negative(_derived(node.args[0], name)),
}
_RULES: Final[Mapping[str, Callable[[Node], Node]]] = {
    "exp": lambda u: _function("exp", u),
    "abs": lambda u: over(u, _function("abs", u)),
    "sin": lambda u: _function("cos", u),
    "cos": lambda u: negative(_function("sin", u)),
    "tan": lambda u: over(ONE, power(_function("cos", u), 2)),
    "cot": lambda u: negative(over(ONE, power(_function("sin", u), 2))),
    "sec": lambda u: over(_function("sin", u), power(_function("cos", u), 2)),
    "csc": lambda u: negative(over(_function("cos", u), power(_function("sin", u), 2))),
    "sinh": lambda u: _function("cosh", u),
    "cosh": lambda u: _function("sinh", u),
    "tanh": lambda u: over(ONE, power(_function("cosh", u), 2)),
    "coth": lambda u: negative(over(ONE, power(_function("sinh", u), 2))),
    "arcsin": lambda u: over(ONE, _root_of(_one_plus(u, -1))),
    "arccos": lambda u: negative(over(ONE, _root_of(_one_plus(u, -1)))),
    "arctan": lambda u: over(ONE, _one_plus(u)),
    "arccot": lambda u: negative(over(ONE, _one_plus(u))),
    "arsinh": lambda u: over(ONE, _root_of(_one_plus(u))),
    "arcosh": lambda u: over(ONE, _root_of(total(power(u, 2), Number(-1)))),
    "artanh": lambda u: over(ONE, _one_plus(u, -1)),
    "arcoth": lambda u: over(ONE, _one_plus(u, -1)),
}
