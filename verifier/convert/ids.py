"""Ids: one per item, and whoever uses one twice is told where it was used before."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from verifier.types import InvalidTask, Item

if TYPE_CHECKING:
    from collections.abc import Iterable


class IdGuard:
    """Refuses an id that is already in use, naming both places.

    Args:
        place: what a place is called, ``item`` or ``line``.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._seen: dict[str, int] = {}
        self._refused: Counter[str] = Counter()

    def check(self, item: Item, number: int) -> Item:
        """`item`, or a refusal in its place if its id was seen before.

        What is refused already keeps its own problem: that one has to be mended first.
        """
        first = self._seen.setdefault(item.id, number)
        if first == number:
            return item
        self._refused[item.id] += 1
        if isinstance(item.task, InvalidTask):
            return item
        problem = (
            f"id: {item.id!r} occurs twice, at {self._place} {first} and {self._place} {number}; "
            "rollouts of one prompt share group_id, not id"
        )
        return Item(item.id, "", InvalidTask(problem))

    def forget(self, ids: Iterable[str]) -> None:
        """Makes ids usable again, once their results are out; a refusal's result frees nothing."""
        for name in ids:
            if self._refused[name] > 0:
                self._refused[name] -= 1
            else:
                self._seen.pop(name, None)
                self._refused.pop(name, None)
