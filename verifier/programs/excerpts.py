"""Values and texts of any size, shortened for a message."""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sized

    from sandbox.jail.data import Array, Iterated

_MAX_VALUE: Final = 60  # characters of one value
_MAX_DIGITS: Final = 1000  # of an integer that is written out before it is cut


def cut(text: str, limit: int) -> str:
    """A text of at most `limit` characters, on one line and without lone surrogates."""
    line = text[: limit + 1].encode("utf-8", "backslashreplace").decode()
    line = " ".join(line.split()) if not line.isprintable() else line
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def shown(value: object, limit: int = _MAX_VALUE) -> str:
    """A value as Python would write it, shortened; a large one costs no more time."""
    return cut(_Excerpt().repr(value), limit)


class _Excerpt(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = self.maxlong = _MAX_VALUE
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = 20
        self.maxdeque = 20

    def repr_int(self, x: int, level: int) -> str:
        if x.bit_length() > 3 * _MAX_DIGITS:
            return f"an integer of {x.bit_length()} bits"
        return super().repr_int(x, level)

    def repr_bytes(self, x: bytes, _level: int) -> str:
        return self._start(x, repr(x[:_MAX_VALUE]))

    def repr_bytearray(self, x: bytearray, _level: int) -> str:
        return self._start(x, repr(x[:_MAX_VALUE]))

    def repr_Iterated(self, x: Iterated, level: int) -> str:  # noqa: N802 - reprlib's scheme
        return f"iterator over {self.repr1(x.items, level)}"

    def repr_Array(self, x: Array, level: int) -> str:  # noqa: N802 - reprlib's scheme
        return f"array({self.repr1(x.items, level)})"

    @staticmethod
    def _start(whole: Sized, start: str) -> str:
        return start if len(whole) <= _MAX_VALUE else f"{start}…"
