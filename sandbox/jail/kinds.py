"""The words for data on a pipe: what it may hold, and what Python has no data type for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_SAME_HASH: Final = 256  # members of a set with one hash; finding each costs that many looks
_MAX_TYPE_NAME: Final = 100  # characters
_name_of: Final = type.__dict__["__name__"].__get__  # a metaclass can hide the attribute


@dataclass(frozen=True, slots=True)
class Limits:
    """What one value may hold; more is no data."""

    depth: int = 100  # values inside values
    nodes: int = 1_000_000  # values, all levels together
    size: int = 64 * 1024 * 1024  # characters and bytes of strings and large integers


DEFAULT_LIMITS: Final = Limits()


class NotData(Exception):  # noqa: N818 - says what a value is, like StopIteration; no failure
    """A value that cannot be written as data; the text is its type, or what it has too much of."""


class Iterated:
    """What an iterator gave before it was used up: equal to nothing, like the iterator itself."""

    __slots__ = ("items",)

    def __init__(self, items: list[object]) -> None:
        self.items = items

    def __iter__(self) -> Any:
        return iter(self.items)

    def __repr__(self) -> str:
        return f"iterator over {self.items!r}"


class Array:
    """A numpy array as nested lists; equal to nothing, as an array has no one answer to ``==``."""

    __slots__ = ("items",)

    def __init__(self, items: object) -> None:
        self.items = items

    def __repr__(self) -> str:
        return f"array({self.items!r})"


def type_name(value: object) -> str:
    """The name of a value's type, read past metaclasses; at most 100 characters."""
    return str.__str__(_name_of(type(value)))[:_MAX_TYPE_NAME]


def check_hashes(members: Iterable[object]) -> None:
    """Refuses members that a set or dict would take quadratic time to hold.

    Raises:
        ValueError: more than 256 of them have one hash.
        TypeError: one has none.
    """
    counts = Counter(map(hash, members))
    if counts and max(counts.values()) > _MAX_SAME_HASH:
        raise ValueError("too many members with the same hash")
