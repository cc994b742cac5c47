"""Files that are read again when they change, while what was last good stays in force."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from verifier.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_T = TypeVar("_T")

# Of one file: where it is, how large, and when it was written or moved here. None: not there.
_Mark = tuple[int, int, int, int] | None


class WatchedFiles(Generic[_T]):
    """What some files say now.

    They are looked at when somebody asks, at most once in `seconds`, and read when their time, size
    or inode has changed. A new version that cannot be read leaves the old one in force: a slip in
    an editor must not lock everybody out, nor let anybody in. Safe between threads.

    Args:
        paths: of the files; at least one.
        read: reads them all.
        seconds: between two looks, > 0.
        on_problem: told, once for each new version or message, why it was not taken.
        clock: of monotonic seconds.

    Attributes:
        reloads: versions taken since the first.
        problems: looks that found a version which cannot be read.

    Raises:
        ConfigError: the first version cannot be read.
    """

    def __init__(
        self,
        paths: Sequence[str],
        read: Callable[[], _T],
        seconds: float,
        on_problem: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._paths = [Path(path) for path in paths]
        self._read = read
        self._seconds = seconds
        self._on_problem = on_problem
        self._clock = clock
        self._lock = threading.Lock()
        # Before reading: what changes in between is seen at the next look.
        self._marks = self._look()
        self._value = read()
        self._next_look = clock() + seconds
        self._told: tuple[object, str] | None = None
        self.reloads = 0
        self.problems = 0

    @property
    def current(self) -> _T:
        """What the newest version that could be read says."""
        if self._clock() >= self._next_look and self._lock.acquire(blocking=False):
            try:
                self._next_look = self._clock() + self._seconds
                self._refresh()
            finally:
                self._lock.release()
        return self._value

    def _refresh(self) -> None:
        marks = self._look()
        if marks == self._marks:
            return
        try:
            self._value = self._read()
        except ConfigError as error:
            # The marks stay as they were, so the next look tries again.
            self.problems += 1
            told = (marks, str(error))
            if told != self._told:
                self._told = told
                self._on_problem(str(error))
        else:
            self._marks = marks
            self._told = None
            self.reloads += 1

    def _look(self) -> list[_Mark]:
        return [_mark(path) for path in self._paths]


def _mark(path: Path) -> _Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_size
