"""Fixed sample points: near one and far from it, of both signs, real, whole and complex."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Point = dict[str, complex]
"""A value for every variable; all are sums of powers of two, so that they are exact."""

_GOLDEN: Final = (math.sqrt(5.0) - 1.0) / 2.0  # its multiples spread evenly
_LEAST: Final = 0.61  # with the next line: every value lies in 0.61 to 1.61 times the scale
_SIGNS: Final = {"+": (1.0, 1.0), "-": (-1.0, -1.0), "+-": (1.0, -1.0), "-+": (-1.0, 1.0)}
_USUAL: Final = (
    *((1.0, "+"), (1.7, "-"), (6.1, "+"), (0.37, "+"), (0.29, "-"), (2.3, "+-")),
    *((4.4, "-+"), (40.0, "+"), (33.0, "-"), (170.0, "+"), (1100.0, "+"), (700.0, "-")),
)
_SEARCHED: Final = 16
_SPREADS: Final = ((9.0, -9.0), (0.95, -0.95), (25.0, -25.0), (100.0, 500.0))
_WHOLE: Final = (5, 2, 7, 3, 4, 8, 6, 1, 9, 11)


def real_points(names: list[str], integers: frozenset[str]) -> Iterator[Point]:
    """Makes the usual points, then others for functions that are defined in few places."""
    for round_, (scale, sign) in enumerate(_USUAL, start=1):
        signs = _SIGNS[sign]
        yield {
            name: _whole(round_, place)
            if name in integers
            else signs[place % 2] * scale * (_LEAST + _spread(round_, place))
            for place, name in enumerate(names)
        }
    for round_ in range(_SEARCHED):
        low, high = _SPREADS[round_ % len(_SPREADS)]
        yield {
            name: _whole(round_, place)
            if name in integers
            else low + (high - low) * _spread(round_ + 7, place)
            for place, name in enumerate(names)
        }


def whole_points(names: list[str]) -> Iterator[Point]:
    """Makes points of positive integers."""
    for round_ in range(len(_WHOLE)):
        yield {name: _whole(round_, place) for place, name in enumerate(names)}


def complex_points(names: list[str], complex_names: frozenset[str]) -> Iterator[Point]:
    """Makes points where the given variables are complex, in all four quadrants."""
    for round_, point in enumerate(real_points(names, frozenset())):
        if round_ == len(_USUAL):
            return
        yield {
            name: value
            if name not in complex_names
            else complex(value.real, (-1.0) ** (round_ // 2) * (0.3 + _spread(round_ + 3, place)))
            for place, (name, value) in enumerate(point.items())
        }


def _spread(round_: int, place: int) -> float:
    """Spreads numbers between zero and one, rounded to 20 bits so that they multiply exactly."""
    return math.floor((_GOLDEN * (place + 1) * round_) % 1.0 * 2**20) / 2**20


def _whole(round_: int, place: int) -> float:
    return float(_WHOLE[(round_ + 3 * place) % len(_WHOLE)])
