"""The checker ``ignore_case``: YES is yes."""

from __future__ import annotations

from functools import partial
from typing import Final

from verifier.programs.checkers.tokens import is_same
from verifier.programs.checkers.walking import differing_token, told

NAME: Final = "ignore_case"


def ignore_case(actual: bytes, expected: bytes, tolerance: float) -> str | None:
    """Compares like ``tokens``, with A to Z as a to z; other letters keep their case.

    Args:
        actual: what the program wrote; any bytes.
        expected: what it should have written.
        tolerance: as in `tokens`.

    Returns:
        None for a match, else one line for a person, at most 200 characters.
    """
    same = partial(is_same, tolerance=tolerance)
    index = differing_token(actual.lower(), expected.lower(), same)
    return None if index is None else told(actual, expected, index)
