r"""Comparing congruences and divisibility: ``x \equiv 2 \pmod 3``, ``3 | n``."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from verifier.mathematics.exact.algebra import Budget
from verifier.mathematics.exact.canonical import canonical
from verifier.mathematics.kinds.polynomials import difference, read_ratio
from verifier.mathematics.kinds.terms import both_signs, has_signs, names_a_value, unknowns
from verifier.mathematics.limits import MAX_MODULUS
from verifier.mathematics.syntax import (
    Apply,
    Logic,
    Node,
    Number,
    Relation,
    Sequence,
    TooComplexError,
)
from verifier.mathematics.verdicts import OTHER_STRUCTURE, SAME_STRUCTURE, Comparison

if TYPE_CHECKING:
    from collections.abc import Sequence as Several


@dataclass(frozen=True, slots=True)
class Classes:
    """The integers of some residue classes.

    Attributes:
        variable: the letter that runs over them.
        modulus: the least that tells the same.
        residues: from 0 to modulus - 1.
    """

    variable: Node
    modulus: int
    residues: frozenset[int]


def compare_congruences(candidate: Node, reference: Node) -> Comparison | None:
    """Compares where one side at least is a congruence; equal are those with the same solutions.

    Returns:
        None if neither is, or one is beyond this comparer.
    """
    ours, theirs = _read(candidate), _read(reference)
    if ours is not None and theirs is not None:
        return SAME_STRUCTURE if ours == theirs else OTHER_STRUCTURE
    if ours is None and theirs is None:
        return None
    classes, other = (ours, reference) if theirs is None else (theirs, candidate)
    return None if classes is None else _compare_residue(classes, other)


def _compare_residue(classes: Classes, other: Node) -> Comparison | None:
    """Compares a congruence with a bare residue that names its modulus: ``2 mod 3``.

    A bare 2 is one number and no residue class.
    """
    if isinstance(other, Apply) and other.head == "mod":
        bare = _read(Relation((classes.variable, other), ("equiv",)))
        return None if bare is None else SAME_STRUCTURE if bare == classes else OTHER_STRUCTURE
    return OTHER_STRUCTURE if isinstance(other, Number) else None


def _read(node: Node) -> Classes | None:
    try:
        return _read_classes(node)
    except TooComplexError:
        return None


def _read_classes(node: Node) -> Classes | None:
    """Reads one congruence, or several of one letter.

    Raises:
        TooComplexError: a bound would be exceeded.
    """
    if isinstance(node, Relation):
        return _read_relation(node)
    if isinstance(node, Logic) and node.head in {"and", "or"}:
        return _combined([_read_classes(arg) for arg in node.args], node.head)
    if isinstance(node, Sequence) and node.brackets == "" and node.items:
        found = [_read_classes(item) for item in node.items]
        both = _combined(found, "and")
        return both if both is None or both.residues else _combined(found, "or")
    return None


def _read_relation(node: Relation) -> Classes | None:
    if node.signs == ("divides",):
        modulus, value = node.operands
        return _solved(value, Number(0), modulus)
    last = node.operands[-1]
    if node.signs != ("equiv",) or not isinstance(last, Apply) or last.head != "mod":
        return None
    residue, modulus = last.args
    if not has_signs(residue):
        return _solved(node.operands[0], residue, modulus)
    found = [_solved(node.operands[0], value, modulus) for value in both_signs(residue)]
    return _combined(found, "or")


def _solved(left: Node, right: Node, modulus: Node) -> Classes | None:
    """Solves a polynomial congruence in one letter by trying every residue, a linear one at once.

    Raises:
        TooComplexError: it is none, or the modulus is too large to try.
    """
    found = unknowns(left) | unknowns(right)
    size = canonical(modulus, Budget()).rational()
    if len(found) != 1 or not isinstance(size, int) or size == 0:
        return None
    (unknown,) = found
    if not names_a_value(unknown):
        return None
    over, under = difference(read_ratio(left, unknown), read_ratio(right, unknown))
    if len(under) != 1 or not all(isinstance(item, Number) for item in (*over, *under)):
        return None
    scale = under[0].value if isinstance(under[0], Number) else 1
    values = [Fraction(item.value) / scale for item in over if isinstance(item, Number)]
    if any(value.denominator != 1 for value in values):
        return None
    return _tried(unknown, abs(size), [int(value) for value in values])


def _tried(unknown: Node, modulus: int, coefficients: Several[int]) -> Classes:
    if len(coefficients) == 2:
        offset, slope = coefficients
        common = gcd(slope, modulus)
        if offset % common:
            return Classes(unknown, 1, frozenset())
        reduced = modulus // common
        residue = -(offset // common) * pow(slope // common, -1, reduced) % reduced
        return Classes(unknown, reduced, frozenset((residue,)))
    if modulus > MAX_MODULUS:
        raise TooComplexError("too large a modulus")
    residues = frozenset(
        value for value in range(modulus) if _evaluated(coefficients, value) % modulus == 0
    )
    return _reduced(Classes(unknown, modulus, residues))


def _evaluated(coefficients: Several[int], value: int) -> int:
    total = 0
    for coefficient in reversed(coefficients):
        total = total * value + coefficient
    return total


def _combined(found: Several[Classes | None], head: str) -> Classes | None:
    """Joins classes of one letter by and, or.

    Raises:
        TooComplexError: their common modulus exceeds `MAX_MODULUS`.
    """
    known = [classes for classes in found if classes is not None]
    if len(known) != len(found) or len({classes.variable for classes in known}) != 1:
        return None
    modulus = lcm(*(classes.modulus for classes in known))
    if modulus > MAX_MODULUS:
        raise TooComplexError("too large a modulus")
    keep = all if head == "and" else any
    residues = frozenset(
        value
        for value in range(modulus)
        if keep(value % classes.modulus in classes.residues for classes in known)
    )
    return _reduced(Classes(known[0].variable, modulus, residues))


def _reduced(classes: Classes) -> Classes:
    """Finds the least modulus: 1 and 4 modulo 6 are 1 modulo 3."""
    for modulus in range(1, classes.modulus):
        if classes.modulus % modulus:
            continue
        residues = frozenset(value % modulus for value in classes.residues)
        if len(residues) * (classes.modulus // modulus) == len(classes.residues):
            return Classes(classes.variable, modulus, residues)
    return classes
