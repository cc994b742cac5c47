"""What several votes of a judge say together.

Votes of a sampling judge are independent draws of its opinion; their mean is GenRM's average over
sampled explanations (arXiv 2408.15240), and their entropy says how unsure the judge is.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def mean(scores: Sequence[float]) -> float:
    """The mean of the votes' scores, never beyond the lowest or highest: equal votes give theirs.

    Args:
        scores: one of each vote, at least one, finite.

    Raises:
        ValueError: there is no vote.
    """
    if not scores:
        raise ValueError("no votes, no mean")
    rounded = math.fsum(scores) / len(scores)
    return min(max(rounded, min(scores)), max(scores))


def entropy(words: Sequence[tuple[str, ...]]) -> float:
    """The entropy of what was said, in bits.

    Args:
        words: each vote's, as `Said` has them; the labels of all steps are one saying.

    Returns:
        0 if all votes say the same, as a single one does; the logarithm to base 2 of their number
        if all differ.
    """
    votes = len(words)
    counts = Counter(words).values()
    return math.fsum(count / votes * math.log2(votes / count) for count in counts)
