"""Texts in which passages are shortened, and where in the whole ones their characters stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Callable


class Shortened:
    """A text in which something short stands for each passage of a pattern.

    Places are looked up when they are asked for: most texts are counted and no place is asked.

    Attributes:
        text: the shortened text.
        passages: how many were shortened.
    """

    __slots__ = ("_by", "_pattern", "_whole", "passages", "text")

    def __init__(
        self, whole: str, pattern: re.Pattern[str] | None, by: str | Callable[[re.Match[str]], str]
    ) -> None:
        r"""Shortens a text.

        Args:
            whole: the text.
            pattern: what is shortened; None for nothing.
            by: what stands for a passage, as `re.sub` has it; a text has no ``\``.
        """
        self._whole = whole
        self._pattern = pattern
        self._by = by
        self.text, self.passages = pattern.subn(by, whole) if pattern else (whole, 0)

    def lost(self, place: int) -> int:
        """How many characters there were more before `place`, which is one in the short text."""
        by, lost = self._by, 0
        for found in self._pattern.finditer(self._whole) if self._pattern else ():
            if found.start() - lost >= place:
                break
            length = len(by) if isinstance(by, str) else len(by(found))
            lost += found.end() - found.start() - length
        return lost

    def origin(self, before: Callable[[int], int]) -> Callable[[int], int]:
        """From a place in the short text to one in what the whole text was made of.

        Args:
            before: the same for a place in the whole text.
        """
        return lambda place: before(place + self.lost(place))
