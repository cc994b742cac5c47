"""The checker ``float``: every number may be off by the tolerance."""

from __future__ import annotations

from functools import partial
from typing import Final

from verifier.programs.checkers.walking import differing_token, told
from verifier.programs.closeness import stands_for

NAME: Final = "float"


def floats(actual: bytes, expected: bytes, tolerance: float) -> str | None:
    """Compares like ``tokens``, but a number expected as an integer has the tolerance, too.

    For tasks whose expected outputs were printed with whatever digits a number had: ``3`` for 3.0.
    Where integers are counted, this checker takes 1000000000 for 1000000007.

    Args:
        actual: what the program wrote; any bytes.
        expected: what it should have written.
        tolerance: for every expected number, see `is_close`.

    Returns:
        None for a match, else one line for a person, at most 200 characters.
    """
    index = differing_token(actual, expected, partial(stands_for, tolerance=tolerance))
    return None if index is None else told(actual, expected, index)
