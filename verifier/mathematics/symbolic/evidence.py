"""Numbers put in for symbols: two expressions that differ somewhere are not equal.

`evalf` tracks cancellation: it raises its own precision until the digits asked for are right, and
says so where it cannot. Agreement at any number of points proves nothing and is not used.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Final

import sympy
from sympy.core.evalf import PrecisionExhausted

from verifier.mathematics.symbolic.building import Domain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verifier.mathematics.symbolic.evaluating import Evaluated

Point = dict[Any, Any]

_DIGITS: Final = (15, 30)  # both evaluations must agree: neither is an accident of rounding
_MOST_DIGITS: Final = 200  # of the precision `evalf` may raise itself to
_SAME: Final = 1e-8  # relative difference of two evaluations of one thing
_IS_REAL: Final = 1e-10  # imaginary part that a real value may have after rounding
# Fractions of no special value to any function, on both sides of one.
_SIZES: Final = ((37, 100), (143, 100), (911, 300))
_COUNTS: Final = (2, 3, 5)
_MAX_SIGNED: Final = 2  # symbols whose signs are varied: 2^2 quadrants of three points each

Orthant = dict[str, Domain]


def orthants(names: Sequence[str]) -> Iterator[Orthant]:
    """Every choice of signs for the symbols; all positive first, and alone if there are many."""
    choices = (Domain.POSITIVE, Domain.NEGATIVE)
    for signs in product(choices, repeat=len(names)):
        if len(names) <= _MAX_SIGNED or len(set(signs)) == 1:
            yield dict(zip(names, signs, strict=True))


def points(symbols: Sequence[Any], orthant: Mapping[str, Domain]) -> Iterator[Point]:
    """Fixed sample points within an orthant.

    Args:
        symbols: what needs a value, in a fixed order.
        orthant: the signs by name; positive where none is given.
    """
    if not symbols:
        yield {}
        return
    for turn in range(len(_SIZES)):
        point: Point = {}
        for place, symbol in enumerate(symbols):
            which = (turn + place) % len(_SIZES)
            over, under = _SIZES[which]
            if symbol.is_integer:
                point[symbol] = sympy.Integer(_COUNTS[which] + place)
                continue
            value = sympy.Rational(over + 7 * place, under)
            negative = orthant.get(symbol.name) is Domain.NEGATIVE
            point[symbol] = -value if negative else value
        yield point


class Sample:
    """Two expressions at one point.

    Attributes:
        real: whether both have real values there.
        defined: whether both have values there at all.
    """

    def __init__(self, left: Evaluated, right: Evaluated, point: Point) -> None:
        self._sides = (left, right)
        self._point = point
        conditions = (*left.conditions, *right.conditions)
        if all(condition.subs(point) == sympy.true for condition in conditions):
            self._values = [value_at(side.value, point) for side in self._sides]
        else:
            self._values = [None, None]
        self.defined = None not in self._values
        self.real = self.defined and all(map(_is_real, self._values))

    def differs(self) -> bool:
        """Whether the expressions clearly differ here, to be asked only where they are defined."""
        gap = self._sides[0].value - self._sides[1].value
        try:
            rough, fine = (
                complex(gap.evalf(digits, subs=self._point, maxn=_MOST_DIGITS, strict=True))
                for digits in _DIGITS
            )
        except (PrecisionExhausted, TypeError, ValueError, OverflowError):
            return False  # perhaps they are equal
        return rough != 0 and abs(rough - fine) <= _SAME * abs(fine) and self._trustworthy()

    def _trustworthy(self) -> bool:
        """Tells whether the integrals, added up numerically, say what SymPy found."""
        for side, value in zip(self._sides, self._values, strict=True):
            if side.integrates and side.given != side.value:
                added_up = value_at(side.given, self._point)
                if added_up is not None and abs(added_up - value) > _SAME * abs(value):
                    return False
        return True


def value_at(expression: Any, point: Point) -> Any:
    """The value at a point as a complex number; None if there is none."""
    try:
        value = complex(expression.evalf(_DIGITS[0], subs=point, maxn=_MOST_DIGITS))
    except (TypeError, ValueError, OverflowError, ZeroDivisionError, NotImplementedError):
        return None
    return value if abs(value) < float("inf") else None


def _is_real(value: Any) -> bool:
    return bool(abs(value.imag) <= _IS_REAL * (1 + abs(value.real)))
