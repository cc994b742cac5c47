"""The checker ``exact``: every byte counts."""

from __future__ import annotations

from typing import Final

from verifier.programs.quoting import quoted

NAME: Final = "exact"

_SHOWN_BYTES: Final = 200  # more than a message repeats


def exact(actual: bytes, expected: bytes, _tolerance: float) -> str | None:
    r"""Compares byte by byte; only line ends have two spellings.

    ``\r\n`` is ``\n``, on both sides. One ``\n`` at the very end may be there or not, because
    ``print`` writes it and data sets often lack it; a second one is a blank line and counts.

    Args:
        actual: what the program wrote; any bytes.
        expected: what it should have written.
        _tolerance: numbers are text here.

    Returns:
        None for a match, else one line for a person, at most 200 characters.
    """
    got, wanted = _lines(actual), _lines(expected)
    return None if got == wanted else _told(got, wanted)


def _lines(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").removesuffix(b"\n")


def _told(got: bytes, wanted: bytes) -> str:
    offset = _common(got, wanted)
    line = wanted.count(b"\n", 0, offset) + 1
    column = offset - wanted.rfind(b"\n", 0, offset)
    place = f"line {line}, byte {column}"
    if offset == len(wanted):
        return f"{place}: the output should have ended, got {_quoted_at(got, offset)}"
    said = f"{place}: expected {_quoted_at(wanted, offset)}"
    if offset == len(got):
        return f"{said}, the output has ended"
    return f"{said}, got {_quoted_at(got, offset)}"


def _quoted_at(data: bytes, offset: int) -> str:
    return quoted(data[offset : offset + _SHOWN_BYTES])


def _common(one: bytes, other: bytes) -> int:
    """How many bytes two outputs share at their beginnings; halving compares whole runs at once."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
