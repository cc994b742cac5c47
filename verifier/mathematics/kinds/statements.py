"""Statements as alternatives of links: ``a < b < c or d = e`` is two links, or one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact import algebra
from verifier.mathematics.exact.algebra import ONE, Budget, Form, Monomial
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.kinds.inequalities import TURNED
from verifier.mathematics.kinds.set_reading import inherited
from verifier.mathematics.kinds.terms import both_signs, has_signs
from verifier.mathematics.limits import MAX_STATEMENTS
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Logic,
    Node,
    Relation,
    Sequence,
    TooComplexError,
    UnreadableError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_DENIED: Final[Mapping[str, str]] = {
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "=": "!=",
    "!=": "=",
    "in": "notin",
    "notin": "in",
}


class NotAStatementError(UnreadableError):
    """A tree that states nothing, or in a way that is not handled. Never leaves the package."""


@dataclass(frozen=True, slots=True)
class Link:
    """One relation between two sides.

    Attributes:
        left: never greater: ``>`` is turned round.
        sign: ``<``, ``<=``, ``=``, ``!=``, or one of those that compare no numbers.
        right: the other side.
        form: left minus right, exactly; None if the sign compares no numbers or there is no form.
    """

    left: Node
    sign: str
    right: Node
    form: Form | None


Alternatives = tuple[tuple[Link, ...], ...]
"""One of these holds, with all its links."""


def read_statement(node: Node) -> Alternatives:
    """Reads relations joined by and, or, not and commas.

    Raises:
        NotAStatementError: it is nothing of the kind.
        TooComplexError: it has more than `MAX_STATEMENTS` links.
    """
    found = _read(node, denied=False)
    if sum(map(len, found)) > MAX_STATEMENTS:
        raise TooComplexError("too many relations")
    budget = Budget()
    return tuple(tuple(_link(*link, budget) for link in dict.fromkeys(one)) for one in found)


_Plain = list[list[tuple[Node, str, Node]]]


def _read(node: Node, *, denied: bool) -> _Plain:
    if isinstance(node, Equation):
        return _read_links(Relation((node.left, node.right), ("=",)), denied=denied)
    if isinstance(node, Relation):
        return _read_links(node, denied=denied)
    if isinstance(node, Logic) and node.head == "not":
        return _read(node.args[0], denied=not denied)
    if isinstance(node, Logic) and node.head in {"and", "or"}:
        heads = {False: "and", True: "or"}
        return _read_joined(node.args, denied=denied, is_and=node.head == heads[denied])
    if isinstance(node, Sequence) and node.brackets == "" and node.items and not denied:
        return _read_joined(inherited(node.items), denied=False, is_and=True)
    raise NotAStatementError("no relation")


def _read_joined(nodes: tuple[Node, ...], *, denied: bool, is_and: bool) -> _Plain:
    found = [_read(node, denied=denied) for node in nodes]
    if not is_and:
        return [alternative for one in found for alternative in one]
    result: _Plain = [[]]
    for one in found:
        if len(result) * len(one) > MAX_STATEMENTS:
            raise TooComplexError("too many cases")
        result = [first + second for first in result for second in one]
    return result


def _read_links(node: Relation, *, denied: bool) -> _Plain:
    links = list(zip(node.operands, node.signs, node.operands[1:], strict=False))
    if has_signs(node):
        if len(links) != 1 or node.signs[0] not in {"=", "!="}:
            raise NotAStatementError("a relation with two signs")
        written = [part for part in both_signs(node) if isinstance(part, Relation)]
        is_and = (node.signs[0] == "!=") is not denied
        return _read_joined(tuple(written), denied=denied, is_and=is_and)
    if not denied:
        return [links]
    if any(sign not in _DENIED for sign in node.signs):
        raise NotAStatementError("a relation without opposite")
    return [[(left, _DENIED[sign], right)] for left, sign, right in links]


def _link(left: Node, sign: str, right: Node, budget: Budget) -> Link:
    if sign in {">", ">="}:
        left, sign, right = right, TURNED[sign], left
    if sign not in TURNED:
        return Link(left, sign, right, None)
    try:
        opposite = canonical(Apply("neg", (right,)), budget)
        return Link(left, sign, right, algebra.add(canonical(left, budget), opposite, budget))
    except TooComplexError:
        return Link(left, sign, right, None)


def ratio_of(left: Form, right: Form, budget: Budget) -> Fraction | None:
    """Computes the rational number that the first is of the second; None if there is none.

    Raises:
        TooComplexError: the budget is spent.
    """
    ours = algebra.multiply(left, Form(right.under, ONE), budget).over
    theirs = algebra.multiply(right, Form(left.under, ONE), budget).over
    if not ours or ours.keys() != theirs.keys():
        return None
    some = next(iter(ours))
    ratio = Fraction(ours[some]) / theirs[some]
    return ratio if all(value == ratio * theirs[m] for m, value in ours.items()) else None


def is_linear(form: Form) -> bool:
    """Tells whether a form is linear, with rational coefficients, in letters and function values.

    Then it takes both signs, and two that are not proportional have different signs somewhere. What
    unknown functions are worth is as free as letters are: f(1) and f(2).
    """
    return form.under == ONE and any(form.over) and all(map(_is_linear_term, form.over))


def _is_linear_term(monomial: Monomial) -> bool:
    if len(monomial) > 1:
        return False
    return all(power == 1 and _is_free(what[0], what[1:2]) for what, power in monomial)


def _is_free(kind: object, name: tuple[object, ...]) -> bool:
    return kind == "x" or (kind == "?" and str(*name).startswith("call "))
