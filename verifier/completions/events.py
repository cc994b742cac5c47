"""Server-sent events, as streams of this API use them: one ``data`` line, one document.

The standard (WHATWG HTML, "Server-sent events") lets an event have several data lines. No server of
this API writes one in parts, and some forget the empty line between two events; so every line
counts by itself.
"""

from __future__ import annotations

from typing import Final

_FIELD: Final = b"data:"
_ENDS: Final = (b"\n", b"\r")
_MARK: Final = b"\xef\xbb\xbf"  # of byte order; may stand at the very beginning


class EventLines:
    """Finds the data in a stream that comes in pieces, cut anywhere.

    Args:
        most_bytes: of a line that comes in several pieces.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._begun: list[bytes] = []  # pieces of a line whose end has not come
        self._size = 0  # of all of them
        self._first = True

    def feed(self, piece: bytes) -> list[bytes]:
        """What the lines that end in this piece hold.

        Raises:
            ValueError: a line is longer than it may be.
        """
        lines = piece.splitlines(keepends=True)  # CR LF cut in two makes an empty line
        found: list[bytes] = []
        while lines and (self._begun or self._first):
            self._begin(lines.pop(0))
            if self._is_whole():
                found += self.end()
        rest = lines.pop() if lines and not lines[-1].endswith(_ENDS) else b""
        found += [_data(line) for line in lines if line.startswith(_FIELD)]
        if rest:
            self._begin(rest)
        return found

    def end(self) -> list[bytes]:
        """What the last line holds, though nothing ended it."""
        line = b"".join(self._begun)
        self._begun.clear()
        self._size = 0
        if self._first:
            line = line.removeprefix(_MARK)
            self._first = False
        return [_data(line)] if line.startswith(_FIELD) else []

    def _begin(self, part: bytes) -> None:
        self._begun.append(part)
        self._size += len(part)
        if self._size > self._most_bytes:
            raise ValueError(f"a line of more than {self._most_bytes} bytes")

    def _is_whole(self) -> bool:
        return self._begun[-1].endswith(_ENDS)


def _data(line: bytes) -> bytes:
    return line[len(_FIELD) :].strip()
