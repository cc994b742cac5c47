"""Numbers as programs print them, and when two of them are close enough.

Everything here reads hostile text: a number is a decimal number in ASCII digits and nothing else,
and reading one takes time linear in its length.
"""

from __future__ import annotations

from math import isfinite
from typing import Final

# Of these, `float` reads decimal numbers only: no nan, no infinity, no hexadecimal, no underscore.
_DECIMAL: Final = b"0123456789+-.eE"
_SLACK: Final = 1 + 1e-9  # so that 0.100001 is within 1e-6 of 0.1, whatever doubles make of them


def read_decimal(token: bytes) -> float | None:
    """The value of ``31``, ``-0.5``, ``.5``, ``5.``, ``+6.02e23``; None for anything else.

    Anything else are also ``nan``, ``inf``, ``0x1f``, ``3_1``, digits that are not ASCII, and
    numbers beyond what a double holds: there, nothing is close to anything.
    """
    if token.strip(_DECIMAL):
        return None
    try:
        value = float(token)
    except ValueError:  # a sign or a point alone, two points, an exponent without digits
        return None
    return value if isfinite(value) else None


def is_whole(token: bytes) -> bool:
    """Tells whether a token is written as an integer: digits, perhaps behind a sign."""
    return token.isdigit() or (token[1:].isdigit() and token[0] in b"+-")


def is_close(actual: float, expected: float, tolerance: float) -> bool:
    """Tells whether two finite numbers differ by at most the tolerance.

    Args:
        actual: what the program gave.
        expected: what it should have given.
        tolerance: absolute where the expected number is below 1 in magnitude, relative to it from
            there on; at least 0, and 0 asks for the same double.
    """
    difference = abs(actual - expected)
    margin = tolerance * _SLACK
    return difference <= margin or difference <= margin * abs(expected)


def stands_for(token: bytes, expected: bytes, tolerance: float) -> bool:
    """Tells whether both tokens are decimal numbers, and close; see `is_close`."""
    wanted = read_decimal(expected)
    if wanted is None:
        return False
    value = read_decimal(token)
    return value is not None and is_close(value, wanted, tolerance)
