"""The checker ``tokens``, the one for programs that say nothing else."""

from __future__ import annotations

from functools import partial
from typing import Final

from verifier.programs.checkers.walking import differing_token, told
from verifier.programs.closeness import is_whole, stands_for

NAME: Final = "tokens"


def tokens(actual: bytes, expected: bytes, tolerance: float) -> str | None:
    """Compares token by token; white space separates and says nothing else.

    | Expected token                | Matched by                                                   |
    |-------------------------------|--------------------------------------------------------------|
    | any                           | the same bytes                                               |
    | written with a point or an    | a decimal number within the tolerance, however written;      |
    | exponent: 0.5, 1e-9, 2.       | never by nan, inf, hexadecimal, underscores                  |
    | written as an integer, a word | only the same bytes: neither ``31.0`` nor ``+31`` nor ``031``|
    |                               | is ``31``                                                    |

    Integers are compared as text because leading zeros may be what is asked (``0101``, ``09:05``),
    and because a program that knows the integer knows how to print it. So they may have any size.

    Args:
        actual: what the program wrote; any bytes.
        expected: what it should have written.
        tolerance: for numbers expected with a point or an exponent, see `is_close`.

    Returns:
        None for a match, else one line for a person, at most 200 characters.
    """
    index = differing_token(actual, expected, partial(is_same, tolerance=tolerance))
    return None if index is None else told(actual, expected, index)


def is_same(token: bytes, expected: bytes, tolerance: float) -> bool:
    """Tells whether a token stands for an expected one that it is not identical to."""
    return not is_whole(expected) and stands_for(token, expected, tolerance)
