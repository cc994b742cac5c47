"""Writing results so that nothing is lost: append-only, in input order, flushed batch by batch.

A run that was killed leaves a file whose whole lines are all true; at most the last one is torn.
Resuming cuts that one off, checks that the others belong to the same input, and goes on from there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from verifier.convert.row_writer import RowWriter
from verifier.errors import InputError
from verifier.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verifier.types import Result

_OPENING = b'{"id": "'  # how every result begins
_UNSCORED = f"VERDICT_{Verdict.UNSCORED.value}"


@dataclass(frozen=True, slots=True)
class DoneRow:
    """A row that an earlier run has written.

    Attributes:
        id: the item's id.
        verdict, reason: names as the file spells them.
        reward: None if absent.
    """

    id: str
    verdict: str
    reason: str
    reward: float | None

    @property
    def unscored(self) -> bool:
        """Whether it still lacks a verdict."""
        return self.verdict == _UNSCORED


class Sink:
    """Where results go.

    Args:
        path: a file, or None or ``-`` for standard output.
        resume: go on with what an earlier run wrote.
        force: replace what is there.

    Attributes:
        done: the rows that an earlier run has written, in order.

    Raises:
        InputError: the file exists and neither was asked for, it cannot be opened, or it holds
            something other than results.
    """

    def __init__(self, path: str | None, *, resume: bool, force: bool) -> None:
        self.done: list[DoneRow] = []
        self._writer = RowWriter()
        self._path = None if path in (None, "-") else Path(str(path))
        self._file: IO[bytes]
        if self._path is None:
            if resume:
                raise InputError("--resume needs -o FILE: standard output cannot be read back")
            if sys.stdout is None:
                raise InputError("standard output is closed; -o FILE writes elsewhere")
            self._file = sys.stdout.buffer
            return
        if self._path.exists() and not (resume or force):
            raise InputError(f"{self._path} exists; --resume goes on with it, --force replaces it")
        if resume and self._path.exists() and not self._path.is_file():
            raise InputError(f"{self._path} is not a regular file, so it cannot be resumed")
        try:
            if resume and self._path.exists():
                self._file = self._path.open("r+b")
                self.done = list(self._read_done())
            else:
                self._file = self._path.open("wb")
        except OSError as error:
            raise InputError(f"{self._path}: {error.strerror}") from error

    def _read_done(self) -> Iterator[DoneRow]:
        """Reads what is there and cuts off a torn last line."""
        whole = 0
        for number, line in enumerate(self._file, 1):
            row = _read_row(line)
            if row is None:
                if not _is_torn(line):
                    raise InputError(
                        f"{self._path}:{number}: is not a result, so this file cannot be resumed; "
                        "--force replaces it"
                    )
                break
            whole += len(line)
            yield row
        self._file.seek(whole)
        self._file.truncate()

    def write(self, results: Sequence[Result]) -> None:
        """Appends results and hands them to the operating system."""
        try:
            self._file.write(b"".join(map(self._line, results)))
            self._file.flush()
        except OSError as error:
            error.filename = str(self._path or "standard output")  # a write does not name it
            raise

    def rewrite(self, better: dict[int, Result]) -> None:
        """Replaces rows by index, atomically: a crash leaves the file as it was."""
        if self._path is None or not better:
            return
        self._file.flush()
        target = self._path.resolve()  # a link stays one
        temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
        try:
            with target.open("rb") as old, temporary.open("wb") as new:
                for index, line in enumerate(old):
                    new.write(self._line(better[index]) if index in better else line)
                new.flush()
                os.fsync(new.fileno())
            shutil.copymode(target, temporary)
            temporary.replace(target)
        finally:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()

    def _line(self, result: Result) -> bytes:
        """One line of a results file."""
        line = self._writer.write(result)
        if line is None:
            # Loaded here only: few results need protobuf, and it is slow to load.
            from verifier.convert.results import result_to_proto  # noqa: PLC0415
            from verifier.convert.rows import proto_to_row  # noqa: PLC0415

            line = proto_to_row(result_to_proto(result)).encode()
        return line + b"\n"

    def close(self) -> None:
        """Closes the file."""
        if self._path is None:
            return
        failing = sys.exc_info()[0] is not None
        try:
            self._file.close()
        except OSError:
            if not failing:  # what failed first says more
                raise


def _is_torn(line: bytes) -> bool:
    """Whether a line is the beginning of a result, or the zeros that a lost write leaves.

    Anything else was never ours to cut off, least of all somebody's file of a single line.
    """
    if line.endswith(b"\n"):
        return False
    return line[: len(_OPENING)] == _OPENING[: len(line)] or not line.strip(b"\0")


def _read_row(line: bytes) -> DoneRow | None:
    if not line.endswith(b"\n"):
        return None
    try:
        row = json.loads(line)
        done = DoneRow(row["id"], row["verdict"], row["reason"], row.get("reward"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    texts = (done.id, done.verdict, done.reason)
    if not all(isinstance(text, str) for text in texts) or isinstance(done.reward, bool):
        return None
    return done if isinstance(done.reward, (int, float, type(None))) else None
