"""How long pieces of work hold a place: distributions with the few figures that planning needs.

A piece of work is a log-normal time, cut off at a limit, as measured times of programs and of
model calls are skewed to the right and every one of them is ended by a limit. A share of the pieces
may run into the limit outright: programs that never end are what a sandbox spends most time on.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

if TYPE_CHECKING:
    from collections.abc import Callable

_NORMAL: Final = NormalDist()
_STEPS: Final = 24  # halvings of a bisection: seven digits


class Piece(Struct, frozen=True):
    """One kind of work at a place.

    Attributes:
        seconds: mean of what does not run into the limit, >= 0.
        variation: standard deviation over mean of the same, >= 0; 0 for always the same.
        limit_seconds: no piece takes longer.
        limit_share: share of the pieces that take exactly `limit_seconds`, 0 to 1.
    """

    seconds: float
    variation: float = 1.0
    limit_seconds: float = math.inf
    limit_share: float = 0.0

    def excess(self, x: float) -> float:
        """The mean of what a piece takes beyond `x` seconds, x >= 0."""
        ordinary = self._beyond(x) - self._beyond(self.limit_seconds)
        late = max(self.limit_seconds - x, 0.0) if self.limit_share else 0.0
        return (1.0 - self.limit_share) * max(ordinary, 0.0) + self.limit_share * late

    def longer(self, x: float) -> float:
        """The probability of more than `x` seconds, x >= 0."""
        if x >= self.limit_seconds:
            return 0.0
        return (1.0 - self.limit_share) * self._above(x) + self.limit_share

    def second_moment(self) -> float:
        """The mean of the square, seconds squared."""
        ordinary = self.seconds**2
        if self.variation and self.seconds:
            sigma = self._sigma()
            ordinary *= 1.0 + self.variation**2
            if self.limit_seconds < math.inf:
                cut = (math.log(self.limit_seconds) - self._mu() - 2.0 * sigma**2) / sigma
                ordinary = ordinary * _NORMAL.cdf(cut)
                ordinary += self.limit_seconds**2 * self._above(self.limit_seconds)
        else:
            ordinary = min(self.seconds, self.limit_seconds) ** 2
        late = self.limit_share * self.limit_seconds**2 if self.limit_share else 0.0
        return (1.0 - self.limit_share) * ordinary + late

    def _sigma(self) -> float:
        return math.sqrt(math.log1p(self.variation**2))

    def _mu(self) -> float:
        return math.log(self.seconds) - self._sigma() ** 2 / 2.0

    def _above(self, x: float) -> float:
        """The probability of more than `x`, neither limit nor share looked at."""
        if x <= 0.0:
            return 1.0 if self.seconds > 0.0 else 0.0
        if not (self.variation and self.seconds):
            return 1.0 if self.seconds > x else 0.0
        return _NORMAL.cdf((self._mu() - math.log(x)) / self._sigma())

    def _beyond(self, x: float) -> float:
        """The mean of what is beyond `x`, neither limit nor share looked at.

        The same integral as the price of a call option in the model of Black and Scholes.
        """
        if x == math.inf:
            return 0.0
        if x <= 0.0:
            return self.seconds - x
        if not (self.variation and self.seconds):
            return max(self.seconds - x, 0.0)
        sigma = self._sigma()
        depth = (self._mu() - math.log(x)) / sigma
        return self.seconds * _NORMAL.cdf(depth + sigma) - x * _NORMAL.cdf(depth)


class ServiceTime(Struct, frozen=True):
    """A mix of pieces.

    Attributes:
        parts: (weight > 0, piece), at least one; weights count relative to their sum.
    """

    parts: tuple[tuple[float, Piece], ...]

    def mean(self) -> float:
        """Seconds."""
        return self.excess(0.0)

    def squared_variation(self) -> float:
        """Variance over the square of the mean; 0 of a mean of 0."""
        mean = self.mean()
        second = self._weighted([piece.second_moment() for _, piece in self.parts])
        return max(second / mean**2 - 1.0, 0.0) if mean else 0.0

    def excess(self, x: float) -> float:
        """The mean of what a piece takes beyond `x` seconds."""
        return self._weighted([piece.excess(x) for _, piece in self.parts])

    def limit_share(self) -> float:
        """The share of all pieces that run into their limit outright."""
        return self._weighted([piece.limit_share for _, piece in self.parts])

    def with_limit_share(self, share: float) -> ServiceTime:
        """The same, but this share of all pieces runs into its limit; it has to be above 0 now."""
        factor = share / self.limit_share()
        return ServiceTime(
            tuple(
                (weight, structs.replace(piece, limit_share=min(piece.limit_share * factor, 1.0)))
                for weight, piece in self.parts
            )
        )

    def ordinary_variance(self) -> float:
        """The variance of the pieces that do not run into their limit, seconds squared."""
        pieces = [structs.replace(piece, limit_share=0.0) for _, piece in self.parts]
        mean = self._weighted([piece.excess(0.0) for piece in pieces])
        return max(self._weighted([piece.second_moment() for piece in pieces]) - mean**2, 0.0)

    def quantile(self, share: float) -> float:
        """Seconds that are not passed by this share of the pieces, 0 <= share < 1."""
        return falling_root(lambda x: self.longer(x) - (1.0 - share), self.mean() or 1.0)

    def mean_of_longest(self, count: int) -> float:
        """About the mean of the longest of `count` pieces, seconds.

        The quantile at which one of `count` is expected beyond is exceeded by one in e; taking the
        one for half as many to be exceeded comes close to the mean for the skewed times we have.
        """
        return self.quantile(1.0 - 0.56 / count) if count > 1 else self.mean()

    def longer(self, x: float) -> float:
        """The probability of more than `x` seconds."""
        return self._weighted([piece.longer(x) for _, piece in self.parts])

    def _weighted(self, figures: list[float]) -> float:
        weights = [weight for weight, _ in self.parts]
        pairs = zip(weights, figures, strict=True)
        return sum(weight * figure for weight, figure in pairs) / sum(weights)


def falling_root(function: Callable[[float], float], scale: float) -> float:
    """Where a falling function of x >= 0 comes to 0 or below, found by bisection.

    Args:
        function: falls, and comes to 0 or below at last.
        scale: where to begin, > 0; the search doubles it until the function is not positive.
    """
    if function(0.0) <= 0.0:
        return 0.0
    low, high = 0.0, scale
    while function(high) > 0.0:
        low, high = high, high * 2.0
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if function(middle) > 0.0 else (low, middle)
    return high
