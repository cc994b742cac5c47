"""What a comparison can say."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.types import Method

if TYPE_CHECKING:
    from verifier.mathematics.syntax import Node


class Match(Enum):
    """Whether a candidate equals a reference answer."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNDECIDED = "undecided"
    REFERENCE_UNPARSEABLE = "the reference answer cannot be read"


class Comparison(NamedTuple):
    """A match and the layer that decided it.

    Attributes:
        match: whether they are equal.
        method: the layer that said so; None if none did.
        pending: only where `match` is UNDECIDED: two trees, candidate and reference, whose being
            equal or different would settle it. Several that must all be equal are put into two
            sequences in round brackets.
    """

    match: Match
    method: Method | None
    pending: tuple[Node, Node] | None = None


DIFFERENT: Final = Comparison(Match.DIFFERENT, None)
UNDECIDED: Final = Comparison(Match.UNDECIDED, None)
EXACT_EQUAL: Final = Comparison(Match.EQUAL, Method.EXACT)
EXACT_DIFFERENT: Final = Comparison(Match.DIFFERENT, Method.EXACT)
SAME_STRUCTURE: Final = Comparison(Match.EQUAL, Method.STRUCTURAL)
OTHER_STRUCTURE: Final = Comparison(Match.DIFFERENT, Method.STRUCTURAL)
SAME_ALGEBRA: Final = Comparison(Match.EQUAL, Method.ALGEBRAIC)
