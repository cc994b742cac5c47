"""Reading a file of rows: line by line, plain or gzipped, never more than one row in memory.

A bad row is an item that says what is wrong with it; only a source that is no text at all is an
error of its own. Protobuf is loaded for the first row that is not of the common shape.
"""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from verifier.convert.ids import IdGuard
from verifier.convert.row_reader import RowReader
from verifier.errors import InputError
from verifier.types import InvalidTask, Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.v1 import item_pb2

MAX_ROW_BYTES = 63 * 1024 * 1024  # what fits a 64 MiB message with room for its envelope
_GZIP_MAGIC = b"\x1f\x8b"
_SNIFFED_BYTES = 4096
_BUFFER_BYTES = 1 << 20


@dataclass(slots=True)
class SourceRow:
    """One row as read.

    Attributes:
        line: its line number, from 1.
        item: what it says; its task is an `InvalidTask` if it cannot be scored.
        read_bytes: bytes of the source consumed so far, for progress.
    """

    line: int
    item: Item
    read_bytes: int
    _message: item_pb2.ScoreItem | None = None

    @property
    def message(self) -> item_pb2.ScoreItem:
        """The same as it would be sent."""
        if self._message is None:
            from verifier.convert.items import item_to_proto  # noqa: PLC0415 - slow to load

            self._message = item_to_proto(self.item)
        return self._message


class Source:
    """A file of rows.

    Args:
        path: the file, or ``-`` for standard input.

    Attributes:
        name: what messages call it.
        total_bytes: its size, None where that is unknown.

    Raises:
        InputError: it cannot be opened, or is no text.
    """

    def __init__(self, path: str) -> None:
        self.name = "stdin" if path == "-" else path
        self.total_bytes: int | None = None
        self._raw: io.BufferedReader
        try:
            if path == "-":
                # A buffer of our own over the descriptor: what Python wraps it in may lack peek().
                self._raw = io.BufferedReader(io.FileIO(0, closefd=False), _BUFFER_BYTES)
            else:
                self._raw = io.BufferedReader(io.FileIO(path), _BUFFER_BYTES)
                self.total_bytes = Path(path).stat().st_size
            start = self._raw.peek(_SNIFFED_BYTES)[:_SNIFFED_BYTES]
        except OSError as error:
            raise InputError(f"{self.name}: {error.strerror}") from error
        self._lines: io.BufferedReader | gzip.GzipFile = self._raw
        if start.startswith(_GZIP_MAGIC):
            self._lines = gzip.GzipFile(fileobj=self._raw)
            self.total_bytes = None
        elif b"\0" in start and not start.lstrip().startswith(b"{"):
            raise InputError(f"{self.name}: is binary, not JSON lines")

    def close(self) -> None:
        """Closes the file."""
        self._raw.close()

    def rows(self) -> Iterator[SourceRow]:
        """Every row that is not blank.

        Raises:
            InputError: the file cannot be read to its end.
        """
        guard = IdGuard("line")
        read_row = RowReader().read
        number, read = 0, 0
        while True:
            try:
                text = self._lines.readline(MAX_ROW_BYTES + 1)
                read += len(text)
                if len(text) > MAX_ROW_BYTES and not text.endswith(b"\n"):
                    read += self._skip_line()
            except (OSError, EOFError, zlib.error) as error:
                raise InputError(f"{self.name}: line {number + 1}: {error}") from error
            if not text:
                return
            number += 1
            if number == 1:
                text = text.removeprefix(b"\xef\xbb\xbf")  # a byte order mark is no part of JSON
            message = None
            item = read_row(text, str(number)) if len(text) <= MAX_ROW_BYTES else None
            if item is None:
                if not text.strip():
                    continue
                item, message = self._unusual(text, number)
            item = guard.check(item, number)
            if isinstance(item.task, InvalidTask):
                problem = f"{self.name}:{number}: {item.task.problem}"
                item = Item(item.id, item.completion, InvalidTask(problem))
            yield SourceRow(number, item, read, message)

    def _skip_line(self) -> int:
        skipped = 0
        while part := self._lines.readline(1 << 20):
            skipped += len(part)
            if part.endswith(b"\n"):
                break
        return skipped

    def _unusual(self, text: bytes, number: int) -> tuple[Item, item_pb2.ScoreItem | None]:
        """A row that is not of the common shape, right or wrong."""
        from verifier.convert.items import item_from_proto  # noqa: PLC0415 - slow to load
        from verifier.convert.rows import id_of, row_to_proto  # noqa: PLC0415 - slow to load

        try:
            if len(text) > MAX_ROW_BYTES:
                raise InputError(f"the row is larger than {MAX_ROW_BYTES} bytes")  # noqa: TRY301
            message = row_to_proto(text)
        except InputError as error:
            return Item(id_of(text) or str(number), "", InvalidTask(str(error))), None
        message.id = message.id or str(number)
        return item_from_proto(message, message.id), message
