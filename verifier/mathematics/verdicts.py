"""What a comparison can say."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from verifier.types import Method


class Match(Enum):
    """Whether a candidate equals a reference answer."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNDECIDED = "undecided"
    REFERENCE_UNPARSEABLE = "the reference answer cannot be read"


class Comparison(NamedTuple):
    """A match and the layer that decided it."""

    match: Match
    method: Method | None


DIFFERENT: Final = Comparison(Match.DIFFERENT, None)
UNDECIDED: Final = Comparison(Match.UNDECIDED, None)
EXACT_EQUAL: Final = Comparison(Match.EQUAL, Method.EXACT)
EXACT_DIFFERENT: Final = Comparison(Match.DIFFERENT, Method.EXACT)
SAME_STRUCTURE: Final = Comparison(Match.EQUAL, Method.STRUCTURAL)
OTHER_STRUCTURE: Final = Comparison(Match.DIFFERENT, Method.STRUCTURAL)
