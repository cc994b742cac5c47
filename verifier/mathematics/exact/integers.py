"""Prime factors of small integers, for roots and logarithms."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from verifier.mathematics.limits import MAX_CACHED
from verifier.mathematics.syntax import TooComplexError

_MAX_DIVISOR: Final = 3_000  # trial division up to here takes some 0.1 ms
_MAX_BITS: Final = 256  # beyond, even the divisions of small factors cost


@lru_cache(maxsize=MAX_CACHED)
def prime_powers(value: int) -> tuple[tuple[int, int], ...]:
    """Factors a positive integer completely.

    Raises:
        TooComplexError: it has a factor that trial division does not show to be prime.
    """
    if value.bit_length() > _MAX_BITS:
        raise TooComplexError("too large to factor")
    factors: list[tuple[int, int]] = []
    divisor = 2
    while divisor * divisor <= value and divisor <= _MAX_DIVISOR:
        count = 0
        while value % divisor == 0:
            value //= divisor
            count += 1
        if count:
            factors.append((divisor, count))
        divisor += 1 if divisor == 2 else 2
    if value > 1:
        if divisor * divisor <= value:
            raise TooComplexError("too large to factor")
        factors.append((value, 1))
    return tuple(factors)
