"""Hostile bytes and values made fit for a message: short, on one line, printable."""

from __future__ import annotations

from typing import Final

_MAX_CHARS: Final = 40  # of what a message repeats of either side
_MAX_CHARACTER_BYTES: Final = 4  # of one character in UTF-8
_MAX_BITS: Final = 128  # of an integer that is written out: 39 digits


def quoted(data: bytes) -> str:
    """The beginning of some output in quotes; what is not printable or not UTF-8 is escaped."""
    head = data[: (_MAX_CHARS + 1) * _MAX_CHARACTER_BYTES]
    return quoted_text(head.decode("utf-8", "backslashreplace"))


def quoted_text(text: str) -> str:
    """The beginning of a text in quotes, with everything escaped that is not printable."""
    shown = ""
    for char in text[: _MAX_CHARS + 1]:
        seen = char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        if len(shown) + len(seen) > _MAX_CHARS:
            return f'"{shown}…"'
        shown += seen
    return f'"{shown}"'


def described(value: object) -> str:
    """A value as JSON writes it where that is short, else its kind and size.

    Costs little whatever the value: a number of a million digits is not turned into digits.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return quoted_text(value)
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, (int, float)):
        return repr(value)
    kind = type(value).__name__[:_MAX_CHARS]
    if isinstance(value, (list, tuple, set, frozenset, dict, bytes)):
        return f"a {kind} of length {len(value)}"
    return f"a value of type {kind}"
