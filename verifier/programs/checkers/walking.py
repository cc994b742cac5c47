r"""Two outputs side by side, token by token.

Tokens are what stands between ASCII white space, so that ``\r\n`` is a line's end, blanks at the
ends of lines and blank lines at the end say nothing, and a newline separates like a blank. Anything
else is part of a token: NUL, a no-break space, bytes that are no UTF-8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.programs.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    Same = Callable[[bytes, bytes], bool]
    """Whether a token, given first, may stand for an expected one that it is not identical to."""

_MAX_TOKEN_BYTES: Final = 200  # of a token that is only shown


def differing_token(actual: bytes, expected: bytes, same: Same) -> int | None:
    """The number, from 0, of the first token that is not as expected; None if there is none.

    Takes as long as the expected output is; output beyond it is not taken apart.

    Args:
        actual: what the program wrote.
        expected: what it should have written.
        same: asked about tokens that are not identical.
    """
    wanted = expected.split()
    got = actual.split(None, len(wanted))  # what is too much stays in one piece at the end
    if got == wanted:
        return None
    for index, (token, other) in enumerate(zip(got, wanted, strict=False)):
        if token != other and not same(token, other):
            return index
    return min(len(got), len(wanted)) if len(got) != len(wanted) else None


def told(actual: bytes, expected: bytes, index: int) -> str:
    """Says for a person what stands at a token's number, counted from 0, and what should.

    The place is the expected output's, or the program's own where no more output was expected.
    """
    wanted_at = _offset(expected, index)
    got_at = _offset(actual, index)
    if wanted_at is None:
        place = _place(actual, got_at or 0)
        return f"{place}: the output should have ended, got {_quoted_at(actual, got_at or 0)}"
    place = f"{_place(expected, wanted_at)}: expected {_quoted_at(expected, wanted_at)}"
    if got_at is None:
        return f"{place}, the output has ended"
    return f"{place}, got {_quoted_at(actual, got_at)}"


def _offset(data: bytes, index: int) -> int | None:
    parts = data.split(None, index)
    return len(data) - len(parts[index]) if index < len(parts) else None


def _place(data: bytes, offset: int) -> str:
    line_start = data.rfind(b"\n", 0, offset) + 1
    line = data.count(b"\n", 0, offset) + 1
    token = len(data[line_start:offset].split()) + 1
    return f"line {line}, token {token}"


def _quoted_at(data: bytes, offset: int) -> str:
    return quoted(data[offset : offset + _MAX_TOKEN_BYTES].split(None, 1)[0])
