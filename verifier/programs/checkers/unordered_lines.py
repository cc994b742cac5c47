"""The checker ``unordered_lines``: the same lines, in any order."""

from __future__ import annotations

from collections import Counter
from typing import Final

from verifier.programs.quoting import quoted

NAME: Final = "unordered_lines"

_BLANKS: Final = bytes.maketrans(b"\t\r\x0b\x0c", b"    ")


def unordered_lines(actual: bytes, expected: bytes, _tolerance: float) -> str | None:
    r"""Compares the lines as a multiset: each as often as expected, wherever it stands.

    In a line, tokens count and not the blanks around and between them; blank lines do not count.
    Lines are compared as text, numbers in them too: with a tolerance, which line stands for which
    would be a question of its own.

    Args:
        actual: what the program wrote; any bytes.
        expected: what it should have written.
        _tolerance: numbers are text here.

    Returns:
        None for a match, else one line for a person, at most 200 characters.
    """
    got, wanted = _lines(actual), _lines(expected)
    if got == wanted:
        return None
    if got.count(b"\n") == wanted.count(b"\n"):
        return _missing(got, wanted)
    return f"expected {_counted(wanted)}, got {_counted(got)}, blank ones not counted"


def _lines(data: bytes) -> bytes:
    """The lines that are not blank, each ended by a newline, with one blank between two tokens.

    Whole passes over the output, none of them a line at a time: a megabyte may be all newlines.
    """
    text = _squeezed(data.translate(_BLANKS), b" ")
    text = _squeezed(text.replace(b" \n", b"\n").replace(b"\n ", b"\n"), b"\n").strip(b" \n")
    return text + b"\n" if text else b""


def _squeezed(data: bytes, byte: bytes) -> bytes:
    """Runs of one byte made one; each pass halves them."""
    while byte * 2 in data:
        data = data.replace(byte * 2, byte)
    return data


def _missing(got: bytes, wanted: bytes) -> str | None:
    given, needed = got.splitlines(), wanted.splitlines()
    have, need = Counter(given), Counter(needed)
    if dict.__eq__(have, need):  # a Counter compares one by one, to let 0 be as good as absent
        return None
    number, missing = next((n, line) for n, line in enumerate(needed, 1) if have[line] < need[line])
    surplus = next(line for line in given if have[line] > need[line])
    said = f"{need[missing] - have[missing]} missing of {quoted(missing)} (expected, line {number})"
    return f"{said}, {have[surplus] - need[surplus]} too many of {quoted(surplus)}"


def _counted(lines: bytes) -> str:
    count = lines.count(b"\n")
    return "1 line" if count == 1 else f"{count} lines"
