r"""Reading periodic sets: ``x = \frac{\pi}{3} + 2k\pi, k \in \mathbb{Z}``, ``x \ne k\pi``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact.algebra import ONE, Budget, Form, Polynomial
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.kinds.real_sets import NotASetError
from verifier.mathematics.kinds.set_reading import flattened, inherited, is_pair
from verifier.mathematics.kinds.terms import (
    both_signs,
    has_signs,
    infinity_of,
    is_constant,
    rewritten,
    symbols,
    unknowns,
)
from verifier.mathematics.limits import MAX_FAMILY
from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Equation,
    Logic,
    Node,
    Number,
    Quantity,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
)

if TYPE_CHECKING:
    from collections.abc import Sequence as Several

_INTEGERS: Final = frozenset((Symbol("Integers"), Symbol("Z")))
_USUAL: Final = frozenset("kmnl")
_CHAINS: Final = {"<": "()", "<=": "[]"}
_TURNED: Final = {">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Piece:
    """A point or an interval, repeated at every multiple of a step.

    Attributes:
        low: a lower end, exactly; for a point the point.
        high: the upper end of the same repetition.
        brackets: ``[]`` for a point.
        step: how far the next repetition is; not zero.
    """

    low: Form
    high: Form
    brackets: str
    step: Form


@dataclass(frozen=True, slots=True)
class Family:
    """A union of repeated pieces.

    Attributes:
        pieces: at least one.
        variable: what is said to lie in it; None for a bare set.
        is_left_out: whether all reals but these are meant.
        is_stated: whether a letter is said to run over the integers.
    """

    pieces: tuple[Piece, ...]
    variable: Node | None = None
    is_left_out: bool = False
    is_stated: bool = False


def read_family(node: Node, runner: str = "") -> Family:
    r"""Reads a periodic set.

    Args:
        node: relations, a set builder, a union, all reals less such a set.
        runner: the letter that runs over the integers, where that is known from outside. Where
            nobody says, it is the one of k, l, m and n that multiplies ``\pi``.

    Raises:
        NotASetError: it is none.
        TooComplexError: a bound would be exceeded.
    """
    if isinstance(node, SetBuilder):
        return _read_builder(node)
    if isinstance(node, BigOperator) and node.head == "bigcup":
        bounds = node.lower, node.upper
        if [bound and infinity_of(bound) for bound in bounds] != [-1, 1]:
            raise NotASetError("not over all integers")
        return _stated(read_family(node.body, node.variable))
    if isinstance(node, Apply) and node.head == "setminus" and node.args[0] == Symbol("Reals"):
        return _left_out(read_family(node.args[-1], runner))
    if isinstance(node, Apply) and node.head == "cup":
        return _joined([read_family(part, runner) for part in flattened(node)], is_and=False)
    if isinstance(node, Logic) or (isinstance(node, Sequence) and node.brackets == ""):
        return _read_listed(node, runner)
    return _read_statement(node, runner)


def runner_of(node: Node) -> str:
    """Names the letter that a condition says to run over the integers; empty for anything else."""
    if not isinstance(node, Relation) or node.signs != ("in",) or len(node.operands) != 2:
        return ""
    letter, place = node.operands
    return letter.name if isinstance(letter, Symbol) and place in _INTEGERS else ""


def _left_out(family: Family) -> Family:
    return replace(family, is_left_out=not family.is_left_out)


def _stated(family: Family) -> Family:
    return replace(family, is_stated=True)


def _read_builder(node: SetBuilder) -> Family:
    runners = [runner_of(condition) for condition in node.conditions]
    rest = [item for item, name in zip(node.conditions, runners, strict=True) if not name]
    runner = _only([name for name in runners if name])
    if not rest:
        return Family(_points(node.element, runner), is_stated=True)
    if len(rest) != 1:
        raise NotASetError("several conditions")
    found = read_family(rest[0], runner)
    if found.variable != node.element:
        raise NotASetError("a condition on something else")
    return replace(found, variable=None, is_stated=True)


def _read_listed(node: Logic | Sequence, runner: str) -> Family:
    items = inherited(node.args if isinstance(node, Logic) else node.items)
    runners = [runner_of(item) for item in items]
    rest = [item for item, name in zip(items, runners, strict=True) if not name]
    named = [name for name in runners if name]
    if named:
        runner = _only(named)
    families = [read_family(item, runner) for item in rest]
    is_and = not (isinstance(node, Logic) and node.head == "or")
    joined = _joined(families, is_and=is_and)
    return _stated(joined) if named else joined


def _only(names: list[str]) -> str:
    if len(set(names)) != 1:
        raise NotASetError("not one letter runs")
    return names[0]


def _joined(families: Several[Family], *, is_and: bool) -> Family:
    """Joins what is listed: solutions one by one, or all that is left out."""
    variables = {family.variable for family in families} - {None}
    left_out = {family.is_left_out for family in families}
    if len(variables) > 1 or len(left_out) != 1 or (True in left_out and not is_and):
        raise NotASetError("no union of periodic sets")
    pieces = tuple(piece for family in families for piece in family.pieces)
    if len(pieces) > MAX_FAMILY:
        raise NotASetError("too many pieces")
    is_stated = any(family.is_stated for family in families)
    return Family(pieces, variables.pop() if variables else None, left_out.pop(), is_stated)


def _read_statement(node: Node, runner: str) -> Family:
    if isinstance(node, Equation):
        return Family(_points(node.right, runner or _usual(node)), node.left)
    if isinstance(node, Relation):
        return _read_relation(node, runner)
    if isinstance(node, Sequence):
        return Family(_read_set(node, runner))
    if isinstance(node, Apply | Symbol) and runner:
        return Family(_points(node, runner))
    raise NotASetError("no periodic set")


def _usual(node: Node) -> str:
    """Finds the letter that runs where nobody says which: one of k, l, m, n beside pi."""
    found = symbols(node) & _USUAL
    if len(found) != 1 or not _mentions(node, Symbol("pi")):
        raise NotASetError("no letter runs")
    (letter,) = found
    return letter


def _mentions(node: Node, wanted: Node) -> bool:
    if isinstance(node, Apply):
        return node.head == "degree" or any(_mentions(arg, wanted) for arg in node.args)
    if isinstance(node, Relation | Equation):
        sides = node.operands if isinstance(node, Relation) else (node.left, node.right)
        return any(_mentions(side, wanted) for side in sides)
    if isinstance(node, Sequence):
        return any(_mentions(item, wanted) for item in node.items)
    return node == wanted or (isinstance(node, Quantity) and node.unit == "degree")


def _read_relation(node: Relation, runner: str) -> Family:
    operands, signs = node.operands, node.signs
    if signs in {("in",), ("notin",)}:
        if isinstance(operands[1], Sequence):
            found = Family(_read_set(operands[1], runner or _usual(node)))
        else:
            found = read_family(operands[1], runner)
        if found.variable is not None:
            raise NotASetError("no set")
        left_out = found.is_left_out is not (signs == ("notin",))
        return replace(found, variable=operands[0], is_left_out=left_out)
    runner = runner or _usual(node)
    if signs == ("!=",):
        return Family(_points(operands[1], runner), operands[0], is_left_out=True)
    if len(operands) == 3 and all(sign in _TURNED for sign in signs):
        operands, signs = operands[::-1], tuple(_TURNED[sign] for sign in signs[::-1])
    if len(operands) != 3 or any(sign not in _CHAINS for sign in signs):
        raise NotASetError("no interval")
    brackets = _CHAINS[signs[0]][0] + _CHAINS[signs[1]][1]
    return Family((_piece(operands[0], operands[2], brackets, runner),), operands[1])


def _read_set(node: Sequence, runner: str) -> tuple[Piece, ...]:
    if node.brackets == "{}" and node.items:
        return tuple(piece for item in node.items for piece in _points(item, runner))
    if not is_pair(node) or not runner:
        raise NotASetError("a tuple")
    return (_piece(node.items[0], node.items[1], node.brackets, runner),)


def _points(node: Node, runner: str) -> tuple[Piece, ...]:
    written = both_signs(node) if has_signs(node) else (node,)
    return tuple(_piece(point, point, "[]", runner) for point in written)


def _piece(low: Node, high: Node, brackets: str, runner: str) -> Piece:
    first, step = _ends(low, runner)
    last, other_step = (first, step) if high is low else _ends(high, runner)
    if step != other_step:
        raise NotASetError("ends that drift apart")
    return Piece(first, last, brackets, step)


def _ends(node: Node, runner: str) -> tuple[Form, Form]:
    """Splits an expression that is linear in the running letter into offset and step."""
    if isinstance(node, Quantity) and node.unit == "degree":
        node = Apply("degree", (node.value,))
    node = _in_radians(node)
    if unknowns(node) != {Symbol(runner)} or _hides(node):
        raise NotASetError("no multiples of a letter")
    form = canonical(node, Budget())
    offset: Polynomial = {}
    step: Polynomial = {}
    for monomial, value in form.over.items():
        power = dict(monomial).get(("x", runner), 0)
        if power not in {0, 1}:
            raise NotASetError("no multiples of a letter")
        if power:
            step[monomial - {(("x", runner), 1)}] = value
        else:
            offset[monomial] = value
    if form.under != ONE or not step:
        raise NotASetError("no multiples of a letter")
    return Form(offset, ONE), Form(step, ONE)


def _in_radians(node: Node) -> Node:
    """Writes degrees as a product, which may hold the running letter."""

    def written(part: Node) -> Node | None:
        if isinstance(part, Apply) and part.head == "degree" and not is_constant(part):
            return Apply("*", (part.args[0], Apply("degree", (Number(1),))))
        return None

    return rewritten(node, written)


def _hides(node: Node) -> bool:
    """Tells whether a letter stands in an exponent or an absolute value."""
    if not isinstance(node, Apply) or is_constant(node):
        return False
    if node.head == "abs" or (node.head == "^" and not is_constant(node.args[1])):
        return True
    return any(map(_hides, node.args))
