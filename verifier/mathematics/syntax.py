"""The typed tree an answer is parsed to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Rational = int | Fraction


class UnreadableError(Exception):
    """An answer that is no mathematics this package can read. Never leaves the package."""


class UnsupportedError(UnreadableError):
    """An answer that is recognisably mathematics, by a construct that is not handled yet."""


class TooComplexError(Exception):
    """A computation that would exceed a bound. Never leaves the package."""


class UndefinedError(TooComplexError):
    """An expression without a value: division by zero. Never leaves the package."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written.

    Attributes:
        value: exactly.
        places: decimal places written, negative for 1.2e5; None for integers and fractions.
        digits: significant digits written; 0 where `places` is None.
    """

    value: Rational
    places: int | None = None
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Symbol:
    """A variable or a constant: ``x``, ``x_1``, ``pi``, ``e``, ``i``."""

    name: str


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator or a function and its operands: ``+``, ``*``, ``neg``, ``root``, ``sin`` …."""

    head: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """Several answers.

    Attributes:
        brackets: ``""`` for a plain comma list, ``"{}"`` for a set, ``"()"``, ``"[)"``, …
        items: the elements, at least one.
    """

    brackets: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Equation:
    """Both sides of an equality.

    Attributes:
        left: for an assignment its `Symbol`.
        right: the other side.
    """

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with a percent sign or a unit.

    Attributes:
        value: the figure in front.
        unit: canonical name; empty for a bare percentage.
        percent: whether a percent sign or the word stands behind the figure.
    """

    value: Node
    unit: str
    percent: bool


Node = Number | Symbol | Apply | Sequence | Equation | Quantity
