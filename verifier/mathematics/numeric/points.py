"""Fixed sample points: near one and far from it, of both signs, real, whole and complex."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Point = dict[str, complex]
"""A value for every variable; floats, which a ball holds exactly."""

_GOLDEN: Final = (math.sqrt(5.0) - 1.0) / 2.0  # its multiples spread evenly
_LEAST: Final = 0.61  # with the next line: every value lies in 0.61 to 1.61 times the scale
_SIGNS: Final = {"+": (1.0, 1.0), "-": (-1.0, -1.0), "+-": (1.0, -1.0), "-+": (-1.0, 1.0)}
_USUAL: Final = (
    *((1.0, "+"), (1.7, "-"), (6.1, "+"), (0.37, "+"), (0.29, "-"), (2.3, "+-")),
    *((4.4, "-+"), (40.0, "+"), (33.0, "-"), (170.0, "+"), (1100.0, "+"), (700.0, "-")),
)
_SEARCHED: Final = 16
_SPREADS: Final = ((9.0, -9.0), (0.95, -0.95), (25.0, -25.0), (100.0, 500.0))
_COUNTED: Final = 41  # a prime, so that its multiples meet every remainder
_WHOLE: Final = (5, 2, 7, 3, 4, 8, 6, 1, 9, 11)


def real_points(names: list[str], integers: frozenset[str] = frozenset()) -> Iterator[Point]:
    """Makes the usual points, then others for functions that are defined in few places.

    Args:
        names: of the variables; their order decides which gets which value.
        integers: those of them that stand for positive integers.
    """
    for round_, values in enumerate(_real_values(len(names))):
        point: Point = dict(zip(names, values, strict=True))
        for place, name in enumerate(names):
            if name in integers:
                point[name] = _whole(round_, place)
        yield point


def whole_points(names: list[str]) -> Iterator[Point]:
    """Makes points of positive integers."""
    for round_ in range(len(_WHOLE)):
        yield {name: _whole(round_, place) for place, name in enumerate(names)}


def counted_points(names: list[str]) -> Iterator[Point]:
    """Makes points of small integers one after the other, for what jumps between them."""
    for value in range(1, _COUNTED + 1):
        yield {
            name: float(1 + (value * (place + 1)) % _COUNTED) for place, name in enumerate(names)
        }


def complex_points(names: list[str], complex_names: frozenset[str]) -> Iterator[Point]:
    """Makes points where the given variables are complex, on both sides of the real axis."""
    for round_, values in enumerate(_real_values(len(names))[: len(_USUAL)]):
        yield {
            name: value
            if name not in complex_names
            else complex(value, (-1.0) ** (round_ // 2) * (0.3 + _spread(round_ + 3, place)))
            for place, (name, value) in enumerate(zip(names, values, strict=True))
        }


@lru_cache(maxsize=16)
def _real_values(count: int) -> tuple[tuple[float, ...], ...]:
    """Computes the points for so many variables."""
    places = range(count)
    usual = [
        tuple(
            _SIGNS[sign][place % 2] * scale * (_LEAST + _spread(round_, place)) for place in places
        )
        for round_, (scale, sign) in enumerate(_USUAL, start=1)
    ]
    searched = []
    for round_ in range(_SEARCHED):
        low, high = _SPREADS[round_ % len(_SPREADS)]
        searched.append(tuple(low + (high - low) * _spread(round_ + 7, place) for place in places))
    return (*usual, *searched)


def _spread(round_: int, place: int) -> float:
    """Spreads numbers between zero and one."""
    return (_GOLDEN * (place + 1) * round_) % 1.0


def _whole(round_: int, place: int) -> float:
    return float(_WHOLE[(round_ + 3 * place) % len(_WHOLE)])
