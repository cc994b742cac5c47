"""Several completions shown in several orders, and the rankings put together.

Judges like what stands first, or last (MT-Bench, arXiv 2306.05685): of the GPT-4 judgements
published with it about one in eight turns round with the order (FastChat's issue 3911). So each
pair of completions is shown both ways round, and a pair that is ranked both ways is a tie.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ranking:
    """Several rankings put together.

    Attributes:
        order: the completions' indices, best first; ties by index.
        scores: of each completion, by index: the share of the others that it beats, a tie counting
            half; 0 to 1, and 0.5 on the average.
        disagreements: pairs that not all rankings have the same way round.
    """

    order: tuple[int, ...]
    scores: tuple[float, ...]
    disagreements: int


def arrangements(count: int, seed: int) -> tuple[tuple[int, ...], ...]:
    """The orders in which completions are shown: a shuffled one and its reverse.

    Two orders are enough to show each pair both ways round, however many completions there are.

    Args:
        count: of completions; >= 0.
        seed: of the shuffle.

    Returns:
        Two orders; each lists the index of the completion that is shown first, second and so on.
    """
    order = shuffled(range(count), seed)
    return order, order[::-1]


def shuffled(members: Iterable[T], seed: int) -> tuple[T, ...]:
    """The members in an order of the seed's: Python's `random.Random`, the same everywhere."""
    order = list(members)
    random.Random(seed).shuffle(order)  # noqa: S311 - to be repeated, not to be unforeseeable
    return tuple(order)


def combine(rankings: Sequence[Sequence[int]]) -> Ranking:
    """Puts rankings together, pair by pair.

    A pair is won by the completion that more than half of the rankings place above the other; else
    it is a tie (Copeland's method). How far apart two completions stand does not matter, so a judge
    that goes by the order shown, which turns a ranking round, leaves nothing but ties.

    Args:
        rankings: at least one; each lists the indices of all completions, at least two, best first.

    Raises:
        ValueError: these are no rankings of the same completions.
    """
    count = len(rankings[0]) if rankings else 0
    if count < 2 or any(sorted(ranking) != list(range(count)) for ranking in rankings):
        raise ValueError("not all are rankings of the same two or more completions")
    places = [_places(ranking) for ranking in rankings]
    halves = [0] * count  # two for each win, one for each tie
    disagreements = 0
    for one, other in combinations(range(count), 2):
        above = sum(place[one] < place[other] for place in places)
        gained = 1 + (2 * above > len(places)) - (2 * above < len(places))
        halves[one] += gained
        halves[other] += 2 - gained
        disagreements += 0 < above < len(places)
    scores = tuple(half / (2 * (count - 1)) for half in halves)
    order = sorted(range(count), key=lambda index: (-halves[index], index))
    return Ranking(tuple(order), scores, disagreements)


def _places(ranking: Sequence[int]) -> list[int]:
    """The place of each index in a ranking, 0 for the best."""
    places = [0] * len(ranking)
    for place, index in enumerate(ranking):
        places[index] = place
    return places
