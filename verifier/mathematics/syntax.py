r"""The typed tree an answer is parsed to.

`Apply` is for everything that computes a value from values; its heads are listed at `HEADS`. The
other nodes are the shapes an answer can have. All are immutable and hashable, and equal exactly if
they were written alike up to spacing and spelling.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

Rational = int | Fraction


class UnreadableError(Exception):
    """An answer that is no mathematics this package can read. Never leaves the package."""


class UnsupportedError(UnreadableError):
    """An answer that is recognisably mathematics, by a construct that is not handled yet."""


class TooComplexError(Exception):
    """A computation that would exceed a bound. Never leaves the package."""


class UndefinedError(TooComplexError):
    """An expression without a value: division by zero. Never leaves the package."""


HEADS: Final = frozenset(
    # arithmetic; "neg" and "pm" (plus or minus), "mp" are unary; "degree" is the sign behind angles
    "+ neg * / ^ root pm mp degree factorial factorial2 binom permutations mod"
    " abs floor ceil sign re im conj arg gcd lcm max min det trace transpose norm"
    # functions of one number; "log" may carry its base as a second argument
    " exp ln log log10"
    " sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc"
    " sinh cosh tanh coth sech csch arsinh arcosh artanh arcoth arsech arcsch"
    # sets
    " cup cap setminus complement"
    # derivative(expression, symbol[, order]); prime(function application)
    " derivative dot cross".split()
)
"""Heads of `Apply`, besides ``call NAME`` for an unknown function NAME."""


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
class BasedNumber:
    """An integer with its base written: ``204_5``.

    Attributes:
        value: what it is worth.
        base: 2 to 36.
        digits: as written, upper case: ``204``, ``1A``.
    """

    value: int
    base: int
    digits: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """A variable, a constant or a named set.

    Constants are ``pi``, ``e``, ``i``, ``infty``; sets ``Reals``, ``Integers``, ``Naturals``,
    ``Rationals``, ``Complexes``, ``emptyset``; ``...`` is an ellipsis. All else is a variable:
    ``x``, ``x_1``, ``x'``.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator or a function and its operands: ``+``, ``*``, ``neg``, ``root``, ``sin`` …."""

    head: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class BigOperator:
    r"""A sum, product, integral, limit or the like that was left as it is.

    Attributes:
        head: ``sum``, ``prod``, ``int``, ``lim``, ``bigcup``, ``bigcap``.
        variable: what it runs over; for an integral what stands behind the d.
        lower: where it starts, what a limit approaches; None for an indefinite integral.
        upper: where it ends; None for limits and where there is no lower bound.
        body: the term, integrand or expression.
        side: ``+`` or ``-`` for one-sided limits, else empty.
    """

    head: str
    variable: str
    lower: Node | None
    upper: Node | None
    body: Node
    side: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """Several answers in a row.

    Attributes:
        brackets: ``""`` for a plain comma list, ``"{}"`` for a set, ``"()"``, ``"[)"``, …; two
            items in round or square ones may be an interval: the other answer decides.
        items: the elements; none only in an empty set ``{}``.
    """

    brackets: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix; one row or one column is a vector.

    Attributes:
        rows: all of the same length, at least one by one.
    """

    rows: tuple[tuple[Node, ...], ...]


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
class Relation:
    r"""A relation or a chain of them: ``x > 1``, ``-2 \le x < 7``, ``x \in A``.

    Attributes:
        operands: n + 1 of them.
        signs: n of ``<``, ``<=``, ``>``, ``>=``, ``!=``, ``=``, ``in``, ``notin``, ``subset``,
            ``subseteq``, ``equiv``, ``~``, ``parallel``, ``perp``, ``divides``, ``≈``; never one
            ``=`` alone, which is an `Equation`.
    """

    operands: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """Statements joined: ``x < 1 or x > 3``, ``p and not q``.

    Attributes:
        head: ``and``, ``or``, ``not``, ``implies``, ``iff``, ``xor``.
        args: statements, or symbols for propositions.
    """

    head: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class SetBuilder:
    r"""A set by its property: ``\{x \in A : x > 2\}``.

    Attributes:
        element: the term in front of the bar; ``x \in A`` is split into ``x`` and a condition.
        conditions: what holds for the elements; all of them.
    """

    element: Node
    conditions: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Piecewise:
    """A function by cases.

    Attributes:
        cases: pairs of value and condition; a condition of None stands for "otherwise".
    """

    cases: tuple[tuple[Node, Node | None], ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two or more: ``3 : 4``, ``1 : 2 : 3``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: ``4:30 pm``.

    Attributes:
        seconds: since midnight, 0 to 86,400.
        half: ``am``, ``pm``, or empty where none was written.
    """

    seconds: int
    half: str


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the calendar.

    Attributes:
        year: None where none was written.
        month: 1 to 12.
        day: 1 to 31; None where only the month (and year) was written.
    """

    year: int | None
    month: int
    day: int | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with a percent sign or a unit.

    Attributes:
        value: the figure in front.
        unit: canonical phrase, see `units.phrases`; empty for a bare percentage.
        percent: whether a percent sign or the word stands behind the figure.
    """

    value: Node
    unit: str
    percent: bool


@dataclass(frozen=True, slots=True)
class Words:
    """An answer, or a part of one, in words: ``Monday``, ``no solution``.

    Attributes:
        text: folded by `reading.words.fold_words`.
    """

    text: str


Node = (
    Number
    | BasedNumber
    | Symbol
    | Apply
    | BigOperator
    | Sequence
    | Matrix
    | Equation
    | Relation
    | Logic
    | SetBuilder
    | Piecewise
    | Ratio
    | Clock
    | Date
    | Quantity
    | Words
)
