r"""Solving relations in one unknown: linear, polynomial, rational, with absolute values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.kinds.polynomials import (
    difference,
    read_ratio,
    roots_of,
    sign_at_infinity,
)
from verifier.mathematics.kinds.real_sets import (
    EVERYTHING,
    NOTHING,
    Ordering,
    RealSet,
    above,
    along,
    below,
    complement,
    endpoint,
    intersect,
    negated,
    single,
    unite,
)
from verifier.mathematics.kinds.terms import infinity_of, is_constant, parts, rewritten
from verifier.mathematics.limits import MAX_SIGN_CASES
from verifier.mathematics.syntax import Apply, Node, Number, TooComplexError

if TYPE_CHECKING:
    from collections.abc import Mapping

TURNED: Final[Mapping[str, str]] = {
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
    "=": "=",
    "!=": "!=",
}
"""The sign of the same relation read from right to left, for those that compare numbers."""

_HOLDS: Final[Mapping[str, frozenset[int]]] = {
    "<": frozenset((-1,)),
    ">": frozenset((1,)),
    "<=": frozenset((-1, 0)),
    ">=": frozenset((0, 1)),
    "=": frozenset((0,)),
    "!=": frozenset((-1, 1)),
}


def holds(sign: str, difference_sign: int) -> bool:
    """Tells whether a relation holds if left minus right has this sign: -1, 0 or 1."""
    return difference_sign in _HOLDS[sign]


def solve(left: Node, sign: str, right: Node, unknown: Node, ordering: Ordering) -> RealSet:
    """Finds all real values of an unknown for which a relation is defined and holds.

    Args:
        left: one side.
        sign: a key of `TURNED`.
        right: the other side.
        unknown: a letter, or a function's value that is taken for one.
        ordering: compares the constants.

    Raises:
        TooComplexError: it is beyond this solver, or a bound is exceeded.
    """
    infinite = infinity_of(right) - infinity_of(left)
    if infinite:
        return EVERYTHING if holds(sign, -1 if infinite > 0 else 1) else NOTHING
    if is_constant(left) and not is_constant(right):
        left, sign, right = right, TURNED[sign], left
    if isinstance(left, Apply) and left.head == "neg" and left.args[0] == unknown:
        left, sign, right = unknown, TURNED[sign], _opposite(right)
    if left == unknown and is_constant(right):
        return _bounded(right, sign)
    cases = _absolute(left) + _absolute(right)
    if not cases:
        return _by_signs(left, sign, right, unknown, ordering)
    if len(cases) > MAX_SIGN_CASES:
        raise TooComplexError("too many absolute values")
    return _by_cases((left, sign, right), cases[0], unknown, ordering)


def _opposite(node: Node) -> Node:
    return negated(node) if isinstance(node, Number) else Apply("neg", (node,))


def _bounded(bound: Node, sign: str) -> RealSet:
    """The solutions of x < bound and its like, with the bound as written."""
    place = endpoint(bound)
    if sign in {"=", "!="}:
        return single(place) if sign == "=" else complement(single(place))
    side = below if sign[0] == "<" else above
    return side(place, closed=len(sign) == 2)


def _absolute(node: Node) -> list[Node]:
    """Lists the different absolute values of what is not constant, inner ones first."""
    found: list[Node] = []
    for part in parts(node):
        found += [inner for inner in _absolute(part) if inner not in found]
    if isinstance(node, Apply) and node.head == "abs" and not is_constant(node):
        found.append(node)
    return found


def _by_cases(
    relation: tuple[Node, str, Node], case: Node, unknown: Node, ordering: Ordering
) -> RealSet:
    """Solves by the two signs of what stands in one absolute value."""
    left, sign, right = relation
    (inner,) = parts(case)
    found: list[RealSet] = []
    for bound, value in ((">=", inner), ("<", _opposite(inner))):

        def replaced(node: Node, value: Node = value) -> Node | None:
            return value if node == case else None

        where = solve(inner, bound, Number(0), unknown, ordering)
        ours, theirs = rewritten(left, replaced), rewritten(right, replaced)
        found.append(intersect([where, solve(ours, sign, theirs, unknown, ordering)], ordering))
    return unite(found, ordering)


def _by_signs(left: Node, sign: str, right: Node, unknown: Node, ordering: Ordering) -> RealSet:
    """Solves by the signs of left minus right between its zeros and poles."""
    ratio = difference(read_ratio(left, unknown), read_ratio(right, unknown))
    roots = roots_of(ratio, ordering)
    beside = sign_at_infinity(ratio, ordering)
    inside = [holds(sign, beside)]
    for root in reversed(roots):
        beside *= -1 if root.times % 2 else 1
        inside.append(not root.is_pole and holds(sign, 0))
        inside.append(holds(sign, beside))
    return along([root.place for root in roots], inside[::-1])
