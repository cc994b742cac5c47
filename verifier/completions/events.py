"""Server-sent events, as streams of this API use them: one ``data`` line, one document.

The standard (WHATWG HTML, "Server-sent events") lets an event have several data lines. No server of
this API writes one in parts, and some forget the empty line between two events; so every line
counts by itself.
"""

from __future__ import annotations

from typing import Final

_FIELD: Final = b"data:"
_MARK: Final = b"\xef\xbb\xbf"  # of byte order; may stand at the very beginning


class EventLines:
    """Finds the data in a stream that comes in pieces, cut anywhere.

    Args:
        most_bytes: of one line.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._begun: list[bytes] = []  # pieces of a line whose end has not come
        self._size = 0  # of all of them
        self._first = True
        self._after_cr = False

    def feed(self, piece: bytes) -> list[bytes]:
        """What the lines that end in this piece hold.

        Raises:
            ValueError: a line is longer than it may be.
        """
        if self._after_cr and piece.startswith(b"\n"):
            piece = piece[1:]  # the other half of a line's end
            self._after_cr = False
        if not piece:
            return []
        self._after_cr = piece.endswith(b"\r")
        found = []
        for line in piece.splitlines(keepends=True):
            self._begun.append(line)
            self._size += len(line)
            if self._size > self._most_bytes:
                raise ValueError(f"a line of more than {self._most_bytes} bytes")
            if line.endswith((b"\n", b"\r")):
                found += self._ended()
        return found

    def end(self) -> list[bytes]:
        """What the last line holds, if nothing ended it."""
        return self._ended()

    def _ended(self) -> list[bytes]:
        line = b"".join(self._begun).rstrip(b"\r\n")
        self._begun.clear()
        self._size = 0
        if self._first:
            line = line.removeprefix(_MARK)
            self._first = False
        return [line[len(_FIELD) :].strip()] if line.startswith(_FIELD) else []
