"""Comparing antiderivatives and general solutions: equal up to their arbitrary constants."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.mathematics.exact.derivatives import ONE, ZERO, derivative, minus, over, times, total
from verifier.mathematics.kinds.constants import (
    are_arbitrary,
    constants_beside,
    fixed,
    is_constant_like,
    paired_constants,
    usual_constants,
    variables_of,
)
from verifier.mathematics.kinds.equations import as_equation
from verifier.mathematics.kinds.names import function_of
from verifier.mathematics.limits import MAX_CONSTANTS, MAX_VARIED
from verifier.mathematics.substitution import rename, substitute
from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Equation,
    Node,
    Number,
    Symbol,
    TooComplexError,
)
from verifier.mathematics.traversal import free_symbols, is_expression, map_children, size
from verifier.mathematics.verdicts import OTHER_STRUCTURE, UNDECIDED, Comparison, Match
from verifier.types import ConstantPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.mathematics.kinds.judge import Judge


_SMALL: Final = frozenset("ck")
"""Constants that may be left out in no antiderivative: rather a parameter of the question."""


class Family(NamedTuple):
    """A function with arbitrary constants.

    Attributes:
        name: what stands for the function, y or f(x); None for a bare one.
        body: the function; None for an equation that is not solved for one.
        difference: of the sides of the equation y = C e^x; None for a bare function.
        constants: names of the constants.
    """

    name: Node | None
    body: Node | None
    difference: Node | None
    constants: frozenset[str]


def compare_antiderivatives(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where the reference answer has arbitrary constants; None where it has none.

    The policy says whether x^2 will do for x^2 + C. It never does for y = x^2 + C, the solutions of
    a differential equation.
    """
    theirs = _family(reference, None)
    if theirs is None and isinstance(reference, Equation) and usual_constants(reference):
        return judge.compare(fixed(candidate), fixed(reference))  # k is a quantity like any other
    known = free_symbols(reference) - (frozenset() if theirs is None else theirs.constants)
    ours = _family(candidate, known)
    if ours is None or theirs is None:
        return None
    if ours.body is None or theirs.body is None or not _named_alike(ours.name, theirs.name):
        return _compare_curves(ours, theirs, judge)
    variables = variables_of(theirs.body, theirs.constants)
    if _is_added(theirs, variables) and (not ours.constants or _is_added(ours, variables)):
        demanded = judge.policy.integration_constant is ConstantPolicy.REQUIRE
        is_needed = demanded or theirs.difference is not None
        if not ours.constants and (is_needed or theirs.constants <= _SMALL):
            return OTHER_STRUCTURE
        variables |= free_symbols(ours.body) - ours.constants - free_symbols(theirs.body)
        return _compare_slopes(ours.body, theirs.body, variables, judge)
    return _compare_families(ours, theirs, judge)


def _family(node: Node, known: frozenset[str] | None) -> Family | None:
    """Reads an answer with its constants.

    Args:
        node: the answer.
        known: the letters of the reference answer without its constants; None for that itself,
            which must have some.
    """
    name, body, difference = _parts(node)
    whole = body if body is not None else difference
    if whole is None or not _is_readable(whole):
        return None
    if known is not None:
        return Family(name, body, difference, constants_beside(whole, known))
    constants = usual_constants(whole) or paired_constants(whole)
    if not are_arbitrary(constants, whole, name, is_equation=difference is not None):
        return None
    return Family(name, body, difference, constants)


def _named_alike(ours: Node | None, theirs: Node | None) -> bool:
    """Tells whether two functions have the same name; a graph y = … is a function of any name."""
    if ours is None or theirs is None or ours == theirs:
        return True
    called, other = function_of(ours), function_of(theirs)
    names = {
        function[0] if function is not None else name.name if isinstance(name, Symbol) else ""
        for name, function in ((ours, called), (theirs, other))
    }
    return (len(names) == 1 and "" not in names) or ("y" in names and (called or other) is not None)


def _parts(node: Node) -> tuple[Node | None, Node | None, Node | None]:
    """Reads name, function and the difference of both sides of ``y = …``.

    ``F(x) = …`` and an evaluated integral are as good as a bare function.
    """
    equation = as_equation(node)
    if equation is None:
        return None, node, None
    left, right = equation.left, equation.right
    if isinstance(left, BigOperator) or (isinstance(left, Apply) and left.head == "call F"):
        return None, right, None
    difference = minus(left, right) if is_expression(left) and is_expression(right) else None
    named = isinstance(left, Symbol) and left.name not in free_symbols(right)
    if (named and not is_constant_like(left)) or function_of(left) is not None:
        return left, right, difference
    return None, None, difference


def _is_readable(node: Node) -> bool:
    """Tells whether a tree is an expression, with integrals at most."""
    if isinstance(node, BigOperator):
        return node.head == "int" and node.lower is None
    if isinstance(node, Apply):
        return all(map(_is_readable, node.args))
    return is_expression(node)


def _is_added(family: Family, variables: frozenset[str]) -> bool:
    """Tells whether the one constant is only added: its factor holds no variable and not itself."""
    if len(family.constants) != 1 or family.body is None:
        return False
    (name,) = family.constants
    try:
        factor = derivative(family.body, name)
    except TooComplexError:
        return False
    return not free_symbols(factor) & (variables | family.constants)


def _compare_slopes(
    ours: Node, theirs: Node, variables: frozenset[str], judge: Judge
) -> Comparison:
    """Compares the derivatives by all variables; equal ones leave a constant difference."""
    outcome = UNDECIDED
    for name in sorted(variables):
        try:
            slopes = derivative(_real(ours), name), derivative(_real(theirs), name)
        except TooComplexError:
            return UNDECIDED
        outcome = _compare_fixed(*slopes, judge)
        if outcome.match is not Match.EQUAL:
            return outcome
    return outcome


def _compare_fixed(ours: Node, theirs: Node, judge: Judge) -> Comparison:
    """Compares functions whose letters now stand for themselves, the constants, too."""
    return judge.compare(fixed(ours), fixed(theirs))


def _real(node: Node) -> Node:
    """Drops absolute values from logarithms: ln|x| and ln x have one derivative."""
    inner = map_children(node, _real)
    if isinstance(inner, Apply) and inner.head in {"ln", "log", "log10"}:
        argument = inner.args[0]
        if isinstance(argument, Apply) and argument.head == "abs":
            return Apply(inner.head, (argument.args[0], *inner.args[1:]))
    return inner


def _compare_curves(ours: Family, theirs: Family, judge: Judge) -> Comparison | None:
    """Compares families of curves in two variables, one constant each, where one is implicit.

    Solved for its constant, each is the level curves of a function; they are the same curves if
    the gradients of the two functions are parallel everywhere.
    """
    left, right = _level(ours), _level(theirs)
    if left is None or right is None:
        return None
    names = sorted(free_symbols(left))
    if free_symbols(right) != free_symbols(left) or len(names) != 2:
        return None
    try:
        (a, b), (c, d) = (
            [derivative(_real(side), name) for name in names] for side in (left, right)
        )
    except TooComplexError:
        return UNDECIDED
    return _compare_fixed(times(a, d), times(b, c), judge)


def _level(family: Family) -> Node | None:
    """Solves a family for its one constant; None where that is not linear in it."""
    if family.difference is None or len(family.constants) != 1:
        return None
    (name,) = family.constants
    try:
        factor = derivative(family.difference, name)
    except TooComplexError:
        return None
    if name in free_symbols(factor):
        return None
    return over(substitute(family.difference, {name: ZERO}), factor)


def _compare_families(ours: Family, theirs: Family, judge: Judge) -> Comparison | None:
    """Compares functions whose constants are not just added."""
    if len(ours.constants) != len(theirs.constants):
        return OTHER_STRUCTURE if ours.constants else None
    if ours.body is None or theirs.body is None or len(ours.constants) > MAX_CONSTANTS:
        return UNDECIDED
    changed = list(_renamings(ours.body, ours.constants, theirs.constants))
    is_large = size(ours.body) + size(theirs.body) > MAX_VARIED
    is_general = all("_" in name for name in theirs.constants) or None not in {
        ours.difference,
        theirs.difference,
    }
    if is_large:
        del changed[1:]
    elif is_general:
        changed += _reparametrised(ours.body, ours.constants, theirs.constants)
    for body in changed:
        outcome = _compare_fixed(body, theirs.body, judge)
        if outcome.match is Match.EQUAL:
            return outcome
    if not is_general or is_large:
        return UNDECIDED if is_large else None
    try:
        parts = (
            _linear_parts(ours.body, ours.constants),
            _linear_parts(theirs.body, theirs.constants),
        )
        variables = variables_of(theirs.body, theirs.constants)
        return _compare_spans(*parts, variables, judge)
    except TooComplexError:
        return UNDECIDED


def _renamings(body: Node, constants: frozenset[str], names: frozenset[str]) -> Iterator[Node]:
    """Gives constants other names, in every order."""
    old = sorted(constants)
    for order in permutations(sorted(names)):
        yield rename(body, dict(zip(old, order, strict=True)))


def _reparametrised(body: Node, constants: frozenset[str], names: frozenset[str]) -> Iterator[Node]:
    """Writes a single constant otherwise: e^{x+C} is C e^x, for ln C is as arbitrary as C."""
    if len(constants) != 1:
        return
    (old,), (new,) = constants, names
    name = Symbol(new)
    for value in (
        Apply("ln", (name,)),
        Apply("exp", (name,)),
        Apply("/", (ONE, name)),
        Apply("root", (name, Number(2))),
        Apply("^", (name, Number(2))),
    ):
        yield substitute(body, {old: value})


class _Span(NamedTuple):
    """A family that is linear in its constants: f_0 + c_1 f_1 + c_2 f_2."""

    functions: list[Node]
    rest: Node


def _compare_spans(
    ours: _Span, theirs: _Span, variables: frozenset[str], judge: Judge
) -> Comparison:
    """Compares two linear families of functions of one variable.

    They are the same if the functions of one depend linearly on those of the other, which the
    Wronskian tells.
    """
    if len(variables) != 1 or len(ours.functions) > 2:
        return UNDECIDED
    (name,) = variables
    both = (theirs, ours)
    outcomes = [_depends(function, theirs.functions, name, judge) for function in ours.functions]
    if _compare_fixed(ours.rest, theirs.rest, judge).match is not Match.EQUAL:
        gap = minus(ours.rest, theirs.rest)
        outcomes.append(_depends(gap, theirs.functions, name, judge))
    for outcome in outcomes:
        if outcome.match is not Match.EQUAL:
            return outcome
    if len(ours.functions) == 1:
        return outcomes[0]
    dependent = [_depends(side.functions[0], side.functions[1:], name, judge) for side in both]
    is_whole = all(outcome.match is Match.DIFFERENT for outcome in dependent)
    return outcomes[0] if is_whole else UNDECIDED


def _linear_parts(body: Node, constants: frozenset[str]) -> _Span:
    """Splits a family into the functions beside its constants and the rest.

    Raises:
        TooComplexError: it is not linear in the constants.
    """
    functions = [derivative(body, name) for name in sorted(constants)]
    if any(free_symbols(function) & constants for function in functions):
        raise TooComplexError("not linear in the constants")
    return _Span(functions, substitute(body, dict.fromkeys(constants, ZERO)))


def _depends(function: Node, basis: list[Node], name: str, judge: Judge) -> Comparison:
    """Tells whether a function is a combination of others: their Wronskian is zero."""
    columns = [[function], *([other] for other in basis)]
    for column in columns:
        for _ in basis:
            column.append(derivative(column[-1], name))
    size = len(columns)
    positive: list[Node] = []
    other: list[Node] = []
    for order in permutations(range(size)):
        inversions = sum(order[i] > order[j] for i in range(size) for j in range(i + 1, size))
        term = times(*(columns[n][place] for n, place in enumerate(order)))
        (other if inversions % 2 else positive).append(term)
    return _compare_fixed(total(*positive), total(*other), judge)
