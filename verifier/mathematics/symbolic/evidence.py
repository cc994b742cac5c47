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
_ROUNDED: Final = 0.1  # relative difference that written decimals, however few, do not explain
_IS_REAL: Final = 1e-10  # imaginary part that a real value may have after rounding
# Fractions of no special value to any function: around one, and where sqrt(x - 10) is real too.
_SIZES: Final = ((37, 100), (143, 100), (911, 300), (1371, 100), (10037, 100))
_COUNTS: Final = (2, 3, 5, 6, 9)
_MAX_SIGNED: Final = 2  # symbols whose signs are varied: 2^2 quadrants of five points each

_INFINITY: Final = float("inf")
_REAL_RANGES: Final[Mapping[Any, tuple[float, float]]] = {
    sympy.log: (0.0, _INFINITY),
    sympy.asin: (-1.0, 1.0),
    sympy.acos: (-1.0, 1.0),
    sympy.acosh: (1.0, _INFINITY),
    sympy.atanh: (-1.0, 1.0),
    sympy.asech: (0.0, 1.0),
}

Orthant = dict[str, Domain]


def _orthants(names: Sequence[str]) -> Iterator[Orthant]:
    """Every choice of signs for the symbols; all positive first, and alone if there are many."""
    choices = (Domain.POSITIVE, Domain.NEGATIVE)
    for signs in product(choices, repeat=len(names)):
        if len(names) <= _MAX_SIGNED or len(set(signs)) == 1:
            yield dict(zip(names, signs, strict=True))


def _points(symbols: Sequence[Any], orthant: Mapping[str, Domain]) -> Iterator[Point]:
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


class Survey:
    """Two expressions at sample points in every orthant.

    Args:
        left: one expression.
        right: the other one.
        rounded: whether they are written with decimals, which may be rounded values: what that is
            worth is not decided here, so only large differences count.

    Attributes:
        differ: whether they clearly differ where both are real, or, if that is nowhere and they are
            written with the imaginary unit or without symbols, in the complex plane.
        inhabited: the orthants with a point at which both are real.
        exhaustive: whether the symbols were given every choice of signs.
    """

    def __init__(self, left: Evaluated, right: Evaluated, *, rounded: bool) -> None:
        margin = _ROUNDED if rounded else 0.0
        free = left.value.free_symbols | right.value.free_symbols
        symbols = sorted(free, key=lambda symbol: str(symbol.name))
        names = [symbol.name for symbol in symbols if not symbol.is_integer]
        self.exhaustive = 0 < len(names) <= _MAX_SIGNED
        self.inhabited: list[Orthant] = []
        self.differ = False
        elsewhere: list[Sample] = []
        for orthant in _orthants(names):
            samples = [Sample(left, right, point) for point in _points(symbols, orthant)]
            real = [sample for sample in samples if sample.real]
            if any(sample.differs(margin) for sample in real):
                self.differ = True
                return
            if real:
                self.inhabited.append(orthant)
            elsewhere += [sample for sample in samples if sample.defined]
        is_complex = not symbols or left.given.has(sympy.I) or right.given.has(sympy.I)
        if is_complex and not self.inhabited:
            self.differ = any(sample.differs(margin) for sample in elsewhere)


class Sample:
    """Two expressions at one point.

    Attributes:
        real: whether both have real values there, by real steps: sqrt(x) sqrt(y) is a real number
            for x = y = -1, but not to somebody who knows no others.
        defined: whether both have values there at all.
    """

    def __init__(self, left: Evaluated, right: Evaluated, point: Point) -> None:
        self._sides = (left, right)
        self._point = point
        conditions = (*left.conditions, *right.conditions)
        if all(condition.subs(point) == sympy.true for condition in conditions):
            self._values = [_value_at(side.value, point) for side in self._sides]
        else:
            self._values = [None, None]
        self.defined = None not in self._values
        self.real = (
            self.defined
            and all(map(_is_real, self._values))
            and all(_stays_real(side.given, point) for side in self._sides)
        )

    def differs(self, margin: float) -> bool:
        """Whether the expressions clearly differ here, to be asked only where they are defined.

        Args:
            margin: relative difference that does not count.
        """
        gap = self._sides[0].value - self._sides[1].value
        try:
            rough, fine = (
                complex(gap.evalf(digits, subs=self._point, maxn=_MOST_DIGITS, strict=True))
                for digits in _DIGITS
            )
        except (PrecisionExhausted, TypeError, ValueError, OverflowError):
            return False  # perhaps they are equal
        if rough == 0 or abs(rough - fine) > _SAME * abs(fine):
            return False
        return abs(fine) > margin * max(map(abs, self._values)) and self._trustworthy()

    def _trustworthy(self) -> bool:
        """Tells whether the integrals, added up numerically, say what SymPy found."""
        for side, value in zip(self._sides, self._values, strict=True):
            if side.integrates and side.given != side.value:
                added_up = _value_at(side.given, self._point)
                if added_up is not None and abs(added_up - value) > _SAME * abs(value):
                    return False
        return True


def _value_at(expression: Any, point: Point) -> Any:
    """The value at a point as a complex number; None if there is none."""
    try:
        value = complex(expression.evalf(_DIGITS[0], subs=point, maxn=_MOST_DIGITS))
    except (TypeError, ValueError, OverflowError, ZeroDivisionError, NotImplementedError):
        return None
    return value if abs(value) < _INFINITY else None


def _stays_real(expression: Any, point: Point) -> bool:
    """Tells whether no even root, logarithm or inverse function leaves the reals on the way."""
    for part in sympy.preorder_traversal(expression):
        lowest, highest = _real_range(part)
        if lowest is None or not part.free_symbols <= point.keys():
            continue  # what a sum or an integral runs over is no business of ours
        value = _value_at(part.args[0], point)
        if value is not None and not lowest <= value.real <= highest:
            return False
    return True


def _real_range(part: Any) -> tuple[float | None, float]:
    """The arguments for which a function is real; (None, …) if it is so for all that are."""
    if isinstance(part, sympy.Pow) and not part.exp.is_integer:
        return 0.0, _INFINITY
    return _REAL_RANGES.get(part.func, (None, _INFINITY))


def _is_real(value: Any) -> bool:
    return bool(abs(value.imag) <= _IS_REAL * (1 + abs(value.real)))
