r"""Comparing solutions that repeat: ``x = \pi/4 + k\pi, k \in \mathbb{Z}``."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.mathematics.exact.algebra import Budget
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.exact.derivatives import ZERO, derivative, minus, over
from verifier.mathematics.kinds.names import is_name, is_variable
from verifier.mathematics.limits import MAX_RESIDUES, MAX_SOLUTIONS
from verifier.mathematics.substitution import substitute
from verifier.mathematics.syntax import (
    Equation,
    Logic,
    Node,
    Relation,
    Sequence,
    Symbol,
    TooComplexError,
)
from verifier.mathematics.traversal import free_symbols, is_expression
from verifier.mathematics.verdicts import (
    EXACT_DIFFERENT,
    EXACT_EQUAL,
    OTHER_STRUCTURE,
    UNDECIDED,
    Comparison,
)

if TYPE_CHECKING:
    from verifier.mathematics.kinds.judge import Judge

_USUAL: Final = ("k", "n", "m", "l", "K", "N", "t")
_INTEGERS: Final = Symbol("Integers")


class Progression(NamedTuple):
    """The values first + k step for all integers k."""

    first: Node
    step: Node


class _Answer(NamedTuple):
    """Progressions, and the unknown that they are values of; None where it is not named."""

    name: Node | None
    progressions: list[Progression]


def compare_periodic(candidate: Node, reference: Node, _judge: Judge) -> Comparison | None:
    r"""Compares where a side says that a letter runs over the integers; None where none does.

    Progressions are equal as sets: -\pi/4 + k\pi is 3\pi/4 + n\pi, and k\pi/2 is k\pi together
    with \pi/2 + k\pi. Where one side does not say what its k is, it is taken for an integer.
    """
    parameters = _parameter(candidate), _parameter(reference)
    if parameters == (None, None):
        return None
    ours = _read(candidate, parameters[0])
    theirs = _read(reference, parameters[1])
    if ours is None or theirs is None:
        return None
    if ours.name is not None and theirs.name is not None and ours.name != theirs.name:
        return OTHER_STRUCTURE
    try:
        return _compare_sets(ours.progressions, theirs.progressions)
    except TooComplexError:
        return UNDECIDED


def _parameter(node: Node) -> str | None:
    r"""Finds the letter of which ``k \in \mathbb{Z}`` is said."""
    for part in _parts(node):
        if isinstance(part, Relation) and part.signs == ("in",) and part.operands[1] == _INTEGERS:
            name = part.operands[0]
            return name.name if isinstance(name, Symbol) and is_variable(name) else None
    return None


def _parts(node: Node) -> tuple[Node, ...]:
    """Lists what is said side by side."""
    if isinstance(node, Sequence) and node.brackets in {"", "{}"}:
        return node.items
    return node.args if isinstance(node, Logic) else (node,)


def _read(node: Node, parameter: str | None) -> _Answer | None:
    """Reads an answer as progressions; None where it is anything else."""
    names: set[Node] = set()
    values: list[Node] = []
    for part in _parts(node):
        if isinstance(part, Relation) and part.operands[1] == _INTEGERS:
            continue
        if isinstance(part, Equation):
            names.add(part.left)
        values += _parts(part.right if isinstance(part, Equation) else part)
    if not all(map(is_name, names)) or not values or not all(map(is_expression, values)):
        return None
    letter = parameter or _guessed(values)
    if letter is None or len(names) > 1 or len(values) > MAX_SOLUTIONS:
        return None
    progressions = [_progression(value, letter) for value in values]
    if any(progression is None for progression in progressions):
        return None
    found = [progression for progression in progressions if progression is not None]
    return _Answer(next(iter(names), None), found)


def _guessed(values: list[Node]) -> str | None:
    """Finds the one usual letter for an integer in values that do not say which it is."""
    names: frozenset[str] = frozenset().union(*map(free_symbols, values))
    found = [name for name in _USUAL if name in names]
    return found[0] if len(found) == 1 else None


def _progression(value: Node, letter: str) -> Progression | None:
    try:
        step = derivative(value, letter)
    except TooComplexError:
        return None
    if letter in free_symbols(step):
        return None
    return Progression(substitute(value, {letter: ZERO}), step)


def _compare_sets(ours: list[Progression], theirs: list[Progression]) -> Comparison:
    """Compares unions of progressions by their residues modulo a common period.

    Raises:
        TooComplexError: steps are no rational multiples of each other, or have too many residues.
    """
    unit = ours[0].step
    anchors: list[Node] = []
    period = _common_period([_multiple(one.step, unit) for one in (*ours, *theirs)])
    sides: list[set[tuple[int, Fraction]]] = []
    for side in (ours, theirs):
        places: set[tuple[int, Fraction]] = set()
        for one in side:
            anchor, distance = _anchored(one.first, unit, anchors)
            step = abs(_multiple(one.step, unit))
            for count in range(int(period / step)):
                places.add((anchor, (distance + count * step) % period))
        sides.append(places)
    if sides[0] == sides[1]:
        return EXACT_EQUAL
    # Starts that seem unrelated may be related by an identity: arccos(-x) is pi - arccos x.
    return EXACT_DIFFERENT if len(anchors) == 1 else UNDECIDED


def _common_period(steps: list[Fraction]) -> Fraction:
    """Computes the least common multiple of fractions."""
    above = lcm(*(step.numerator for step in steps))
    period = Fraction(above, gcd(*(step.denominator for step in steps)))
    if any(period / abs(step) > MAX_RESIDUES for step in steps):
        raise TooComplexError("too many residues")
    return period


def _multiple(step: Node, unit: Node) -> Fraction:
    ratio = _ratio(step, unit)
    if not ratio:
        raise TooComplexError("no progressions in common steps")
    return ratio


def _anchored(first: Node, unit: Node, anchors: list[Node]) -> tuple[int, Fraction]:
    """Measures a start from one that is a rational number of units away; else it is a new one."""
    for place, anchor in enumerate(anchors):
        distance = _ratio(minus(first, anchor), unit)
        if distance is not None:
            return place, distance
    anchors.append(first)
    return len(anchors) - 1, Fraction(0)


def _ratio(above: Node, below: Node) -> Fraction | None:
    """Divides; None where the ratio is no rational number."""
    value = canonical(over(above, below), Budget()).rational()
    return None if value is None else Fraction(value)
