"""Comparing equations: assignments by their values, curves up to a constant factor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier.mathematics.kinds.constants import VARIABLES
from verifier.mathematics.kinds.curves import compare_curves
from verifier.mathematics.kinds.names import (
    function_of,
    is_label,
    is_name,
    joins_names,
    same_name,
)
from verifier.mathematics.substitution import rename
from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Equation,
    Node,
    Number,
    Quantity,
    Relation,
    Symbol,
)
from verifier.mathematics.traversal import free_symbols, is_expression
from verifier.mathematics.verdicts import OTHER_STRUCTURE, UNDECIDED, Comparison, Match

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge


def compare_equations(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where at least one side is an equation; None where none is.

    An assignment and its bare value count as the same answer; so do two assignments of equal values
    to the same name. Any other equation equals only an equation with the same solutions, up to a
    constant factor.
    """
    ours, theirs = as_equation(candidate), as_equation(reference)
    if ours is not None and theirs is not None:
        return _compare_both(ours, theirs, judge)
    if ours is not None:
        value = stated_value(ours, reference)
        if value is not None:
            return judge.compare(value, reference)
        return OTHER_STRUCTURE if _is_value(reference) else None
    if theirs is not None:
        value = stated_value(theirs, candidate)
        if value is not None:
            return judge.compare(candidate, value)
        return OTHER_STRUCTURE if _is_value(candidate) else None
    return None


def as_equation(node: Node) -> Equation | None:
    """Reads an equation, of a chain a = b = c its ends; a name on the right changes sides."""
    if isinstance(node, Relation) and set(node.signs) == {"="}:
        node = Equation(node.operands[0], node.operands[-1])
    if not isinstance(node, Equation):
        return None
    if not _is_asked(node.left) and _is_asked(node.right):
        return Equation(node.right, node.left)
    return node


def stated_value(equation: Equation, other: Node) -> Node | None:
    """Finds the value that an equation states, for comparing it with another answer.

    Args:
        equation: x = 5, f(x) = x + 1, m + n = 5, or a true 2 + 3 = 5.
        other: the answer without an equation.

    Returns:
        The right side; None where the equation gives no value to a name.
    """
    left, right = equation.left, equation.right
    if is_name(left):
        return _in_variable_of(other, left, right) if _is_free_of(left, right) else None
    if not free_symbols(right) and right != Number(0):
        if joins_names(left) and not free_symbols(other):
            return right
        if not free_symbols(left) and (is_expression(left) or isinstance(left, BigOperator)):
            return right  # false ones were refused as contradictions
    called = function_of(left)
    return right if called is not None and _is_free_of(left, right) else None


def _in_variable_of(other: Node, left: Node, right: Node) -> Node:
    """Renames the variable of f(t) = t^2 where the other answer is x^2 alone."""
    called = function_of(left)
    names = free_symbols(other)
    if called is None or len(called[1]) != 1 or isinstance(right, Symbol):
        return right
    if len(names) != 1 or not names <= VARIABLES or names & free_symbols(right):
        return right
    return rename(right, dict(zip(called[1], names, strict=True)))


def _is_asked(node: Node) -> bool:
    return is_name(node) or joins_names(node)


def _is_value(node: Node) -> bool:
    return is_expression(node) or isinstance(node, Quantity)


def _is_free_of(name: Node, value: Node) -> bool:
    """Tells whether a value does not hold the name it is given to: y = 4 - y gives y none."""
    return not isinstance(name, Symbol) or name.name not in free_symbols(value)


def _compare_both(ours: Equation, theirs: Equation, judge: Judge) -> Comparison:
    ours = _with_variables_of(theirs, ours)
    explicit = _is_free_of(ours.left, ours.right) and _is_free_of(theirs.left, theirs.right)
    if explicit and _named_alike(ours, theirs):
        return judge.compare(ours.right, theirs.right)
    names = function_of(ours.left), function_of(theirs.left)
    others = names[0] is not None and names[1] is not None and names[0][0] != names[1][0]
    if others or (_is_call(ours.left) and _is_call(theirs.left) and ours.left != theirs.left):
        return OTHER_STRUCTURE  # f(2) and f(3), or f(x) and g(x)
    sides = (ours.left, ours.right, theirs.left, theirs.right)
    if all(map(is_expression, sides)):
        if not any(map(free_symbols, sides)):
            return _compare_statements(ours, theirs, judge)
        return compare_curves(ours, theirs, judge)
    if explicit and is_name(ours.left) and is_name(theirs.left):
        return OTHER_STRUCTURE  # equal or not, the values belong to different names
    left = judge.compare(ours.left, theirs.left)
    right = judge.compare(ours.right, theirs.right)
    equal = left.match is Match.EQUAL and right.match is Match.EQUAL
    return right if equal else UNDECIDED


def _is_call(node: Node) -> bool:
    return isinstance(node, Apply) and node.head.startswith("call ")


def _compare_statements(ours: Equation, theirs: Equation, judge: Judge) -> Comparison:
    """Compares 2 + 3 = 5 with 1 + 4 = 5: what is true states its right side."""
    true = [judge.compare(one.left, one.right).match is Match.EQUAL for one in (ours, theirs)]
    if all(true):
        return judge.compare(ours.right, theirs.right)
    return OTHER_STRUCTURE if any(true) else UNDECIDED


def _with_variables_of(theirs: Equation, ours: Equation) -> Equation:
    """Renames the variables of f(t) = … to those of f(x) = …."""
    called, calling = function_of(ours.left), function_of(theirs.left)
    if called is None or calling is None or called[0] != calling[0]:
        return ours
    if len(called[1]) != len(calling[1]) or called[1] == calling[1]:
        return ours
    taken = set(calling[1]) - set(called[1])
    if taken & free_symbols(ours.right):
        return ours
    names = dict(zip(called[1], calling[1], strict=True))
    return Equation(theirs.left, rename(ours.right, names))


def _named_alike(ours: Equation, theirs: Equation) -> bool:
    """Tells whether both equations give a value to the same."""
    left, right = ours.left, theirs.left
    if not is_name(left) and function_of(left) is None:
        return joins_names(left) and left == right
    if same_name(left, right):
        return True
    if not (is_name(right) or function_of(right) is not None):
        return False
    if is_label(left) or is_label(right):
        return True
    return _is_graph(left, right) or _is_graph(right, left)


def _is_graph(symbol: Node, call: Node) -> bool:
    """Tells whether y = … and f(x) = … (or f = … and f(x) = …) describe the same function."""
    called = function_of(call)
    if called is None or not isinstance(symbol, Symbol) or symbol.name in called[1]:
        return False
    return symbol.name in {"y", called[0]}
